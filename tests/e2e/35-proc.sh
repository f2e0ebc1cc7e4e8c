# The local sampler: recorded roots, a live run, signals, kills, and sar beside it.
. "$(dirname "$0")/lib.sh"
unset AWS_EC2_METADATA_SERVICE_ENDPOINT AWS_EC2_METADATA_DISABLED
EC2=$FIXTURES/proc-ec2 CONTAINER=$FIXTURES/proc-container
ask() { "$RIGHTSIZE" sql "$1" | tr '\t\n' ' ;'; }

expect "a recorded root gives one sample" 0 collect --from proc --once --root "$EC2"
same "an EC2 instance is known by its firmware" "i-0123456789abcdef0 aws m5.large;" \
    "$(ask 'SELECT resource, provider, type FROM resources')"
same "memory is the CloudWatch agent's" "50;" "$(ask "SELECT value FROM samples WHERE metric = 'mem_percent'")"
same "volumes and instance store are told apart" "disk_read_ops_per_s;ebs_read_ops_per_s;" \
    "$(ask "SELECT metric FROM samples WHERE metric LIKE '%read_ops%' ORDER BY 1")"
same "counters that stand still are no load" "0;" "$(ask "SELECT value FROM samples WHERE metric = 'ebs_read_ops_per_s'")"

# The metadata service of EC2, played on this machine, and one where nobody is.
who() { "$RIGHTSIZE" --db "$T/who.db" sql 'SELECT provider_id, provider, type, region, zone FROM resource' | tr '\t\n' ' ;'; }
sampled() { rm -f "$T/who.db"*; run --db "$T/who.db" collect --from proc --once --root "$EC2" "$@"; }
if command -v python3 >/dev/null 2>&1; then
    python3 "$ROOT/tests/tools/metadata_server.py" "$T/port" "$T/asked" &
    server=$!
    i=0
    while [ ! -s "$T/port" ] && [ $i -lt 100 ]; do sleep 0.1; i=$((i + 1)); done
    export AWS_EC2_METADATA_SERVICE_ENDPOINT="http://127.0.0.1:$(cat "$T/port")/"
    sampled
    same "EC2's metadata service says who the machine is" "i-0fedcba9876543210 aws m5.xlarge eu-central-1 eu-central-1b;" "$(who)"
    same "it is asked for a token first, and once for each answer" "PUT GET GET GET " "$(awk '{ printf "%s ", $1 }' "$T/asked")"
    same "and no answer is refused" "" "$(grep -v ' 200$' "$T/asked")"
    sampled --instance mine
    same "a name given is borne all the same" "mine aws m5.xlarge eu-central-1 eu-central-1b;" "$(who)"
    : >"$T/asked"
    export AWS_EC2_METADATA_DISABLED=true
    sampled
    unset AWS_EC2_METADATA_DISABLED
    same "a service that is switched off is not asked" "" "$(cat "$T/asked")"
    kill $server
    wait $server 2>/dev/null
    sampled
    same "where nobody answers, firmware is believed" "i-0123456789abcdef0 aws m5.large  ;" "$(who)"
    same "and that is said once" 1 "$(grep -c 'metadata service of aws' "$T/err")"
    unset AWS_EC2_METADATA_SERVICE_ENDPOINT
else
    skipped "EC2's metadata service: there is no python3"
fi

# Counters that move between the two readings.
cp -r "$EC2" "$T/machine"
"$RIGHTSIZE" --db "$T/moving.db" collect --from proc --once --every 2s --root "$T/machine" >"$T/out" 2>"$T/err" &
pid=$!
sleep 0.7
sed -e 's/20000 500/20300 500/;s/400000/400700/;s/10000 250/10150 250/;s/200000/200350/' "$EC2/proc/stat" >"$T/stat"
dd if="$T/stat" of="$T/machine/proc/stat" conv=notrunc 2>/dev/null
sed 's/1000000    1000/1200000    1000/' "$EC2/proc/net/dev" >"$T/dev"
dd if="$T/dev" of="$T/machine/proc/net/dev" conv=notrunc 2>/dev/null
wait $pid
same "processor time is counted between two readings" "30;" \
    "$("$RIGHTSIZE" --db "$T/moving.db" sql "SELECT value FROM samples WHERE metric = 'cpu_percent'" | tr '\n' ';')"
rate=$("$RIGHTSIZE" --db "$T/moving.db" sql "SELECT CAST(value / 1000 AS INTEGER) FROM samples WHERE metric = 'net_in_bytes_per_s'")
case $rate in 9[0-9] | 100) ok "bytes are per second" ;; *) failed "bytes are per second: $rate" ;; esac

