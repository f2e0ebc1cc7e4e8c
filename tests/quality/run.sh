# Scores rightsize on real machines beside every peer: run.sh [PROTOCOL...]; needs the harness and the
# traces, which are not part of the project: RSBENCH names the harness's folder (protocols.sh in it).
set -eu
harness=${RSBENCH:-}
if [ -z "$harness" ] || [ ! -x "$harness/protocols.sh" ] && [ ! -r "$harness/protocols.sh" ]; then
    echo "skipped: set RSBENCH to the folder of the evaluation harness (protocols.sh)"
    exit 0
fi
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
export RIGHTSIZE="$root/${BUILD:-build}/rightsize" RIGHTSIZE_CATALOG="$root/catalog"
export PYTHONDONTWRITEBYTECODE=1
for preset in ${PRESETS:-balanced savings performance}; do
    echo "== $preset"
    RIGHTSIZE_POLICY=$preset sh "$harness/protocols.sh" "$root/${BUILD:-build}/quality/$preset" "$here/answer" "$@"
done
