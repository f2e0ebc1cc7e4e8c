# The catalog: looked into, compared, imported, fetched.
. "$(dirname "$0")/lib.sh"
F=$FIXTURES/catalog-import
export XDG_DATA_HOME=$T/data
json() { python3 -c "import json,sys; d=json.load(open('$T/out')); print($1)"; }

# Looking.
expect "list of a region" 0 catalog list --region eu-central-1 --vcpus 4-8 --memory 16GiB-32GiB --arch arm64
expect "find as JSON" 0 catalog find --vcpus 4 --memory 16 --burstable no --output json
same "find is sorted by price" True "$(json "[t['price_per_hour'] for t in d['types']]==sorted(t['price_per_hour'] for t in d['types'])")"
same "find finds what was asked" True "$(json "len(d['types'])>20 and all(t['vcpus']==4 and t['memory_mib']==16384 and t['credits_per_hour'] is None for t in d['types'])")"
expect "CSV has a row a type" 0 catalog list 'm5.*' -o csv
same "CSV has a row a type and a header" "10" "$(wc -l <"$T/out" | tr -d ' ')"
expect "GPU types" 0 catalog find --gpu yes --max-price 1 -o json
same "every one has a GPU" True "$(json "len(d['types'])>0 and all(t['gpus']>0 and t['price_per_hour']<=1 for t in d['types'])")"
run catalog list --memory 16GiB -o csv; a=$(cksum <"$T/out")
run catalog list --memory 16384MiB -o csv
same "units of memory agree" "$a" "$(cksum <"$T/out")"
run catalog list --memory 16 -o csv
same "a bare number is GiB" "$a" "$(cksum <"$T/out")"
expect "nothing passes" 3 catalog list --vcpus 3
for bad in "--memory 5xx" "--memory 8-4" "--vcpus -" "--vcpus 4GiB" "--burstable maybe" "--output xml" "--match-region gcp"; do
    says "refuses $bad" 2 "rightsize: ${bad%% *}" catalog list $bad
done
says "an unknown region has its neighbours named" 3 "near it: eu-north-1" catalog list --region eu-nowhere-1
says "an unknown provider is refused" 2 "'aww' is no provider" catalog list --catalog aww
says "an unknown sub-command is refused" 2 "not list, find, show" catalog frob
expect "show" 0 catalog show m5.large
same "show has spot figures and energy" "66 3 4.4" "$(awk '$1=="spot_saving_pct"||$1=="spot_interruption"||$1=="watts_idle"{printf "%s%s",s,$2;s=" "}' "$T/out")"
run --now 2026-11-24T00:00:00Z catalog list m5.large
same "old prices are warned of" 1 "$(grep -c 'warning: the prices of aws us-east-1 are of 2026-07-20, 127 days old' "$T/err")"
run --now 2026-10-18T00:00:00Z catalog list m5.large
same "prices of 90 days are not" 0 "$(grep -c warning "$T/err")"

# Other clouds.
expect "like, in all clouds" 0 catalog find --like m5.xlarge -o json
same "like finds all three clouds" "aws azure gcp" "$(json "' '.join(sorted({t['provider'] for t in d['types']}))")"
same "like is sorted by distance and one of a family" True "$(json "[t['distance'] for t in d['types']]==sorted(t['distance'] for t in d['types']) and len({(t['provider'],t['family']) for t in d['types']})==len(d['types'])<=20")"
same "like leaves out the own family" True "$(json "all((t['provider'],t['family'])!=('aws','m5') for t in d['types'])")"
same "the ratio is that of the prices" True "$(json "all(abs(t['price_ratio']-t['price_per_hour']/0.192)<0.001 for t in d['types'])")"
expect "like, in named clouds and regions" 0 catalog find --like m5.xlarge --catalog aws,gcp --region eu-central-1 --match-region gcp=europe-west3 -o json
same "each in its region" "[('aws', 'eu-central-1'), ('gcp', 'europe-west3')]" "$(json "sorted({(t['provider'],t['region']) for t in d['types']})")"
expect "custom shapes" 0 catalog find --catalog gcp --custom yes --vcpus 6 --memory 24 -o json
same "custom shapes are priced by rule" "0.211086" "$(json "[t['price_per_hour'] for t in d['types'] if t['type']=='e2-custom-6-24576'][0]")"
says "like of no known type" 3 "no9.large" catalog find --like no9.large

