# The four migration efforts and the six platform differences, on the shipped catalog.
. "$(dirname "$0")/lib.sh"
command -v python3 >/dev/null 2>&1 || { skipped "migration efforts: python3 is not here"; exit 0; }
json() { python3 -c "import json; d=json.load(open('$T/out')); print($1)"; }

python3 - "$T" <<'PY'
import json, sys
T = sys.argv[1]
machines = [('i-0a', 'm5.xlarge', {'Name': 'shop-redis-1'}), ('i-0b', 'm5.xlarge', {'Name': 'billing'}),
            ('i-0c', 'm5.xlarge', {'Name': 'billing', 'rightsize:workload': 'SQLServer'}), ('i-0d', 't1.micro', {'Name': 'old'}),
            ('i-0e', 'm5d.large', {'Name': 'scratch'})]
json.dump({'Reservations': [{'Instances': [{'InstanceId': i, 'InstanceType': t, 'State': {'Name': 'running'}, 'Placement': {'AvailabilityZone': 'us-east-1a'},
           **({'VirtualizationType': 'paravirtual'} if t == 't1.micro' else {}), 'Tags': [{'Key': k, 'Value': v} for k, v in tags.items()]} for i, t, tags in machines]}]}, open(T + '/inventory.json', 'w'))
with open(T + '/samples.csv', 'w') as f:
    f.write('timestamp,instance,cpu_percent,mem_percent\n')
    for i, _, _ in machines:
        for n in range(14 * 24):
            f.write('%d,%s,10,10\n' % (1793577600 + n * 3600, i))
PY
expect "machines are collected" 0 collect --quiet --now $NOW --as-of 2026-11-15T00:00:00Z "$T/inventory.json" "$T/samples.csv"
expect "and offered Graviton" 0 export --now $NOW --set architecture=arm64
efforts() { json "' '.join(r['options'][0]['migration_effort'] for r in sorted(d['recommendations'], key=lambda r: r['resource']['id'])[:3])"; }
notes() { json "' '.join(n['code'] for r in sorted(d['recommendations'], key=lambda r: r['resource']['id'])[:3] for n in r['notes'] if n['code'].startswith('Workload'))"; }
same "which takes as much effort as the workload wants" "Low Medium High" "$(efforts)"
same "said with what it was inferred from" "WorkloadInferred WorkloadTold" "$(notes)"
expect "without inference" 0 export --now $NOW --set architecture=arm64 --set workload.infer=no
same "only what a tag says counts" "Medium Medium High" "$(efforts)"
expect "on the same architecture" 0 export --now $NOW
same "there is next to none" "VeryLow VeryLow VeryLow" "$(efforts)"

differences() { json "' '.join(sorted(d['platform_differences']))"; }
expect "from Xen and a paravirtual image to Nitro" 0 simulate i-0d --type t3.micro --now $NOW -o json
same "four things differ" "Hypervisor NetworkInterface StorageInterface VirtualizationType" "$(differences)"
expect "from local disks to Graviton without" 0 simulate i-0e --type m6g.large --now $NOW -o json
same "the other two do" "Architecture InstanceStoreAvailability" "$(differences)"
same "and the effort is told" "Medium" "$(json "d['migration_effort']")"
expect "simulate infers as well" 0 simulate i-0a --type m6g.large --now $NOW -o json
same "so that it is low" "Low" "$(json "d['migration_effort']")"
exit $any_failed
