#!/bin/sh
# The architecture as a test: includes go only down the ladder of src/ladder.txt, a third-party
# header lives in one room, headers form no circle, and only the command line prints or exits.
set -u
edges=$(mktemp) || exit 1
trap 'rm -f "$edges"' EXIT
find src include -name '*.[ch]' -exec grep -Hn '^ *# *include' {} + | awk -F: -v edges="$edges" '
    BEGIN {
        while ((getline line < "src/ladder.txt") > 0) {
            if (line ~ /^#/) continue
            cut = index(line, ":")
            n = split(substr(line, 1, cut - 1), left, " ")
            for (i = 2; i <= n; i++) room_of[left[i]] = left[1]
            m = split(substr(line, cut + 1), right, " ")
            for (i = 1; i <= m; i++) may[left[1], right[i]] = 1
            may[left[1], left[1]] = 1
        }
        home["sqlite3.h"] = "store"; home["gsl"] = "stats"; home["cjson"] = "base"
        home["zlib.h"] = "base"; home["libsmartcols"] = "report"; home["curl"] = "net"
        home["expat.h"] = "cloud"
    }
    {
        file = $1; name = $3
        gsub(/^ *# *include *["<]|[">].*$/, "", name)
        module = file; sub(/.*\//, "", module); sub(/\.[ch]$/, "", module)
        if (file ~ /^include\//) room = room_of[module]
        else { split(file, path, "/"); room = path[2] }
        if (room == "") { print file ": its module is in no room of src/ladder.txt"; bad = 1; next }
        split(name, part, "/")
        if (part[1] == "rightsize") {
            target = part[2]; sub(/\.h$/, "", target)
            if (!((room, room_of[target]) in may)) { print file ":" $2 ": room " room " may not include " name; bad = 1 }
            if (file ~ /\.h$/ && target != module) print module, target > edges
        } else if ((part[1] in home) && home[part[1]] != room) {
            print file ":" $2 ": " name " belongs to room " home[part[1]]; bad = 1
        } else if (part[2] ~ /\.h$/ && (part[1], part[1]) in may && part[1] != room) {
            print file ":" $2 ": " name " is private to room " part[1]; bad = 1
        }
    }
    END { exit bad }' || exit 1
tsort "$edges" >/dev/null || { echo "public headers include each other in a circle"; exit 1; }

find src -name '*.c' ! -path 'src/cli/*' -exec grep -HnE '(^|[^a-z_])(printf|fprintf|puts|perror|exit|abort)\(' {} + &&
    { echo "only src/cli may print or exit"; exit 1; }
find src samples -name '*.c' -exec grep -HnE '(^|[^a-z_])(atoi|atol|strcpy|strcat|sprintf|strtok|gmtime|localtime|mktime|gets|tmpnam)\(' {} + &&
    { echo "use number.h, buffer.h or when.h instead"; exit 1; }
find src -name '*.c' -exec grep -HnE 'setlocale *\((LC_ALL|LC_NUMERIC)' {} + &&
    { echo "numbers stay in the C locale: only LC_CTYPE may be set"; exit 1; }
exit 0
