# What hosts recorded of themselves becomes recommendations; many hosts' stores become one.
. "$(dirname "$0")/lib.sh"
NOW=2026-11-22T00:00:00Z

# Three weeks of a busy and of an idle machine, as sadf -d writes them, ten minutes a record.
history() { # HOST CPU USED-KIB
    awk -v host="$1" -v cpu="$2" -v used="$3" 'BEGIN {
        total = 16500000; start = 1793491200  # 2026-11-01
        h = "# hostname;interval;timestamp"
        for (b = 0; b < 3; b++) {
            print h (b == 0 ? ";CPU;%user;%nice;%system;%iowait;%steal;%idle" : b == 1 ? ";kbmemfree;kbavail;kbmemused;%memused;kbbuffers;kbcached;kbcommit;%commit;kbactive;kbinact;kbdirty" : ";IFACE;rxpck/s;txpck/s;rxkB/s;txkB/s;rxcmp/s;txcmp/s;rxmcst/s;%ifutil")
            for (i = 1; i <= 3024; i++) {
                at = start + i * 600 + i % 2
                day = i % 144 > 48 && i % 144 < 108
                user = cpu * (day ? 1 : 0.4)
                head = host ";600;" at
                if (i == 1500) { print host ";-1;" at - 300 ";LINUX-RESTART\t(4 CPU)"; continue }
                if (b == 0) printf "%s;-1;%.2f;0.00;1.00;0.50;0.00;%.2f\n", head, user, 98.5 - user
                if (b == 1) printf "%s;1000000;%d;%d;%.2f;0;0;0;0.00;0;0;0\n", head, total - used, used, 100 * used / total
                if (b == 2) { printf "%s;lo;9;9;9999.00;9999.00;0;0;0;0\n", head; printf "%s;eth0;%.2f;90.00;%.2f;40.00;0;0;0;0\n", head, 100, 50 }
            }
        }
    }'
}
history db-busy 97 16200000 >"$T/db-busy.csv"
history web-idle 3 1800000 >"$T/web-idle.csv"
cat >"$T/fleet.csv" <<'CSV'
instance,instance_type,region,provider,architecture
db-busy,m5.xlarge,us-east-1,aws,x86_64
web-idle,m5.xlarge,us-east-1,aws,x86_64
CSV
mkdir "$T/hosts" && mv "$T"/*.csv "$T/hosts/"
expect "weeks of sysstat and an inventory are collected at once" 0 collect --now $NOW --as-of 2026-11-01T00:00:00Z "$T/hosts"
same "all records but the one lost at the restart are samples" "3023 3023" "$(sql "SELECT sum(resource = 'db-busy'), sum(resource = 'web-idle') FROM samples WHERE metric = 'cpu_percent'" | tr '\t' ' ')"
same "the loopback interface does not count" "51200" "$(sql "SELECT DISTINCT value FROM samples WHERE metric = 'net_in_bytes_per_s'")"
run report --now $NOW -o json
cp "$T/out" "$T/report.json"
found=$(python3 -c "
import json
for r in json.load(open('$T/report.json'))['recommendations']:
    print(r['resource']['id'], r['finding'], len(r['options']) > 0, r['demand'].get('memory') is not None)
" | sort)
same "and become recommendations in one command" "db-busy UNDER_PROVISIONED True True
web-idle OVER_PROVISIONED True True" "$found"
before=$(sql "SELECT count(*), sum(value) FROM samples")
expect "the same folder again" 0 collect --now $NOW --as-of 2026-11-01T00:00:00Z "$T/hosts"
same "changes nothing" "$before" "$(sql "SELECT count(*), sum(value) FROM samples")"

rm -f "$RIGHTSIZE_DB"*
expect "the history alone, without an inventory" 0 collect --now $NOW "$T/hosts/web-idle.csv"
same "tells the shape of the machine" "local:4x16GiB local" "$(sql "SELECT type, provider FROM resources" | tr '\t' ' ')"
run collect --now $NOW --as-of 2026-10-01T00:00:00Z "$T/hosts/fleet.csv"
same "which an inventory of any date outbids" "m5.xlarge aws" "$(sql "SELECT type, provider FROM resources WHERE resource = 'web-idle'" | tr '\t' ' ')"

# collectd's tree.
rm -f "$RIGHTSIZE_DB"*
expect "a tree of collectd" 0 collect --now $NOW "$FIXTURES/source-collectd"
same "each machine's load once" "app-3 6 171
bare-4 5 275" "$(sql "SELECT resource, count(*), sum(value) FROM samples WHERE metric = 'cpu_percent' GROUP BY 1 ORDER BY 1" | tr '\t' ' ')"
same "physical devices only" "15030 61440" "$(sql "SELECT (SELECT sum(value) FROM samples WHERE metric = 'net_in_bytes_per_s'), (SELECT sum(value) FROM samples WHERE metric = 'ebs_read_bytes_per_s')" | tr '\t' ' ')"
expect "pmrep's table" 0 collect --now $NOW --tz UTC --instance pcp-1 "$FIXTURES/source-pcp/minutes.csv"
says "pmrep's table without a name" 1 "minutes.csv: .*--instance ID" collect --now $NOW --tz UTC "$FIXTURES/source-pcp/minutes.csv"

# sysstat itself, where it is installed.
sadc=$(ls /usr/lib/sysstat/sadc /usr/lib64/sa/sadc 2>/dev/null | head -1)
if [ -n "$sadc" ] && command -v sadf >/dev/null 2>&1; then
    "$sadc" -S XALL 1 9 "$T/sa.bin" >/dev/null 2>&1 &
    pid=$!
    # some load to measure
    i=0; while [ $i -lt 150000 ]; do i=$((i + 1)); done
    wait $pid
    export LC_ALL=C
    sadf -j "$T/sa.bin" -- -u ALL -P ALL -r ALL -b -d -n DEV >"$T/sa.json"
    sadf -d "$T/sa.bin" -- -u ALL -P ALL -r ALL -b -d -n DEV >"$T/sa.csv"
    sadf -d -h "$T/sa.bin" -- -u ALL -P ALL -r ALL -b -d -n DEV >"$T/sah.csv"
    sadf -j "$T/sa.bin" -- -A >"$T/saA.json"
    sadf -d "$T/sa.bin" -- -A >"$T/saA.csv"
    first=''
    for f in sa.json sa.csv sah.csv saA.json saA.csv; do
        rm -f "$RIGHTSIZE_DB"*
        "$RIGHTSIZE" collect --quiet "$T/$f" >"$T/out" 2>"$T/err" || { failed "sadf's own $f is read"; show; }
        sum=$(sql "SELECT * FROM samples ORDER BY 2, 3, 4" | cksum)
        [ -n "$first" ] || first=$sum
        same "sadf's own $f reads like the others" "$first" "$sum"
    done
    mean=$(sql "SELECT avg(value) FROM samples WHERE metric = 'cpu_percent'")
    wanted=$(sar -u -f "$T/sa.bin" | awk '/^Average/ { print 100 - $NF - $(NF - 1) - $(NF - 2) }')
    if awk -v a="$mean" -v b="$wanted" 'BEGIN { d = a - b; exit !(d < 0.5 && d > -0.5) }'; then ok "the mean load is sar's: $mean, $wanted"; else failed "the mean load is sar's: $mean, not $wanted"; fi
    says "a day's file as sysstat keeps it is told apart" 1 "sadf -j FILE" collect "$T/sa.bin"
    export LC_ALL=C.UTF-8
else
    skipped "sadf's own files: sysstat is not here"
fi

# Many hosts, one store.
for h in 1 2 3; do
    "$FLEET" --instances 4 --days 3 --seed $h --format gmd --kind mixed -o "$T/h$h.json" && "$FLEET" --instances 4 --days 3 --seed $h --kind mixed --format inventory -o "$T/i$h.json" && "$FLEET" --instances 4 --days 3 --seed $h --kind mixed --format volumes -o "$T/v$h.json" || exit 1
    run --db "$T/host$h.db" collect --quiet --now $NOW --as-of 2026-11-16T00:00:00Z "$T/h$h.json" "$T/i$h.json" "$T/v$h.json"
    run --db "$T/all.db" collect --quiet --now $NOW --as-of 2026-11-16T00:00:00Z "$T/h$h.json" "$T/i$h.json" "$T/v$h.json"
done
dump() { "$RIGHTSIZE" --db "$1" sql "SELECT * FROM (SELECT resource, metric, statistic, ts, value FROM samples UNION ALL SELECT resource, provider, region, type, state FROM resources UNION ALL SELECT volume, instance, device, since, NULL FROM volumes UNION ALL SELECT resource, at, type, NULL, NULL FROM type_changes) ORDER BY 1, 2, 3, 4, 5" | cksum; }
before=$(cksum <"$T/host2.db")
expect "stores are merged" 0 --db "$T/m.db" store merge "$T/host1.db" "$T/host2.db" "$T/host3.db"
run --db "$T/r.db" store merge "$T/host3.db" "$T/host1.db" "$T/host2.db"
same "their order does not matter" "$(dump "$T/m.db")" "$(dump "$T/r.db")"
same "they make what collecting into one store makes" "$(dump "$T/all.db")" "$(dump "$T/m.db")"
run --db "$T/m.db" report --now $NOW -o csv && cp "$T/out" "$T/m.csv"
run --db "$T/all.db" report --now $NOW -o csv
same "with the same advice" "$(sort "$T/out")" "$(sort "$T/m.csv")"
sum=$(dump "$T/m.db")
expect "merging them again" 0 --db "$T/m.db" store merge "$T/host2.db" "$T/host1.db"
same "changes nothing" "$sum" "$(dump "$T/m.db")"
same "a store that is merged in is only read" "$before" "$(cksum <"$T/host2.db")"
expect "the merged store is sound" 0 --db "$T/m.db" store check
says "merge needs stores" 2 "needs the stores" --db "$T/m.db" store merge
says "a missing store is said" 3 "none.db: .*does not exist" --db "$T/m.db" store merge "$T/none.db"
says "the store itself is no other" 2 "is the store itself" --db "$T/m.db" store merge "$T/m.db"
says "--prefer-other is for merging" 2 "goes with store merge" --db "$T/m.db" store info --prefer-other
run --db "$T/m.db" store merge "$T/none.db" "$T/host1.db"
same "one that cannot be read does not hold up the others" "3" "$code"

# Two types at one instant.
printf 'instance,instance_type\nx,m5.large\n' >"$T/one.csv"
printf 'instance,instance_type\nx,c5.large\n' >"$T/two.csv"
run --db "$T/one.db" collect --now $NOW --as-of 2026-11-20T00:00:00Z "$T/one.csv"
run --db "$T/two.db" collect --now $NOW --as-of 2026-11-20T00:00:00Z "$T/two.csv"
says "two types at one instant are named" 0 "x: m5.large here, but c5.large in .*two.db, both observed at 2026-11-20T00:00:00Z" --db "$T/one.db" store merge "$T/two.db"

# Killed at 30 moments: wholly in or wholly out.
"$FLEET" --instances 40 --days 7 --format gmd --kind mixed -o "$T/big.json" || exit 1
run --db "$T/big.db" collect --quiet --now $NOW "$T/big.json"
cp "$T/host1.db" "$T/whole.db"
start=$(date +%s%N)
run --db "$T/whole.db" store merge "$T/big.db"
took=$((($(date +%s%N) - start) / 1000000))
out_sum=$(dump "$T/host1.db") in_sum=$(dump "$T/whole.db") in=0 out=0 torn=0
for i in $(seq 1 30); do
    rm -f "$T/kill.db"*
    cp "$T/host1.db" "$T/kill.db"
    "$RIGHTSIZE" --db "$T/kill.db" store merge --quiet "$T/big.db" 2>/dev/null &
    pid=$!
    sleep "$(awk -v t="$took" -v i="$i" 'BEGIN { printf "%.4f", t * 1.1 * i / 30 / 1000 }')"
    kill -9 $pid 2>/dev/null
    wait $pid 2>/dev/null
    case $(dump "$T/kill.db") in
    "$in_sum") in=$((in + 1)) ;;
    "$out_sum") out=$((out + 1)) ;;
    *) torn=$((torn + 1)) ;;
    esac
done
echo "    30 kills over $took ms: $in wholly in, $out wholly out, $torn torn"
same "30 killed merges leave nothing half done" "0" "$torn"
exit $any_failed
