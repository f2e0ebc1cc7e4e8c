#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# nightly.sh - a night's collection through the AWS CLI, for cron.
# Usage: nightly.sh [REGION...]; without a region the CLI's own is asked.
#
# Prints nothing when all went well, else one message that says what failed, and exits as rightsize
# does (3: done, but some region failed). Asks for the days since the last good night and one more,
# at least 2 and at most 15. Two at once: the second says so and ends.
# RIGHTSIZE_HOME: where its files lie (/var/lib/rightsize); RIGHTSIZE_DB: the store (below it).
set -u
umask 077
home=${RIGHTSIZE_HOME:-/var/lib/rightsize}
export RIGHTSIZE_DB="${RIGHTSIZE_DB:-$home/metrics.db}" AWS_PAGER=""
work='' status=0

fail() { # CODE MESSAGE...
    code=$1
    shift
    echo "rightsize nightly: $*" >&2
    exit "$code"
}

for program in aws rightsize flock; do
    command -v "$program" >/dev/null 2>&1 || fail 2 "'$program' is not in PATH=$PATH"
done
mkdir -p "$home" || fail 1 "cannot make the folder $home"
exec 9>"$home/nightly.lock" || fail 1 "cannot write to $home"
flock -n 9 || fail 1 "the run before has not ended, see 'fuser $home/nightly.lock'"

work=$(mktemp -d "$home/night.XXXXXX") || fail 1 "cannot write to $home"
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

days=2
if [ -f "$home/last-night" ]; then
    last=$(cat "$home/last-night" 2>/dev/null)
    case $last in
    '' | *[!0-9]*) ;;
    *) days=$((($(date +%s) - last) / 86400 + 2)) ;;
    esac
    [ "$days" -ge 2 ] || days=2
    [ "$days" -le 15 ] || days=15
fi

# step WHAT COMMAND...: its output is kept, and shown when it fails.
step() {
    what=$1
    shift
    "$@" >"$work/log" 2>&1 && return 0
    echo "rightsize nightly: $what failed ($?):" >&2
    tail -n 5 "$work/log" | sed 's/^/  /' >&2
    return 1
}

inventory() { aws ec2 describe-instances $region_option --output json >inventory.json; }
volumes() { aws ec2 describe-volumes $region_option --output json >volumes.json; }
ask() { rightsize queries inventory.json --since "${days}d" >ask.sh; }
fetch() { sh ./ask.sh; }
collect() {
    set -- inventory.json volumes.json
    for answer in metrics-*.json; do
        [ ! -f "$answer" ] || set -- "$@" "$answer"
    done
    rightsize collect --quiet "$@"
}

[ $# -gt 0 ] || set -- ''
for region; do
    region_option=${region:+--region $region}
    folder=$work/${region:-default}
    mkdir "$folder" && cd "$folder" || fail 1 "cannot write to $work"
    step "describe-instances ${region:-}" inventory &&
        step "describe-volumes ${region:-}" volumes || {
        status=3
        continue
    }
    grep -q '"InstanceId"' inventory.json || continue # an empty region
    step "writing queries ${region:-}" ask || status=3
    [ -s ask.sh ] && step "get-metric-data ${region:-}" fetch || status=3
    step "collecting ${region:-}" collect || status=3 # what came, even when some did not
done
cd "$home" || exit 1
[ "$status" -ne 0 ] || { date +%s >last-night.new && mv last-night.new last-night; }
exit "$status"
