/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "source/owners.h"

#include <stdlib.h>
#include <string.h>

void rs_owners_release(struct rs_owners *owners)
{
    rs_names_release(&owners->names);
    free(owners->series);
    owners->series = NULL;
    owners->capacity = 0;
}

enum rs_status rs_owners_find(struct rs_owners *owners, const char *name,
                              struct rs_held_series ***out, struct rs_error *err)
{
    size_t number = 0, width = owners->width;
    if (rs_names_find(&owners->names, name, &number)) {
        *out = owners->series + number * width;
        return RS_OK;
    }
    size_t need = (owners->names.count + 1) * width;
    if (need > RS_OWNERS_SERIES) {
        memset(owners->forgotten, 0, width * sizeof(owners->forgotten[0]));
        *out = owners->forgotten;
        return RS_OK;
    }
    enum rs_status rc =
        rs_array_reserve(&owners->series, &owners->capacity, need, sizeof(owners->series[0]), err);
    if (rc == RS_OK) {
        rc = rs_names_intern(&owners->names, name, &number, NULL, err);
    }
    if (rc != RS_OK) {
        return rc;
    }
    *out = owners->series + number * width;
    memset(*out, 0, width * sizeof(owners->series[0]));
    return RS_OK;
}
