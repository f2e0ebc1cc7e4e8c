/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/walk.h"

#include "rightsize/buffer.h"
#include "rightsize/text.h"

#include <dirent.h>
#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define MAX_DEPTH 32

static enum rs_status append(struct rs_paths *paths, const char *path, bool in_folder,
                             struct rs_error *err)
{
    if (paths->count == paths->capacity) {
        size_t capacity = paths->capacity > 0 ? paths->capacity * 2 : 64;
        struct rs_path *items = capacity <= SIZE_MAX / sizeof(*items)
                                    ? realloc(paths->items, capacity * sizeof(*items))
                                    : NULL;
        if (items == NULL) {
            return rs_fail(err, RS_ENOMEM, "out of memory for %zu file names", capacity);
        }
        paths->items = items;
        paths->capacity = capacity;
    }
    enum rs_status rc = rs_text_copy(path, &paths->items[paths->count].name, err);
    if (rc == RS_OK) {
        paths->items[paths->count++].in_folder = in_folder;
    }
    return rc;
}

static int by_name(const struct dirent **a, const struct dirent **b)
{
    return strcmp((*a)->d_name, (*b)->d_name); /* not strcoll: the order must not know a locale */
}

static int visible(const struct dirent *entry)
{
    return entry->d_name[0] != '.';
}

static enum rs_status add_folder(struct rs_paths *paths, const char *folder, int depth,
                                 struct rs_error *err)
{
    struct dirent **entries = NULL;
    int n = depth < MAX_DEPTH ? scandir(folder, &entries, visible, by_name) : -1;
    if (n < 0) {
        return rs_fail(err, RS_EIO, "%s: cannot be read: %s", folder,
                       depth < MAX_DEPTH ? strerror(errno) : "nested too deep");
    }
    enum rs_status rc = RS_OK;
    struct rs_buffer path;
    rs_buffer_init(&path);
    size_t stem = strlen(folder);
    const char *slash = stem > 0 && folder[stem - 1] == '/' ? "" : "/";
    for (int i = 0; i < n && rc == RS_OK; i++) {
        struct stat st, target;
        rs_buffer_clear(&path);
        rs_buffer_printf(&path, "%s%s%s", folder, slash, entries[i]->d_name);
        rc = rs_buffer_status(&path, err);
        if (rc != RS_OK || lstat(path.data, &st) != 0) {
            continue; /* gone since the listing */
        }
        if (S_ISDIR(st.st_mode)) {
            rc = add_folder(paths, path.data, depth + 1, err);
        } else if (S_ISREG(st.st_mode) || (S_ISLNK(st.st_mode) && stat(path.data, &target) == 0 &&
                                           S_ISREG(target.st_mode))) {
            rc = append(paths, path.data, true, err);
        }
    }
    rs_buffer_release(&path);
    for (int i = 0; i < n; i++) {
        free(entries[i]);
    }
    free(entries);
    return rc;
}

enum rs_status rs_paths_add(struct rs_paths *paths, const char *operand, struct rs_error *err)
{
    struct stat st;
    if (strcmp(operand, "-") != 0 && stat(operand, &st) == 0 && S_ISDIR(st.st_mode)) {
        return add_folder(paths, operand, 0, err);
    }
    return append(paths, operand, false, err); /* a missing file is told when it is opened */
}

void rs_paths_release(struct rs_paths *paths)
{
    for (size_t i = 0; i < paths->count; i++) {
        free(paths->items[i].name);
    }
    free(paths->items);
    *paths = (struct rs_paths){NULL, 0, 0};
}
