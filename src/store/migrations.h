/* SPDX-License-Identifier: GPL-3.0-or-later */
/* migrations.h - schema/NNN_*.sql in order, made into C by tests/tools/embed.sh. */
#ifndef STORE_MIGRATIONS_H
#define STORE_MIGRATIONS_H

#include <stddef.h>

struct rs_migration {
    const unsigned char *sql; /* NUL-terminated */
    size_t length;
};

extern const struct rs_migration rs_migrations[]; /* entry i leads to schema version i + 1 */
extern const size_t rs_migration_count;

#endif
