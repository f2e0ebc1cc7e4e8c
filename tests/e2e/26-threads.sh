# One thread or two: the same store, the same words, also when something breaks.
. "$(dirname "$0")/lib.sh"

# both NAME ARGS...: collect ARGS with one thread and with two; all of it is the same.
both() {
    name=$1
    shift
    for n in 1 2; do
        code=0
        rm -f "$T/$n.db"*
        "$RIGHTSIZE" --db "$T/$n.db" --threads $n collect --now $NOW "$@" >"$T/out$n" 2>"$T/err$n" || code=$?
        echo "exit $code" >>"$T/err$n"
    done
    if cmp -s "$T/out1" "$T/out2" && cmp -s "$T/err1" "$T/err2" && cmp -s "$T/1.db" "$T/2.db"; then ok "$name"; else
        failed "$name"
        diff "$T/out1" "$T/out2"
        diff "$T/err1" "$T/err2"
    fi
}

for file in "$ROOT"/samples/demo/*; do
    both "$(basename "$file")" "$file"
done
both "all of them, one after the other" "$ROOT"/samples/demo/*
for folder in "$FIXTURES"/source-*; do
    both "$(basename "$folder")" --instance i-x --tz UTC --step 60s "$folder"
done

# More than is held at once, newest first, by rows of all machines, and again.
"$FLEET" --kind mixed --instances 60 --days 7 --format gmd -o "$T/big.json" || exit 1
"$FLEET" --kind mixed --instances 60 --days 7 --format csv | LC_ALL=C sort -r >"$T/big.csv" || exit 1
"$FLEET" --kind mixed --instances 60 --days 7 --format csv-long -o "$T/long.csv" || exit 1
both "a large answer" "$T/big.json"
both "the same again" "$T/big.json" "$T/big.json"
both "a large table by time" "$T/big.csv"
both "a large long table" "$T/long.csv"
"$RIGHTSIZE" --db "$T/2.db" sql "SELECT count(*), sum(value), sum(ts) FROM samples" >"$T/long.sum"
run --db "$T/3.db" collect --now $NOW --quiet "$T/big.csv"
same "the long table says what the wide one says" "$("$RIGHTSIZE" --db "$T/3.db" sql "SELECT count(*), sum(value), sum(ts) FROM samples")" "$(cat "$T/long.sum")"
gzip -c "$T/big.json" >"$T/big.gz"
both "a large answer, gzip" "$T/big.gz"

# Several are read at once and stored in their order, also where one breaks or says otherwise.
for i in 1 2 3 4; do
    "$FLEET" --kind mixed --instances 15 --days 7 --seed $i --format gmd -o "$T/part$i.json" || exit 1
done
head -c 7000000 "$T/part2.json" >"$T/part2-cut.json"
sed 's/[0-9][.]/9./' "$T/part1.json" >"$T/part5.json"
both "several answers" "$T/part1.json" "$T/part2.json" "$T/part3.json" "$T/part4.json"
both "with a broken one among them" "$T/part1.json" "$T/part2-cut.json" "$T/part3.json" "$T/part2.json"
both "with other values for the same" "$T/part1.json" "$T/part2.json" "$T/part5.json" "$T/part3.json" "$T/part1.json"
both "with an inventory" "$T/part1.json" "$ROOT/samples/demo/inventory-2026-11-16.json.gz" "$T/part2.json"
both "with a table by time" "$T/part1.json" "$T/big.csv" "$T/part2.json" "$T/long.csv"

# A file that breaks late leaves nothing, whoever was ahead.
head -c 30000000 "$T/big.json" >"$T/cut.json"
both "a large answer cut off" "$T/cut.json"
if grep -q 'cut.json: line [0-9]*: cut off' "$T/err2"; then ok "its line is told"; else failed "its line is told"; cat "$T/err2"; fi
same "nothing of it is stored" "0" "$("$RIGHTSIZE" --db "$T/2.db" sql "SELECT count(*) FROM samples")"
head -c 3000000 "$T/big.gz" >"$T/cut.gz"
both "a gzip cut off" "$T/cut.gz"

# The disk is full: one error, the exit code of I/O, nothing half done.
for n in 1 2; do
    code=0
    rm -f "$T/full$n.db"*
    (
        trap '' XFSZ
        ulimit -f 3000
        exec "$RIGHTSIZE" --db "$T/full$n.db" --threads $n collect --now $NOW "$T/big.json" >"$T/out" 2>"$T/err$n"
    ) || code=$?
    same "a full disk ends with exit 1, $n threads" "1 1" "$code $(wc -l <"$T/err$n")"
    same "and its error names no success, $n threads" "0" "$(grep -c Success "$T/err$n")"
    same "nothing of the file is stored, $n threads" "0" "$("$RIGHTSIZE" --db "$T/full$n.db" sql "SELECT count(*) FROM samples")"
done
sed 's/full1/fullN/g' "$T/err1" >"$T/full1"
sed 's/full2/fullN/g' "$T/err2" >"$T/full2"
if cmp -s "$T/full1" "$T/full2" && grep -q fullN "$T/full2"; then ok "and says the same"; else
    failed "and says the same"
    cat "$T/full1" "$T/full2"
fi
exit $any_failed
