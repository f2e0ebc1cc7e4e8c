# Cron, systemd and the nightly script: sound, quiet when all is well, one message when not.
. "$(dirname "$0")/lib.sh"
units="rightsize-sample.service rightsize-collect.service rightsize-collect.timer"

# Laid out under another prefix, with that prefix in it.
if make -s -C "$ROOT" install BUILD="${BUILD:-build}" DESTDIR="$T/installed" PREFIX=/opt/rs >"$T/out" 2>"$T/err"; then ok "make install"; else failed "make install"; show; fi
share=$T/installed/opt/rs/share/rightsize
for f in cron/rightsize nightly.sh $(for u in $units; do echo "systemd/$u"; done); do [ -s "$share/$f" ] || failed "make install lays out $f"; done
same "no other prefix is left in what is installed" "" "$(grep -rl /usr/local/ "$share/cron" "$share/systemd")"
same "the program's path is the installed one" "2" "$(grep -c '^ExecStart=/opt/rs/bin/rightsize collect --from ' "$share/systemd"/*.service | grep -c ':1$')"

# The commands that units and cron run are ones the program takes.
grep -ohE 'rightsize collect --from [a-z]+( --[a-z]+)*' "$ROOT"/samples/systemd/*.service "$ROOT/samples/cron/rightsize" | sort -u >"$T/lines"
same "units and cron run two commands" "2" "$(wc -l <"$T/lines" | tr -d ' ')"
"$RIGHTSIZE" help collect >"$T/help"
unknown=$(grep -oE -- ' --[a-z]+' "$T/lines" | sort -u | while read -r o; do grep -q -- "$o" "$T/help" || { "$RIGHTSIZE" help | grep -q -- "$o" || echo "$o"; }; done)
same "with options that there are" "" "$unknown"

if command -v systemd-analyze >/dev/null 2>&1; then
    mkdir "$T/units"
    for u in $units; do sed "s#/usr/local/bin/rightsize#$RIGHTSIZE#" "$ROOT/samples/systemd/$u" >"$T/units/$u"; done
    (cd "$T/units" && systemd-analyze verify --man=no $units) >"$T/out" 2>&1
    same "systemd-analyze verify is silent" "0 " "$? $(cat "$T/out")"
    for u in rightsize-sample.service rightsize-collect.service; do
        level=$(systemd-analyze security --offline=true "$T/units/$u" 2>/dev/null | sed -n 's/.*Overall exposure level for [^:]*: \([0-9.]*\).*/\1/p')
        if [ -z "$level" ]; then skipped "$u is hardened: systemd-analyze cannot say"
        elif awk -v l="$level" 'BEGIN { exit !(l <= 2.5) }'; then ok "$u is hardened: exposure $level of 10"
        else failed "$u is hardened: exposure $level of 10"; fi
    done
    if systemd-analyze calendar '*-*-* 02:15:00 UTC' >/dev/null 2>&1; then ok "the timer's calendar is understood"; else failed "the timer's calendar is understood"; fi
else
    skipped "systemd-analyze verify is silent: systemd is not here"
fi

# The cron line, as cron would run it, with a stand-in for the program.
line=$(sed -n 's/^15 2 \* \* \* rightsize //p' "$ROOT/samples/cron/rightsize")
same "the cron file has one line to run" "1" "$(printf '%s\n' "$line" | grep -c .)"
same "and no bare percent sign, which cron takes for a newline" "" "$(printf '%s' "$line" | grep -o '%' || true)"
mkdir -p "$T/bin" "$T/var"
cron() { printf '%s' "$line" | sed "s#/usr/local/bin/#$T/bin/#g; s#/var/lib/rightsize#$T/var#g" >"$T/cron.sh"; sh "$T/cron.sh" >"$T/mail" 2>&1; }
cron
same "without the program the cron line says nothing" "" "$(cat "$T/mail")"
if command -v flock >/dev/null 2>&1; then
    printf '#!/bin/sh\nexit 0\n' >"$T/bin/rightsize" && chmod +x "$T/bin/rightsize"
    cron
    same "a good night is silent" "" "$(cat "$T/mail")"
    printf '#!/bin/sh\necho "rightsize: eu-west-1: no credentials" >&2\nexit 4\n' >"$T/bin/rightsize"
    cron
    same "a bad night is one line" "rightsize: eu-west-1: no credentials" "$(cat "$T/mail")"
    printf '#!/bin/sh\nexit 1\n' >"$T/bin/rightsize"
    flock "$T/var/night.lock" sleep 5 & holder=$!
    sleep 0.3
    cron
    same "a night that meets the one before says so" "rightsize: the collection of the night before is still running" "$(cat "$T/mail")"
    kill $holder 2>/dev/null; wait $holder 2>/dev/null

    # The nightly script, with an aws that knows one region well and another not at all.
    "$FLEET" --instances 3 --days 2 --format inventory -o "$T/inventory.json" && "$FLEET" --instances 3 --days 2 --format volumes -o "$T/volumes.json" && "$FLEET" --instances 3 --days 2 --format gmd -o "$T/gmd.json" || exit 1
    cat >"$T/bin/aws" <<AWS
