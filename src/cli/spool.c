/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/spool.h"

#include <errno.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define BLOCK ((size_t)256 << 10) /* whole pages at once cost the system a third of 10 KiB each */

/* A place below `limit` is in memory, others are in the file from its first byte on. */
struct rs_spool {
    pthread_mutex_t lock; /* of all that follows */
    char *memory;
    int64_t limit, in_memory, in_file;
    int fd;
    char *block; /* the end of what is in the file, not yet written */
    size_t held;
    char *spare; /* or NULL: a block that may take the place of one that is written */
};

struct full { /* a block on its way into the file; bytes NULL: none */
    char *bytes;
    int64_t at;
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
        free(s->block);
        free(s->spare);
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
    s->block = malloc(BLOCK);
    if (rc == RS_OK && s->block == NULL) {
        rc = rs_fail(err, RS_ENOMEM, "out of memory for %zu bytes", BLOCK);
    }
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

static enum rs_status write_at(int fd, const char *bytes, size_t length, int64_t at,
                               struct rs_error *err)
{
    for (size_t done = 0; done < length;) {
        ssize_t n = pwrite(fd, bytes + done, length - done, (off_t)(at + (int64_t)done));
        if (n < 0 && errno != EINTR) {
            return rs_fail(err, RS_EIO, "cannot write to the temporary file: %s (TMPDIR)",
                           strerror(errno));
        }
        done += n > 0 ? (size_t)n : 0;
    }
    return RS_OK;
}

/* What is held, so that it can be read. */
static enum rs_status write_held(struct rs_spool *s, struct rs_error *err)
{
    enum rs_status rc = write_at(s->fd, s->block, s->held, s->in_file - (int64_t)s->held, err);
    s->held = rc == RS_OK ? 0 : s->held;
    return rc;
}

/* A full block leaves with *full, and another follows it; where there is none it is written now. */
static enum rs_status turn_block(struct rs_spool *s, struct full *full, struct rs_error *err)
{
    char *next = full->bytes == NULL ? s->spare : NULL;
    if (next != NULL) {
        s->spare = NULL;
    } else if (full->bytes == NULL) {
        next = malloc(BLOCK);
    }
    if (next == NULL) {
        return write_held(s, err);
    }
    *full = (struct full){s->block, s->in_file - (int64_t)BLOCK};
    s->block = next;
    s->held = 0;
    return RS_OK;
}

static enum rs_status append(struct rs_spool *s, const char *text, size_t length, struct full *full,
                             struct rs_error *err)
{
    enum rs_status rc = s->fd >= 0 ? RS_OK : make_file(s, err);
    while (rc == RS_OK && length > 0) {
        size_t fits = BLOCK - s->held < length ? BLOCK - s->held : length;
        memcpy(s->block + s->held, text, fits);
        s->held += fits;
        s->in_file += (int64_t)fits;
        text += fits;
        length -= fits;
        rc = s->held == BLOCK ? turn_block(s, full, err) : RS_OK;
    }
    return rc;
}

/* The lock is not held, for others have no need to wait for the file. */
static enum rs_status write_full(struct rs_spool *s, const struct full *full, struct rs_error *err)
{
    enum rs_status rc = write_at(s->fd, full->bytes, BLOCK, full->at, err);
    pthread_mutex_lock(&s->lock);
    char *surplus = s->spare;
    s->spare = full->bytes;
    pthread_mutex_unlock(&s->lock);
    free(surplus);
    return rc;
}

enum rs_status rs_spool_put(struct rs_spool *s, const char *text, size_t length,
                            struct rs_piece *out, struct rs_error *err)
{
    enum rs_status rc = RS_OK;
    int64_t size = (int64_t)length;
    struct full full = {.bytes = NULL};
    pthread_mutex_lock(&s->lock);
    bool fits = size <= s->limit - s->in_memory;
    const struct rs_piece piece = {fits ? s->in_memory : s->limit + s->in_file, length};
    if (fits) {
        s->in_memory += size;
    } else {
        rc = append(s, text, length, &full, err);
    }
    pthread_mutex_unlock(&s->lock);
    if (fits) {
        memcpy(s->memory + piece.at, text, length);
    }
    if (full.bytes != NULL) {
        struct rs_error later;
        enum rs_status written = write_full(s, &full, rc == RS_OK ? err : &later);
        rc = rc == RS_OK ? written : rc;
    }
    *out = rc == RS_OK ? piece : *out;
    return rc;
}

static enum rs_status read_at(int fd, char *place, size_t length, int64_t at, struct rs_error *err)
{
    for (size_t done = 0; done < length;) {
        ssize_t n = pread(fd, place + done, length - done, (off_t)(at + (int64_t)done));
        if (n == 0 || (n < 0 && errno != EINTR)) {
            return rs_fail(err, RS_EIO, "cannot read the temporary file: %s",
                           n == 0 ? "it ends too early" : strerror(errno));
        }
        done += n > 0 ? (size_t)n : 0;
    }
    return RS_OK;
}

enum rs_status rs_spool_get(struct rs_spool *s, struct rs_piece piece, struct rs_buffer *out,
                            struct rs_error *err)
{
    if (piece.at < s->limit) {
        rs_buffer_append(out, s->memory + piece.at, piece.length);
        return RS_OK;
    }
    char *place = rs_buffer_room(out, piece.length);
    if (place == NULL) { /* the buffer's status tells */
        return RS_OK;
    }
    pthread_mutex_lock(&s->lock);
    enum rs_status rc = s->held > 0 ? write_held(s, err) : RS_OK;
    pthread_mutex_unlock(&s->lock);
    if (rc == RS_OK) {
        rc = read_at(s->fd, place, piece.length, piece.at - s->limit, err);
    }
    if (rc == RS_OK) {
        rs_buffer_wrote(out, piece.length);
    }
    return rc;
}
