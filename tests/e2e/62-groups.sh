# One answer for machines that do the same work: Auto Scaling groups and roles.
. "$(dirname "$0")/lib.sh"

# samples ROWS...: two weeks; a row is ID:CPU[:GB], percent of its type at the peak and memory in use.
samples() {
    awk -v machines="$*" 'BEGIN {
        print "timestamp,instance,cpu_percent,mem_used_bytes,net_in_bytes_per_s,net_out_bytes_per_s"
        n = split(machines, m, " ")
        for (k = 1; k <= n; k++) {
            split(m[k], f, ":")
            for (i = 0; i < 14 * 288; i++)
                printf "%d,%s,%.1f,%.0f,%d,%d\n", 1762041600 + 300 * i, f[1], f[2] * (i % 24 == 12 ? 1 : 0.6), (3 in f && f[3] != "" ? f[3] : 3) * 1e9, 1e5, 1e5
        }
    }' >"$T/samples.csv"
}
# inventory ROWS...: a row is ID:TYPE:GROUP:ROLE.
inventory() {
    {
        printf '{"Reservations": [{"OwnerId": "123456789012", "Instances": ['
        between=
        for row in "$@"; do
            IFS=: read -r id type group role <<ROW
$row
ROW
            tags=
            [ -z "$group" ] || tags="{\"Key\": \"aws:autoscaling:groupName\", \"Value\": \"$group\"}"
            [ -z "$role" ] || tags="$tags${tags:+, }{\"Key\": \"role\", \"Value\": \"$role\"}"
            printf '%s{"InstanceId": "%s", "InstanceType": "%s", "State": {"Name": "running"}, "Placement": {"AvailabilityZone": "us-east-1a"}, "Architecture": "x86_64", "VirtualizationType": "hvm", "Hypervisor": "xen", "EnaSupport": true, "Tags": [%s]}' \
                "$between" "$id" "$type" "$tags"
            between=', '
        done
        printf ']}]}\n'
    } >"$T/inventory-2025-11-16.json"
}
AT=2025-11-16T06:00:00Z
collected() {
    rm -f "$RIGHTSIZE_DB"*
    run collect --quiet --now $AT "$T/samples.csv" "$T/inventory-2025-11-16.json"
    [ "$code" = 0 ] || { failed "the fleet is collected"; show; }
}
# choice ID [ARGS...]: the type that the export moves it to, or "keep".
choice() {
    id=$1
    shift
    "$RIGHTSIZE" export --now $AT "$@" | jq -r --arg id "$id" \
        '.recommendations[] | select(.resource.id == $id) | if .recommended_rank then .options[.recommended_rank - 1].type else "keep" end'
}
command -v jq >/dev/null 2>&1 || { skipped "groups: jq is not here"; exit 0; }

samples i-1:12 i-2:14 i-3:45 i-4:12
inventory i-1:m5.2xlarge:web: i-2:m5.2xlarge:web: i-3:m5.2xlarge:web: i-4:m5.2xlarge::
collected
alone=$(choice i-4)
same "a machine outside answers for itself" "no" "$([ "$alone" = keep ] && echo yes || echo no)"
same "each alone would differ" "yes" "$([ "$(choice i-1 --set groups=no)" != "$(choice i-3 --set groups=no)" ] && echo yes)"
all=$(choice i-3)
same "all of an Auto Scaling group get one type" "$all $all $all" "$(choice i-1) $(choice i-2) $(choice i-3)"
same "the group stands in the JSON" "auto_scaling_group web move 3 3 $all i-3" \
    "$("$RIGHTSIZE" export --now $AT | jq -r '.recommendations[] | select(.resource.id == "i-1").group | [.kind, .name, .verdict, .members, .judged, .type, .outlier] | join(" ")')"
same "it under-sizes none: the largest need decides" "$all" "$(choice i-3 --set groups=no)"
same "who stands in the way is named" "1" "$(run explain i-1 --now $AT; grep -c 'i-3 alone needs' "$T/out")"
same "the answer does not hang on a filter" "$all" "$(choice i-1 --region us-east-1)"
same "nor on asking for one only" "$all" "$(choice i-1 --instance i-1)"
run export --now $AT --threads 1; cp "$T/out" "$T/one"
run export --now $AT --threads 4
same "nor on the number of threads" "$(cksum <"$T/one")" "$(cksum <"$T/out")"

samples i-1:12 i-2:14 i-3:95
inventory i-1:m5.2xlarge:web: i-2:m5.2xlarge:web: i-3:m5.2xlarge:web:
collected
all=$(choice i-3)
same "one that runs short moves all" "$all $all" "$(choice i-1) $(choice i-2)"
run explain i-1 --now $AT
same "days drawn anew ask whether the group's type still holds it" "100 high" \
    "$("$RIGHTSIZE" export --now $AT --confidence --instance i-1 | jq -r '.recommendations[0] | [.bootstrap.same_percent, .confidence] | join(" ")')"
run explain i-1 --now $AT
same "and who it is is said" "1" "$(grep -c 'i-3 alone needs' "$T/out")"

samples i-1:12 i-2:14 i-3:85:22
collected
same "alone it would move" "no" "$([ "$(choice i-1 --set groups=no)" = keep ] && echo yes || echo no)"
same "in a group that cannot, it is kept" "keep" "$(choice i-1)"
run explain i-1 --now $AT
same "and why is said" "1" "$(grep -c 'GroupKeeps' "$T/out")"
same "today's type is not said to have what another has" "0" "$(grep -c 'm5.2xlarge has' "$T/out")"
same "a need of memory is told once" "1" "$(grep -c 'i-3 alone needs [0-9.]* GiB of memory, ' "$T/out")"
run report --now $AT
same "the table says so too" "2" "$(grep -c 'kept like its group' "$T/out")"

samples i-1:12 i-2:45 i-3:12
inventory i-1:m5.2xlarge::api i-2:m5.2xlarge::api i-3:m5.xlarge::api
collected
same "one role and type: one answer" "$(choice i-2)" "$(choice i-1)"
same "another type of that role is another group" "$(choice i-3 --set groups=no)" "$(choice i-3)"
same "without the tag there is no role" "$(choice i-1 --set groups=no)" "$(choice i-1 --set group.tag=)"

inventory i-1:m5.2xlarge:web: i-2:m5.2xlarge:web: i-9:m5.2xlarge:web:
collected
same "one without samples does not keep the others" "$(choice i-2)" "$(choice i-1)"

# Beyond 32 members: where none of the allowed types holds those, the others are only counted.
loads= rows=
for k in $(seq 10 49); do
    loads="$loads i-$k:95" rows="$rows i-$k:m5.2xlarge:web:"
done
samples $loads
inventory $rows i-90:m5.2xlarge:web: i-91:m5.2xlarge:web:
collected
group_of() {
    "$RIGHTSIZE" export --now $AT "$@" |
        jq -r '.recommendations[0].group | [.verdict, .members, .judged] | join(" ")'
}
same "a large group without a type for all is counted to the end" "none 42 40" \
    "$(group_of --set include=m5.large)"
same "and one that has a type is asked to the end" "move 42 40" "$(group_of)"
same "also where samples lie before and after the window" "none 42 40" \
    "$(group_of --set include=m5.large --set lookback=3d --until 2025-11-10T00:00:00Z)"
same "by any number of threads" "none 42 40" "$(group_of --set include=m5.large --threads 3)"
exit $any_failed
