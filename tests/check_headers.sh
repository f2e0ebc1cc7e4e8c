#!/bin/sh
# Each public header compiles alone, under gcc and clang where they are, and says its licence.
set -u
bad=0
for cc in gcc clang; do
    command -v $cc >/dev/null 2>&1 || continue
    for h in include/rightsize/*.h; do
        # included, for in a file of its own clang takes an inline function for one that is not used
        echo "#include \"$h\"" | $cc -std=c11 -Wall -Wextra -Wpedantic -Werror -Iinclude -I. \
            -D_POSIX_C_SOURCE=200809L -fsyntax-only -x c - || { echo "$h does not compile alone with $cc"; bad=1; }
    done
done
for f in $(find src include tests samples schema -name '*.[ch]'); do
    head -1 "$f" | grep -q 'SPDX-License-Identifier: GPL-3.0-or-later' || { echo "$f: no SPDX line"; bad=1; }
done
exit $bad
