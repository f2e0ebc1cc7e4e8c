/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/near.h"

#include "rightsize/buffer.h"

#include <string.h>

#define LONGEST 48 /* of a name that is compared; the longest type's is 30 */
#define NAMES 3

size_t rs_near_distance(const char *a, const char *b)
{
    size_t row[LONGEST + 1], n = strnlen(a, LONGEST), m = strnlen(b, LONGEST);
    for (size_t j = 0; j <= m; j++) {
        row[j] = j;
    }
    for (size_t i = 1; i <= n; i++) {
        size_t diagonal = row[0];
        row[0] = i;
        for (size_t j = 1; j <= m; j++) {
            size_t change = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
            size_t least = row[j] < row[j - 1] ? row[j] + 1 : row[j - 1] + 1;
            diagonal = row[j];
            row[j] = change < least ? change : least;
        }
    }
    return row[m];
}

struct near {
    const char *type;
    size_t distance;
};

static void insert(struct near nearest[static NAMES], struct near one)
{
    for (size_t i = 0; i < NAMES; i++) {
        if (nearest[i].type == NULL || one.distance < nearest[i].distance) {
            memmove(&nearest[i + 1], &nearest[i], (NAMES - 1 - i) * sizeof(nearest[0]));
            nearest[i] = one;
            return;
        }
    }
}

enum rs_status rs_type_find(const struct rs_catalog *catalog, const char *type,
                            const struct rs_offer **out, struct rs_error *err)
{
    const struct rs_catalog_info *info = rs_catalog_info(catalog);
    *out = rs_catalog_find(catalog, type);
    if (*out != NULL) {
        return RS_OK;
    }
    struct near nearest[NAMES + 1] = {{NULL, 0}};
    for (size_t i = 0; i < rs_catalog_count(catalog); i++) { /* by name: ties keep that order */
        const char *name = rs_catalog_at(catalog, i)->type;
        insert(nearest, (struct near){name, rs_near_distance(type, name)});
    }
    struct rs_buffer names;
    rs_buffer_init(&names);
    for (size_t i = 0; i < NAMES && nearest[i].type != NULL; i++) {
        rs_buffer_printf(&names, "%s%s", i == 0 ? "; near are " : ", ", nearest[i].type);
    }
    enum rs_status rc =
        rs_fail(err, RS_EUSAGE, "there is no type '%.64s' in the catalog of %s%.200s", type,
                info->provider, names.data);
    rs_buffer_release(&names);
    return rc;
}