# Own catalogs and prices.
expect "an own catalog" 0 catalog list --catalog "$F/own.json"
expect "an own catalog beside a cloud" 0 catalog find --like m5.2xlarge --catalog "aws,$F/own.json" --limit 400 -o json
same "holds the own machine" True "$(json "any(t['type']=='rack.small' for t in d['types'])")"
run catalog show m5.large --prices "$F/prices.csv"
same "an own price holds" "0.05 yes" "$(awk '$1=="price_per_hour"||$1=="price_own"{printf "%s%s",s,$2;s=" "}' "$T/out")"
same "a price of an unknown type is told" 1 "$(grep -c "rack.large" "$T/err")"
printf 'm5.large,-1\n' >"$T/bad.csv"
says "a bad price is refused with its line" 1 "bad.csv: line 1" catalog list --prices "$T/bad.csv"
sed 's/"rack.large", 64/"rack.large", -64/' "$F/own.json" >"$T/bad.json"
says "a bad own catalog is refused with its row" 1 "bad.json: row 2: 'vcpus'" catalog list --catalog "$T/bad.json"
says "a file that is not there" 1 "there is no such catalog" catalog list --catalog "$T/none.json"

# Import.
expect "import of five formats" 0 catalog import --now $NOW "$F/instance-types.json" "$F/spot.json" "$F/gcloud.json" "$F/az-sizes.json" "$F/azure-prices.json"
cp "$T/out" "$T/told"
same "import tells what is new" 1 "$(grep -c '^aws types: 1 new (zz9i.large), 1 changed' "$T/told")"
same "import tells what it leaves out" 2 "$(grep -c '1 left out' "$T/told")"
U=$XDG_DATA_HOME/rightsize/catalog
expect "diff of folders" 0 catalog diff "$ROOT/catalog" "$U"
same "diff tells the price in percent" 1 "$(grep -c '^  azure eastus Standard_D2s_v3 on_demand 0.096 -> 0.5 (+420.8 %)$' "$T/out")"
same "diff tells the spot price" 1 "$(grep -c '^  aws us-east-1 m5.large spot_saving_pct 66 -> 50$' "$T/out")"
same "the user's index keeps the rules of custom shapes" 1 "$(grep -c '"custom": "gcp/custom.json"' "$U/index.json")"
same "diff tells new types" "5" "$(grep -c '^+ ' "$T/out")"
expect "diff of files as JSON" 0 catalog diff "$ROOT/catalog/azure/eastus.json" "$U/azure/eastus.json" -o json
same "diff as JSON counts" "0 0 1 3" "$(json "d['added'],d['removed'],d['facts'],d['prices']" | tr -d '(),')"
expect "diff of a catalog with itself" 0 catalog diff "$U" "$U"
same "says nothing changed" "0 added, 0 removed, 0 facts and 0 prices changed" "$(cat "$T/out")"
says "diff of two kinds is refused" 1 "of kind 'types'" catalog diff "$U/aws/types.json" "$U/aws/us-east-1.json"
unset RIGHTSIZE_CATALOG
expect "the user's catalog is found" 0 catalog show zz9i.large
same "and says when" 1 "$(grep -c '^facts_date .*' "$T/out")"
expect "what is not in it comes from the shipped one" 0 catalog list m5.large --region eu-west-1
export RIGHTSIZE_CATALOG=$ROOT/catalog
before=$(find "$U" -type f -exec cksum {} + | sort)
printf '{"InstanceTypes": [{"InstanceType": "zz9i.xlarge", "VCpuInfo": {"DefaultVCpus": 4}' >"$T/cut.json"
says "a file that breaks off is refused" 1 "cut.json: " catalog import --quiet "$F/instance-types.json" "$T/cut.json"
printf '{"hello": 1}' >"$T/other.json"
says "an unknown format is refused" 1 "other.json: no format" catalog import "$T/other.json"
printf 'a,b\n1,2\n' >"$T/other.csv"
says "another CSV is refused" 1 "other.csv: not a price list" catalog import "$T/other.csv"
same "and the catalog is as it was" "$before" "$(find "$U" -type f -exec cksum {} + | sort)"
expect "the same import again" 0 catalog import --now $NOW "$F/instance-types.json" "$F/spot.json" "$F/gcloud.json" "$F/az-sizes.json" "$F/azure-prices.json"
expect "the diff of before and now" 0 catalog diff "$U" "$U"
same "changes no byte" "$before" "$(find "$U" -type f -exec cksum {} + | sort)"

