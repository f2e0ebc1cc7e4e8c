# The documents agree with the program: manual page, help, README.
. "$(dirname "$0")/lib.sh"
MAN=$ROOT/src/man/rightsize.1

if command -v mandoc >/dev/null 2>&1; then
    same "the manual page is clean" "" "$(mandoc -T lint -W warning "$MAN" 2>&1)"
    mandoc -T utf8 "$MAN" | sed 's/.\x08//g' >"$T/man.txt"
else
    skipped "the manual page is clean: mandoc is not here"
    sed 's/^\.It Fl //' "$MAN" >"$T/man.txt"
fi
sed -n 's/^\.Ss \([a-z][a-z-]*\).*/\1/p' "$MAN" | sort >"$T/man.commands"
"$RIGHTSIZE" help | sed -n '/^commands:/,/^$/s/^  \([a-z-]*\) .*/\1/p' | sort >"$T/help.commands"
same "the manual page has every command and no other" "$(cat "$T/help.commands")" "$(cat "$T/man.commands")"

# Each option of each command's help stands in the manual, and the other way round.
"$RIGHTSIZE" help >"$T/all.help"
for c in $(cat "$T/help.commands"); do "$RIGHTSIZE" help $c >>"$T/all.help"; done
sed -n 's/^  ....--\([a-z-]*\).*/\1/p' "$T/all.help" | sort -u >"$T/help.options"
grep -oE '^\.It Fl .*' "$MAN" | grep -oE -- ' -[a-z][a-z-]+' | sed 's/^ -//' | sort -u >"$T/man.options"
same "the manual page has every option and no other" "$(cat "$T/help.options")" "$(cat "$T/man.options")"

# Commands that the README shows exist, with their options.
grep -oE '(`|^|[$*&] +)rightsize( --[a-z-]+ [^ ]+)* [a-z-]+' "$ROOT/README.md" | awk '{print $NF}' | sort -u >"$T/readme.commands"
unknown=$(grep -vxFf "$T/help.commands" "$T/readme.commands" || true)
same "the README names no command that is not there" "" "$unknown"
for o in $(grep -E '^ *\$? *rightsize |^[0-9*].*rightsize ' "$ROOT/README.md" | grep -oE -- ' --[a-z-]+' | sed 's/^ --//' | sort -u); do
    grep -qx -- "$o" "$T/help.options" || { failed "the README's --$o exists"; }
done
ok "the README's options exist"

# The README's screens are what the program prints.
if BUILD=$(dirname "$RIGHTSIZE") sh "$ROOT/samples/demo.sh" >"$T/demo" 2>&1; then
    sed -n '/^```demo/,/^```$/p' "$ROOT/README.md" | sed '1d;$d' >"$T/readme.demo"
    if [ -s "$T/readme.demo" ]; then
        sed -n '/report/,/^$/p' "$T/demo" >/dev/null
        missing=$(grep -vxFf "$T/demo" "$T/readme.demo" || true)
        same "each line of the README's screen is printed by the demo" "" "$missing"
    else failed "the README shows the demo"; fi
else
    failed "the demo runs"
    tail -20 "$T/demo"
fi
exit $any_failed
