/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What commands share: saying, the store's path, and writing the answer. */
#include "cli/command.h"

#include "rightsize/text.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* JOURNAL_STREAM, "device:inode", is inherited: it counts only while stderr still is that stream.
 */
static bool is_journal(FILE *notes)
{
    const char *stream = getenv("JOURNAL_STREAM");
    struct stat st;
    char own[64];
    if (stream == NULL || fstat(fileno(notes), &st) != 0) {
        return false;
    }
    snprintf(own, sizeof(own), "%ju:%ju", (uintmax_t)st.st_dev, (uintmax_t)st.st_ino);
    return strcmp(stream, own) == 0;
}

void rs_say(const struct rs_context *context, enum rs_level level, const char *format, ...)
{
    static const char *const names[] = {"error", "warning", "info", "detail"};
    static const int priorities[] = {3, 4, 6, 7}; /* sd-daemon(3) */
    const struct rs_globals *g = &context->globals;
    if ((level == RS_LEVEL_INFO && g->quiet) || (level == RS_LEVEL_DETAIL && !g->verbose)) {
        return;
    }
    char text[1024];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof(text), format, args);
    va_end(args);
    struct rs_buffer line;
    rs_buffer_init(&line);
    if (is_journal(context->notes)) {
        rs_buffer_printf(&line, "<%d>", priorities[level]);
    }
    if (g->log_format != NULL && strcmp(g->log_format, "json") == 0) {
        char at[RS_WHEN_TEXT];
        rs_when_format(context->now, at);
        rs_buffer_printf(&line, "{\"time\":\"%s\",\"level\":\"%s\",\"message\":", at, names[level]);
        rs_text_json(&line, text);
        rs_buffer_char(&line, '}');
    } else {
        rs_buffer_printf(&line, "rightsize: %s", level == RS_LEVEL_WARNING ? "warning: " : "");
        rs_text_printable(&line, text, strlen(text));
    }
    fprintf(context->notes, "%s\n", line.data);
    rs_buffer_release(&line);
}

enum rs_status rs_context_store_path(const struct rs_context *context, struct rs_buffer *out,
                                     struct rs_error *err)
{
    const char *db = context->globals.db != NULL ? context->globals.db : getenv("RIGHTSIZE_DB");
    const char *state = getenv("XDG_STATE_HOME"), *home = getenv("HOME");
    if (db != NULL && *db != '\0') {
        rs_buffer_text(out, db);
    } else if (state != NULL && *state == '/') { /* the XDG rules: a relative path is ignored */
        rs_buffer_printf(out, "%s/rightsize/metrics.db", state);
    } else if (home != NULL && *home == '/') {
        rs_buffer_printf(out, "%s/.local/state/rightsize/metrics.db", home);
    } else {
        return rs_fail(err, RS_EUSAGE,
                       "no store is named and HOME is not set; use --db FILE or RIGHTSIZE_DB");
    }
    return rs_buffer_status(out, err);
}

static enum rs_status write_all(int fd, const char *path, const struct rs_buffer *text,
                                struct rs_error *err)
{
    for (size_t done = 0; done < text->length;) {
        ssize_t n = write(fd, text->data + done, text->length - done);
        if (n < 0 && errno != EINTR) {
            return rs_fail(err, RS_EIO, "%s: cannot write: %s", path, strerror(errno));
        }
        done += n > 0 ? (size_t)n : 0;
    }
    if (fsync(fd) != 0) {
        return rs_fail(err, RS_EIO, "%s: cannot write: %s", path, strerror(errno));
    }
    return RS_OK;
}

static enum rs_status write_file(const char *path, const struct rs_buffer *text,
                                 struct rs_error *err)
{
    struct stat st;
    struct rs_buffer name;
    rs_buffer_init(&name);
    rs_buffer_printf(&name, "%s.XXXXXX", path);
    enum rs_status rc = rs_buffer_status(&name, err);
    int fd = -1;
    if (rc != RS_OK) {
        goto out;
    }
    if (stat(path, &st) == 0 && !S_ISREG(st.st_mode)) { /* /dev/full, a pipe: nothing to rename */
        fd = open(path, O_WRONLY | O_CLOEXEC);
        rc = fd < 0 ? rs_fail(err, RS_EIO, "%s: cannot write: %s", path, strerror(errno)) : RS_OK;
        for (size_t done = 0; rc == RS_OK && done < text->length;) {
            ssize_t n = write(fd, text->data + done, text->length - done);
            if (n < 0 && errno != EINTR) {
                rc = rs_fail(err, RS_EIO, "%s: cannot write: %s", path, strerror(errno));
            }
            done += n > 0 ? (size_t)n : 0;
        }
        goto out;
    }
    fd = mkstemp(name.data);
    if (fd < 0) {
        rc = rs_fail(err, RS_EIO, "%s: cannot write beside it: %s", path, strerror(errno));
        goto out;
    }
    rc = write_all(fd, path, text, err);
    if (rc == RS_OK && rename(name.data, path) != 0) {
        rc = rs_fail(err, RS_EIO, "%s: cannot be replaced: %s", path, strerror(errno));
    }
    if (rc != RS_OK) {
        unlink(name.data);
    }
out:
    if (fd >= 0) {
        close(fd);
    }
    rs_buffer_release(&name);
    return rc;
}

enum rs_status rs_output(struct rs_context *context, const char *path, const struct rs_buffer *text,
                         struct rs_error *err)
{
    if (path != NULL) {
        return write_file(path, text, err);
    }
    errno = 0;
    if (fwrite(text->data, 1, text->length, context->out) != text->length) {
        return rs_fail(err, RS_EIO, "cannot write to standard output: %s", strerror(errno));
    }
    return RS_OK;
}
