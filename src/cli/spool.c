/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/spool.h"

#include <errno.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* A place below `limit` is in memory, others are in the file from its first byte on. */
struct rs_spool {
    pthread_mutex_t lock; /* of the places, the memory and the making of the file */
    char *memory;
    int64_t limit, in_memory, in_file;
    int fd;
};

enum rs_status rs_spool_create(size_t memory, struct rs_spool **out, struct rs_error *err)
{
    struct rs_spool *s = calloc(1, sizeof(*s));
    char *bytes = malloc(memory > 0 ? memory : 1); /* costs only what is written to */
    if (s == NULL || bytes == NULL) {
        free(s);
        free(bytes);
        return rs_fail(err, RS_ENOMEM, "out of memory for %zu bytes", memory);
    }
    *s = (struct rs_spool){.memory = bytes, .limit = (int64_t)memory, .fd = -1};
    pthread_mutex_init(&s->lock, NULL);
    *out = s;
    return RS_OK;
}

void rs_spool_release(struct rs_spool *s)
{
    if (s != NULL) {
        if (s->fd >= 0) {
            close(s->fd);
        }
        pthread_mutex_destroy(&s->lock);
        free(s->memory);
        free(s);
    }
}

static enum rs_status make_file(struct rs_spool *s, struct rs_error *err)
{
    const char *asked = getenv("TMPDIR");
    const char *folder = asked != NULL && *asked != '\0' ? asked : "/tmp";
    struct rs_buffer name;
    rs_buffer_init(&name);
    rs_buffer_printf(&name, "%s/rightsize.XXXXXX", folder);
    enum rs_status rc = rs_buffer_status(&name, err);
    if (rc == RS_OK && (s->fd = mkstemp(name.data)) < 0) {
        rc = rs_fail(err, RS_EIO, "cannot make a temporary file in '%.128s': %s (TMPDIR)", folder,
                     strerror(errno));
    }
    if (rc == RS_OK) {
        unlink(name.data);
    }
    rs_buffer_release(&name);
    return rc;
}

static enum rs_status write_at(int fd, const char *text, size_t length, int64_t at,
                               struct rs_error *err)
{
    for (size_t done = 0; done < length;) {
        ssize_t n = pwrite(fd, text + done, length - done, (off_t)(at + (int64_t)done));
        if (n < 0 && errno != EINTR) {
            return rs_fail(err, RS_EIO, "cannot write to the temporary file: %s (TMPDIR)",
                           strerror(errno));
        }
        done += n > 0 ? (size_t)n : 0;
    }
    return RS_OK;
}

enum rs_status rs_spool_put(struct rs_spool *s, const char *text, size_t length,
                            struct rs_piece *out, struct rs_error *err)
{
    enum rs_status rc = RS_OK;
    int64_t size = (int64_t)length;
    pthread_mutex_lock(&s->lock);
    bool fits = size <= s->limit - s->in_memory;
    if (fits) {
        *out = (struct rs_piece){s->in_memory, length};
        memcpy(s->memory + s->in_memory, text, length);
        s->in_memory += size;
    } else if (s->fd >= 0 || (rc = make_file(s, err)) == RS_OK) {
        *out = (struct rs_piece){s->limit + s->in_file, length};
        s->in_file += size;
    }
    pthread_mutex_unlock(&s->lock);
    return fits || rc != RS_OK ? rc : write_at(s->fd, text, length, out->at - s->limit, err);
}

enum rs_status rs_spool_get(struct rs_spool *s, struct rs_piece piece, struct rs_buffer *out,
                            struct rs_error *err)
{
    if (piece.at < s->limit) {
        rs_buffer_append(out, s->memory + piece.at, piece.length);
        return RS_OK;
    }
    char *place = rs_buffer_room(out, piece.length);
    size_t done = 0;
    if (place == NULL) { /* the buffer's status tells */
        return RS_OK;
    }
    while (done < piece.length) {
        off_t at = (off_t)(piece.at - s->limit + (int64_t)done);
        ssize_t n = pread(s->fd, place + done, piece.length - done, at);
        if (n == 0 || (n < 0 && errno != EINTR)) {
            return rs_fail(err, RS_EIO, "cannot read the temporary file: %s",
                           n == 0 ? "it ends too early" : strerror(errno));
        }
        done += n > 0 ? (size_t)n : 0;
    }
    rs_buffer_wrote(out, done);
    return RS_OK;
}
