# The store: idempotence, killed imports, two writers, bad files.
. "$(dirname "$0")/lib.sh"

"$FLEET" --instances 12 --days 7 --format gmd --kind mixed -o "$T/week.json" || exit 1
"$FLEET" --instances 12 --days 3 --format gmd --kind mixed -o "$T/tail.json" || exit 1
dump() { "$RIGHTSIZE" --db "$1" sql "SELECT resource, metric, statistic, count(*), sum(value), min(ts), max(ts) FROM samples GROUP BY 1, 2, 3 ORDER BY 1, 2, 3" | cksum; }

expect "a week is collected" 0 collect --now $NOW "$T/week.json"
first=$(dump "$RIGHTSIZE_DB")
before=$(cksum <"$RIGHTSIZE_DB")
expect "the same file again is fine" 0 collect --now 2026-11-17T06:00:00Z "$T/week.json"
same "the same file again changes not one byte" "$before" "$(cksum <"$RIGHTSIZE_DB")"
expect "an overlapping export merges" 0 collect --now $NOW "$T/tail.json"
same "an overlapping export of the same data adds nothing" "$first" "$(dump "$RIGHTSIZE_DB")"

run --db "$T/other.db" collect --now $NOW "$T/tail.json"
run --db "$T/other.db" collect --now $NOW "$T/week.json"
same "the order of imports does not matter" "$first" "$(dump "$T/other.db")"

same "the store is private" "600" "$(stat -c %a "$RIGHTSIZE_DB")"
expect "store info" 0 store info
same "the store has the schema that --version tells" "$("$RIGHTSIZE" --version | sed -n 's/.*SQLite schema \([0-9]*\),.*/\1/p')" "$(sed -n 's/^schema version *//p' "$T/out")"
expect "store check" 0 store check

# Killed at 50 moments: wholly in or wholly out, and sound.
"$FLEET" --instances 40 --days 7 --format gmd --kind mixed -o "$T/big.json" || exit 1
start=$(date +%s%N)
run --db "$T/whole.db" collect --now $NOW "$T/big.json"
took=$((($(date +%s%N) - start) / 1000000))
whole=$(dump "$T/whole.db")
empty=$(printf '' | cksum)
in=0 out=0 torn=0
for i in $(seq 1 50); do
    rm -f "$T/kill.db"*
    "$RIGHTSIZE" --db "$T/kill.db" collect --quiet --now $NOW "$T/big.json" 2>/dev/null &
    pid=$!
    sleep "$(awk -v t="$took" -v i="$i" 'BEGIN { srand(i); printf "%.4f", (t * 1.05) * rand() / 1000 }')"
    kill -9 $pid 2>/dev/null
    wait $pid 2>/dev/null
    if [ ! -s "$T/kill.db" ]; then out=$((out + 1)); continue; fi
    sound=$(sqlite3 "$T/kill.db" 'PRAGMA integrity_check' 2>&1)
    now=$(dump "$T/kill.db" 2>&1)
    if [ "$sound" != ok ]; then torn=$((torn + 1)); elif [ "$now" = "$whole" ]; then in=$((in + 1)); else
        n=$("$RIGHTSIZE" --db "$T/kill.db" sql 'SELECT count(*) FROM samples' 2>/dev/null)
        if [ "${n:-0}" = 0 ]; then out=$((out + 1)); else torn=$((torn + 1)); fi
    fi
done
echo "    50 kills over $took ms: $in wholly in, $out wholly out, $torn torn"
same "50 kills leave nothing half done" "0" "$torn"
run --db "$T/kill.db" collect --now $NOW "$T/big.json"
same "collecting again after a kill completes it" "$whole" "$(dump "$T/kill.db")"

# Two at once.
rm -f "$T/two.db"*
"$RIGHTSIZE" --db "$T/two.db" collect --quiet --now $NOW "$T/week.json" 2>"$T/err1" & a=$!
"$RIGHTSIZE" --db "$T/two.db" collect --quiet --now $NOW "$T/big.json" 2>"$T/err2" & b=$!
wait $a; ca=$?; wait $b; cb=$?
same "two collections at once both succeed" "0 0" "$ca $cb"
rm -f "$T/seq.db"*
run --db "$T/seq.db" collect --quiet --now $NOW "$T/week.json" "$T/big.json"
same "two collections at once lose nothing" "$(dump "$T/seq.db")" "$(dump "$T/two.db")"

# Files that are no store.
printf 'this is a text, not a database, and long enough to be looked at twice by anyone who reads it.......' >"$T/text.db"
says "a text file is no store" 1 "text.db: .*not a SQLite database" --db "$T/text.db" store info
sqlite3 "$T/foreign.db" 'PRAGMA application_id=42; CREATE TABLE t(a); INSERT INTO t VALUES(1);'
says "another program's database is no store" 1 "foreign.db: " --db "$T/foreign.db" collect --now $NOW "$T/tail.json"
same "and it is left alone" "1" "$(sqlite3 "$T/foreign.db" 'SELECT a FROM t')"
cp "$T/seq.db" "$T/newer.db"
sqlite3 "$T/newer.db" 'PRAGMA user_version=999;'
says "a newer schema is refused with both numbers" 1 "newer.db: .*999" --db "$T/newer.db" report
ln -s "$T/seq.db" "$T/link.db"
says "a symbolic link is refused" 1 "link.db: .*symbolic link" --db "$T/link.db" store info
mkdir "$T/dir.db"
says "a folder is no store" 1 "dir.db: " --db "$T/dir.db" store info
if [ "$(id -u)" != 0 ]; then
    cp "$T/seq.db" "$T/ro.db" && chmod 400 "$T/ro.db"
    says "a read-only store is said" 1 "ro.db: .*read-only" --db "$T/ro.db" collect --now $NOW "$T/tail.json"
else
    skipped "a read-only store is said: root may write everything"
fi
if mkdir "$T/small" && mount -t tmpfs -o size=512k tmpfs "$T/small" 2>/dev/null; then
    says "a full disk is said" 1 "(full|No space)" --db "$T/small/m.db" collect --quiet --now $NOW "$T/big.json"
    umount "$T/small"
else
    skipped "a full disk is said: no small file system can be mounted here"
fi
head -c 100000 "$T/seq.db" >"$T/cut.db"
run --db "$T/cut.db" store check
same "a store that was cut off fails its check" "1" "$code"
cp "$T/seq.db" "$T/flip.db"
python3 - "$T/flip.db" <<'PY'
import sys
with open(sys.argv[1], 'r+b') as f:
    data = f.read()
    at = data.rfind(b'\x01\x01\x00\x00')   # the head of some day chunk
    f.seek(at + 40)
    f.write(bytes([data[at + 40] ^ 0xff]))
PY
run --db "$T/flip.db" store check
same "a flipped byte in a day chunk fails the check" "1" "$code"

run --db "$T/seq.db" sql "SELECT count(*) FROM samples"
all=$(cat "$T/out")
expect "prune needs --keep" 2 --db "$T/seq.db" store prune
expect "prune" 0 --db "$T/seq.db" store prune --keep 3d --now 2026-11-16T00:00:00Z
run --db "$T/seq.db" sql "SELECT min(ts) >= unixepoch('2026-11-13') FROM samples"
same "pruned samples are gone" "1" "$(cat "$T/out")"
run --db "$T/seq.db" sql "SELECT count(*) FROM samples"
same "the rest stays" "1" "$([ "$(cat "$T/out")" -gt 0 ] && [ "$(cat "$T/out")" -lt "$all" ] && echo 1)"
exit $any_failed
