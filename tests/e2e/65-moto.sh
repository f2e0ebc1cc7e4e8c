# The whole way against an AWS that others wrote: moto's server and the AWS CLI, on loopback.
. "$(dirname "$0")/lib.sh"
if ! command -v moto_server >/dev/null 2>&1 || ! command -v aws >/dev/null 2>&1; then
    skipped "the way from an AWS to a report: moto_server or aws is not here"
    exit 0
fi
port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
moto_server -H 127.0.0.1 -p "$port" >"$T/moto.log" 2>&1 &
moto=$!
trap 'kill $moto 2>/dev/null; rm -rf "$T"' EXIT
i=0
until python3 -c "import socket; socket.create_connection(('127.0.0.1', $port)).close()" 2>/dev/null; do
    i=$((i + 1))
    [ $i -lt 100 ] || { failed "moto starts"; tail -5 "$T/moto.log"; exit 1; }
    sleep 0.1
done
export AWS_ENDPOINT_URL=http://127.0.0.1:$port AWS_DEFAULT_REGION=us-east-1 AWS_ACCESS_KEY_ID=test AWS_SECRET_ACCESS_KEY=test
export AWS_DISABLE_REQUEST_COMPRESSION=true AWS_PAGER= HOME=$T AWS_EC2_METADATA_DISABLED=true

ami=$(aws ec2 describe-images --query 'Images[0].ImageId' --output text)
aws ec2 run-instances --image-id "$ami" --count 2 --instance-type m5.2xlarge \
    --tag-specifications 'ResourceType=instance,Tags=[{Key=Name,Value="web <1> & \"q\""}]' >/dev/null
aws ec2 describe-instances --output json >"$T/inventory.json"
ids=$(aws ec2 describe-instances --query 'Reservations[].Instances[].InstanceId' --output text)
python3 - "$T" $ids <<'PY'
import datetime, json, sys
start = datetime.datetime.now(datetime.timezone.utc).replace(second=0, microsecond=0)
start -= datetime.timedelta(minutes=start.minute % 5, hours=48)
out = []
for n, i in enumerate(sys.argv[2:]):
    for k in range(48 * 12):
        at = (start + datetime.timedelta(minutes=5 * k)).isoformat()
        d = [{'Name': 'InstanceId', 'Value': i}]
        out.append({'MetricName': 'CPUUtilization', 'Dimensions': d, 'Timestamp': at, 'Value': 10 + n + (k % 100) / 7, 'Unit': 'Percent'})
        out.append({'MetricName': 'NetworkIn', 'Dimensions': d, 'Timestamp': at, 'Value': 3e6 + k, 'Unit': 'Bytes'})
for j in range(0, len(out), 900):
    json.dump(out[j:j + 900], open('%s/put-%d.json' % (sys.argv[1], j // 900), 'w'))
PY
for f in "$T"/put-*.json; do aws cloudwatch put-metric-data --namespace AWS/EC2 --metric-data "file://$f"; done

expect "the inventory of another AWS is read" 0 collect "$T/inventory.json"
same "with its hostile name" "2" "$(sql "SELECT count(*) FROM resources WHERE name = 'web <1> & \"q\"' AND type = 'm5.2xlarge'")"
expect "the script is written" 0 queries "$T/inventory.json" --since 3d
mkdir "$T/ask"
cp "$T/out" "$T/ask/ask.sh"
if (cd "$T/ask" && sh ask.sh >log 2>&1); then ok "the AWS CLI runs it"; else failed "the AWS CLI runs it"; tail -5 "$T/ask/log"; fi
# moto leaves ${PROP(...)} in the Label as it is, so the query file says whose answer it is.
queries=$(for f in "$T"/ask/queries-*.json; do printf -- '--queries %s ' "$f"; done)
expect "its answers are collected" 0 collect $queries "$T"/ask/metrics-*.json
same "every sample is there" "1152	1152" "$(sql "SELECT (SELECT count(*) FROM samples WHERE metric = 'cpu_percent' AND statistic = 'avg'), (SELECT count(*) FROM samples WHERE metric = 'net_in_bytes_per_s')")"
same "a sum of 3,000,000 bytes in 5 minutes is 10,000 bytes a second" "10000" "$(sql "SELECT min(value) FROM samples WHERE metric = 'net_in_bytes_per_s'")"
first=$(echo $ids | cut -d' ' -f1)
from=$(date -u -d '-40 hours' +%FT%H:00:00Z) to=$(date -u +%FT%H:00:00Z)
aws cloudwatch get-metric-statistics --namespace AWS/EC2 --metric-name CPUUtilization --dimensions Name=InstanceId,Value="$first" \
    --start-time "$from" --end-time "$to" --period 300 --statistics Average --output json >"$T/stat.json"
run collect --instance "$first" "$T/stat.json"
if [ "$code" = 0 ] && grep -q " 0 new, 0 replaced, 480 known" "$T/out"; then ok "get-metric-statistics brings the same samples"; else failed "get-metric-statistics brings the same samples"; show; fi
expect "and they are advised on" 0 report
if grep -q 'm5.2xlarge' "$T/out"; then ok "the report names them"; else failed "the report names them"; show; fi
exit $any_failed
