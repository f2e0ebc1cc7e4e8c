/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rightsize/buffer.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

void rs_buffer_init(struct rs_buffer *b)
{
    *b = (struct rs_buffer){.data = ""};
}

void rs_buffer_clear(struct rs_buffer *b)
{
    b->length = 0;
    b->failed = false;
    if (b->capacity > 0) {
        b->data[0] = '\0';
    } else {
        b->data = "";
    }
}

void rs_buffer_release(struct rs_buffer *b)
{
    if (b->capacity > 0) {
        free(b->data);
    }
    rs_buffer_init(b);
}

/* Room for `more` bytes and the NUL. */
static bool reserve(struct rs_buffer *b, size_t more)
{
    if (b->failed) {
        return false;
    }
    if (more < b->capacity - b->length) {
        return true;
    }
    if (more > SIZE_MAX / 4 || b->length > SIZE_MAX / 4) {
        b->failed = true;
        return false;
    }
    size_t capacity = b->capacity + b->capacity / 2, wanted = b->length + more + 1;
    capacity = capacity < wanted ? wanted : capacity;
    capacity = capacity < 64 ? 64 : capacity;
    char *data = realloc(b->capacity > 0 ? b->data : NULL, capacity);
    if (data == NULL) {
        b->failed = true;
        return false;
    }
    data[b->length] = '\0';
    b->data = data;
    b->capacity = capacity;
    return true;
}

char *rs_buffer_grow(struct rs_buffer *b, size_t n)
{
    return reserve(b, n) ? b->data + b->length : NULL;
}

void rs_buffer_append(struct rs_buffer *b, const char *bytes, size_t n)
{
    if (n == 0 || !reserve(b, n)) {
        return;
    }
    memcpy(b->data + b->length, bytes, n);
    b->length += n;
    b->data[b->length] = '\0';
}

void rs_buffer_text(struct rs_buffer *b, const char *text)
{
    rs_buffer_append(b, text, strlen(text));
}

void rs_buffer_char(struct rs_buffer *b, char c)
{
    rs_buffer_append(b, &c, 1);
}

void rs_buffer_printf(struct rs_buffer *b, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    int n = vsnprintf(NULL, 0, format, args);
    va_end(args);
    if (n < 0) {
        b->failed = true;
        return;
    }
    if (!reserve(b, (size_t)n)) {
        return;
    }
    va_start(args, format);
    vsnprintf(b->data + b->length, (size_t)n + 1, format, args);
    va_end(args);
    b->length += (size_t)n;
}

enum rs_status rs_buffer_status(const struct rs_buffer *b, struct rs_error *err)
{
    return b->failed ? rs_fail(err, RS_ENOMEM, "out of memory after %zu bytes", b->length) : RS_OK;
}

static enum rs_status read_all(struct rs_buffer *b, int fd, const char *path, size_t limit,
                               struct rs_error *err)
{
    char chunk[16384];
    size_t total = 0;
    for (;;) {
        ssize_t n = read(fd, chunk, sizeof(chunk));
        if (n < 0 && errno == EINTR) {
            continue;
        }
        if (n < 0) {
            return rs_fail(err, RS_EIO, "cannot read '%s': %s", path, strerror(errno));
        }
        if (n == 0) {
            return rs_buffer_status(b, err);
        }
        if ((size_t)n > limit - total) {
            return rs_fail(err, RS_EINPUT, "'%s' is longer than %zu bytes", path, limit);
        }
        total += (size_t)n;
        rs_buffer_append(b, chunk, (size_t)n);
    }
}

enum rs_status rs_buffer_read_file(struct rs_buffer *b, const char *path, size_t limit,
                                   struct rs_error *err)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) {
        return rs_fail(err, RS_EIO, "cannot open '%s': %s", path, strerror(errno));
    }
    enum rs_status rc = read_all(b, fd, path, limit, err);
    close(fd);
    return rc;
}
