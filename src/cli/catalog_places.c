/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/catalog_places.h"

#include "cli/catalogs.h"
#include "rightsize/text.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static bool has_index(const char *folder)
{
    struct rs_buffer path;
    rs_buffer_init(&path);
    rs_buffer_printf(&path, "%s/index.json", folder);
    bool there = access(path.data, R_OK) == 0;
    rs_buffer_release(&path);
    return there;
}

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
    return has_index(out->data);
}

enum rs_status rs_catalogs_user_folder(struct rs_buffer *out, struct rs_error *err)
{
    const char *data = getenv("XDG_DATA_HOME"), *home = getenv("HOME");
    if (data != NULL && *data == '/') { /* the XDG rules: a relative path is ignored */
        rs_buffer_printf(out, "%s/rightsize/catalog", data);
    } else if (home != NULL && *home == '/') {
        rs_buffer_printf(out, "%s/.local/share/rightsize/catalog", home);
    } else {
        return rs_fail(err, RS_EUSAGE, "HOME is not set; use --into DIR");
    }
    return rs_buffer_status(out, err);
}

static enum rs_status too_many(struct rs_error *err)
{
    return rs_fail(err, RS_EUSAGE, "more than %d catalogs are named", RS_PLACES_MAX);
}

static enum rs_status add_folder(struct rs_catalog_places *p, const char *path,
                                 struct rs_error *err)
{
    if (p->folder_count == RS_PLACES_MAX) {
        return too_many(err);
    }
    enum rs_status rc = rs_text_copy(path, &p->folders[p->folder_count], err);
    p->folder_count += rc == RS_OK ? 1 : 0;
    return rc;
}

static enum rs_status add_provider(struct rs_catalog_places *p, const char *name,
                                   struct rs_error *err)
{
    for (size_t i = 0; i < p->provider_count; i++) {
        if (strcmp(p->providers[i], name) == 0) {
            return RS_OK;
        }
    }
    if (p->provider_count == RS_PLACES_MAX) {
        return too_many(err);
    }
    p->providers[p->provider_count++] = name;
    return RS_OK;
}

static enum rs_status add_file(struct rs_catalog_places *p, const char *path, struct rs_error *err)
{
    if (p->file_count == RS_PLACES_MAX) {
        return too_many(err);
    }
    enum rs_status rc = rs_catalog_load_file(path, &p->files[p->file_count], err);
    if (rc == RS_OK) {
        rc = add_provider(p, rs_catalog_info(p->files[p->file_count++])->provider, err);
    }
    return rc;
}

static enum rs_status add_name(struct rs_catalog_places *p, const char *name, struct rs_error *err)
{
    if (p->name_count == RS_PLACES_MAX) {
        return too_many(err);
    }
    enum rs_status rc = rs_text_copy(name, &p->names[p->name_count], err);
    return rc == RS_OK ? add_provider(p, p->names[p->name_count++], err) : rc;
}

static enum rs_status add_item(struct rs_catalog_places *p, const char *item, bool folders_only,
                               struct rs_error *err)
{
    struct stat st;
    bool there = stat(item, &st) == 0;
    bool plain = strspn(item, "abcdefghijklmnopqrstuvwxyz0123456789-") == strlen(item);
    if (there && S_ISDIR(st.st_mode) && (has_index(item) || !plain)) {
        return add_folder(p, item, err);
    }
    if (!there && !plain && !folders_only) {
        return rs_fail(err, RS_EIO, "%s: there is no such catalog", item);
    }
    if (folders_only) {
        return RS_OK;
    }
    return there && !S_ISDIR(st.st_mode) ? add_file(p, item, err) : add_name(p, item, err);
}

static enum rs_status add_list(struct rs_catalog_places *p, const char *list, bool folders_only,
                               struct rs_error *err)
{
    enum rs_status rc = RS_OK;
    struct rs_buffer item;
    rs_buffer_init(&item);
    for (const char *at = list; rc == RS_OK && *at != '\0';) {
        size_t length = strcspn(at, ",");
        rs_buffer_clear(&item);
        rs_buffer_append(&item, at, length);
        rc = rs_buffer_status(&item, err);
        if (rc == RS_OK && item.length > 0) {
            rc = add_item(p, item.data, folders_only, err);
        }
        at += length + (at[length] == ',' ? 1 : 0);
    }
    rs_buffer_release(&item);
    return rc;
}

static enum rs_status add_standard(struct rs_catalog_places *p, struct rs_error *err)
{
    struct rs_buffer path;
    struct rs_error homeless;
    enum rs_status rc = RS_OK;
    rs_buffer_init(&path);
    if (rs_catalogs_user_folder(&path, &homeless) == RS_OK && has_index(path.data)) {
        rc = add_folder(p, path.data, err);
    }
    if (rc == RS_OK) {
        bool beside = beside_program("../share/rightsize/catalog", &path) ||
                      beside_program("../catalog", &path);
        const char *shipped = beside ? path.data : RS_CATALOG_DIR;
        if (p->folder_count == 0 || has_index(shipped)) {
            rc = add_folder(p, shipped, err);
        }
    }
    rs_buffer_release(&path);
    return rc;
}

/* A name must be known: a slip of the pen must not silently compare with nothing. */
static enum rs_status check_names(const struct rs_catalog_places *p, struct rs_error *err)
{
    for (size_t i = 0; i < p->name_count; i++) {
        char *region = NULL;
        enum rs_status rc = RS_ENODATA;
        for (size_t k = 0; k < p->folder_count && rc == RS_ENODATA; k++) {
            rc = rs_catalog_default_region(p->folders[k], p->names[i], &region, err);
        }
        free(region);
        if (rc != RS_OK) {
            return rc == RS_ENODATA ? rs_fail(err, RS_EUSAGE,
                                              "--catalog: '%.64s' is no provider of the catalog, "
                                              "no file and no folder with an index.json",
                                              p->names[i])
                                    : rc;
        }
    }
    return RS_OK;
}

enum rs_status rs_catalog_places_open(const struct rs_context *context,
                                      struct rs_catalog_places *out, struct rs_error *err)
{
    const char *asked = context->globals.catalog, *kept = getenv("RIGHTSIZE_CATALOG");
    enum rs_status rc = RS_OK;
    *out = (struct rs_catalog_places){.folder_count = 0};
    if (asked != NULL) {
        rc = add_list(out, asked, false, err);
    }
    if (rc == RS_OK && kept != NULL && out->folder_count == 0) {
        rc = add_list(out, kept, asked != NULL, err);
    }
    if (rc == RS_OK && out->folder_count == 0) {
        rc = add_standard(out, err);
    }
    return rc == RS_OK ? check_names(out, err) : rc;
}

void rs_catalog_places_close(struct rs_catalog_places *p)
{
    for (size_t i = 0; i < p->folder_count; i++) {
        free(p->folders[i]);
    }
    for (size_t i = 0; i < p->file_count; i++) {
        rs_catalog_free(p->files[i]);
    }
    for (size_t i = 0; i < p->name_count; i++) {
        free(p->names[i]);
    }
}