#!/bin/sh
echo "\$*" >>"$T/asked"
case "\$*" in *nowhere*) echo "Could not connect to the endpoint URL" >&2; exit 255 ;; esac
case "\$*" in
*describe-instances*) cat "$T/inventory.json" ;;
*describe-volumes*) cat "$T/volumes.json" ;;
*get-metric-data*) [ ! -e "$T/broken" ] || { echo "Rate exceeded" >&2; exit 254; }; cat "$T/gmd.json" ;;
esac
AWS
    chmod +x "$T/bin/aws"
    ln -sf "$RIGHTSIZE" "$T/bin/rightsize"
    night() { code=0; PATH="$T/bin:$PATH" RIGHTSIZE_HOME=$T/night RIGHTSIZE_DB=$T/night.db sh "$ROOT/samples/nightly.sh" "$@" >"$T/out" 2>"$T/err" || code=$?; }
    night us-east-1
    same "a good night of the script is silent" "0 " "$code $(cat "$T/out" "$T/err")"
    same "and its samples are in the store" "3" "$("$RIGHTSIZE" --db "$T/night.db" sql "SELECT count(DISTINCT resource) FROM samples WHERE metric = 'cpu_percent'")"
    same "it leaves no raw files" "last-night nightly.lock" "$(ls "$T/night" | tr '\n' ' ' | sed 's/ $//')"
    night us-east-1 nowhere
    same "one region that fails makes exit 3" "3" "$code"
    same "and one message, of that region" "1" "$(grep -c '^rightsize nightly: ' "$T/err")"
    if grep -q 'describe-instances nowhere failed' "$T/err" && grep -q 'Could not connect' "$T/err"; then ok "the message says what failed and why"; else failed "the message says what failed and why"; show; fi
    touch "$T/broken"
    night us-east-1
    if [ "$code" = 3 ] && grep -q 'Rate exceeded' "$T/err"; then ok "an API that refuses is told"; else failed "an API that refuses is told"; show; fi
    rm "$T/broken"
    echo $(($(date +%s) - 5 * 86400)) >"$T/night/last-night"
    : >"$T/asked"
    night us-east-1
    from=$(grep -oE -- '--start-time [^ ]+' "$T/asked" | head -1 | cut -d' ' -f2)
    same "after five missed nights it asks for seven days" "7" "$((($(date +%s) - $(date -u -d "$from" +%s)) / 86400))"
    flock "$T/night/nightly.lock" sleep 5 & holder=$!
    sleep 0.3
    night us-east-1
    if [ "$code" = 1 ] && grep -q 'has not ended' "$T/err"; then ok "two nights at once do not meet"; else failed "two nights at once do not meet"; show; fi
    kill $holder 2>/dev/null; wait $holder 2>/dev/null
    PATH=$T/empty /bin/sh "$ROOT/samples/nightly.sh" >"$T/out" 2>"$T/err"; code=$?
    if [ "$code" = 2 ] && grep -q "'aws' is not in PATH" "$T/err"; then ok "a missing AWS CLI is named"; else failed "a missing AWS CLI is named"; show; fi
else
    skipped "the cron line: flock is not here"
fi

# The store's lock: a second run waits, then says so in one line.
"$FLEET" --instances 1 --days 1 --format gmd -o "$T/one.json" || exit 1
run collect --quiet --now $NOW "$T/one.json"
python3 - "$RIGHTSIZE_DB" <<'PY' &
import sqlite3, sys, time
db = sqlite3.connect(sys.argv[1], isolation_level=None)
db.execute('BEGIN IMMEDIATE')
time.sleep(36)
PY
holder=$!
sleep 0.5
start=$(date +%s)
says "a locked store is waited for, then said" 1 "locked by another process for more than 30 s" collect --quiet --now $NOW "$T/one.json"
took=$(($(date +%s) - start))
if [ $took -ge 29 ] && [ $took -le 34 ]; then ok "for 30 seconds"; else failed "for 30 seconds, not $took"; fi
kill $holder 2>/dev/null; wait $holder 2>/dev/null

# What goes to the journal bears its priority; the variable alone is not enough.
: >"$T/stream"
JOURNAL_STREAM=$(stat -c '%d:%i' "$T/stream") "$RIGHTSIZE" collect "$T/none.json" 2>"$T/stream"
same "a line for the journal bears its priority" "<3>rightsize: " "$(cut -c1-14 "$T/stream")"
JOURNAL_STREAM=$(stat -c '%d:%i' "$T/stream") "$RIGHTSIZE" --log-format json collect "$T/none.json" 2>>"$T/stream"
same "as JSON, too" '<3>{"time"' "$(sed -n 2p "$T/stream" | cut -c1-10)"
JOURNAL_STREAM=8:1 "$RIGHTSIZE" collect "$T/none.json" 2>"$T/err"
same "elsewhere there is none" "rightsize: " "$(cut -c1-11 "$T/err")"
exit $any_failed
