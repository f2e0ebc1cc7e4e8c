#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# make-samples.sh - write the demo fleet's files anew, the same bytes every time.
# Usage: sh samples/make-samples.sh [DIR]; BUILD names the build folder (build).
set -eu
here=$(dirname "$0")
folder=${1:-$here/demo}
fleet=${BUILD:-$here/../build}/fleet
if [ ! -x "$fleet" ]; then
    echo "make-samples.sh: '$fleet' is missing, run 'make compile' first" >&2
    exit 1
fi
rm -f "$folder"/*.gz
"$fleet" --kind demo --write "$folder"
gzip -n -9 "$folder"/*.json "$folder"/*.ndjson "$folder"/*.csv
