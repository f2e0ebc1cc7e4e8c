# Runs unit programs and end-to-end scripts, JOBS of them at once, and counts:
#   run.sh PROGRAM... SCRIPT.sh...
# A unit program prints cmocka's closing lines; a script prints "ok NAME", "FAILED NAME" or
# "skipped NAME: why" a case. BUILD names the build folder, WRAP stands before unit programs.
set -u
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
export work

number=0
for t; do
    number=$((number + 1))
    echo "$number $t"
done | xargs -n 2 -P "${JOBS:-3}" sh -c '
    case $1 in
    *.sh) sh "$1" >"$work/$0" 2>&1 ;;
    *) ${WRAP:-} "./$1" >"$work/$0" 2>&1 ;;
    esac
    echo $? >"$work/$0.code"'

count() { grep -c "$1" "$log" || true; }

passed=0 failed=0 skipped=0 number=0
for t; do
    number=$((number + 1))
    log=$work/$number code=$(cat "$work/$number.code" 2>/dev/null || echo 99)
    case $t in
    *.sh) p=$(count '^ok ') f=$(count '^FAILED ') s=$(count '^skipped ') ;;
    *)
        p=$(sed -n 's/^\[  PASSED  \] \([0-9]*\) test(s).*/\1/p' "$log")
        f=$(sed -n 's/^ *\([0-9]*\) FAILED TEST(S)$/\1/p;s/^\[  FAILED  \] [a-z_]*: \([0-9]*\) test(s).*/\1/p' "$log" | head -1)
        s=$(sed -n 's/^\[  SKIPPED \] [a-z_]*: \([0-9]*\) test(s).*/\1/p' "$log" | head -1)
        ;;
    esac
    [ "$code" = 0 ] || [ "${f:-0}" != 0 ] || f=1
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
