# The fuzz corpora, replayed by the same targets that look for more.
. "$(dirname "$0")/lib.sh"
for target in "$ROOT"/tests/fuzz/fuzz_*.c; do
    name=$(basename "$target" .c)
    if "$ROOT/${BUILD:-build}/$name" "$ROOT/tests/fuzz/corpus/${name#fuzz_}"/* >"$T/out" 2>&1; then ok "$name"; else
        failed "$name"
        tail -5 "$T/out"
    fi
done
exit $any_failed
