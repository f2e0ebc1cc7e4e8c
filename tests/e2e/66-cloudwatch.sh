# Live collection against the strict scripted server: limits, paging, and everything that goes wrong.
. "$(dirname "$0")/lib.sh"
command -v python3 >/dev/null 2>&1 || { skipped "live collection: python3 is not here"; exit 0; }
S=$T/aws
mkdir -p "$S"
python3 "$ROOT/tests/tools/aws_server.py" "$S" >"$S/log" 2>&1 &
server=$!
trap 'kill $server 2>/dev/null; rm -rf "$T"' EXIT
i=0
echo '{}' >"$S/script.json"
until [ -s "$S/port" ]; do
    i=$((i + 1))
    [ $i -lt 100 ] || { failed "the server starts"; cat "$S/log"; exit 1; }
    sleep 0.1
done
for v in $(env | sed -n 's/^\(AWS_[A-Z0-9_]*\)=.*/\1/p'); do unset "$v"; done
SECRET=wJalrXUtnFEMIabcdefEXAMPLEKEY TOKEN=FwoGZXIvYXdzEXAMPLETOKEN
export HOME=$T AWS_ENDPOINT_URL=http://127.0.0.1:$(cat "$S/port") AWS_EC2_METADATA_DISABLED=true
export AWS_ACCESS_KEY_ID=AKIDTEST AWS_SECRET_ACCESS_KEY=$SECRET AWS_SESSION_TOKEN=$TOKEN RIGHTSIZE_STALL_SECONDS=2 AWS_MAX_ATTEMPTS=3
NOW=2026-11-16T06:00:00Z END=1794808800

# script MORE: the server's behaviour, calls counted from 1 again.
script() {
    printf '{"key": "AKIDTEST", "secret": "%s", "token": "%s", "instances": 3, "type": "m4.10xlarge", "agent": true, "points_to": %d%s}' "$SECRET" "$TOKEN" $END "${1:-}" >"$S/script.new"
    mv "$S/script.new" "$S/script.json"
    kill $server 2>/dev/null
    wait $server 2>/dev/null
    rm -f "$S/port" "$S/calls.jsonl" "$S/report"
    python3 "$ROOT/tests/tools/aws_server.py" "$S" >>"$S/log" 2>&1 &
    server=$!
    until [ -s "$S/port" ]; do sleep 0.05; done
    AWS_ENDPOINT_URL=http://127.0.0.1:$(cat "$S/port")
    rm -f "$T"/metrics.db*
}
fault() { script ", \"faults\": [{\"call\": \"$1\", \"at\": ${3:-1}, \"times\": ${4:-1}, \"kind\": \"$2\"${5:-}}]"; }
calls() { grep -c "\"call\": \"$1\"" "$S/calls.jsonl"; }
live() { run collect --from cloudwatch --now $NOW --region us-east-1 --since 1d "$@"; }
dump() { sql "SELECT resource, metric, statistic, ts, value FROM samples ORDER BY 1, 2, 3, 4" | cksum; }
# told NAME CODE PATTERN: of the run just made.
told() {
    if [ "$code" = "$2" ] && grep -qE "$3" "$T/err" "$T/out"; then ok "$1"; else
        failed "$1"
        echo "    exit $code (wanted $2), pattern: $3"
        show
    fi
}

script
live --dry-run
told "a dry run says what it would cost" 0 'would ask CloudWatch for 24 metrics in 1 calls of GetMetricData, about \$0.00'
same "and asks for no metric" "0" "$(calls GetMetricData)"
same "and stores nothing" "0" "$(sql 'SELECT count(*) FROM resources')"
live
told "a day is collected" 0 '3 machines, 3 changed, 0 volumes, 24 series in 1 calls, samples: 6912 new'
want=$(dump)
same "names and regions come with it" "n0 <&\"	us-east-1	123456789012" "$(sql "SELECT name, region, account FROM resources WHERE resource = 'i-00000000000000001'")"
live
told "the next run asks for two hours, and changes nothing" 0 'samples: 0 new, 0 replaced, 576 known'
same "the server saw no limit broken" "0" "$(python3 -c "import json; print(json.load(open('$S/report'))['over'])")"
if python3 -c 'import botocore' 2>/dev/null; then
    if python3 -c "import json; exit(json.load(open('$S/report')).get('botocore', 0) < 10)"; then ok "botocore signs each request the same"; else failed "botocore signs each request the same"; fi
