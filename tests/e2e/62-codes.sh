# Each of the 20 reason codes with its figures, from an own catalog that states every limit; GPUs from import to answer.
. "$(dirname "$0")/lib.sh"
command -v python3 >/dev/null 2>&1 || { skipped "reason codes: python3 is not here"; exit 0; }
json() { python3 -c "import json; d=json.load(open('$T/out')); print($1)"; }

# A machine that lacks one thing on type "now", and one that has too much of it on "more-THING".
cat >"$T/world.py" <<'PY'
import json, sys
T = sys.argv[1]
GIB, MIB = 1024.0 ** 3, 1024.0 ** 2
# thing: code, column, of "now" in its unit, metric, of it in the metric's unit, headroom, unit of the answer
rows = [
    ('cpu', 'CPU', 'vcpus', 8, 'cpu_percent', None, 0.2, 8 / 100),
    ('memory', 'Memory', 'memory_mib', 32768, 'mem_used_bytes', 32 * GIB, 0.2, 1),
    ('network_in', 'NetworkBandwidth', 'net_baseline_gbps', 8, 'net_in_bytes_per_s', 1e9, 0, 1),
    ('network_packets', 'NetworkPPS', 'net_pps', 300000, 'net_out_packets_per_s', 300000, 0, 1),
    ('ebs_throughput', 'EBSThroughput', 'ebs_baseline_mbytes_per_s', 300, 'ebs_read_bytes_per_s', 3e8, 0, 1),
    ('ebs_iops', 'EBSIOPS', 'ebs_baseline_iops', 12000, 'ebs_write_ops_per_s', 12000, 0, 1),
    ('disk_throughput', 'DiskThroughput', 'disk_mbytes_per_s', 700, 'disk_write_bytes_per_s', 7e8, 0, 1),
    ('disk_iops', 'DiskIOPS', 'disk_iops', 60000, 'disk_read_ops_per_s', 60000, 0, 1),
    ('gpu', 'GPU', 'gpu_count', 4, 'gpu_percent', None, 0.2, 1 / 100),
    ('gpu_memory', 'GPUMemory', 'gpu_memory_mib', 65536, 'gpu_memory_used_bytes', 16 * GIB, 0.2, 1),
]
now = {r[2]: r[3] for r in rows}
now.update(architecture='x86_64', hypervisor='nitro', hvm=1, gpu_model='T4', disk_gb=100, on_demand=1.0, type='now', current_generation=1)
types = [now]
for r in rows:
    more = dict(now, type='more-' + r[0], on_demand=1.5)
    more[r[2]] *= 2
    if r[2] == 'gpu_count':
        more['gpu_memory_mib'] *= 2
    types.append(more)
columns = list(now)
json.dump({'format': 'rightsize-catalog', 'version': 1, 'kind': 'catalog', 'provider': 'acme', 'currency': 'USD',
           'date': '2026-11-01', 'columns': columns, 'rows': [[t[c] for c in columns] for t in types]}, open(T + '/catalog.json', 'w'))
FROM, STEP, N, SPIKE = 1793577600, 3600, 14 * 24, 100
with open(T + '/inventory.csv', 'w') as inventory, open(T + '/samples.csv', 'w') as samples:
    inventory.write('instance,provider,region,type,state\n')
    samples.write('timestamp,instance,metric,value\n')
    def machine(name, thing, share):
        for r in rows:
            full = r[5] if r[5] else {'cpu': 100, 'gpu': 400}[r[0]]
            for i in range(N):
                s = share if r[0] == thing and SPIKE <= i < SPIKE + 8 else 0.3
                cards = [(name + '/gpu-%d' % k, s * full / 4) for k in range(4)] if r[0] == 'gpu' else \
                    [(name + '/gpu-0', s * full), (name + '/gpu-1', 1e6)] if r[0] == 'gpu_memory' else [(name, s * full)]
                for who, value in cards:
                    samples.write('%d,%s,%s,%.17g\n' % (FROM + i * STEP, who, r[4], value))
    for r in rows:
        inventory.write('lacks-%s,acme,,now,running\nspare-%s,acme,,more-%s,running\n' % ((r[0],) * 3))
        machine('lacks-' + r[0], r[0], 0.9 if r[6] else 1.1)
        machine('spare-' + r[0], r[0], 0.35)
json.dump(rows, open(T + '/rows.json', 'w'))
PY
cat >"$T/check.py" <<'PY'
import json, sys
T = sys.argv[1]
answers = {r['resource']['id']: r for r in json.load(open(T + '/answers.json'))['recommendations']}
for name, code, _, _, metric, full, headroom, factor in json.load(open(T + '/rows.json')):
    full = full if full else {'cpu': 100, 'gpu': 400}[name]
    for machine, share, suffix, limit, finding, choice in [
            ('lacks-', 0.9 if headroom else 1.1, 'Underprovisioned', 1, 'UNDER_PROVISIONED', 'more-' + name),
            ('spare-', 0.35, 'Overprovisioned', 1, 'OVER_PROVISIONED', 'now')]:
        a = answers[machine + name]
        spare = machine == 'spare-' and name == 'cpu'  # percent of twice as many
        used = share * full * factor * (2 if spare else 1)
        reasons = [r for r in a['reasons'] if r['code'] == code + suffix]
        wrong = None
        if len(a['reasons']) != 1 or not reasons:
            wrong = 'codes %s' % [r['code'] for r in a['reasons']]
        elif a['finding'] != finding or a['options'][0]['type'] != choice:
            wrong = '%s %s' % (a['finding'], a['options'][0]['type'])
        else:
            r = reasons[0]
            have = (r['dimension'], r['at'], round(r['used'] / used, 9), round(r['value'] / (used / (1 - headroom)), 9), round(r['limit'] / (limit * full * factor), 9))
            if have != (name, '2026-11-06T04:00:00Z', 1, 1, 1):
                wrong = str(have)
        print('FAILED ' + code + suffix + ' is proven\n    ' + wrong if wrong else 'ok ' + code + suffix + ' is proven')
