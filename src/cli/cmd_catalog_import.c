/* SPDX-License-Identifier: GPL-3.0-or-later */
/* `rightsize catalog import FILE...`, and the writing that `catalog update` shares. */
#include "cli/cmd_catalog.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#define MAX_FOLDERS 32

static enum rs_status make_folders(const char *path, struct rs_error *err)
{
    struct rs_buffer part;
    enum rs_status rc = RS_OK;
    rs_buffer_init(&part);
    for (const char *at = path; rc == RS_OK && at != NULL && *at != '\0';) {
        at = strchr(at + 1, '/');
        rs_buffer_clear(&part);
        rs_buffer_append(&part, path, at != NULL ? (size_t)(at - path) : strlen(path));
        rc = rs_buffer_status(&part, err);
        if (rc == RS_OK && mkdir(part.data, 0777) != 0 && errno != EEXIST) {
            rc = rs_fail(err, RS_EIO, "%s: cannot be made: %s", part.data, strerror(errno));
        }
    }
    rs_buffer_release(&part);
    return rc;
}

struct writing {
    struct rs_context *context;
    const char *folder;
    size_t files;
};

static enum rs_status write_file(void *payload, const char *name, const struct rs_buffer *text,
                                 struct rs_error *err)
{
    struct writing *w = payload;
    struct rs_buffer path;
    rs_buffer_init(&path);
    rs_buffer_printf(&path, "%s/%s", w->folder, name);
    enum rs_status rc = rs_buffer_status(&path, err);
    char *slash = rc == RS_OK ? strrchr(path.data, '/') : NULL;
    if (slash != NULL) {
        *slash = '\0';
        rc = make_folders(path.data, err);
        *slash = '/';
    }
    if (rc == RS_OK) {
        rc = rs_output(w->context, path.data, text, err);
    }
    if (rc == RS_OK && chmod(path.data, 0644) != 0) { /* a catalog is no secret */
        rc = rs_fail(err, RS_EIO, "%s: %s", path.data, strerror(errno));
    }
    w->files++;
    rs_buffer_release(&path);
    return rc;
}

/* Where it is written comes first; what is there already is the base of what comes. */
static enum rs_status apply(struct writing *w, struct rs_catalog_patch *patch,
                            const struct rs_catalogs *catalogs, const char *date,
                            struct rs_buffer *told, struct rs_error *err)
{
    const char *folders[MAX_FOLDERS] = {w->folder};
    size_t count = 0, used = 1;
    const char *const *known = rs_catalogs_folders(catalogs, &count);
    for (size_t i = 0; i < count && used < MAX_FOLDERS; i++) {
        if (strcmp(known[i], w->folder) != 0) {
            folders[used++] = known[i];
        }
    }
    return rs_catalog_patch_apply(patch, folders, used, date, write_file, w, told, err);
}

enum rs_status rs_catalog_write_patch(struct rs_context *context,
                                      const struct rs_catalog_options *o,
                                      struct rs_catalog_patch *patch, const char *date,
                                      struct rs_error *err)
{
    struct rs_catalogs *catalogs = NULL;
    struct rs_buffer folder, told;
    rs_buffer_init(&folder);
    rs_buffer_init(&told);
    if (o->into != NULL && *o->into == '\0') {
        return rs_fail(err, RS_EUSAGE, "--into names no folder");
    }
    enum rs_status rc = rs_catalogs_open(context, &catalogs, err);
    if (rc == RS_OK && o->into != NULL) {
        rs_buffer_text(&folder, o->into);
        rc = rs_buffer_status(&folder, err);
    } else if (rc == RS_OK) {
        rc = rs_catalogs_user_folder(&folder, err);
    }
    struct writing writing = {context, folder.data, 0};
    if (rc == RS_OK) {
        rc = apply(&writing, patch, catalogs, date, &told, err);
    }
    if (rc == RS_OK) {
        rs_buffer_printf(&told, "%zu files written to %s\n", writing.files, folder.data);
        rc = rs_buffer_status(&told, err);
    }
    if (rc == RS_OK) {
        rc = rs_output(context, NULL, &told, err);
    }
    rs_catalogs_close(catalogs);
    rs_buffer_release(&folder);
    rs_buffer_release(&told);
    return rc;
}

void rs_catalog_today(const struct rs_context *context, char out[static RS_WHEN_TEXT])
{
    rs_when_format(context->now, out);
    out[10] = '\0'; /* the day */
}

static enum rs_status read_file(struct rs_context *context, const char *path,
                                const struct rs_catalog_import *import,
                                struct rs_catalog_patch *patch, struct rs_error *err)
{
    struct rs_input *input = NULL;
    struct rs_catalog_read read;
    enum rs_status rc = rs_input_open(path, &input, err);
    if (rc != RS_OK) {
        return rc;
    }
    rc = rs_catalog_patch_read(patch, input, import, &read, err);
    rs_input_close(input);
    if (rc != RS_OK) {
        return rs_fail_where(err, "%s", path);
    }
    rs_say(context, RS_LEVEL_INFO, "%s: %s, %zu records, %zu taken", path, read.format,
           read.records, read.taken);
    if (read.next_page[0] != '\0') {
        rs_say(context, RS_LEVEL_WARNING, "%s: there are more pages: %.200s", path, read.next_page);
    }
    return RS_OK;
}

/* All or nothing: a file that cannot be read leaves the catalog as it was. */
enum rs_status rs_catalog_cmd_import(struct rs_context *context, const struct rs_catalog_options *o,
                                     int argc, char **argv, struct rs_error *err)
{
    char today[RS_WHEN_TEXT];
    struct rs_catalog_patch *patch = NULL;
    if (argc < 2) {
        return rs_fail(err, RS_EUSAGE,
                       "usage: rightsize catalog import FILE... [--region R] [--into DIR]");
    }
    rs_catalog_today(context, today);
    const struct rs_catalog_import import = {o->region, today};
    enum rs_status rc = rs_catalog_patch_new(&patch, err);
    for (int i = 1; i < argc && rc == RS_OK; i++) {
        rc = read_file(context, argv[i], &import, patch, err);
    }
    if (rc == RS_OK) {
        rc = rs_catalog_write_patch(context, o, patch, today, err);
    }
    rs_catalog_patch_free(patch);
    return rc;
}