run --db "$T/container.db" collect --from proc --once --root "$CONTAINER"
same "a container says so, once" 1 "$(grep -c 'inside a container' "$T/err")"
same "a container's limit is its memory" "25;" \
    "$("$RIGHTSIZE" --db "$T/container.db" sql "SELECT value FROM samples WHERE metric = 'mem_percent'" | tr '\n' ';')"
same "a container has the shape of its limits" "local:2x2GiB;" \
    "$("$RIGHTSIZE" --db "$T/container.db" sql 'SELECT type FROM resources' | tr '\n' ';')"

says "a root that is none is refused" 1 'no readable proc/stat' collect --from proc --once --root "$T"
says "a step that does not divide a day is refused" 2 '^rightsize: --every' collect --from proc --every 7s --for 1h
says "an end is said once" 2 'exclude' collect --from proc --once --for 1h
says "a duration of less than a step is refused" 2 'shorter' collect --from proc --every 60s --for 30s
says "an unknown live source names those there are" 2 'proc' collect --from nonesuch

if [ ! -r /proc/stat ]; then skipped "live sampling: there is no /proc/stat"; exit $any_failed; fi
export RIGHTSIZE_DB=$T/live.db
expect "a live run ends by itself" 0 collect --from proc --every 1s --for 4s --flush 2s --instance host
n=$(ask "SELECT count(*) FROM samples WHERE metric = 'cpu_percent'")
case $n in "3;" | "4;") ok "each second has its sample" ;; *) failed "each second has its sample: $n" ;; esac
same "every value is within its range" "0;" \
    "$(ask "SELECT count(*) FROM samples WHERE metric LIKE '%percent' AND NOT value BETWEEN 0 AND 100")"
expect "what was sampled is sound" 0 store check

for s in TERM INT HUP; do
    case $s in TERM) want=143 ;; INT) want=130 ;; HUP) want=129 ;; esac
    rm -f "$T/signal.db"*
    "$RIGHTSIZE" --db "$T/signal.db" collect --quiet --from proc --every 1s --daemon --flush 1h &
    pid=$!
    sleep 3.2
    kill -$s $pid
    wait $pid
    code=$?
    n=$("$RIGHTSIZE" --db "$T/signal.db" sql "SELECT count(*) FROM samples WHERE metric = 'mem_percent'")
    if [ "$code" = $want ] && [ "$n" -ge 2 ]; then ok "SIG$s stores all and ends by the signal"
    else failed "SIG$s stores all and ends by the signal: exit $code, $n samples"; fi
done

"$RIGHTSIZE" --db "$T/kill.db" collect --quiet --from proc --every 1s --flush 1s &
pid=$!
sleep 4.3
kill -9 $pid
wait $pid 2>/dev/null
n=$("$RIGHTSIZE" --db "$T/kill.db" sql "SELECT count(*) FROM samples WHERE metric = 'mem_percent'")
if [ "${n:-0}" -ge 2 ]; then ok "a kill loses no more than a flush"; else failed "a kill loses no more than a flush: $n"; fi
expect "a killed run's store is sound" 0 --db "$T/kill.db" store check
expect "and is gone on with" 0 --db "$T/kill.db" collect --from proc --once
m=$("$RIGHTSIZE" --db "$T/kill.db" sql "SELECT count(*) FROM samples WHERE metric = 'mem_percent'")
if [ "$m" -gt "${n:-0}" ]; then ok "nothing of it is lost"; else failed "nothing of it is lost: $n then $m"; fi

# sar at the same time: the means agree.
if ! command -v sar >/dev/null 2>&1 || ! command -v sadf >/dev/null 2>&1; then
    skipped "sar says the same: it is not here"
    exit $any_failed
fi
S=${SAR_SECONDS:-12}
(i=0; while [ $i -lt 400000 ]; do i=$((i + 1)); done) & load=$!
LC_ALL=C sar -u -r 1 "$S" >"$T/sar" 2>/dev/null & sar=$!
run --db "$T/sar.db" collect --from proc --every 1s --for "${S}s"
wait $sar
kill $load 2>/dev/null
wait $load 2>/dev/null
mean() { "$RIGHTSIZE" --db "$T/sar.db" sql "SELECT avg(value) FROM samples WHERE metric = '$1'"; }
awk '/^Average:/ && $2 == "all" { print 100 - $NF - $6 }' "$T/sar" >"$T/sar.cpu"
near=$(echo "$(cat "$T/sar.cpu") $(mean cpu_percent)" | awk '{ d = $1 - $2; print (d < 4 && d > -4) ? "near" : $0 }')
same "sar's mean processor time is ours (within 4 points over $S s)" near "$near"
exit $any_failed
