# Collecting from files: every format, by the real program, and what wrong input says.
. "$(dirname "$0")/lib.sh"
A=$FIXTURES/source-aws
count() { "$RIGHTSIZE" sql "SELECT count(*) FROM samples WHERE $1"; }
fresh() { rm -f "$RIGHTSIZE_DB"*; }

cat >"$T/q.json" <<'Q'
[{"Id":"cpu","MetricStat":{"Metric":{"Namespace":"AWS/EC2","MetricName":"CPUUtilization","Dimensions":[{"Name":"InstanceId","Value":"i-0a"}]},"Period":300,"Stat":"Average"}},
 {"Id":"net","MetricStat":{"Metric":{"Namespace":"AWS/EC2","MetricName":"NetworkIn","Dimensions":[{"Name":"InstanceId","Value":"i-0a"}]},"Period":300,"Stat":"Sum"}}]
Q
cat >"$T/v2.json" <<'J'
{ "MetricDataResults": [
  {"Id": "cpu", "Label": "CPUUtilization Average", "Timestamps": ["2026-11-15T10:05:00+00:00", "2026-11-15T10:00:00+00:00"], "Values": [20.5, 21.25], "StatusCode": "PartialData"},
  {"Id": "net", "Label": "NetworkIn Sum", "Timestamps": ["2026-11-15T10:05:00Z"], "Values": [300000.0], "StatusCode": "Complete"},
  {"Id": "cpu", "Label": "CPUUtilization Average", "Timestamps": ["2026-11-15T09:55:00+00:00"], "Values": [19.0], "StatusCode": "Complete"}], "Messages": [] }
J
cat >"$T/v1.json" <<'J'
{"MetricDataResults":[{"Id":"cpu","Label":"x","Timestamps":[1794737100,1794736800.0],"Values":[20.5,21.25],"StatusCode":"Complete"}]}
J
says "without a query file the answer's identity is missed" 1 "v2.json: line [0-9]+: .*--queries" collect --now $NOW "$T/v2.json"
expect "with the query file it is read" 0 collect --now $NOW --queries "$T/q.json" "$T/v2.json"
same "pages of one Id are merged" "3" "$(count "metric = 'cpu_percent'")"
same "a sum became a rate" "1000" "$(sql "SELECT value FROM samples WHERE metric = 'net_in_bytes_per_s'")"
run collect --now $NOW --queries "$T/q.json" "$T/v1.json"
same "stamps of awscli 1 are the same instants" "3" "$(count "metric = 'cpu_percent'")"

cat >"$T/label.json" <<'J'
{"MetricDataResults":[{"Id":"a","Label":"i-0b AWS/EC2 CPUUtilization Maximum 300","Timestamps":[1794736800],"Values":[99.5]},
 {"Id":"b","Label":"i-0b CWAgent Memory % Committed Bytes In Use Average 300","Timestamps":[1794736800],"Values":[41]}]}
J
expect "the five-word Label is enough" 0 collect --now $NOW "$T/label.json"
same "its statistic is its own series" "max" "$(sql "SELECT statistic FROM samples WHERE resource = 'i-0b' AND metric = 'cpu_percent'")"
same "a metric's name may hold blanks" "41" "$(sql "SELECT value FROM samples WHERE metric = 'mem_committed_percent'")"

cat >"$T/stat.json" <<'J'
{"Label":"CPUUtilization","Datapoints":[{"Timestamp":"2026-11-15T10:05:00+00:00","Average":2.5,"Maximum":7,"Unit":"Percent"},{"Timestamp":"2026-11-15T10:00:00+00:00","Average":1.5,"Maximum":3,"Unit":"Percent"}]}
J
says "statistics do not say whose they are" 1 "stat.json: .*--instance" collect --now $NOW "$T/stat.json"
expect "get-metric-statistics with --instance" 0 collect --now $NOW --instance i-0c "$T/stat.json"
same "two statistics, two samples each" "4" "$(count "resource = 'i-0c'")"
cp "$T/stat.json" "$T/i-0d_CPUUtilization.json"
expect "get-metric-statistics with a name template" 0 collect --now $NOW --name-template '{instance}_{metric}.json' "$T/i-0d_CPUUtilization.json"
same "the template named it" "4" "$(count "resource = 'i-0d'")"

