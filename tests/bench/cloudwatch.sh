# Live collection at scale, against the scripted server at the pace AWS allows: 10,000 instances of
# 8 series for a day. Calls, memory and time; then the same killed five times, into an equal store.
# Not part of the tests: INSTANCES=10000 BUILD=build sh tests/bench/cloudwatch.sh
set -eu
ROOT=$(cd "$(dirname "$0")/../.." && pwd)
RIGHTSIZE=$ROOT/${BUILD:-build}/rightsize
INSTANCES=${INSTANCES:-10000}
T=$(mktemp -d)
server=
trap 'kill $server 2>/dev/null; rm -rf "$T"' EXIT
for v in $(env | sed -n 's/^\(AWS_[A-Z0-9_]*\)=.*/\1/p'); do unset "$v"; done
export HOME=$T AWS_ACCESS_KEY_ID=AKIDTEST AWS_SECRET_ACCESS_KEY=secret AWS_EC2_METADATA_DISABLED=true AWS_MAX_ATTEMPTS=10
NOW=2026-11-16T06:00:00Z END=1794808800
serve() {
    [ -z "$server" ] || kill "$server" 2>/dev/null || true
    rm -rf "$T/aws"
    mkdir "$T/aws"
    printf '{"key": "AKIDTEST", "secret": "secret", "instances": %d, "type": "m4.10xlarge", "agent": true, "points_to": %d, "points_per_s": %s}' "$INSTANCES" $END "${PACE:-396000}" >"$T/aws/script.json"
    python3 "$ROOT/tests/tools/aws_server.py" "$T/aws" 2>"$T/aws/log" &
    server=$!
    until [ -s "$T/aws/port" ]; do sleep 0.1; done
    AWS_ENDPOINT_URL=http://127.0.0.1:$(cat "$T/aws/port")
    export AWS_ENDPOINT_URL
}
dump() { RIGHTSIZE_DB=$1 "$RIGHTSIZE" sql "SELECT resource, metric, statistic, ts, value FROM samples ORDER BY 1, 2, 3, 4" | cksum; }

serve
export RIGHTSIZE_DB="$T/one.db"
python3 - "$RIGHTSIZE" collect --from cloudwatch --now $NOW --region us-east-1 --since 1d -v <<'PY'
import os, resource, sys, time
start = time.time()
pid = os.fork()
if pid == 0:
    os.execv(sys.argv[1], ['rightsize'] + sys.argv[2:])
_, status, usage = os.wait4(pid, 0)
print('exit %d, %.1f s, CPU %.1f s, %d MiB at most' % (status >> 8, time.time() - start, usage.ru_utime + usage.ru_stime, usage.ru_maxrss // 1024))
PY
python3 - "$T/aws/report" "$INSTANCES" <<'PY'
import json, sys
r = json.load(open(sys.argv[1]))
least = -(-int(sys.argv[2]) * 8 // 350)
print('GetMetricData: %d calls, the fewest by the limits are %d; %d metrics, %d points; %d beyond a limit, %d throttled; at 396,000 points/s no faster than %.0f s'
      % (r['by_call']['GetMetricData'], least, r['queries'], r['points'], r['over'], r.get('throttled', 0), r['points'] / 396000))
PY
serve
export RIGHTSIZE_DB="$T/killed.db"
for n in 1 2 3 4 5; do
    "$RIGHTSIZE" collect --from cloudwatch --now $NOW --region us-east-1 --since 1d >/dev/null 2>&1 &
    pid=$!
    sleep $((INSTANCES / 1000 + n))
    kill -9 $pid 2>/dev/null || true
    wait $pid 2>/dev/null || true
    echo "killed: $(sqlite3 "$RIGHTSIZE_DB" 'SELECT count(*) FROM chunk' 2>/dev/null) chunks in the store"
done
"$RIGHTSIZE" collect --from cloudwatch --now $NOW --region us-east-1 --since 1d
a=$(dump "$T/one.db") b=$(dump "$T/killed.db")
if [ "$a" = "$b" ]; then echo "the stores are equal: $a"; else echo "the stores differ: $a, $b"; exit 1; fi
