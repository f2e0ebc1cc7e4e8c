/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _XOPEN_SOURCE 700 /* realpath */

#include "store/store_private.h"

#include "rightsize/text.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* Every missing folder above the file; `path` is written to and put back. */
static enum rs_status make_folders(char *path, struct rs_error *err)
{
    for (char *slash = strchr(path + 1, '/'); slash != NULL; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        int made = mkdir(path, 0700);
        int reason = errno;
        if (made != 0 && reason != EEXIST) {
            enum rs_status rc =
                rs_fail(err, RS_EIO, "%s: cannot make the folder: %s", path, strerror(reason));
            *slash = '/';
            return rc;
        }
        *slash = '/';
    }
    return RS_OK;
}

static enum rs_status join(const char *folder, const char *file, char **out, struct rs_error *err)
{
    struct rs_buffer joined;
    rs_buffer_init(&joined);
    rs_buffer_text(&joined, folder);
    rs_buffer_char(&joined, '/');
    rs_buffer_text(&joined, file);
    enum rs_status rc = rs_buffer_status(&joined, err);
    if (rc == RS_OK) {
        rc = rs_text_copy(joined.data, out, err);
    }
    rs_buffer_release(&joined);
    return rc;
}

static enum rs_status look_at(const char *path, const char *full, bool *exists,
                              struct rs_error *err)
{
    struct stat st;
    *exists = lstat(full, &st) == 0;
    if (!*exists) {
        return errno == ENOENT ? RS_OK : rs_fail(err, RS_EIO, "%s: %s", path, strerror(errno));
    }
    if (S_ISLNK(st.st_mode)) {
        return rs_fail(err, RS_EIO, "%s: is a symbolic link; name the file itself", path);
    }
    if (!S_ISREG(st.st_mode)) {
        return rs_fail(err, RS_EIO, "%s: is not a regular file", path);
    }
    return RS_OK;
}

/* The folder may hold symbolic links, which SQLITE_OPEN_NOFOLLOW would refuse; the file may not. */
enum rs_status rs_store_path(const char *path, bool create, char **out, bool *exists,
                             struct rs_error *err)
{
    char *copy = NULL, *folder = NULL, *full = NULL;
    enum rs_status rc = rs_text_copy(path, &copy, err);
    if (rc != RS_OK) {
        return rc;
    }
    char *slash = strrchr(copy, '/');
    const char *file = slash == NULL ? path : path + (slash - copy) + 1;
    *exists = false;
    if (*file == '\0') {
        rc = rs_fail(err, RS_EIO, "'%s': is not the name of a file", path);
        goto out;
    }
    if (create) {
        rc = make_folders(copy, err);
    }
    if (rc != RS_OK) {
        goto out;
    }
    if (slash != NULL) {
        slash[slash == copy ? 1 : 0] = '\0';
    }
    folder = realpath(slash == NULL ? "." : copy, NULL);
    if (folder == NULL && errno == ENOENT && !create) {
        goto out;
    }
    if (folder == NULL) {
        rc = rs_fail(err, RS_EIO, "%s: cannot open its folder: %s", path, strerror(errno));
        goto out;
    }
    rc = join(strcmp(folder, "/") == 0 ? "" : folder, file, &full, err);
    if (rc == RS_OK) {
        rc = look_at(path, full, exists, err);
    }
    if (rc == RS_OK) {
        *out = full;
        full = NULL;
    }
out:
    free(full);
    free(folder);
    free(copy);
    return rc;
}