printf '%s' '{"metric_stream_name":"s","account_id":"123456789012","region":"eu-west-1","namespace":"AWS/EC2","metric_name":"NetworkOut","dimensions":{"InstanceId":"i-0e"},"timestamp":1794736800000,"value":{"count":1.0,"sum":6000.0,"max":6000.0,"min":6000.0},"unit":"Bytes"}{"metric_stream_name":"s","account_id":"123456789012","region":"eu-west-1","namespace":"AWS/EC2","metric_name":"NetworkOut","dimensions":{"ImageId":"ami-1"},"timestamp":1794736800000,"value":{"count":9.0,"sum":54000.0,"max":6000.0,"min":6000.0},"unit":"Bytes"}' | gzip >"$T/s.gz"
expect "a metric stream, gzip, no newline between" 0 collect --now $NOW --step 60s "$T/s.gz"
same "bytes of a minute became a rate, the image's were left" "i-0e	100" "$(sql "SELECT resource, value FROM samples WHERE metric = 'net_out_bytes_per_s'")"
same "account and region came along" "123456789012	eu-west-1" "$(sql "SELECT account, region FROM resources WHERE resource = 'i-0e'")"

printf 'timestamp,value\n2026-11-15 14:30:00,0.132\n2026-11-15 14:35:00,0.134\n' >"$T/two.csv"
says "a table without a zone is not guessed" 1 "two.csv: .*--tz" collect --now $NOW --instance i-0f --metric cpu_percent "$T/two.csv"
expect "a table with --metric and --tz" 0 collect --now $NOW --instance i-0f --metric cpu_percent --tz Europe/Berlin "$T/two.csv"
same "local time became UTC" "1794749400" "$(sql "SELECT min(ts) FROM samples WHERE resource = 'i-0f'")"
printf 'timestamp,instance,cpu_percent,mem_used_bytes\n1794736800,h1,10,\n1794737100,h1,12,1000\n1794737100,h2,50,2000\n' >"$T/wide.csv"
expect "the generic table" 0 collect --now $NOW "$T/wide.csv"
same "an empty cell is a gap, not zero" "1" "$(count "resource = 'h1' AND metric = 'mem_used_bytes'")"
printf 'Id,m1\nStatusCode,Complete\nMessages,\nFull label,us-east-1:AWS/EC2 InstanceId:i-1a CPUUtilization Average 300\nLabel,CPUUtilization\n2026/11/15 14:20:00,2.13\n2026/11/15 14:25:00,\n' >"$T/console.csv"
expect "the console's download" 0 collect --now $NOW "$T/console.csv"
same "its identity is in the full label" "1	us-east-1" "$(sql "SELECT (SELECT count(*) FROM samples WHERE resource = 'i-1a'), region FROM resources WHERE resource = 'i-1a'")"

cat >"$T/inv.json" <<'J'
{"Reservations":[{"OwnerId":"123456789012","Instances":[{"InstanceId":"i-0a","InstanceType":"m5.large","State":{"Name":"running"},"Placement":{"AvailabilityZone":"us-east-1b","Tenancy":"default"},"LaunchTime":"2026-10-01T00:00:00+00:00","Architecture":"x86_64","PlatformDetails":"Linux/UNIX","VirtualizationType":"hvm","EnaSupport":true,"Tags":[{"Key":"Name","Value":"web"},{"Key":"env","Value":"prod"}],"NetworkInterfaces":[{}],"BlockDeviceMappings":[{"DeviceName":"/dev/xvda","Ebs":{"VolumeId":"vol-1","AttachTime":"2026-10-01T00:00:00+00:00"}}]}]}]}
J
cat >"$T/vol.json" <<'J'
{"MetricDataResults":[{"Id":"a","Label":"vol-1 AWS/EBS VolumeReadBytes Sum 300","Timestamps":[1794736800],"Values":[3000]},
 {"Id":"b","Label":"vol-2 AWS/EBS VolumeReadBytes Sum 300","Timestamps":[1794736800],"Values":[6000]}]}
