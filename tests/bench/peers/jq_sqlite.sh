# The AWS CLI's files into SQLite by jq and .import: jq_sqlite.sh DATABASE FILE...
set -eu
db=$1
shift
rm -f "$db"
sqlite3 "$db" "CREATE TABLE sample(label TEXT, ts TEXT, value REAL, PRIMARY KEY(label, ts)) WITHOUT ROWID"
jq -r '.MetricDataResults[] | .Label as $l | [.Timestamps, .Values] | transpose[] | [$l] + . | @csv' "$@" |
    sqlite3 -cmd "PRAGMA journal_mode=off" -cmd "PRAGMA synchronous=off" -cmd ".mode csv" "$db" ".import /dev/stdin sample" >/dev/null
