# The unit programs and the main job under valgrind: valgrind.sh PROGRAM...
set -u
command -v valgrind >/dev/null 2>&1 || { echo "valgrind is not installed"; exit 1; }
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
bad=0
check() {
    if valgrind -q --error-exitcode=99 --leak-check=full --show-leak-kinds=definite \
        --errors-for-leak-kinds=definite --child-silent-after-fork=yes "$@" >"$work/out" 2>"$work/err"; then
        echo "  PASS	$(basename "$1") ${2:-}"
    else
        echo "  FAIL	$*"
        grep -E '^==' "$work/err" | head -20
        bad=1
    fi
}
for t; do
    case $t in
    */test_aws_credentials) continue ;; # it reads exit codes of children, which valgrind makes 99
    */test_number) continue ;; # valgrind has no 80-bit long double, which the C library's printf uses
    esac
    check "./$t"
done
RIGHTSIZE_DB=$work/m.db RIGHTSIZE_CATALOG=catalog
export RIGHTSIZE_DB RIGHTSIZE_CATALOG
now="--now 2026-11-16T06:00:00Z"
check "$BUILD/rightsize" collect --quiet $now samples/demo
for job in "report $now" "report -o wide $now" "export $now" "export -o csv $now" "export --samples --since 1d" "explain orders-db $now" \
    "store check" "store info" "catalog show m5.large" "policy show" "help"; do
    check "$BUILD/rightsize" $job
done
check "$BUILD/rightsize" sql "SELECT count(*), sum(value) FROM samples"
exit $bad
