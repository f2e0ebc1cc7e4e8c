# CSV files of one row a sample into a table of samples, by the sqlite3 shell's .import.
# sqlite_long.sh DATABASE FILE...
set -eu
db=$1
shift
rm -f "$db"
{
    echo "PRAGMA journal_mode=off; PRAGMA synchronous=off;"
    echo "CREATE TABLE sample(series TEXT, ts INTEGER, value REAL, PRIMARY KEY(series, ts)) WITHOUT ROWID;"
    echo ".mode csv"
    for f; do echo ".import --skip 1 $f sample"; done
} | sqlite3 "$db" >/dev/null