PY
python3 "$T/world.py" "$T"
expect "machines that lack and that waste each thing" 0 collect --quiet --now $NOW --as-of 2026-11-15T00:00:00Z "$T/inventory.csv" "$T/samples.csv"
expect "are advised on" 0 export --now $NOW --catalog "$T/catalog.json" --policy compute-optimizer
cp "$T/out" "$T/answers.json"
python3 "$T/check.py" "$T" >"$T/told"
cat "$T/told"
grep -q '^FAILED' "$T/told" && any_failed=1
same "20 codes" "20" "$(grep -c ' is proven' "$T/told")"
py=$(python jsonschema)
if [ -n "$py" ]; then
    if "$py" "$ROOT/tests/tools/validate_json.py" "$ROOT/schema/recommendations-1.schema.json" <"$T/answers.json" >"$T/valid" 2>&1; then
        ok "they pass the published schema"
    else failed "they pass the published schema"; head -5 "$T/valid"; fi
else skipped "they pass the published schema: no python3 with jsonschema"; fi
expect "simulate tells of GPUs" 0 simulate lacks-gpu --type more-gpu --now $NOW --catalog "$T/catalog.json"
same "how many are wanted" "1" "$(grep -c 'GPU  *' "$T/out" | sed 's/^[1-9][0-9]*$/1/')"
expect "and explain, with the curve" 0 explain lacks-gpu --curve --now $NOW --catalog "$T/catalog.json" --policy compute-optimizer
same "as a table" "yes" "$(grep -q 'GPU MEM' "$T/out" && grep -q 'GPUUnderprovisioned' "$T/out" && echo yes)"
expect "backtest runs over them" 0 backtest --now $NOW --catalog "$T/catalog.json"

# Stated limits are laid over the shipped catalog too.
printf 'type,price,net_pps\nm7i.large,,50000\nm7i.xlarge,,100000\n' >"$T/limits.csv"
{ echo 'timestamp,instance,cpu_percent,net_in_packets_per_s'; i=0; while [ $i -lt 336 ]; do echo "$((1793577600 + i * 3600)),pps,20,60000"; i=$((i + 1)); done; } >"$T/pps.csv"
printf 'instance,provider,region,type,state\npps,aws,us-east-1,m7i.large,running\n' >"$T/pps-inventory.csv"
run --db "$T/pps.db" collect --quiet --now $NOW --as-of 2026-11-15T00:00:00Z "$T/pps.csv" "$T/pps-inventory.csv"
expect "without stated limits packets have no say" 0 --db "$T/pps.db" export --now $NOW
same "but are shown" "null 60000" "$(json "d['recommendations'][0]['demand']['network_packets']['capacity'] or 'null', int(d['recommendations'][0]['demand']['network_packets']['used'])" | tr -d "(),'")"
expect "with them" 0 --db "$T/pps.db" export --now $NOW --prices "$T/limits.csv"
same "they decide" "NetworkPPSUnderprovisioned 50000 m7i.xlarge" "$(json "[(r['reasons'][0]['code'], int(r['reasons'][0]['limit']), r['options'][0]['type']) for r in d['recommendations']][0]" | tr -d "(),'")"

# A real machine: four T4, of which one would do, told by the agent's metrics as live collection and Metric Streams file them.
python3 - "$T" <<'PY'
import json, sys
T = sys.argv[1]
FROM, N = 1793577600, 14 * 288
at = [FROM + i * 300 for i in range(N)]
def result(who, metric, stat, value):
    return {'Id': 'x', 'Label': '%s %s %s %s 300' % (who, 'AWS/EC2' if metric[0] in 'CN' else 'CWAgent', metric, stat), 'Timestamps': at, 'Values': [value(i) for i in range(N)], 'StatusCode': 'Complete'}
out = [result('i-0g', 'CPUUtilization', 'Maximum', lambda i: 10.0), result('i-0g', 'mem_used_percent', 'Maximum', lambda i: 12.0)]
out += [result('i-0g', m, 'Sum', lambda i: 3e8) for m in ('NetworkIn', 'NetworkOut')]
for card in range(4):
    out.append(result('i-0g/gpu-%d' % card, 'nvidia_smi_utilization_gpu', 'Maximum', lambda i: (60.0 if 100 <= i < 200 else 30.0) if card == 0 else 5.0))
    out.append(result('i-0g/gpu-%d' % card, 'nvidia_smi_memory_used', 'Maximum', lambda i: 9000.0 if card == 0 else 500.0))
for n, r in enumerate(out):
    r['Id'] = 'q%d' % n
json.dump({'MetricDataResults': out}, open(T + '/gpu.json', 'w'))
PY
printf 'instance,provider,region,type,state\ni-0g,aws,us-east-1,g4dn.12xlarge,running\n' >"$T/gpu-inventory.csv"
run --db "$T/gpu.db" collect --quiet --now $NOW --as-of 2026-11-15T00:00:00Z "$T/gpu.json" "$T/gpu-inventory.csv"
expect "a machine with four T4 is explained" 0 --db "$T/gpu.db" explain i-0g --now $NOW --policy compute-optimizer
golden "as recorded" advice/explain-gpu.txt
exit $any_failed
