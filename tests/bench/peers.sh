# Installs the peers that are missing: peers.sh FOLDER; DuckDB goes into FOLDER/node through npm, the
# others through apt-get. DEPS=no installs nothing and says what is missing.
set -u
folder=$1
pandas() { python3 -c 'import pandas' 2>/dev/null || /usr/bin/python3 -c 'import pandas' 2>/dev/null; }
missing=
command -v python3 >/dev/null 2>&1 || missing="$missing python3"
command -v sqlite3 >/dev/null 2>&1 || missing="$missing sqlite3"
command -v jq >/dev/null 2>&1 || missing="$missing jq"
command -v npm >/dev/null 2>&1 || missing="$missing npm"
pandas || missing="$missing python3-numpy python3-pandas"
[ -x /usr/lib/sysstat/sadc ] || [ -x /usr/lib/sa/sadc ] || [ -x /usr/lib64/sa/sadc ] || missing="$missing sysstat"
command -v valgrind >/dev/null 2>&1 || missing="$missing valgrind"
duck=
[ -d "$folder/node/node_modules/@duckdb/node-api" ] || duck=@duckdb/node-api

if [ -z "$missing$duck" ]; then
    echo "all peers are installed"
    exit 0
fi
if [ "${DEPS:-yes}" = no ]; then
    echo "missing peers (DEPS=no, nothing is installed):$missing $duck"
    exit 0
fi
bad=0
if [ -n "$missing" ]; then
    as_root=
    [ "$(id -u)" = 0 ] || as_root=sudo
    echo "installing through apt-get:$missing"
    $as_root apt-get update -q >/dev/null 2>&1
    $as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends $missing >/dev/null || bad=1
fi
if [ -n "$duck" ]; then
    echo "installing through npm into $folder/node: $duck"
    mkdir -p "$folder/node"
    npm install --silent --no-audit --no-fund --prefix "$folder/node" "$duck" || bad=1
fi
exit $bad
