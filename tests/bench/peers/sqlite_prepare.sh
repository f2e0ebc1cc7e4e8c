# A table of samples for the window functions, untimed: sqlite_prepare.sh DATABASE SAMPLES.csv
set -eu
rm -f "$1"
sqlite3 "$1" >/dev/null <<SQL
PRAGMA journal_mode=off; PRAGMA synchronous=off;
CREATE TABLE raw(resource TEXT, metric TEXT, statistic TEXT, ts INTEGER, value REAL);
.mode csv
.import --skip 1 $2 raw
CREATE TABLE series(id INTEGER PRIMARY KEY, resource TEXT, metric TEXT, statistic TEXT,
                    UNIQUE(resource, metric, statistic));
INSERT INTO series(resource, metric, statistic) SELECT DISTINCT resource, metric, statistic FROM raw;
CREATE TABLE sample(series INTEGER, ts INTEGER, value REAL, PRIMARY KEY(series, ts)) WITHOUT ROWID;
INSERT INTO sample SELECT s.id, r.ts, r.value FROM raw r JOIN series s USING (resource, metric, statistic)
ORDER BY s.id, r.ts;
DROP TABLE raw;
SQL
