# Writes C that holds the migrations FILE... in order: embed.sh schema/001_init.sql ...
set -eu
echo '#include <stddef.h>'
echo 'struct rs_migration { const unsigned char *sql; size_t length; };'
echo 'extern const struct rs_migration rs_migrations[]; extern const size_t rs_migration_count;'
n=0
for file; do
    n=$((n + 1))
    echo "static const unsigned char sql_$n[] = {"
    od -An -v -tu1 "$file" | sed 's/[0-9][0-9]*/&,/g'
    echo '0};'
done
echo 'const struct rs_migration rs_migrations[] = {'
i=0
while [ $i -lt $n ]; do i=$((i + 1)); echo "{sql_$i, sizeof(sql_$i) - 1},"; done
echo '};'
echo "const size_t rs_migration_count = $n;"
