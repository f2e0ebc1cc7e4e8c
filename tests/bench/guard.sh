# Counts the instructions of six fixed operations with callgrind, and compares with guard.txt: a
# slow-down of more than 5 % fails. GUARD=write writes the numbers anew. Counts hold for one compiler
# and one set of libraries; where these differ, nothing is compared and that is said.
#   guard.sh [OPERATION...]   GUARD_FILE names other numbers
set -eu
here=$(cd "$(dirname "$0")" && pwd)
BUILD=${BUILD:-build} numbers=${GUARD_FILE:-$here/guard.txt} tolerance=5
operations=${*:-collect-json collect-csv collect-again export report samples}
if ! command -v valgrind >/dev/null 2>&1; then
    echo "skipped guard: valgrind is not installed"
    exit 0
fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
RIGHTSIZE_CATALOG=$here/../../catalog LC_ALL=C TZ=UTC COLUMNS=100
export RIGHTSIZE_CATALOG LC_ALL TZ COLUMNS

# What the counts depend on beside our own sources.
versions() {
    echo "cc $(${CC:-cc} -dumpfullversion) ${CFLAGS:--O3 -g} $(uname -m) valgrind $(valgrind --version)"
    grep -qw avx2 /proc/cpuinfo 2>/dev/null && echo "avx2" || echo "no avx2"
    for p in libc6 libsqlite3-0 libgsl27 libcjson1 zlib1g libsmartcols1; do
        echo "$p $(dpkg-query -W -f '${Version}' "$p" 2>/dev/null || echo unknown)"
    done
}

versions | sed 's/^/# /' >"$work/versions"
if [ "${GUARD:-}" != write ]; then
    [ -f "$numbers" ] || { echo "guard: there is no $numbers: GUARD=write make bench-guard" >&2; exit 1; }
    sed -n '/^# /p' "$numbers" >"$work/wanted"
    if ! diff "$work/wanted" "$work/versions" >"$work/diff"; then
        echo "skipped guard: other versions than those of ${numbers##*/}, whose counts do not hold here"
        grep '^[<>]' "$work/diff"
        exit 0
    fi
fi

fleet() { "$BUILD/fleet" --kind mixed --seed 7 --instances "$1" --days "$2" --format "$3" -o "$work/$4"; }
fleet 10 2 gmd week.json
fleet 10 3 csv week.csv
fleet 10 2 inventory inventory-2026-11-16.json

one=
"$BUILD/rightsize" help 2>/dev/null | grep -q -e --threads && one="--threads 1"
program() { # DATABASE ARGS...
    db=$1
    shift
    echo "$BUILD/rightsize --quiet --db $work/$db --now 2026-11-16T06:00:00Z $one $*"
}
plain() { $(program "$@") >/dev/null 2>"$work/err" || { tail -5 "$work/err" >&2; exit 1; }; }
count() { # NAME DATABASE ARGS...
    name=$1
    shift
    valgrind --tool=callgrind --callgrind-out-file=/dev/null $(program "$@") >"$work/out" 2>"$work/err" || {
        echo "guard: $name failed" >&2
        tail -5 "$work/err" >&2
        exit 1
    }
    echo "$name $(sed -n 's/^==[0-9]*== Collected : *\([0-9]*\)$/\1/p' "$work/err")" >>"$work/counts"
}

plain again.db collect "$work/week.json" "$work/inventory-2026-11-16.json"
plain demo.db collect "$here/../../samples/demo"
for operation in $operations; do
    case $operation in
    collect-json) count collect-json json.db collect "$work/week.json" ;;
    collect-csv) count collect-csv csv.db collect "$work/week.csv" ;;
    collect-again) count collect-again again.db collect "$work/week.json" ;;
    export) count export again.db export ;;
    report) count report demo.db report ;;
    samples) count samples again.db export --samples -o csv ;;
    *) echo "guard: no operation '$operation'" >&2; exit 2 ;;
    esac
done

if [ "${GUARD:-}" = write ]; then
    cat "$work/versions" "$work/counts" >"$numbers"
    cat "$numbers"
    exit 0
fi
awk -v tolerance=$tolerance 'NR == FNR { if ($1 != "#") want[$1] = $2; next }
    {
        change = $1 in want ? ($2 / want[$1] - 1) * 100 : 0
        bad = !($1 in want) || change > tolerance
        word = bad ? "FAILED" : "ok"
        printf "%s guard %s: %.1f M instructions, %+.1f %%\n", word, $1, $2 / 1e6, change
        if (!($1 in want)) print "    it is not in the file: GUARD=write make bench-guard"
        if (change < -tolerance) print "    faster: keep it so by GUARD=write make bench-guard"
        failed += bad
    }
    END { exit failed > 0 }' "$numbers" "$work/counts"
