# Speed and memory of the main job, beside what is installed; ratios from one run, medians of RUNS.
# N instances for DAYS days at 5 minutes; peers that are not installed are named as skipped.
set -eu
BUILD=${BUILD:-build} N=${N:-200} DAYS=${DAYS:-7} RUNS=${RUNS:-5}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
RIGHTSIZE=$BUILD/rightsize RIGHTSIZE_CATALOG=catalog
export RIGHTSIZE_CATALOG
now=2026-11-16T06:00:00Z
"$BUILD/fleet" --kind mixed --instances "$N" --days "$DAYS" --format gmd -o "$work/f.json"
"$BUILD/fleet" --kind mixed --instances "$N" --days "$DAYS" --format inventory -o "$work/inventory-2026-11-16.json"
python=$(command -v python3 || true)

cat >"$work/time.py" <<'PY'
import os, resource, statistics, subprocess, sys, time
runs, work, jobs = int(sys.argv[1]), sys.argv[2], sys.argv[3:]
figures = {j: [] for j in jobs}
for _ in range(runs):
    for j in jobs:                      # interleaved, so that drift meets all alike
        for f in os.listdir(work):
            if j.startswith('first') and f.startswith('m.db') or f.startswith('peer.db'): os.unlink(os.path.join(work, f))
        before = time.perf_counter()
        p = subprocess.Popen(['sh', '-c', 'exec ' + j.split(':', 1)[1]], stdout=subprocess.DEVNULL)
        _, status, usage = os.wait4(p.pid, 0)
        figures[j].append((time.perf_counter() - before, usage.ru_utime + usage.ru_stime, usage.ru_maxrss))
        if status: sys.exit('failed: ' + j)
for j in jobs:
    wall, cpu, rss = (statistics.median(x) for x in zip(*figures[j]))
    print('%-28s %8.3f s wall %8.3f s CPU %7.1f MiB' % (j.split(':')[0], wall, cpu, rss / 1024))
PY
cat >"$work/peer.py" <<'PY'
import json, sqlite3, sys, datetime
db = sqlite3.connect(sys.argv[2]); db.execute('CREATE TABLE s(label TEXT, ts INTEGER, value REAL, PRIMARY KEY(label, ts)) WITHOUT ROWID')
for r in json.load(open(sys.argv[1]))['MetricDataResults']:
    db.executemany('INSERT OR REPLACE INTO s VALUES (?, ?, ?)', ((r['Label'], int(datetime.datetime.fromisoformat(t).timestamp()), v) for t, v in zip(r['Timestamps'], r['Values'])))
db.commit()
PY
[ -n "$python" ] || { echo "skipped: python3 is needed to time"; exit 0; }
c="$RIGHTSIZE --db $work/m.db --now $now"
size=$(wc -c <"$work/f.json")
echo "$N instances, $DAYS days at 5 minutes, $size bytes of JSON, medians of $RUNS"
"$python" "$work/time.py" "$RUNS" "$work" \
    "first collect:$c collect --quiet $work/f.json $work/inventory-2026-11-16.json" \
    "same again:$c collect --quiet $work/f.json" \
    "export:$c export" "report:$c report" \
    "python json + sqlite3:$python $work/peer.py $work/f.json $work/peer.db"
$c store info | grep -E 'samples|bytes a sample'
