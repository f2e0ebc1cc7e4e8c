#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# demo.sh - collect the sample fleet into a temporary store and answer for it; `make demo` runs it.
set -eu
cd "$(dirname "$0")/.."
build=${BUILD:-build}
case $build in
/*) ;;
*) build=$PWD/$build ;;
esac
RIGHTSIZE=$build/rightsize
now=2026-11-16T06:00:00Z

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
RIGHTSIZE_DB=$work/metrics.db
export RIGHTSIZE_DB

# Show a command line as one would type it, then run it: split and expanded here as a shell would.
# 3 means done, with something lacking: of some machines too little is known, on purpose.
run() {
    printf '\n$ rightsize %s\n' "$1"
    status=0
    # shellcheck disable=SC2086
    "$RIGHTSIZE" $1 || status=$?
    if [ "$status" -ne 0 ] && [ "$status" -ne 3 ]; then
        echo "demo.sh: that command ended with status $status" >&2
        exit "$status"
    fi
}

run 'collect samples/demo'
run "report --now $now"
run "explain shop-web-1 --now $now"

cat <<EOT

Your own fleet: 'rightsize queries INSTANCE...' prints the aws commands that export its metrics,
and 'rightsize collect FILE...' reads their answers. samples/README.md describes this fleet.
EOT