J
cat >"$T/vols.json" <<'J'
{"Volumes":[{"VolumeId":"vol-2","Attachments":[{"InstanceId":"i-0a","Device":"/dev/sdf","AttachTime":"2026-10-01T00:00:00+00:00","State":"attached"}]}]}
J
expect "volumes first, machines later" 0 collect --now $NOW --as-of 2026-11-15T12:00:00Z "$T/vol.json" "$T/inv.json" "$T/vols.json"
same "the inventory" "aws	123456789012	us-east-1	m5.large	web	running" "$(sql "SELECT provider, account, region, type, name, state FROM resources WHERE resource = 'i-0a'")"
same "volumes are summed over the instance" "30" "$(sql "SELECT value FROM samples WHERE resource = 'i-0a' AND metric = 'ebs_read_bytes_per_s'")"

# What is wrong is named.
printf '{"MetricDataResults":[{"Id":"a","Label":"i-0a AWS/EC2 CPUUtilization Average 300","Timestamps":[1794736800],"Values":[140]}]}' >"$T/range.json"
run collect --now $NOW "$T/range.json"
same "a value out of range is rejected and not hidden" "3" "$code"
if grep -q "1 samples rejected, the first: .*140" "$T/err"; then ok "its place is told"; else failed "its place is told"; show; fi
head -c 150 "$T/v2.json" >"$T/cut.json"
says "a file cut off names the line" 1 "cut.json: line [0-9]+: " collect --now $NOW --queries "$T/q.json" "$T/cut.json"
same "nothing of it is stored" "3" "$(count "resource = 'i-0a' AND metric = 'cpu_percent'")"
printf 'DATAPOINTS\t1.5\t2026-11-15T10:00:00+00:00\tPercent\n' >"$T/text.txt"
says "text output is refused with the remedy" 1 "text.txt: .*--output json" collect "$T/text.txt"
says "a query file is told apart" 1 "q.json: .*--queries" collect "$T/q.json"
printf '\012\300binary' >"$T/bin"
says "bytes of no format are named" 1 "bin: " collect "$T/bin"
says "a missing file is named" 1 "nosuch.json: .*[Nn]o such file" collect "$T/nosuch.json"
printf '' >"$T/empty.json"
says "an empty file is named" 1 "empty.json: " collect "$T/empty.json"
run collect --now $NOW --queries "$T/q.json" "$T/v2.json" "$T/cut.json"
same "one bad file of two: the rest is done, exit 3" "3" "$code"
printf '{"MetricDataResults":[{"Id":"a","Label":"i-0a AWS/EC2 CPUUtilization Average 300","Timestamps":[1894736800],"Values":[1]}]}' >"$T/future.json"
run collect --now $NOW "$T/future.json"
same "a sample of the future is rejected" "3" "$code"
printf '{"MetricDataResults":[{"Id":"a","Label":"i-0a aws/ec2 CPUUtilization Average 300","Timestamps":[1794736800],"Values":[1]}]}' >"$T/near.json"
run collect --now $NOW "$T/near.json"
if grep -q "AWS/EC2" "$T/err"; then ok "a near miss names the remedy"; else failed "a near miss names the remedy"; show; fi
printf '\033[31mred' >"$T/$(printf 'n\033[31m.json')"
run collect "$T/$(printf 'n\033[31m.json')"
if grep -q "$(printf '\033')" "$T/err"; then failed "no control byte reaches the terminal"; else ok "no control byte reaches the terminal"; fi
cat "$T/label.json" | "$RIGHTSIZE" --db "$T/stdin.db" collect --now $NOW - >"$T/out" 2>&1
same "standard input" "0" "$?"