# The price list, small here, and large below.
for kind in json csv; do
    python3 "$ROOT/tests/tools/make_offer_file.py" $kind 4 us-east-2 1.25 >"$T/offer.$kind"
    expect "import of the price list as $kind" 0 catalog import "$T/offer.$kind" --into "$T/offer-$kind"
    expect "diff of prices" 0 catalog diff "$ROOT/catalog/aws/us-east-2.json" "$T/offer-$kind/aws/us-east-2.json" -o json
    same "every price of the list as $kind is 25 percent more" True "$(json "(lambda p: len(p)>100 and all(abs(x['percent']-25)<0.01 for x in p))([x for x in d['changes'] if x['column']=='on_demand'])")"
done
run catalog diff "$T/offer-json/aws/us-east-2.json" "$T/offer-csv/aws/us-east-2.json" -o json
same "an imported price has the list's date" "2026-11-20" "$(python3 -c "
import json
d=json.load(open('$T/offer-json/aws/us-east-2.json')); c=d['columns']
rows=[dict(zip(c,r)) for r in d['rows']]
print(*sorted({r['price_date'] or d['date'] for r in rows if not r['estimated'] and '.' in r['type']}-{'2025-04-04','2026-07-20'}))")"
python3 "$ROOT/tests/tools/make_offer_file.py" json 4 us-east-2 1 | gzip >"$T/offer.json.gz"
expect "a compressed price list for another region" 3 catalog import "$T/offer.json.gz" --region eu-west-1 --into "$T/none"
same "writes nothing" "" "$(ls "$T/none" 2>/dev/null)"
if [ -x /usr/bin/time ] && [ "${WRAP:-}" = "" ]; then
    python3 "$ROOT/tests/tools/make_offer_file.py" json 60 >"$T/large.json"
    /usr/bin/time -f %M -o "$T/rss" "$RIGHTSIZE" catalog import -q "$T/large.json" --into "$T/large" >"$T/out" 2>"$T/err"
    kb=$(tail -1 "$T/rss")
    echo "    60 MB of price list in $kb kB"
    case ${BUILD:-build} in
    *asan*) skipped "a large price list in flat memory: the sanitizer's own memory is measured" ;;
    *) same "a large price list in flat memory" 1 "$([ "$kb" -lt 65536 ] && echo 1)" ;;
    esac
    rm -f "$T/large.json"
else
    skipped "a large price list in flat memory: /usr/bin/time is not here"
fi

