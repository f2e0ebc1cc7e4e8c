# Runs unit programs and end-to-end scripts and counts: run.sh PROGRAM... SCRIPT.sh...
# A unit program prints cmocka's closing lines; a script prints "ok NAME", "FAILED NAME" or
# "skipped NAME: why" a case. BUILD names the build folder, WRAP stands before unit programs.
set -u
passed=0 failed=0 skipped=0
log=$(mktemp) || exit 1
trap 'rm -f "$log"' EXIT

count() { grep -c "$1" "$log" || true; }

for t; do
    case $t in
    *.sh)
        sh "$t" >"$log" 2>&1; code=$?
        p=$(count '^ok ') f=$(count '^FAILED ') s=$(count '^skipped ')
        [ "$code" = 0 ] || [ "$f" != 0 ] || f=1
        ;;
    *)
        ${WRAP:-} "./$t" >"$log" 2>&1; code=$?
        p=$(sed -n 's/^\[  PASSED  \] \([0-9]*\) test(s).*/\1/p' "$log")
        f=$(sed -n 's/^ *\([0-9]*\) FAILED TEST(S)$/\1/p;s/^\[  FAILED  \] [a-z_]*: \([0-9]*\) test(s).*/\1/p' "$log" | head -1)
        s=$(sed -n 's/^\[  SKIPPED \] [a-z_]*: \([0-9]*\) test(s).*/\1/p' "$log" | head -1)
        [ "$code" = 0 ] || [ "${f:-0}" != 0 ] || f=1
        ;;
    esac
    passed=$((passed + ${p:-0})) failed=$((failed + ${f:-0})) skipped=$((skipped + ${s:-0}))
    if [ "${f:-0}" != 0 ]; then
        echo "  FAIL	$t"
        grep -vE '^\[ (RUN|      OK)|^ok ' "$log" | head -60
    else
        echo "  PASS	$t (${p:-0})"
        grep '^skipped ' "$log"
    fi
done
echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" = 0 ]