else
    skipped "botocore signs each request the same: python3 has no botocore"
fi

script ', "points_page": 700, "page": 2'
live
told "pages of machines and of points are put together" 0 '3 machines.* samples: 6912 new, 0 replaced, 0 known'
same "into the same samples" "$want" "$(dump)"

script ', "instances": 40, "agent": false'
live
told "240 metrics of a day fit one call" 0 '240 series in 1 calls'
script ', "instances": 40, "agent": false'
run collect --from cloudwatch --now $NOW --region us-east-1 --since 7d
told "of a week, 50 fit" 0 '240 series in 5 calls'
script ', "instances": 40, "agent": false'
run collect --from cloudwatch --now $NOW --region us-east-1
told "63 days at first, 5 a call" 0 '240 series in 48 calls, samples: 4354560 new'

script ', "absent": ["NetworkPacketsIn"]'
live
live
told "a metric that never answers is not asked for from its beginning again" 0 'samples: 0 new, 0 replaced, 504 known'

# Everything that goes wrong: fault, what is said, exit status.
fault GetMetricData throttle 1 2
live
told "throttling is waited out" 0 '6912 new'
same "the store is the same" "$want" "$(dump)"
fault DescribeInstances ec2throttle 1 2
live
told "EC2's throttling too" 0 '6912 new'
fault GetMetricData 500
live
told "an ill service is asked again" 0 '6912 new'
fault GetMetricData 503
live
told "one behind a broken balancer too" 0 '6912 new'
fault GetMetricData cut
live
told "an answer cut off is asked for again" 0 '6912 new'
fault GetMetricData half-json
live
told "one that ends in the middle of JSON too" 0 '6912 new'
fault GetMetricData slow
live
told "one that does not go on too" 0 '6912 new'
fault GetMetricData wrong-type 1 9
live
told "an answer of another type fails, the machines stay" 3 'monitoring us-east-1: line 1: expected a time in Timestamps \(tried 3 times\)'
same "the machines are there" "3" "$(sql 'SELECT count(*) FROM resources')"
fault GetMetricData not-json 1 9
live
told "a page of a hotel's network is no answer" 3 'monitoring us-east-1: .*tried 3 times'
fault DescribeInstances doctype 1 9
live
told "a document type is refused" 1 'ec2 us-east-1: the answer is no use: line 1: a document type is not accepted'
fault GetMetricData internal
live
told "a series that the service failed at is named" 3 'the service says InternalError'
live
told "and had the next time" 0 '(288|264) new'
same "so that all is there" "$want" "$(dump)"
fault GetMetricData throttle 1 99
live
told "throttling without end fails in words" 3 'ThrottlingException: Rate exceeded \(tried 3 times\)'
fault DescribeInstances expired 1 99
live
told "an expired session is said so" 4 'ExpiredTokenException: The security token included in the request is expired'
same "after it was renewed once" "2" "$(calls DescribeInstances)"
fault DescribeInstances skew 1 99
live
told "a wrong clock is told in seconds" 4 "this machine's clock is (999|1000|1001) s ahead of AWS's"
fault DescribeInstances bad-key
live
told "a key that is not accepted" 4 'UnrecognizedClientException'
fault DescribeInstances leak
live
told "what the service repeats of a session is not shown" 4 'SignatureDoesNotMatch'
fault DescribeInstances denied 1 99 ', "region": "eu-west-1"'
live --region eu-west-1
told "a denied region is named, the others go on" 3 '1 of 2 regions could not be had whole, the first: ec2 eu-west-1: access denied: UnauthorizedOperation'
same "with all of their samples" "$want" "$(dump)"
fault ListMetrics denied 1 99
live
told "without ListMetrics there is no memory, but the rest" 3 'access denied: AccessDeniedException'
same "the rest" "5184" "$(sql 'SELECT count(*) FROM samples')"
fault GetMetricData denied 1 99
live
told "without GetMetricData there is the inventory" 3 'monitoring us-east-1: access denied: AccessDeniedException'

