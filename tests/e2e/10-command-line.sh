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

# libcurl is loaded by what asks the network, and by nothing else.
loads() { LD_DEBUG=libs "$RIGHTSIZE" "$@" 2>&1 >/dev/null | grep -c 'calling init:.*libcurl'; }
if [ "$(loads catalog update --region us-east-2 --url http://127.0.0.1:9/ --into "$T/u")" = 1 ]; then
    same "a command without a network starts without libcurl" "0" "$(loads --db "$T/y.db" store info)"
else
    skipped "a command without a network starts without libcurl: this loader does not tell"
fi
mkdir -p "$T/lib"
if echo 'int nothing;' | ${CC:-cc} -shared -fPIC -x c -o "$T/lib/libcurl.so.4" - 2>"$T/err"; then
    LD_LIBRARY_PATH=$T/lib "$RIGHTSIZE" catalog update --region us-east-2 --into "$T/u" >"$T/out" 2>"$T/err"
    same "a libcurl that lacks a function is said" "1 rightsize: libcurl.so.4 has no curl_global_init: it is too old" "$? $(tail -1 "$T/err")"
    echo no >"$T/lib/libcurl.so.4"
    LD_LIBRARY_PATH=$T/lib "$RIGHTSIZE" catalog update --region us-east-2 --into "$T/u" >"$T/out" 2>"$T/err"
    same "a libcurl that cannot be loaded is said" "1 1" "$? $(grep -c 'libcurl cannot be loaded (is libcurl4 installed?)' "$T/err")"
else
    skipped "a libcurl that lacks a function is said: no compiler for one"
fi
exit $any_failed
