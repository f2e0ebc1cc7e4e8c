# The benchmark's own parts on a tiny fleet: it measures, compares every peer that is here, and says
# which are not; and the guard counts one operation and knows a slow-down.
. "$(dirname "$0")/lib.sh"
BENCH=$ROOT/tests/bench
if command -v python3 >/dev/null 2>&1; then
    code=0
    BENCH_DIR=$T/bench python3 -B "$BENCH/run.py" --selftest "$ROOT/${BUILD:-build}" >"$T/out" 2>"$T/err" || code=$?
    same "the benchmark runs on a tiny fleet" 0 $code
    [ $code = 0 ] || show
    for words in 'rightsize --version' 'DuckDB' 'sqlite3 .import' 'pandas' 'bytes' 'peak memory'; do
        if grep -q "$words" "$T/out"; then ok "its table has $words"; else failed "its table has $words"; fi
    done
    python3 -c 'import json, sys; json.load(open(sys.argv[1]))["rows"][0]' "$T/bench/bench.json" 2>"$T/err"
    same "its figures are JSON too" 0 $?
    printf 'i-1,cpu_percent,avg,0.5,2\n' >"$T/peer.csv"
    cat >"$T/ours.json" <<'J'
{"recommendations": [{"resource": {"id": "i-1"}, "demand": {"cpu": {"known": true, "metric": "cpu_percent", "statistic": "avg", "percentile": 50, "used": 0.04, "capacity": 2}}}]}
J
    python3 -B "$BENCH/check.py" quantiles "$T/peer.csv" "$T/ours.json" >"$T/out" 2>"$T/err"
    same "equal quantiles are equal" 0 $?
    sed 's/,2$/,2.0000001/' "$T/peer.csv" >"$T/other.csv"
    python3 -B "$BENCH/check.py" quantiles "$T/other.csv" "$T/ours.json" >"$T/out" 2>"$T/err"
    same "other quantiles void the run" 1 $?
else
    skipped "bench: python3 is not installed"
fi
if command -v valgrind >/dev/null 2>&1 && [ "${BUILD:-build}" = build ]; then
    guard() { (cd "$ROOT" && GUARD_FILE=$T/guard.txt sh tests/bench/guard.sh collect-again >"$T/out" 2>&1); }
    GUARD=write guard
    guard
    same "the guard passes what it has just written" 0 $?
    sed -i 's/^\(collect-again\) .*/\1 1000000/' "$T/guard.txt"
    guard
    same "the guard fails a slow-down" 1 $?
    sed -i 's/^# cc .*/# cc 0/' "$T/guard.txt"
    guard
    if grep -q '^skipped guard: other versions' "$T/out"; then ok "the guard compares like with like"; else failed "the guard compares like with like"; show; fi
else
    skipped "guard: valgrind is not installed, or another build"
fi
exit $any_failed
