# What sampling costs, beside sadc, node_exporter and collectd where they are installed: CPU time
# from /proc/PID/task/*/schedstat over SECONDS at INTERVAL, after start-up; resident memory at the
# end. All run at once. node_exporter is asked once an interval.
set -eu
BUILD=${BUILD:-build} SECONDS_=${SECONDS_:-120} INTERVAL=${INTERVAL:-1}
work=$(mktemp -d)
pids=
trap 'for p in $pids; do kill $p 2>/dev/null; done; wait 2>/dev/null; rm -rf "$work"' EXIT
cpu() { cat /proc/$1/task/*/schedstat 2>/dev/null | awk '{ s += $1 } END { printf "%.0f", s / 1000 }'; } # microseconds
rss() { awk '/^VmRSS/ { print $2 }' /proc/$1/status; }
peak() { awk '/^VmHWM/ { print $2 }' /proc/$1/status; }
names=
begin() { # NAME PID
    names="$names $1"
    pids="$pids $2"
    eval "pid_$1=$2"
}

"$BUILD/rightsize" --quiet --db "$work/m.db" collect --from proc --every "${INTERVAL}s" --daemon & begin ours $!
for sadc in /usr/lib/sysstat/sadc /usr/lib/sa/sadc /usr/lib64/sa/sadc; do
    [ -x $sadc ] && { $sadc "$INTERVAL" 100000 "$work/sa" >/dev/null & begin sadc $!; break; }
done
if command -v prometheus-node-exporter >/dev/null 2>&1 && command -v curl >/dev/null 2>&1; then
    prometheus-node-exporter --web.listen-address=127.0.0.1:19100 >/dev/null 2>&1 & begin node_exporter $!
    (while sleep "$INTERVAL"; do curl -s -o /dev/null http://127.0.0.1:19100/metrics || true; done) & pids="$pids $!"
fi
sleep 5
for n in $names; do eval "before_$n=\$(cpu \$pid_$n)"; done
sleep "$SECONDS_"
echo "$SECONDS_ s at $INTERVAL s, all at once"
for n in $names; do
    eval "pid=\$pid_$n before=\$before_$n"
    now=$(cpu "$pid")
    printf '%-14s %7d us a sample %7d ms CPU in 1,000 samples %6d kB resident (most %d)\n' "$n" \
        $(((now - before) * INTERVAL / SECONDS_)) $(((now - before) * INTERVAL / SECONDS_)) "$(rss "$pid")" "$(peak "$pid")"
done
for n in sadc node_exporter; do case " $names " in *" $n "*) ;; *) echo "skipped: $n is not installed" ;; esac; done
ls -l "$work"/m.db* | awk '{ s += $5 } END { print s, "bytes of store with its log" }'
