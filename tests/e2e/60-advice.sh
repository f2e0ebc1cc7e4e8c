# The answers for the sample fleet: formats, determinism, schema, and figures against Python.
. "$(dirname "$0")/lib.sh"
run collect --quiet --now $NOW "$ROOT/samples/demo"
same "the sample fleet is collected" "0" "$code"

for f in table wide csv markdown; do
    expect "report -o $f" 0 report --now $NOW -o $f
    golden "report -o $f is as recorded" advice/report.$f.txt
done
expect "report -o html" 0 report --now $NOW -o html
cp "$T/out" "$T/report.html"
browser=$(command -v chromium || command -v chromium-browser || command -v google-chrome || true)
if [ -n "$browser" ]; then
    "$browser" --headless --no-sandbox --disable-gpu --dump-dom "file://$T/report.html" >"$T/dom" 2>/dev/null
    same "a browser reads as many rows and reasons" "20 20" "$(grep -o '<tr class=' "$T/dom" | wc -l | tr -d ' ') $(grep -o '<details>' "$T/dom" | wc -l | tr -d ' ')"
else skipped "a browser reads the page: no chromium"; fi

expect "export" 0 export --now $NOW
golden "export is as recorded" advice/export.json
cp "$T/out" "$T/first.json"
"$RIGHTSIZE" --db "$T/again.db" collect --quiet --now $NOW "$ROOT"/samples/demo/[p-z]* "$ROOT"/samples/demo/[a-o]* 2>/dev/null
"$RIGHTSIZE" --db "$T/again.db" export --now $NOW >"$T/again.json"
same "files in another order give the same bytes" "$(cksum <"$T/first.json")" "$(cksum <"$T/again.json")"
run report --now $NOW -o json
same "report -o json is the export" "$(cksum <"$T/first.json")" "$(cksum <"$T/out")"

for n in 1 3 8; do
    run export --now $NOW --threads $n
    same "$n threads give the same bytes" "$(cksum <"$T/first.json")" "$(cksum <"$T/out")"
    run report --now $NOW --threads $n -o csv
    cp "$T/out" "$T/csv.$n"
done
same "of CSV as well" "$(cksum <"$T/csv.1")" "$(cksum <"$T/csv.8")"
run export --now $NOW --curve --threads 1
cp "$T/out" "$T/curve.1"
run export --now $NOW --curve --threads 5
same "and of curves" "$(cksum <"$T/curve.1")" "$(cksum <"$T/out")"
same "which are drawn where there are samples" "yes" "$(test "$(grep -c '"curve": \[' "$T/out")" -ge 15 && echo yes)"
says "no threads are too few" 2 "threads is 1 to 64" export --threads 0
says "so many are too many" 2 "threads is 1 to 64" export --threads 65

expect "export --output-file" 0 export --now $NOW --output-file "$T/file.json"
same "the file is the export" "$(cksum <"$T/first.json")" "$(cksum <"$T/file.json")"
says "a full disk is said" 1 "cannot write" export --now $NOW --output-file /dev/full
says "a folder that is not there is said" 1 "cannot write beside it" export --now $NOW --output-file "$T/none/file.json"
"$RIGHTSIZE" export --now $NOW >/dev/full 2>"$T/err"
same "a full disk under stdout is said" "1 1" "$? $(grep -c 'cannot write to standard output' "$T/err")"

py=$(python jsonschema)
if [ -n "$py" ]; then
    if "$py" "$ROOT/tests/tools/validate_json.py" "$ROOT/schema/recommendations-1.schema.json" <"$T/first.json" >"$T/valid" 2>&1; then
        ok "the export passes its published schema"
    else failed "the export passes its published schema"; head -5 "$T/valid"; fi
    run export --now $NOW --confidence --curve
    same "so do curve and confidence" "0 20" "$("$py" "$ROOT/tests/tools/validate_json.py" "$ROOT/schema/recommendations-1.schema.json" <"$T/out" >"$T/valid" 2>&1; echo $?) $(grep -c '"recommended_rank"' "$T/out")"
else skipped "the export passes its published schema: no python3 with jsonschema"; fi

for who in shop-web-1 shop-search shop-checkout orders-db nightly-report build-runner lab-prototype files-win orders-archive; do
    expect "explain $who" 0 explain $who --now $NOW
    golden "explain $who is as recorded" advice/explain-$who.txt
done
says "an unknown instance is said" 3 "'nobody'" explain nobody

