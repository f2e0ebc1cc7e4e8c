# What is paid for already is not saved twice: reserved instances and savings plans.
. "$(dirname "$0")/lib.sh"
run collect --quiet --now $NOW "$ROOT/samples/demo"
same "the sample fleet is collected" "0" "$code"

cat >"$T/ri.json" <<'J'
{"ReservedInstances": [
  {"ReservedInstancesId": "r-1", "InstanceType": "m5.2xlarge", "InstanceCount": 1, "ProductDescription": "Linux/UNIX",
   "State": "active", "Scope": "Region", "Start": "2026-03-01T00:00:00+00:00", "End": "2027-03-01T00:00:00+00:00"},
  {"ReservedInstancesId": "r-0", "State": "retired"}]}
J
cat >"$T/plan.json" <<'J'
{"savingsPlans": [{"savingsPlanId": "p-1", "savingsPlanType": "Compute", "state": "active", "currency": "USD",
  "commitment": "0.05", "start": "2026-03-01T00:00:00.000Z", "end": "2029-03-01T00:00:00.000Z"}]}
J
expect "report with commitments" 0 report --now $NOW --commitments us-east-1="$T/ri.json" --commitments "$T/plan.json"
tail -3 "$T/out" >"$T/foot" && mv "$T/foot" "$T/out"
golden "what really leaves the bill is told" advice/commitments.txt
expect "html with commitments" 0 report -o html --now $NOW --commitments us-east-1="$T/ri.json"
same "in the page too" "1" "$(grep -c 'After 1 commitment that is paid for already' "$T/out")"

if command -v jq >/dev/null 2>&1; then
    run export --now $NOW --commitments us-east-1="$T/ri.json"
    q() { jq -r "$1" "$T/out"; }
    same "a move out of the reservation saves nothing of what it covers" "true" \
        "$(q '(.commitments.uncovered_now_monthly_usd - .commitments.uncovered_then_monthly_usd - .commitments.saving_monthly_usd) | fabs < 0.001')"
    same "it covers 16 units of m5, the smallest first" "16" \
        "$(q '[.commitments.machines[] as $m | .recommendations[] | select(.resource.id == $m.id) | ({"large": 4, "xlarge": 8, "2xlarge": 16, "4xlarge": 32}[.current.type | split(".")[1]] * $m.covered_now_percent / 100)] | add')"
    same "what was not active is counted" "1" "$(q .commitments.passed_over)"
    whole=$(q .summary.saving_monthly_usd) left=$(q .commitments.saving_monthly_usd)
    same "less is saved than on demand" "true" "$(jq -n "$left < $whole")"
    py=$(python jsonschema)
    if [ -n "$py" ]; then
        same "the document passes its schema" "0" "$("$py" "$ROOT/tests/tools/validate_json.py" "$ROOT/schema/recommendations-1.schema.json" <"$T/out" >"$T/valid" 2>&1; echo $?)"
    else skipped "the schema of commitments: no python3 with jsonschema"; fi
    run export --now 2028-01-01T00:00:00Z --until $NOW --commitments us-east-1="$T/ri.json"
    same "what has ended covers nothing" "null 0" "$(q '[.commitments.items[0].used_now_percent, (.commitments.machines | length)] | map(tostring) | join(" ")')"
else skipped "figures of commitments: jq is not here"; fi
says "a regional reservation needs its region" 1 "ReservedInstances\[0\].*REGION=FILE" report --now $NOW --commitments "$T/ri.json"
says "another document is refused" 1 "describe-reserved-instances" report --now $NOW --commitments "$ROOT/catalog/index.json"
says "a file that is not there is named" 1 "nowhere.json" report --now $NOW --commitments "$T/nowhere.json"
exit $any_failed
