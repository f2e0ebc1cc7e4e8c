/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/catalogs.h"

#include "rightsize/text.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define MAX_CATALOGS 256 /* providers x regions of one run; there are fewer in the world */

struct slot {
    char *provider, *region;
    struct rs_catalog *catalog; /* NULL: looked for, not there */
};

struct rs_catalogs {
    struct rs_buffer folder;
    struct slot slots[MAX_CATALOGS];
    size_t count;
};

/* "<folder of the program>/<relative>" when an index lies there: a build tree, or any prefix. */
static bool beside_program(const char *relative, struct rs_buffer *out)
{
    char self[4096];
    ssize_t n = readlink("/proc/self/exe", self, sizeof(self) - 1);
    if (n <= 0) {
        return false;
    }
    self[n] = '\0';
    char *slash = strrchr(self, '/');
    if (slash == NULL) {
        return false;
    }
    *slash = '\0';
    rs_buffer_clear(out);
    rs_buffer_printf(out, "%s/%s", self, relative);
    size_t length = out->length;
    rs_buffer_text(out, "/index.json");
    bool there = access(out->data, R_OK) == 0;
    out->length = length;
    out->data[length] = '\0';
    return there;
}

enum rs_status rs_catalogs_folder(const struct rs_context *context, struct rs_buffer *out,
                                  struct rs_error *err)
{
    const char *asked =
        context->globals.catalog != NULL ? context->globals.catalog : getenv("RIGHTSIZE_CATALOG");
    if (asked != NULL && *asked != '\0') {
        rs_buffer_text(out, asked);
    } else if (!beside_program("../share/rightsize/catalog", out) &&
               !beside_program("../catalog", out)) {
        rs_buffer_clear(out);
        rs_buffer_text(out, RS_CATALOG_DIR);
    }
    return rs_buffer_status(out, err);
}

enum rs_status rs_catalogs_open(const struct rs_context *context, struct rs_catalogs **out,
                                struct rs_error *err)
{
    struct rs_catalogs *c = calloc(1, sizeof(*c));
    if (c == NULL) {
        return rs_fail(err, RS_ENOMEM, "out of memory");
    }
    rs_buffer_init(&c->folder);
    enum rs_status rc = rs_catalogs_folder(context, &c->folder, err);
    if (rc != RS_OK) {
        rs_catalogs_close(c);
        return rc;
    }
    *out = c;
    return RS_OK;
}

void rs_catalogs_close(struct rs_catalogs *c)
{
    if (c == NULL) {
        return;
    }
    for (size_t i = 0; i < c->count; i++) {
        free(c->slots[i].provider);
        free(c->slots[i].region);
        rs_catalog_free(c->slots[i].catalog);
    }
    rs_buffer_release(&c->folder);
    free(c);
}

static enum rs_status load_slot(struct rs_catalogs *c, const char *provider, const char *region,
                                struct rs_error *err)
{
    if (c->count == MAX_CATALOGS) {
        return rs_fail(err, RS_EINPUT, "more than %d regions in one run", MAX_CATALOGS);
    }
    struct slot *slot = &c->slots[c->count];
    *slot = (struct slot){NULL, NULL, NULL};
    enum rs_status rc = rs_text_copy(provider, &slot->provider, err);
    if (rc == RS_OK) {
        rc = rs_text_copy(region, &slot->region, err);
    }
    if (rc == RS_OK) {
        rc = rs_catalog_load(c->folder.data, provider, region, &slot->catalog, err);
        if (rc == RS_ENODATA) { /* an answer: the resource is reported as not in the catalog */
            slot->catalog = NULL;
            rc = RS_OK;
        }
    }
    if (rc != RS_OK) {
        free(slot->provider);
        free(slot->region);
        return rc;
    }
    c->count++;
    return RS_OK;
}

enum rs_status rs_catalogs_get(struct rs_catalogs *c, const char *provider, const char *region,
                               const struct rs_catalog **out, struct rs_error *err)
{
    *out = NULL;
    if (provider == NULL || region == NULL) {
        return RS_OK;
    }
    for (size_t i = 0; i < c->count; i++) {
        if (strcmp(c->slots[i].provider, provider) == 0 &&
            strcmp(c->slots[i].region, region) == 0) {
            *out = c->slots[i].catalog;
            return RS_OK;
        }
    }
    enum rs_status rc = load_slot(c, provider, region, err);
    if (rc == RS_OK) {
        *out = c->slots[c->count - 1].catalog;
    }
    return rc;
}
