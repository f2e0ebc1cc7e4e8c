# Plain SQL on the store, and the samples as CSV.
. "$(dirname "$0")/lib.sh"
"$FLEET" --instances 3 --days 2 --format gmd --kind mixed -o "$T/f.json" || exit 1
run collect --now $NOW "$T/f.json"

run sql -H "SELECT * FROM samples LIMIT 1"
same "the columns of samples" "resource	metric	statistic	ts	value" "$(head -1 "$T/out")"
run sql -H "SELECT * FROM resources LIMIT 1"
same "the columns of resources" "resource	provider	account	region	type	name	state	first_seen	last_seen" "$(head -1 "$T/out")"
says "writing is refused" 2 "." sql "DELETE FROM chunk"
says "a pragma that writes is refused" 2 "." sql "PRAGMA journal_mode=DELETE"
says "attaching is refused" 2 "." sql "ATTACH '$T/evil.db' AS evil"
says "two statements are refused" 2 "." sql "SELECT 1; SELECT 2"
says "a wrong statement is said" 2 "nosuch" sql "SELECT nosuch FROM samples"
same "nothing was attached" "" "$(ls "$T" | grep evil)"

expect "samples as CSV" 0 export --samples -o csv
rows=$(($(wc -l <"$T/out") - 1))
run sql "SELECT count(*) FROM samples"
same "the CSV has a row a sample" "$(cat "$T/out")" "$rows"
says "samples are not chosen by tag" 2 "tag does not go with --samples" export --samples --tag team=shop
says "nor sorted" 2 "sort does not go with --samples" export --samples --sort id
says "CSV holds no curve" 2 "curve goes with -o json" export --curve -o csv
expect "samples as JSON" 0 export --samples -o json
if command -v jq >/dev/null 2>&1; then
    same "the JSON holds the same number" "$rows" "$(jq '[.samples[].values[] | select(. != null)] | length' "$T/out")"
else
    skipped "the JSON holds the same number: jq is not here"
fi
expect "the samples of one instance" 0 export --samples --instance "$(sql 'SELECT min(resource) FROM resources')" --since 1d
same "only one instance" "1" "$(tail -n +2 "$T/out" | cut -d, -f1 | sort -u | wc -l)"
exit $any_failed
