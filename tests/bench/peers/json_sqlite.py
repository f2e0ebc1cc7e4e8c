"""The AWS CLI's files into SQLite, as a script would: json_sqlite.py DATABASE FILE..."""

import json
import os
import sqlite3
import sys

if os.path.exists(sys.argv[1]):
    os.unlink(sys.argv[1])
db = sqlite3.connect(sys.argv[1])
db.execute("PRAGMA journal_mode=wal")
db.execute("PRAGMA synchronous=normal")
db.execute("CREATE TABLE sample(label TEXT, ts TEXT, value REAL, PRIMARY KEY(label, ts)) WITHOUT ROWID")
for path in sys.argv[2:]:
    with open(path, encoding="utf-8") as f:
        document = json.load(f)
    with db:
        for r in document["MetricDataResults"]:
            rows = ((r["Label"], t, v) for t, v in zip(r["Timestamps"], r["Values"]))
            db.executemany("INSERT OR REPLACE INTO sample VALUES (?, ?, ?)", rows)
db.close()