# What was exported is collected again: series of several steps and statistics, odd names.
printf 'timestamp,instance,cpu_percent,cpu_percent_max,net_in_bytes_per_s,net_in_bytes_per_s_avg\n' >"$T/many.csv"
awk 'BEGIN { for (i = 0; i < 40; i++) printf "%d,\"a, \"\"b\"\"\",%.17g,%.17g,%d,0.%d\n", 1794736800 + 60 * i, i / 3, i + 1 / 3, i * 1000, i }' >>"$T/many.csv"
printf 'series,epoch,value\n' >"$T/hourly.csv"
awk 'BEGIN { for (i = 0; i < 9; i++) printf "h-1/ebs_read_bytes_per_s,%d,%.17g\n", 1794733200 + 3600 * i, i / 7 }' >>"$T/hourly.csv"
"$RIGHTSIZE" --db "$T/from.db" collect --quiet --now $NOW "$T/many.csv" "$T/hourly.csv" "$T/label.json" >"$T/out" 2>"$T/err" || { failed "a store to export from"; show; }
"$RIGHTSIZE" --db "$T/from.db" export --samples >"$T/samples.csv" || failed "the samples are exported"
"$RIGHTSIZE" --db "$T/to.db" collect --quiet --now $NOW - <"$T/samples.csv" >"$T/out" 2>"$T/err" || { failed "exported samples are collected"; show; }
"$RIGHTSIZE" --db "$T/to.db" export --samples >"$T/again.csv"
same "as many lines as samples" "172" "$(wc -l <"$T/samples.csv" | tr -d ' ')"
same "exported samples are the same once collected" "$(sort "$T/samples.csv")" "$(sort "$T/again.csv")"
steps() { "$RIGHTSIZE" --db "$1" sql "SELECT r.provider_id, s.metric, s.statistic, s.step FROM series s JOIN resource r ON r.id = s.resource_id ORDER BY 1, 2, 3"; }
same "their steps too, where there are enough to tell" "$(steps "$T/from.db" | grep -v '^i-')" "$(steps "$T/to.db" | grep -v '^i-')"
{ head -1 "$T/samples.csv"; tail -n +2 "$T/samples.csv" | sort -t , -k 4 -r; } | "$RIGHTSIZE" --db "$T/to2.db" collect --quiet --now $NOW -
"$RIGHTSIZE" --db "$T/to2.db" export --samples >"$T/again.csv"
same "in another order as well" "$(sort "$T/samples.csv")" "$(sort "$T/again.csv")"

# Flat memory: 50 MB within 48 MB, the second thread included.
"$FLEET" --instances 48 --days 14 --format gmd --kind mixed -o "$T/big.json" || exit 1
size=$(wc -c <"$T/big.json")
if [ -x /usr/bin/time ]; then
    /usr/bin/time -f '%M' "$RIGHTSIZE" --db "$T/big.db" collect --quiet --now $NOW "$T/big.json" 2>"$T/rss"
    rss=$(tail -1 "$T/rss")
else
    rss=$(python3 - "$RIGHTSIZE" "$T" "$NOW" <<'PY'
import resource, subprocess, sys
subprocess.run([sys.argv[1], '--db', sys.argv[2] + '/big.db', 'collect', '--quiet', '--now', sys.argv[3], sys.argv[2] + '/big.json'], check=True)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
PY
)
fi
echo "    $size bytes collected within $rss KiB"
case ${BUILD:-build} in
*asan*) skipped "50 MB are collected within 48 MB: the sanitizer's own memory is measured" ;;
*) same "50 MB are collected within 48 MB" "1 1" "$([ "$size" -gt 50000000 ] && echo 1) $([ "$rss" -lt 48000 ] && echo 1)" ;;
esac
exit $any_failed
