# What would have been: simulate, explain --curve and backtest on the sample fleet.
. "$(dirname "$0")/lib.sh"
run collect --quiet --now $NOW "$ROOT/samples/demo"
same "the sample fleet is collected" "0" "$code"

while read -r who type; do
    expect "simulate $who --type $type" 0 simulate $who --type $type --now $NOW
    golden "simulate $who --type $type is as recorded" replay/simulate-$who-$type.txt
done <<'LIST'
shop-web-1 t3a.large
nightly-report c5.large
shop-search m6g.2xlarge
edge-proxy c5.large
LIST
expect "simulate takes the policy's choice" 0 simulate shop-web-1 --now $NOW --policy co-max-savings
golden "the policy's choice is as recorded" replay/simulate-shop-web-1-choice.txt
run simulate nightly-report --type t3a.xlarge --now $NOW
same "what a full CPU hides is said" "1" "$(grep -c "In 13 % of the time today's CPU was at its limit" "$T/out")"
run simulate orders-db --now $NOW
same "a machine that the policy keeps is simulated as it is" "0 1 1" \
    "$code $(grep -c 'r5.2xlarge → r5.2xlarge' "$T/out") $(grep -c 'would keep' "$T/err")"
expect "simulate -o json" 0 simulate build-runner --type t3.medium --now $NOW -o json
golden "simulate -o json is as recorded" replay/simulate-build-runner.json
says "an unknown type is refused with near names" 2 "'m5.lagre'.*near are m5.large" simulate shop-web-1 --type m5.lagre
says "an unknown instance is said" 3 "'nobody'" simulate nobody --type m5.large
says "a machine of unknown type lacks data" 3 "x99.huge" simulate lab-prototype --type m5.large
says "a window without samples lacks data" 3 "no samples of cpu_percent" simulate payments-api --type m5.large --until 2026-11-03T00:00:00Z
says "a wrong format is refused" 2 "not table or json" simulate shop-web-1 -o csv
says "simulate needs an instance" 2 "INSTANCE" simulate

for who in shop-web-1 build-runner shop-search; do
    run explain $who --now $NOW --curve
    sed -n '/^Price and performance/,$p' "$T/out" >"$T/curve" && mv "$T/curve" "$T/out"
    golden "explain $who --curve is as recorded" replay/curve-$who.txt
done
run explain lab-prototype --now $NOW --curve
same "without a curve the explanation stands" "0 1" "$code $(grep -c 'no curve' "$T/err")"

expect "backtest" 0 backtest --now $NOW
golden "backtest is as recorded" replay/backtest.txt
expect "backtest of chosen policies" 0 backtest --now $NOW --hide 3d -p krr -p azure -p co-max-savings
golden "backtest of chosen policies is as recorded" replay/backtest-3d.txt
expect "backtest -o json" 0 backtest --now $NOW -o json
cp "$T/out" "$T/backtest.json"
run backtest --now $NOW -o json
same "the same store gives the same bytes" "$(cksum <"$T/backtest.json")" "$(cksum <"$T/out")"
for n in 1 5; do
    run backtest --now $NOW -o json --threads $n
    same "so do $n threads" "$(cksum <"$T/backtest.json")" "$(cksum <"$T/out")"
done
if command -v jq >/dev/null 2>&1; then
    q() { jq -r "$1" "$T/backtest.json"; }
    same "every machine is judged or left out" "20" "$(q '(.policies[0].machines | length) + (.not_judged | length)')"
    same "the sums are those of the machines" "true" "$(q '[.policies[] | ([.machines[].monthly_then] | add) - .totals.monthly_then | fabs < 0.01] | all')"
    same "the machine that changed its type is advised as what it was" "m5.4xlarge" "$(q '.policies[0].machines[] | select(.name == "shop-checkout") | .from')"
    same "policies are judged on the same machines" "1" "$(q '[.policies[].totals.machines] | unique | length')"
    run backtest --now $NOW -o json -p compute-optimizer --set cpu.percentile=1 --set cpu.headroom=0
    same "a policy that takes too little is found out" "true" "$(jq -r '.policies[0] | .totals.newly_short > 0 and .settings["cpu.percentile"] == 1' "$T/out")"

    # No look ahead: the choice from before the cut is what report says at the cut.
    run export --now $NOW --until 2026-11-09T00:00:00Z -p balanced
    jq -r '.recommendations[] | select(.options | length > 0) | select(.finding != "OPTIMIZED" or .options[0].saving_monthly_usd > 0) | [.resource.name, .options[0].type] | join(" ")' "$T/out" | grep -v shop-checkout | sort >"$T/at-cut"
    q '.policies[0].machines[] | select(.from != .to) | [.name, .to] | join(" ")' | grep -v shop-checkout | sort >"$T/tested"
    same "the choice is the one of a report at the cut" "" "$(comm -13 "$T/at-cut" "$T/tested")"
else skipped "figures of the backtest: jq is not here"; fi
says "a wrong policy is refused" 2 "compute-optimizer" backtest --policy nosuch
says "hiding all there is leaves too little" 3 "no history before the hidden span" backtest --hide 60d
says "hiding nearly all leaves too little" 3 "no machine has enough history" backtest --hide 13d --now $NOW
says "hiding nothing is refused" 2 "hide" backtest --hide 1s
says "backtest takes no instance" 2 "" backtest shop-web-1

# The shares by another program: Python, from the exported samples alone.
"$RIGHTSIZE" export --samples --until 2026-11-16T00:00:00Z --since 14d >"$T/samples.csv"
"$RIGHTSIZE" simulate nightly-report --type c5.large --now $NOW -o json >"$T/simulated.json"
python3 - "$T/samples.csv" "$T/simulated.json" >"$T/compare" 2>&1 <<'PY'
import collections, csv, json, math, sys
s = json.load(open(sys.argv[2])); own = s['resource']
series = collections.defaultdict(dict)
for row in csv.DictReader(open(sys.argv[1])):
    if row['resource'] == own: series[row['metric'], row['statistic']][int(row['ts'])] = float(row['value'])
def grid(samples):
    out = {}
    for ts, v in samples.items(): out[ts - ts % 300] = max(v, out.get(ts - ts % 300, -math.inf))
    return out
def judged(want, capacity):
    slots = sorted(want); short = [t for t in slots if want[t] > capacity * (1 + 1e-12)]
    longest = run = 0; last = None
    for t in short:
        run = run + 300 if last is not None and t == last + 300 else 300
        longest = max(longest, run); last = t
    return [len(slots), len(short), longest]
cpu = {t: v / 100 * s['dimensions']['cpu']['capacity_now'] for t, v in grid(series['cpu_percent', 'max']).items()}
mem = {t: v / 100 * s['dimensions']['memory']['capacity_now'] for t, v in grid(series.get(('mem_percent', 'max')) or series['mem_percent', 'avg']).items()}
for name, want in (('cpu', cpu), ('memory', mem)):
    d = s['dimensions'][name]; t = d['then']
    got = [t['samples'], t['short_samples'], t['longest_seconds']]
    print(name, got, judged(want, d['capacity_then']), 'SAME' if got == judged(want, d['capacity_then']) else 'DIFFERS')
PY
sed 's/^/    /' "$T/compare"
same "the time short equals Python's from the exported samples" "2" "$(grep -c SAME "$T/compare")"
exit $any_failed