# Killed at any moment, the next run goes on.
script ', "instances": 40, "points_page": 5000'
live
want=$(dump)
script ', "instances": 40, "points_page": 5000, "delay": 0.05'
for n in 1 2 3 4 5; do
    "$RIGHTSIZE" collect --from cloudwatch --now $NOW --region us-east-1 --since 1d >/dev/null 2>&1 &
    pid=$!
    sleep 0.$((n * 2 - 1))
    kill -9 $pid 2>/dev/null
    wait $pid 2>/dev/null
done
live
told "after five kills the next run goes on" 0 '40 machines'
same "and ends with the same samples" "$want" "$(dump)"

# Credentials and settings.
script
AWS_SECRET_ACCESS_KEY=wrongwrong
live
AWS_SECRET_ACCESS_KEY=$SECRET
told "a wrong secret is refused" 4 'SignatureDoesNotMatch'
(unset AWS_ACCESS_KEY_ID; live; told "without credentials it says where it looked" 4 'no credentials: not in the environment, not in profile .default'; exit $any_failed) || any_failed=1
mkdir -p "$T/.aws"
printf '[p]\naws_access_key_id = AKIDTEST\naws_secret_access_key = %s\naws_session_token = %s\n' "$SECRET" "$TOKEN" >"$T/.aws/credentials"
cat >"$T/.aws/config" <<EOF
[profile proc]
credential_process = sh -c 'cat "$T/keys.json"'
[profile mfa]
role_arn = arn:aws:iam::1:role/x
source_profile = p
mfa_serial = arn:aws:iam::1:mfa/x
[profile circle]
role_arn = arn:aws:iam::1:role/x
source_profile = circle2
[profile circle2]
role_arn = arn:aws:iam::1:role/x
source_profile = circle
EOF
printf '{"Version": 1, "AccessKeyId": "AKIDTEST", "SecretAccessKey": "%s", "SessionToken": "%s"}' "$SECRET" "$TOKEN" >"$T/keys.json"
chmod 644 "$T/.aws/credentials"
live --profile p
told "a profile of the credentials file, and who may read it" 0 'credentials: others may read it'
chmod 600 "$T/.aws/credentials"
rm -f "$T"/metrics.db*
live --profile proc
told "a credential process" 0 '6912 new'
live --profile mfa
told "MFA is refused in words" 4 "profile 'mfa' asks for an MFA code"
live --profile circle
told "a circle of profiles" 4 'leads back to itself'
live --profile nowhere
told "a profile that is not there" 2 "profile 'nowhere' is neither in"
run collect --from cloudwatch --now $NOW
told "no region" 2 'no region: give --region'
run collect --from cloudwatch --region 'us-east-1/x'
told "no region's name" 2 'is not the name of a region'
live --endpoint-url http://example.com
told "plain http elsewhere" 2 "'http://example.com' is not https"
live --endpoint-url https://me:pass@example.com
told "a user in the URL" 2 'a URL that names a user is not asked'
live --tag nonsense
told "a tag without value" 2 'not KEY=VALUE'
live --endpoint-url http://127.0.0.1:1
told "nobody answers" 1 'ec2 us-east-1: .*(refused|connect).*tried 3 times'

