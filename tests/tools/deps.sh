# Installs what is missing through the system's package manager: deps.sh build|test
# DEPS=no installs nothing and says what would have been needed.
set -u
case $1 in
build) wanted="gcc:gcc make:make pkg-config:pkg-config libcjson:libcjson-dev sqlite3:libsqlite3-dev gsl:libgsl-dev zlib:zlib1g-dev smartcols:libsmartcols-dev libcurl:libcurl4-openssl-dev expat:libexpat1-dev" ;;
test) wanted="gcc:gcc make:make pkg-config:pkg-config libcjson:libcjson-dev sqlite3:libsqlite3-dev gsl:libgsl-dev zlib:zlib1g-dev smartcols:libsmartcols-dev libcurl:libcurl4-openssl-dev expat:libexpat1-dev
    clang:clang +cmocka:libcmocka-dev sqlite3(:sqlite3 python3:python3 jsonschema(:python3-jsonschema mandoc:mandoc jq:jq" ;;
*) echo "usage: deps.sh build|test" >&2; exit 2 ;;
esac

present() {
    case $1 in
    gcc | make | pkg-config | clang | python3 | mandoc | jq) command -v "$1" >/dev/null 2>&1 ;;
    'sqlite3(') command -v sqlite3 >/dev/null 2>&1 ;;
    'jsonschema(') python3 -c 'import jsonschema' >/dev/null 2>&1 || /usr/bin/python3 -c 'import jsonschema' >/dev/null 2>&1 ;;
    +*) pkg-config --exists "${1#+}" 2>/dev/null ;;
    *) pkg-config --exists "$1" 2>/dev/null ;;
    esac
}

missing=
for pair in $wanted; do
    present "${pair%%:*}" || missing="$missing ${pair#*:}"
done
[ -n "$missing" ] || exit 0

if [ "${DEPS:-yes}" = no ]; then
    echo "missing packages (DEPS=no, nothing is installed):$missing" >&2
    exit 0
fi
if ! command -v apt-get >/dev/null 2>&1; then
    echo "missing packages:$missing" >&2
    echo "apt-get is not here: install them, or their like, with your package manager" >&2
    exit 1
fi
as_root=
[ "$(id -u)" = 0 ] || as_root=sudo
echo "installing through apt-get:$missing"
$as_root apt-get update -q >/dev/null 2>&1 || echo "apt-get update failed; trying with the lists there are" >&2
log=$(mktemp)
if ! $as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends $missing >"$log" 2>&1; then
    tail -20 "$log" >&2
    rm -f "$log"
    exit 1
fi
rm -f "$log"
