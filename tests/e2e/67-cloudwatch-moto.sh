# Live collection against moto, an AWS that others wrote: signatures and IAM policies are enforced.
. "$(dirname "$0")/lib.sh"
if ! command -v moto_server >/dev/null 2>&1 || ! command -v aws >/dev/null 2>&1; then
    skipped "live collection from another AWS: moto_server or aws is not here"
    exit 0
fi
for v in $(env | sed -n 's/^\(AWS_[A-Z0-9_]*\)=.*/\1/p'); do unset "$v"; done
port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
INITIAL_NO_AUTH_ACTION_COUNT=100000 moto_server -H 127.0.0.1 -p "$port" >"$T/moto.log" 2>&1 &
moto=$!
trap 'kill $moto 2>/dev/null; rm -rf "$T"' EXIT
i=0
until python3 -c "import socket; socket.create_connection(('127.0.0.1', $port)).close()" 2>/dev/null; do
    i=$((i + 1))
    [ $i -lt 100 ] || { failed "moto starts"; tail -5 "$T/moto.log"; exit 1; }
    sleep 0.1
done
U=http://127.0.0.1:$port
export AWS_ENDPOINT_URL=$U AWS_DEFAULT_REGION=us-east-1 AWS_ACCESS_KEY_ID=test AWS_SECRET_ACCESS_KEY=test
export AWS_DISABLE_REQUEST_COMPRESSION=true AWS_PAGER= HOME=$T AWS_EC2_METADATA_DISABLED=true AWS_MAX_ATTEMPTS=2
live() { run collect --from cloudwatch --since 1d "$@"; }
told() {
    if [ "$code" = "$2" ] && grep -qE "$3" "$T/err" "$T/out"; then ok "$1"; else
        failed "$1"
        echo "    exit $code (wanted $2), pattern: $3"
        show
    fi
}
fresh() { rm -f "$T"/metrics.db*; }

# Two machines with a day of samples, one with the agent; a user with our policy, a role, a user without.
ami=$(aws ec2 describe-images --query 'Images[0].ImageId' --output text)
aws ec2 run-instances --image-id "$ami" --count 2 --instance-type m5.2xlarge \
    --tag-specifications 'ResourceType=instance,Tags=[{Key=Name,Value="web <1> & \"q\""},{Key=team,Value=shop}]' >/dev/null
aws ec2 run-instances --image-id "$ami" --count 1 --instance-type m4.large >/dev/null
ids=$(aws ec2 describe-instances --query 'Reservations[].Instances[?InstanceType==`m5.2xlarge`].InstanceId' --output text)
python3 - "$T" "$ami" $ids <<'PY'
import datetime, json, sys
start = datetime.datetime.now(datetime.timezone.utc).replace(second=0, microsecond=0)
start -= datetime.timedelta(minutes=start.minute % 5, hours=12)
ec2, agent = [], []
for n, i in enumerate(sys.argv[3:]):
    d = [{'Name': 'InstanceId', 'Value': i}]
    full = d + [{'Name': 'ImageId', 'Value': sys.argv[2]}, {'Name': 'InstanceType', 'Value': 'm5.2xlarge'}]
    for k in range(12 * 12):
        at = (start + datetime.timedelta(minutes=5 * k)).isoformat()
        ec2.append({'MetricName': 'CPUUtilization', 'Dimensions': d, 'Timestamp': at, 'Value': 10 + n + (k % 100) / 7, 'Unit': 'Percent'})
        ec2.append({'MetricName': 'NetworkIn', 'Dimensions': d, 'Timestamp': at, 'Value': 3e6 + k, 'Unit': 'Bytes'})
        if n == 0:
            agent.append({'MetricName': 'mem_used_percent', 'Dimensions': full, 'Timestamp': at, 'Value': 50 + k / 10, 'Unit': 'Percent'})
json.dump(ec2, open(sys.argv[1] + '/ec2.json', 'w'))
json.dump(agent, open(sys.argv[1] + '/agent.json', 'w'))
PY
aws cloudwatch put-metric-data --namespace AWS/EC2 --metric-data "file://$T/ec2.json"
aws cloudwatch put-metric-data --namespace CWAgent --metric-data "file://$T/agent.json"
# moto checks CloudWatch's actions under the name "monitoring".
"$RIGHTSIZE" iam-policy | python3 -c '
import json, sys
p = json.load(sys.stdin)
a = p["Statement"][0]["Action"]
p["Statement"][0]["Action"] = a + [x.replace("cloudwatch:", "monitoring:") for x in a if x.startswith("cloudwatch:")]
json.dump(p, open(sys.argv[1] + "/policy.json", "w"))
p["Statement"] = [{"Effect": "Allow", "Action": "sts:AssumeRole", "Resource": "*"}]
json.dump(p, open(sys.argv[1] + "/assume.json", "w"))
' "$T"
for who in reader assumer nobody; do
    aws iam create-user --user-name $who >/dev/null
    aws iam create-access-key --user-name $who --query 'AccessKey.[AccessKeyId,SecretAccessKey]' --output text >"$T/$who"