# Keys that come from elsewhere than files.
keep_key=$AWS_ACCESS_KEY_ID
unset AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN
rm -rf "$T/.aws"
script
printf 'web-token\n' >"$T/web"
AWS_WEB_IDENTITY_TOKEN_FILE=$T/web AWS_ROLE_ARN=arn:aws:iam::1:role/web
export AWS_WEB_IDENTITY_TOKEN_FILE AWS_ROLE_ARN
live
told "a web identity, asked without a signature" 0 '6912 new'
printf 'other' >"$T/web"
live
told "one that is not accepted" 1 "role 'arn:aws:iam::1:role/web': sts us-east-1: InvalidIdentityToken"
unset AWS_WEB_IDENTITY_TOKEN_FILE AWS_ROLE_ARN
rm -f "$T"/metrics.db*
AWS_CONTAINER_CREDENTIALS_FULL_URI=$AWS_ENDPOINT_URL/container AWS_CONTAINER_AUTHORIZATION_TOKEN=container-token
export AWS_CONTAINER_CREDENTIALS_FULL_URI AWS_CONTAINER_AUTHORIZATION_TOKEN
live
told "a container's keys" 0 '6912 new'
AWS_CONTAINER_AUTHORIZATION_TOKEN=wrong
live
told "not without its token" 4 "the container's credentials: the service answers 403"
AWS_CONTAINER_CREDENTIALS_FULL_URI=http://example.com/keys
live
told "nor by plain http from elsewhere" 2 "'http://example.com/keys' is not https"
unset AWS_CONTAINER_CREDENTIALS_FULL_URI AWS_CONTAINER_AUTHORIZATION_TOKEN
rm -f "$T"/metrics.db*
export AWS_EC2_METADATA_DISABLED=false AWS_EC2_METADATA_SERVICE_ENDPOINT=$AWS_ENDPOINT_URL/
run collect --from cloudwatch --now $NOW --since 1d
told "the instance's role, and its region" 0 'us-east-1: 3 machines.* 6912 new'
export AWS_EC2_METADATA_DISABLED=true AWS_ACCESS_KEY_ID=$keep_key AWS_SECRET_ACCESS_KEY=$SECRET AWS_SESSION_TOKEN=$TOKEN

# TLS is always verified; a proxy is used for all but this machine.
if command -v openssl >/dev/null 2>&1; then
    openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost -addext subjectAltName=DNS:localhost \
        -keyout "$T/key.pem" -out "$T/cert.pem" 2>/dev/null
    cat "$T/key.pem" "$T/cert.pem" >"$T/both.pem"
    mkdir -p "$T/tls"
    cp "$S/script.json" "$T/tls/"
    python3 "$ROOT/tests/tools/aws_server.py" "$T/tls" "$T/both.pem" 2>/dev/null &
    tls=$!
    until [ -s "$T/tls/port" ]; do sleep 0.05; done
    rm -f "$T"/metrics.db*
    live --endpoint-url "https://localhost:$(cat "$T/tls/port")"
    told "a certificate that nobody vouches for" 1 'ec2 us-east-1: .*certificate'
    AWS_CA_BUNDLE=$T/cert.pem
    export AWS_CA_BUNDLE
    live --endpoint-url "https://localhost:$(cat "$T/tls/port")"
    told "one that AWS_CA_BUNDLE vouches for" 0 '6912 new'
    live --endpoint-url "https://127.0.0.1:$(cat "$T/tls/port")"
    told "but not under another name" 1 'ec2 us-east-1: .*(certificate|subject name)'
    unset AWS_CA_BUNDLE
    kill $tls
else
    skipped "TLS is verified: openssl is not here"
fi
export HTTPS_PROXY=http://127.0.0.1:1
live --endpoint-url https://aws.invalid
told "the proxy is asked for what is elsewhere" 1 '127.0.0.1 port 1'
live
told "and not for what is here" 0 'us-east-1: '
unset HTTPS_PROXY

# Keys do not lie about in core dumps.
fault GetMetricData slow 1 9
cat >"$T/core.py" <<'PY'
import os, resource, signal, sys, time
hard = resource.getrlimit(resource.RLIMIT_CORE)[1]
resource.setrlimit(resource.RLIMIT_CORE, (hard, hard))
os.chdir(sys.argv[1])
pid = os.fork()
if pid == 0:
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
    os.execvp(sys.argv[2], sys.argv[2:])