# Update, from a server of our own.
python3 "$ROOT/tests/tools/serve_prices.py" "$T/srv" "$T/port" & server=$!
trap 'kill $server 2>/dev/null; chmod -R u+rwx "$T" 2>/dev/null; rm -rf "$T"' EXIT
mkdir -p "$T/srv" && cp "$F/azure-prices.json" "$T/offer.json" "$T/srv/"
for i in $(seq 50); do [ -s "$T/port" ] && break; sleep 0.1; done
W=http://127.0.0.1:$(cat "$T/port")
expect "update of AWS" 0 catalog update --region us-east-2 --url "$W/offer.json" --into "$T/u1"
expect "update, compressed on the way" 0 catalog update --region us-east-2 --url "$W/gz/offer.json" --into "$T/u2"
same "fetched is as imported" "$(sed 's/"source".*//' "$T/offer-json/aws/us-east-2.json" | cksum)" "$(sed 's/"source".*//' "$T/u1/aws/us-east-2.json" | cksum)"
same "compressed or not" "$(cksum <"$T/u1/aws/us-east-2.json")" "$(cksum <"$T/u2/aws/us-east-2.json")"
expect "update of Azure, page by page" 0 catalog update --provider azure --url "$W/page/1" --into "$T/u3"
same "all pages are read" 1 "$(grep -c '^azure eastus: 0 new, 1 changed' "$T/out")"
expect "a redirect on the same host" 0 catalog update --region us-east-2 --url "$W/moved/offer.json" --into "$T/u4"
fails() {
    run catalog update --region us-east-2 --into "$T/u5" "$@"
    if [ "$code" = "$want" ] && grep -qE "$pattern" "$T/err" && [ ! -e "$T/u5" ]; then ok "$name"; else failed "$name"; show; fi
}
want=1
name="an error of the server"; pattern='127.0.0.1: answers 503'; fails --url "$W/status/503"
same "says that the catalog stays" 1 "$(grep -c 'the catalog stays as it was' "$T/err")"
name="a redirect to another host"; pattern='redirects to .*not followed'; fails --url "$W/elsewhere"
name="a redirect in a circle"; pattern='redirects once more'; fails --url "$W/round"
name="an answer that breaks off"; pattern='127.0.0.1: '; fails --url "$W/short"
name="a page that leads elsewhere"; pattern='leads to .*not followed'; fails --provider azure --region eastus --url "$W/page/away"
name="nobody listens"; pattern='127.0.0.1: '; fails --url http://127.0.0.1:1/x
name="what is no price list"; pattern='no format'; cp "$T/other.json" "$T/srv/"; fails --url "$W/other.json"
want=2
name="plain HTTP to another host"; pattern='is not https'; fails --url http://192.0.2.1/x
name="a URL with a user"; pattern="user's name"; fails --url https://me@localhost/x
name="a scheme that is none"; pattern='is not https|no URL'; fails --url file:///etc/passwd
name="a provider that asks for credentials"; pattern='without credentials'; fails --provider gcp
name="a region that is no name"; pattern='is no region'; run catalog update --region '../x' --into "$T/u5"
same "$name" 2 "$code"
kill $server 2>/dev/null

# Others' tables.
py=$(python jsonschema)
if [ -n "$py" ]; then
    $py "$ROOT/tests/tools/check_catalog.py" >"$T/out" 2>&1; code=$?
    sed 's/^/    /' "$T/out" | tail -8
    same "the shipped catalog is sane" 0 "$code"
    $py - "$ROOT/schema/catalog-1.schema.json" "$F/own.json" "$U/index.json" "$U/aws/types.json" "$U/azure/eastus.json" >"$T/out" 2>&1 <<'PY'
import json, sys
import jsonschema
schema = json.load(open(sys.argv[1]))
for name in sys.argv[2:]:
    jsonschema.validate(json.load(open(name)), schema)
PY
    same "written and own catalogs fit the schema" "0" "$?"
else
    skipped "the shipped catalog is sane: python3-jsonschema is not installed"
fi
py=$(python moto)
if [ -n "$py" ] && $py - "$T/moto.json" 2>/dev/null <<'PY'
import gzip, json, os, sys
import moto
base = os.path.join(os.path.dirname(moto.__file__), "ec2", "resources", "instance_types.json")
table = json.load(gzip.open(base + ".gz")) if os.path.exists(base + ".gz") else json.load(open(base))
json.dump({"InstanceTypes": list(table.values())}, open(sys.argv[1], "w"))
PY
then
    run catalog list -o json
    $py - "$T/moto.json" "$T/out" <<'PY' >"$T/crossed"
import json, sys
moto = {t["InstanceType"]: t for t in json.load(open(sys.argv[1]))["InstanceTypes"]}
ours = {t["type"]: t for t in json.load(open(sys.argv[2]))["types"]}
both = sorted(moto.keys() & ours.keys())
off = [n for n in both if moto[n]["VCpuInfo"]["DefaultVCpus"] != ours[n]["vcpus"]
       or moto[n]["MemoryInfo"]["SizeInMiB"] != ours[n]["memory_mib"]]
print(len(both) >= 100, off[:5])
print(len(both), "types compared with moto", file=sys.stderr)
PY
    same "vCPUs and memory agree with moto's types" "True []" "$(cat "$T/crossed")"
    expect "all of moto's types, as AWS describes them, import" 0 catalog import -q "$T/moto.json" --into "$T/moto"
    run catalog diff "$ROOT/catalog/aws/types.json" "$T/moto/aws/types.json" -o json
    same "and agree in every figure of the network, the volumes and the disks" "[]" "$(json "[x for x in d['changes'] if x['column'] not in ('delisted','accelerator','current_generation')]")"
else
    skipped "vCPUs and memory agree with moto's types: python3 has no moto"
fi

exit $any_failed
