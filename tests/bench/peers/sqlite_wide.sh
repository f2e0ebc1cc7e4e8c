# CSV files of one column a metric into such a table, by the sqlite3 shell's .import.
# sqlite_wide.sh DATABASE FILE...
set -eu
db=$1
shift
rm -f "$db"
{
    echo "PRAGMA journal_mode=off; PRAGMA synchronous=off;"
    echo "CREATE TABLE sample(ts TEXT, instance TEXT, cpu REAL, memory REAL, net_in REAL, net_out REAL,"
    echo "  read REAL, written REAL, read_ops REAL, PRIMARY KEY(instance, ts)) WITHOUT ROWID;"
    echo ".mode csv"
    for f; do echo ".import --skip 1 $f sample"; done
} | sqlite3 "$db" >/dev/null
