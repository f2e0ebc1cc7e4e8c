# The user's own policies: where the file is found, what it may say, and how it is refused.
. "$(dirname "$0")/lib.sh"
F=$T/policy.json
cat >"$F" <<'JSON'
{"default": "web",
 "policies": {
   "web": {"base": "balanced", "summary": "what serves customers", "cpu.headroom": 0.3, "memory.headroom": "40%",
           "include": ["m7*", "c7*"], "down_only": true, "lookback": "21d", "cpu.speed": "guard"},
   "batch": {"base": "web", "burst.mode": "unlimited", "cpu.headroom": 0, "down_only": false},
   "plain": {}}}
JSON
value() { awk -v k="$1" '$1 == k { print $2 }' "$T/out"; }
shows() { same "$1" "$3" "$(value "$2")"; }

expect "the list has the file's own" 0 policy list --policy-file "$F"
same "with where they come from" "web                  what serves customers, from $F (default)
batch                from $F
plain                from $F" "$(grep "$F" "$T/out")"
same "and one default" 1 "$(grep -c '(default)' "$T/out")"
expect "a policy is shown" 0 policy show web --policy-file "$F"
shows "with its number" cpu.headroom 0.3
shows "a percentage" memory.headroom 0.4
shows "a list" include 'm7*,c7*'
shows "a flag" down_only yes
shows "a duration" lookback 21d
shows "a word" cpu.speed guard
shows "and what its base has" crowding 1
expect "it may start from another" 0 policy show batch --policy-file "$F"
shows "whose keys it takes" include 'm7*,c7*'
shows "and changes" burst.mode unlimited
shows "to other values" cpu.headroom 0
run policy show plain --policy-file "$F" && cp "$T/out" "$T/plain"
run policy show balanced --policy-file "$F"
same "without a base the default preset is it" "$(cat "$T/plain")" "$(cat "$T/out")"
run policy show --policy-file "$F"
shows "the file chooses the default" cpu.headroom 0.3
run policy show --policy-file "$F" --set cpu.headroom=0.1
shows "options go before it" cpu.headroom 0.1
run policy show --policy-file "$F" compute-optimizer
shows "presets stay" cpu.headroom 0.2

RIGHTSIZE_POLICY_FILE=$F run policy show web
shows "the environment names it" cpu.headroom 0.3
mkdir -p "$T/config/rightsize" "$T/home/.config/rightsize"
cp "$F" "$T/config/rightsize/policy.json"
(unset RIGHTSIZE_POLICY_FILE; XDG_CONFIG_HOME=$T/config "$RIGHTSIZE" policy show web) >"$T/out" 2>&1
shows "else the folder of configurations" cpu.headroom 0.3
cp "$F" "$T/home/.config/rightsize/policy.json"
(unset RIGHTSIZE_POLICY_FILE XDG_CONFIG_HOME; HOME=$T/home "$RIGHTSIZE" policy show web) >"$T/out" 2>&1
shows "or the one at home" cpu.headroom 0.3
(unset RIGHTSIZE_POLICY_FILE; HOME=$T XDG_CONFIG_HOME=$T/none "$RIGHTSIZE" policy list) >"$T/out" 2>&1
same "no file is no fault" 1 "$(grep -c '^balanced .*(default)' "$T/out")"

says "a named file must exist" 2 'none.json' policy list --policy-file "$T/none.json"
says "a wrong name is answered with all" 2 "no policy 'wbe'; there are balanced.*policy.json web, batch, plain" policy show wbe --policy-file "$F"

# refused NAME PATTERN TEXT
refused() {
    printf '%s' "$3" >"$T/bad.json"
    says "$1" 2 "bad.json: $2" policy list --policy-file "$T/bad.json"
}
refused "no JSON is refused" '.' '{"policies": '
refused "no object either" 'it must be an object' '[]'
refused "nor an empty file" '.' ''
refused "an unknown member" "'polices' is neither" '{"polices": {}}'
refused "policies that are a list" 'policies must be an object' '{"policies": []}'
refused "a policy that is a number" 'policies.web: it must be an object' '{"policies": {"web": 3}}'
refused "a preset's name" 'policies.balanced: a preset has that name' '{"policies": {"balanced": {}}}'
refused "a name with a blank" 'policies.a b: name it with' '{"policies": {"a b": {}}}'
refused "an unknown key, with the nearest" "policies.web\\[\"cpu.hedroom\"\\]: there is no such key, the nearest is 'cpu.headroom'" '{"policies": {"web": {"cpu.hedroom": 1}}}'
refused "a value out of range" 'policies.web\["cpu.headroom"\]: .*cpu.headroom' '{"policies": {"web": {"cpu.headroom": 3}}}'
refused "a wrong word" 'policies.web\["cpu.speed"\]: .*cpu.speed' '{"policies": {"web": {"cpu.speed": "fast"}}}'
refused "null for a value" 'policies.web\["capped"\]: give a number' '{"policies": {"web": {"capped": null}}}'
refused "a list of numbers" 'policies.web\["include"\]: a list must hold texts' '{"policies": {"web": {"include": [1]}}}'
refused "a base that is no text" 'policies.web: base must be' '{"policies": {"web": {"base": 1}}}'
refused "an unknown base" 'policies.web\["base"\]: no policy .nix' '{"policies": {"web": {"base": "nix"}}}'
refused "a circle" 'policies.[ab]\["base"\]: its base leads back' '{"policies": {"a": {"base": "b"}, "b": {"base": "a"}}}'
refused "a default that is not there" 'default must name' '{"default": "web", "policies": {}}'
refused "a fault in the base is told where it is" 'policies.a\["options"\]' '{"policies": {"b": {"base": "a"}, "a": {"options": 99}}}'
exit $any_failed
