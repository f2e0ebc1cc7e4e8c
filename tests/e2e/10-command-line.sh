# The command line: help, version, exit codes, wrong options.
. "$(dirname "$0")/lib.sh"

expect "help is an answer" 0 help
golden "help is as recorded" cli/help.txt
for c in collect queries report export explain catalog policy store sql help; do
    expect "help $c" 0 help $c
    cp "$T/out" "$T/by-name"
    run $c --help
    same "$c --help says the same" "$(cat "$T/by-name")" "$(cat "$T/out")"
done
expect "no command shows the overview" 0
run --version
same "version's first line" "$(sed -n 's/^VERSION *:= */rightsize /p' "$ROOT/Makefile")" "$(head -1 "$T/out")"
says "an unknown command is refused" 2 "'frobnicate' is not a command" frobnicate
says "an unknown option is refused" 2 "'--nosuch' is not an option" report --nosuch
says "a missing value is refused" 2 "needs FORMAT" report -o
says "a value for a flag is refused" 2 "takes no value" report --quiet=yes
says "a wrong clock is refused" 2 "^rightsize: --now" report --now yesterday
says "too many operands are refused" 2 "usage: rightsize report" report x
says "a wrong colour is refused" 2 "'red' is not auto" report --color red
says "no store is said with its path" 3 "metrics.db.*no such file|does not exist" report
"$RIGHTSIZE" --db "$T/x" help >/dev/full 2>"$T/err"
same "a full device is not success" "1" "$?"
env -u HOME -u XDG_STATE_HOME -u RIGHTSIZE_DB "$RIGHTSIZE" store info >"$T/out" 2>"$T/err"
same "without a home the store must be named" "2" "$?"
printf '' >"$T/none.json"
run --db "$T/y.db" collect "$T/none.json"
says "a wrong format is refused" 2 "'yaml' is not table" --db "$T/y.db" report -o yaml
exit $any_failed