done
aws iam put-user-policy --user-name reader --policy-name r --policy-document "file://$T/policy.json"
aws iam put-user-policy --user-name assumer --policy-name r --policy-document "file://$T/assume.json"
aws iam create-role --role-name look --assume-role-policy-document '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"*"},"Action":"sts:AssumeRole"}]}' >/dev/null
aws iam put-role-policy --role-name look --policy-name r --policy-document "file://$T/policy.json"
python3 -c "import urllib.request; urllib.request.urlopen(urllib.request.Request('$U/moto-api/reset-auth', data=b'0', headers={'Content-Type': 'text/plain'})).read()"
key() { AWS_ACCESS_KEY_ID=$(cut -f1 "$T/$1") AWS_SECRET_ACCESS_KEY=$(cut -f2 "$T/$1"); }

live
told "a key that moto did not give is refused" 4 'AuthFailure|InvalidClientTokenId|UnrecognizedClient'
key reader
live
told "the printed policy is enough, signatures and all" 0 '3 machines, 3 changed, 3 volumes'
same "every sample is there" "288	288	144" "$(sql "SELECT (SELECT count(*) FROM samples WHERE metric = 'cpu_percent' AND statistic = 'avg'), (SELECT count(*) FROM samples WHERE metric = 'net_in_bytes_per_s'), (SELECT count(*) FROM samples WHERE metric = 'mem_percent' AND statistic = 'max')")"
same "3,000,000 bytes in 5 minutes are 10,000 bytes a second" "10000" "$(sql "SELECT min(value) FROM samples WHERE metric = 'net_in_bytes_per_s'")"
same "hostile names are kept as they are" "2" "$(sql "SELECT count(*) FROM resources WHERE name = 'web <1> & \"q\"' AND type = 'm5.2xlarge'")"
live
told "again changes nothing" 0 'samples: 0 new, 0 replaced'
expect "and they are advised on" 0 report
fresh
live --tag team=shop
told "a tag narrows it down" 0 '2 machines'
fresh
live --state stopped
told "a state too" 0 '0 machines'
AWS_SECRET_ACCESS_KEY=wrongwrongwrongwrong
live
told "a wrong secret" 4 'SignatureDoesNotMatch|AuthFailure'
key nobody
live
told "a user without the policy" 4 'access denied'
key assumer
live
told "a user who may only assume" 4 'access denied'
live --account-role arn:aws:iam::123456789012:role/look
told "may as the role" 0 'as arn:aws:iam::123456789012:role/look: 3 machines'
live --account-role arn:aws:iam::123456789012:role/look --account-role arn:aws:iam::123456789012:role/not-there
told "one account that is denied does not stop the other" 3 'role/not-there'

# Profiles, and the machine's own role from its metadata.
mkdir -p "$T/.aws"
printf '[base]\naws_access_key_id = %s\naws_secret_access_key = %s\n' $(cat "$T/assumer") >"$T/.aws/credentials"
chmod 600 "$T/.aws/credentials"
printf '[profile nightly]\nrole_arn = arn:aws:iam::123456789012:role/look\nsource_profile = base\nrole_session_name = night\nregion = us-east-1\n' >"$T/.aws/config"
fresh
live --profile nightly
told "a role by a profile" 0 '3 machines, 3 changed'
unset AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY
export AWS_PROFILE=nightly
live
told "AWS_PROFILE too" 0 '3 machines'
unset AWS_PROFILE
rm -rf "$T/.aws"
export AWS_EC2_METADATA_DISABLED=false AWS_EC2_METADATA_SERVICE_ENDPOINT=$U
live
told "the instance's role is found, which moto knows no key of" 4 'AuthFailure|InvalidClientTokenId|UnrecognizedClient'
if grep -q 'security-credentials/default-role' "$T/moto.log"; then ok "by the second version of the metadata service"; else failed "by the second version of the metadata service"; fi
exit $any_failed
