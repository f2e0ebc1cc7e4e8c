/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/outlet.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static enum rs_status open_beside(struct rs_outlet *outlet, const char *path, struct rs_error *err)
{
    rs_buffer_printf(&outlet->beside, "%s.XXXXXX", path);
    enum rs_status rc = rs_buffer_status(&outlet->beside, err);
    if (rc == RS_OK && (outlet->fd = mkstemp(outlet->beside.data)) < 0) {
        rc = rs_fail(err, RS_EIO, "%s: cannot write beside it: %s", path, strerror(errno));
    }
    return rc;
}

enum rs_status rs_outlet_open(struct rs_outlet *outlet, const struct rs_context *context,
                              const char *path, struct rs_error *err)
{
    struct stat st;
    enum rs_status rc = RS_OK;
    *outlet =
        (struct rs_outlet){.stream = path == NULL ? context->out : NULL, .path = path, .fd = -1};
    rs_buffer_init(&outlet->beside);
    if (path == NULL) {
        return RS_OK;
    }
    if (stat(path, &st) == 0 && !S_ISREG(st.st_mode)) { /* /dev/full, a pipe: nothing to rename */
        outlet->fd = open(path, O_WRONLY | O_CLOEXEC);
        return outlet->fd >= 0
                   ? RS_OK
                   : rs_fail(err, RS_EIO, "%s: cannot write: %s", path, strerror(errno));
    }
    if ((rc = open_beside(outlet, path, err)) != RS_OK) {
        rs_buffer_release(&outlet->beside);
    }
    return rc;
}

enum rs_status rs_outlet_write(struct rs_outlet *outlet, const char *bytes, size_t length,
                               struct rs_error *err)
{
    if (outlet->stream != NULL) {
        errno = 0;
        return fwrite(bytes, 1, length, outlet->stream) == length
                   ? RS_OK
                   : rs_fail(err, RS_EIO, "cannot write to standard output: %s", strerror(errno));
    }
    for (size_t done = 0; done < length;) {
        ssize_t n = write(outlet->fd, bytes + done, length - done);
        if (n < 0 && errno != EINTR) {
            return rs_fail(err, RS_EIO, "%s: cannot write: %s", outlet->path, strerror(errno));
        }
        done += n > 0 ? (size_t)n : 0;
    }
    return RS_OK;
}

enum rs_status rs_outlet_commit(struct rs_outlet *outlet, struct rs_error *err)
{
    enum rs_status rc = RS_OK;
    if (outlet->beside.length > 0) {
        if (fsync(outlet->fd) != 0) {
            rc = rs_fail(err, RS_EIO, "%s: cannot write: %s", outlet->path, strerror(errno));
        } else if (rename(outlet->beside.data, outlet->path) != 0) {
            rc = rs_fail(err, RS_EIO, "%s: cannot be replaced: %s", outlet->path, strerror(errno));
        } else {
            rs_buffer_release(&outlet->beside);
        }
    }
    rs_outlet_abandon(outlet);
    return rc;
}

void rs_outlet_abandon(struct rs_outlet *outlet)
{
    if (outlet->beside.length > 0) {
        unlink(outlet->beside.data);
    }
    if (outlet->fd >= 0) {
        close(outlet->fd);
    }
    rs_buffer_release(&outlet->beside);
    outlet->fd = -1;
}
