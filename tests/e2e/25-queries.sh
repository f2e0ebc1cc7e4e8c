# The script that asks CloudWatch: its limits, its quoting, and a round trip with a stand-in aws.
. "$(dirname "$0")/lib.sh"
expect "for an instance" 0 queries --now $NOW --region us-east-1 i-0123456789abcdef0
if sh -n "$T/out"; then ok "it is a shell script"; else failed "it is a shell script"; fi
if grep -q "CPUUtilization" "$T/out" && grep -q "get-metric-data" "$T/out" && grep -qF "Dim.InstanceId" "$T/out"; then ok "it asks for labels that name the instance"; else failed "it asks for labels that name the instance"; show; fi
expect "for an inventory" 0 queries --now $NOW --since 7d "$ROOT/samples/demo/inventory-2026-11-16.json.gz"
cp "$T/out" "$T/ask.sh"
mkdir "$T/bin" "$T/ask"
# An aws that answers each query with one point, under the label that was asked for.
cat >"$T/bin/aws" <<'AWS'
#!/usr/bin/env python3
import json, sys
args = sys.argv[1:]
def value(name): return args[args.index(name) + 1]
queries = json.load(open(value('--metric-data-queries').replace('file://', '')))
assert len(queries) <= 500, len(queries)
start, end = value('--start-time'), value('--end-time')
import datetime
seconds = (datetime.datetime.fromisoformat(end.replace('Z', '+00:00')) - datetime.datetime.fromisoformat(start.replace('Z', '+00:00'))).total_seconds()
out = []
for q in queries:
    stat = q['MetricStat']; dims = {d['Name']: d['Value'] for d in stat['Metric']['Dimensions']}
    assert seconds / stat['Period'] * len(queries) <= 100800, 'too many points'
    who = dims.get('InstanceId') if 'InstanceId' in q['Label'] else dims.get('VolumeId')
    label = ' '.join([who, stat['Metric']['Namespace'], stat['Metric']['MetricName'], stat['Stat'], str(stat['Period'])])
    out.append({'Id': q['Id'], 'Label': label, 'Timestamps': [start], 'Values': [1.0], 'StatusCode': 'Complete'})
print(json.dumps({'MetricDataResults': out}))
AWS
chmod +x "$T/bin/aws"
if (cd "$T/ask" && PATH="$T/bin:$PATH" sh "$T/ask.sh" >"$T/log" 2>&1); then ok "the script runs within the API's limits"; else failed "the script runs within the API's limits"; tail -5 "$T/log"; fi
expect "its answers are collected with nothing else" 0 collect --now $NOW "$T/ask"
same "every instance of the inventory has CPU and network" "20 20" "$(sql "SELECT (SELECT count(DISTINCT resource) FROM samples WHERE metric = 'cpu_percent'), (SELECT count(DISTINCT resource) FROM samples WHERE metric = 'net_in_bytes_per_s')" | tr '\t' ' ')"
cat >"$T/gpu.json" <<'JSON'
{"Reservations":[{"Instances":[{"InstanceId":"i-0g","InstanceType":"g5.12xlarge","State":{"Name":"running"}}]}]}
JSON
expect "a machine with GPUs is asked for them" 0 queries --now $NOW "$T/gpu.json"
same "by searches" "3" "$(grep -c 'SEARCH(' "$T/out")"
says "a name that would reach the shell is refused" 1 "rm -rf" queries --now $NOW 'i-0; rm -rf ~'
says "a file that is no inventory is refused" 2 "proxy.csv.gz: .*not an inventory" queries "$ROOT/samples/demo/proxy.csv.gz"
exit $any_failed
