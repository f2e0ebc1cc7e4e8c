# What the end-to-end scripts share: a temporary folder, the program, and how a case is told.
# A script sources it, then says `ok NAME`, `failed NAME`, `skipped NAME: why` a case.
set -u
ROOT=$(cd "$(dirname "$0")/../.." && pwd)
RIGHTSIZE=$ROOT/${BUILD:-build}/rightsize
FLEET=$ROOT/${BUILD:-build}/fleet
FIXTURES=$ROOT/tests/fixtures
GOLDEN_DIR=$ROOT/tests/golden
T=$(mktemp -d) || exit 1
trap 'chmod -R u+rwx "$T" 2>/dev/null; rm -rf "$T"' EXIT
export RIGHTSIZE_DB=$T/metrics.db RIGHTSIZE_CATALOG=$ROOT/catalog RIGHTSIZE_POLICY_FILE=
export COLUMNS=100 LC_ALL=C.UTF-8 TZ=UTC NO_COLOR=1
NOW=2026-11-16T06:00:00Z
code=0
any_failed=0

ok() { echo "ok $1"; }
failed() { echo "FAILED $1"; any_failed=1; }
skipped() { echo "skipped $1"; }

# run ARGS...: the program; stdout in $T/out, stderr in $T/err, exit status in $code.
run() {
    code=0
    "$RIGHTSIZE" "$@" >"$T/out" 2>"$T/err" || code=$?
}

show() { sed 's/^/    /' "$T/out" "$T/err" | head -40; }

# expect NAME CODE ARGS...: run and compare the exit status.
expect() {
    name=$1 want=$2
    shift 2
    run "$@"
    if [ "$code" = "$want" ]; then ok "$name"; else
        failed "$name"
        echo "    exit $code instead of $want: rightsize $*"
        show
    fi
}

# says NAME CODE PATTERN ARGS...: also, stderr is one line and matches the pattern.
says() {
    name=$1 want=$2 pattern=$3
    shift 3
    run "$@"
    if [ "$code" = "$want" ] && grep -qE "$pattern" "$T/err" && [ "$(wc -l <"$T/err")" = 1 ]; then ok "$name"; else
        failed "$name"
        echo "    exit $code (wanted $want); stderr must be one line like: $pattern"
        show
    fi
}

# golden NAME FILE: $T/out, with the temporary folder's name taken out, equals tests/golden/FILE.
golden() {
    sed "s#$T#TMP#g; s#$ROOT#ROOT#g" "$T/out" >"$T/got"
    if [ "${GOLDEN:-}" = write ]; then
        mkdir -p "$(dirname "$GOLDEN_DIR/$2")"
        cp "$T/got" "$GOLDEN_DIR/$2"
    fi
    if diff -u "$GOLDEN_DIR/$2" "$T/got" >"$T/diff" 2>&1; then ok "$1"; else
        failed "$1"
        head -40 "$T/diff"
    fi
}

# same NAME A B: two texts are equal.
same() {
    if [ "$2" = "$3" ]; then ok "$1"; else
        failed "$1"
        printf '    %s\n    is not\n    %s\n' "$2" "$3"
    fi
}

sql() { "$RIGHTSIZE" sql "$@"; }
python() { if python3 -c "import $1" 2>/dev/null; then echo python3; elif /usr/bin/python3 -c "import $1" 2>/dev/null; then echo /usr/bin/python3; fi; }