time.sleep(0.7)
os.kill(pid, signal.SIGABRT)
print('core' if os.WCOREDUMP(os.waitpid(pid, 0)[1]) else 'none')
PY
if [ "$(python3 "$T/core.py" "$T" sleep 5)" = core ]; then
    same "no core is dumped while keys are held" none "$(python3 "$T/core.py" "$T" "$RIGHTSIZE" collect --from cloudwatch --now $NOW --region us-east-1)"
else
    skipped "no core is dumped while keys are held: this machine dumps none at all"
fi

# GPUs: each is a part of its instance, found by what the agent published.
script ', "type": "g4dn.12xlarge", "gpus": 4, "absent": ["InstanceEBSIOPSExceededCheck", "InstanceEBSThroughputExceededCheck"]'
live
told "GPUs are collected where a type has some" 0 '3 machines, 3 changed, 0 volumes'
same "each of 12 under its own name" "12 i-00000000000000001/gpu-0" "$(sql "SELECT count(DISTINCT resource), min(resource) FROM samples WHERE resource LIKE '%/gpu-%'" | tr '\t' ' ')"
same "load is summed over them, memory is that of the fullest" "4 1" "$(sql "SELECT (SELECT max(value) FROM samples WHERE resource = 'i-00000000000000001' AND metric = 'gpu_percent' AND statistic = 'avg') / (SELECT max(value) FROM samples WHERE resource = 'i-00000000000000001/gpu-2' AND metric = 'gpu_percent' AND statistic = 'avg'), (SELECT max(value) FROM samples WHERE resource = 'i-00000000000000001' AND metric = 'gpu_memory_used_bytes') / (SELECT max(value) FROM samples WHERE resource LIKE 'i-00000000000000001/gpu-%' AND metric = 'gpu_memory_used_bytes')" | sed 's/\.0*//g' | tr '\t' ' ')"
live
told "and known the next time" 0 'samples: 0 new, 0 replaced'
script ', "gpus": 4'
live
same "other types are not asked about theirs" "0" "$(sql "SELECT count(*) FROM samples WHERE metric LIKE 'gpu%'")"

# Nothing secret on either stream, whatever went wrong.
leaks=0
for k in leak bad-key skew expired denied; do
    fault DescribeInstances $k 1 99
    live -v
    grep -qF -e "$SECRET" -e "$TOKEN" "$T/out" "$T/err" && leaks=$((leaks + 1))
done
same "no secret is ever shown" 0 $leaks

# The server is no invention: the AWS CLI finds its way with it.
if command -v aws >/dev/null 2>&1; then
    script
    export AWS_ENDPOINT_URL AWS_DEFAULT_REGION=us-east-1 AWS_PAGER=
    same "the AWS CLI lists its machines" "3" "$(aws ec2 describe-instances --query 'length(Reservations[].Instances[])' --output text 2>"$T/err")"
    same "and its metrics" "3" "$(aws cloudwatch list-metrics --namespace CWAgent --metric-name mem_used_percent --query 'length(Metrics)' --output text 2>"$T/err")"
    printf '[{"Id":"q0","MetricStat":{"Metric":{"Namespace":"AWS/EC2","MetricName":"CPUUtilization","Dimensions":[{"Name":"InstanceId","Value":"i-00000000000000001"}]},"Period":300,"Stat":"Average"}}]' >"$T/q.json"
    same "and has its points" "288" "$(aws cloudwatch get-metric-data --start-time $((END - 86400)) --end-time $END --metric-data-queries "file://$T/q.json" --query 'length(MetricDataResults[0].Values)' --output text 2>"$T/err")"
    fault GetMetricData denied 1 99
    if aws cloudwatch get-metric-data --start-time $((END - 86400)) --end-time $END --metric-data-queries "file://$T/q.json" >/dev/null 2>"$T/err"; then failed "and reads its refusals"; elif grep -q AccessDenied "$T/err"; then ok "and reads its refusals"; else failed "and reads its refusals"; show; fi
else
    skipped "the AWS CLI finds its way with the scripted server: aws is not here"
fi
exit $any_failed