# Filters and order.
jq_() { jq -r "$1" "$T/out"; }
if command -v jq >/dev/null 2>&1; then
    run export --now $NOW --finding IDLE
    same "--finding" "jenkins-old wiki-legacy" "$(jq_ '[.recommendations[].resource.name] | sort | join(" ")')"
    run export --now $NOW --region eu-central-1
    same "--region" "cron-eu search-api-arm" "$(jq_ '[.recommendations[].resource.name] | sort | join(" ")')"
    run export --now $NOW --tag team=shop --min-saving 100
    same "--tag and --min-saving" "shop-search shop-web-1" "$(jq_ '[.recommendations[].resource.name] | sort | join(" ")')"
    run export --now $NOW --sort name
    same "--sort name" "build-runner cron-eu" "$(jq_ '[.recommendations[0:2][].resource.name] | join(" ")')"
    run export --now $NOW
    same "no instance is dropped" "20" "$(jq_ '.recommendations | length')"
    same "samples of its earlier type count by the size of that" "4030" "$(jq_ '.recommendations[] | select(.resource.name == "shop-checkout") | .demand.cpu.samples')"
    same "unknown memory is null, not 0" "null" "$(jq_ '.recommendations[] | select(.resource.name == "shop-search") | .demand.memory.used')"
    run export --now $NOW --set cpu.percentile=50
    same "the JSON records the effective policy" "50" "$(jq_ '.policy["cpu.percentile"]')"
else skipped "filters: jq is not here"; fi
says "a wrong finding is refused" 2 "'BIG' is not UNDER_PROVISIONED" report --finding BIG
says "a wrong policy is refused" 2 "compute-optimizer" report --policy nosuch
says "a wrong key is refused" 2 "cpu.percentile" report --set cpu=3
says "a percentile beyond 100 is refused" 2 "cpu.percentile" report --set cpu.percentile=101
expect "policy list" 0 policy list
expect "policy show" 0 policy show co-balanced

# The percentiles by another program: Python, from the exported samples alone.
"$RIGHTSIZE" export --samples --until 2026-11-16T00:00:00Z --since 14d >"$T/samples.csv"
python3 - "$T/samples.csv" "$T/first.json" >"$T/compare" 2>&1 <<'PY'
import collections, csv, json, math, sys
series = collections.defaultdict(dict)
for row in csv.DictReader(open(sys.argv[1])):
    series[row['resource'], row['metric'], row['statistic']][int(row['ts'])] = float(row['value'])

def grid(samples):                      # the maximum inside each five minutes
    out = {}
    for ts, v in samples.items():
        slot = ts - ts % 300
        out[slot] = max(v, out.get(slot, -math.inf))
    return out

def quantile(values, q):                # type 7, exactly as numpy's linear method defines it
    v = sorted(values); h = (len(v) - 1) * q; i = int(math.floor(h))
    return v[i] if i + 1 >= len(v) else v[i] + (h - i) * (v[i + 1] - v[i])

compared = 0; worst = 0.0
report = json.load(open(sys.argv[2])); weeks = report['policy']['recent_weeks']
def used(name, slots, q):               # the busiest of the last weeks, each on its own
    if name not in ('cpu', 'memory'): return quantile(slots.values(), q)
    parts = [[v for t, v in slots.items() if END - (w + 1) * 604800 <= t < END - w * 604800] for w in range(weeks)]
    return max(quantile(p, q) for p in parts if p)
END = 1794787200                        # 2026-11-16T00:00:00Z
for r in report['recommendations']:
    if r['window'].get('type_changed') or any(n['code'] == 'TypeChanged' for n in r['notes']): continue
    vcpus = r['current'].get('vcpus')
    for name, d in r['demand'].items():
        if not d.get('known') or ' + ' in d['metric'] or d.get('step_seconds') != 300: continue
        samples = series.get((r['resource']['id'], d['metric'], d['statistic']))
        if not samples: continue
        want = used(name, grid(samples), d['percentile'] / 100); got = d['used']
        if name == 'cpu': want = min(want, 100.0) / 100 * vcpus
        elif d['metric'] == 'mem_percent': want = want / 100 * r['current']['memory_mib'] * 1048576
        elif name == 'memory' and d['metric'] != 'mem_used_bytes': continue
        worst = max(worst, abs(want - got) / max(abs(want), 1e-300)); compared += 1
        if abs(want - got) > 1e-12 * abs(want): print('DIFFERS', r['resource']['name'], name, want, got)
print(compared, 'percentiles compared, largest relative difference', worst)
sys.exit(0 if compared >= 50 else 1)
PY
code=$?
cat "$T/compare" | sed 's/^/    /'
same "percentiles equal Python's from the exported samples" "0 0" "$code $(grep -c DIFFERS "$T/compare")"
exit $any_failed
