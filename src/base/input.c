/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rightsize/input.h"

#include "base/crc.h"
#include "base/window.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define WINDOW_SIZE ((size_t)1 << 19)
#define RAW_SIZE ((size_t)1 << 16)

/* Read once, at most `room` bytes; 0 bytes are the end. */
static enum rs_status read_raw(struct rs_input *in, char *to, size_t room, size_t *got,
                               struct rs_error *err)
{
    room = room < in->chunk ? room : in->chunk;
    if (in->fd < 0) {
        *got = room < in->memory_left ? room : in->memory_left;
        if (*got > 0) {
            memcpy(to, in->memory, *got);
            in->memory += *got;
            in->memory_left -= *got;
        }
    } else {
        ssize_t n;
        do {
            n = read(in->fd, to, room);
        } while (n < 0 && errno == EINTR);
        if (n < 0) {
            return rs_fail(err, RS_EIO, "cannot read: %s", strerror(errno));
        }
        *got = (size_t)n;
    }
    in->raw_ended = *got == 0;
    in->raw_bytes += (int64_t)*got;
    in->crc = rs_crc_update(in->crc, to, *got);
    return RS_OK;
}

/* More bytes into the empty raw buffer. */
static enum rs_status refill_raw(struct rs_input *in, struct rs_error *err)
{
    size_t got = 0;
    enum rs_status rc =
        read_raw(in, (char *)in->raw + in->raw_end, RAW_SIZE - in->raw_end, &got, err);
    if (rc == RS_OK) {
        in->raw_end += got;
    }
    return rc;
}

static bool has_gzip_magic(const struct rs_input *in)
{
    const unsigned char *raw = in->raw + in->raw_start;
    return in->raw_end - in->raw_start >= 2 && raw[0] == 0x1F && raw[1] == 0x8B;
}

/* Two raw bytes, or all that are left: enough to tell a gzip member. */
static enum rs_status peek_raw(struct rs_input *in, struct rs_error *err)
{
    enum rs_status rc = RS_OK;
    if (in->raw_start > 0) {
        memmove(in->raw, in->raw + in->raw_start, in->raw_end - in->raw_start);
        in->raw_end -= in->raw_start;
        in->raw_start = 0;
    }
    while (rc == RS_OK && in->raw_end < 2 && !in->raw_ended) {
        rc = refill_raw(in, err);
    }
    return rc;
}

static enum rs_status open_gzip(struct rs_input *in, struct rs_error *err)
{
    if (inflateInit2(&in->stream, 16 + MAX_WBITS) != Z_OK) {
        return rs_fail(err, RS_ENOMEM, "out of memory for reading gzip");
    }
    in->gzip = true;
    in->member_open = true;
    return RS_OK;
}

/* After a member's end: another one, or the end of the file. */
static enum rs_status next_member(struct rs_input *in, struct rs_error *err)
{
    enum rs_status rc = peek_raw(in, err);
    if (rc != RS_OK) {
        return rc;
    }
    if (in->raw_start == in->raw_end) {
        in->ended = true;
        return RS_OK;
    }
    if (!has_gzip_magic(in) || inflateReset(&in->stream) != Z_OK) {
        return rs_fail(err, RS_EINPUT, "broken gzip: other bytes after the compressed data");
    }
    in->member_open = true;
    return RS_OK;
}

/* Inflate into the window until something came out, or the input ended. */
static enum rs_status fill_inflated(struct rs_input *in, struct rs_error *err)
{
    size_t had = in->end;
    while (in->end == had && !in->ended) {
        enum rs_status rc = RS_OK;
        if (!in->member_open) {
            rc = next_member(in, err);
        } else if (in->raw_start == in->raw_end && !in->raw_ended) {
            in->raw_start = in->raw_end = 0;
            rc = refill_raw(in, err);
        }
        if (rc != RS_OK || in->ended) {
            return rc;
        }
        in->stream.next_in = in->raw + in->raw_start;
        in->stream.avail_in = (uInt)(in->raw_end - in->raw_start);
        in->stream.next_out = (unsigned char *)in->window + in->end;
        in->stream.avail_out = (uInt)(in->capacity - in->end);
        int zrc = inflate(&in->stream, Z_NO_FLUSH);
        in->raw_start = in->raw_end - in->stream.avail_in;
        in->end = in->capacity - in->stream.avail_out;
        in->inflated += (int64_t)(in->end - had);
        if (zrc == Z_BUF_ERROR && in->raw_ended) {
            return rs_fail(err, RS_EINPUT, "broken gzip: cut off");
        }
        if (zrc != Z_OK && zrc != Z_STREAM_END && zrc != Z_BUF_ERROR) {
            return rs_fail(err, zrc == Z_MEM_ERROR ? RS_ENOMEM : RS_EINPUT, "broken gzip: %s",
                           in->stream.msg != NULL ? in->stream.msg : zError(zrc));
        }
        in->member_open = zrc != Z_STREAM_END;
        if (in->inflated > RS_INPUT_INFLATED_LIMIT) {
            return rs_fail(err, RS_EINPUT, "gzip data inflates to more than 64 GiB");
        }
    }
    return RS_OK;
}

static enum rs_status fill_plain(struct rs_input *in, struct rs_error *err)
{
    size_t got = in->raw_end - in->raw_start, room = in->capacity - in->end;
    if (got > 0) { /* what was read to look for the magic */
        got = got < room ? got : room;
        memcpy(in->window + in->end, in->raw + in->raw_start, got);
        in->raw_start += got;
    } else if (!in->raw_ended) {
        enum rs_status rc = read_raw(in, in->window + in->end, room, &got, err);
        if (rc != RS_OK) {
            return rc;
        }
    }
    in->end += got;
    in->ended = got == 0;
    return RS_OK;
}

/* Newlines among 16 * `blocks` bytes, blocks < 256: sixteen counters that cannot overflow. */
static int64_t newlines_of(const char *p, size_t blocks)
{
    __extension__ typedef unsigned char lanes __attribute__((vector_size(16)));
    lanes newline, counts = {0};
    int64_t sum = 0;
    memset(&newline, '\n', sizeof(newline));
    for (size_t i = 0; i < blocks; i++) {
        lanes bytes;
        memcpy(&bytes, p + i * sizeof(bytes), sizeof(bytes));
        counts -= (lanes)(bytes == newline); /* a lane that holds is -1 */
    }
    for (size_t i = 0; i < sizeof(counts); i++) {
        sum += counts[i];
    }
    return sum;
}

static void count_lines(const struct rs_input *in)
{
    struct rs_line_count *lines = in->line_cache;
    const char *p = in->window + lines->counted, *stop = in->window + in->start;
    while (stop - p >= 16) {
        size_t blocks = (size_t)(stop - p) / 16;
        blocks = blocks < 255 ? blocks : 255;
        lines->line += newlines_of(p, blocks);
        p += blocks * 16;
    }
    for (; p < stop; p++) {
        lines->line += *p == '\n';
    }
    lines->counted = in->start;
}

static void move_to_front(struct rs_input *in)
{
    if (in->start == 0) {
        return;
    }
    count_lines(in);
    memmove(in->window, in->window + in->start, in->end - in->start);
    in->before += (int64_t)in->start;
    in->end -= in->start;
    in->start = in->lines.counted = 0;
}

static enum rs_status grow(struct rs_input *in, size_t want, struct rs_error *err)
{
    size_t capacity = in->capacity * 2 > want ? in->capacity * 2 : want;
    char *window = realloc(in->window, capacity + RS_WINDOW_PAD);
    if (window == NULL) {
        return rs_fail(err, RS_ENOMEM, "out of memory for a window of %zu bytes", capacity);
    }
    in->window = window;
    in->capacity = capacity;
    return RS_OK;
}

enum rs_status rs_input_need(struct rs_input *in, size_t want, struct rs_error *err)
{
    assert(want <= RS_INPUT_TOKEN_LIMIT);
    if (in->end - in->start >= want || in->ended) {
        return RS_OK;
    }
    enum rs_status rc = RS_OK;
    move_to_front(in);
    if (want > in->capacity) {
        rc = grow(in, want, err);
    }
    while (rc == RS_OK && in->end < want && !in->ended) {
        rc = in->gzip ? fill_inflated(in, err) : fill_plain(in, err);
    }
    memset(in->window + in->end, 0, RS_WINDOW_PAD);
    return rc;
}

static enum rs_status allocate(size_t window, struct rs_input **out, struct rs_error *err)
{
    struct rs_input *in = calloc(1, sizeof(*in));
    if (in == NULL) {
        return rs_fail(err, RS_ENOMEM, "out of memory for an input");
    }
    in->fd = -1;
    in->size = in->modified = -1;
    in->chunk = WINDOW_SIZE;
    in->capacity = window;
    in->lines.line = 1;
    in->line_cache = &in->lines;
    in->window = calloc(1, window + RS_WINDOW_PAD);
    in->raw = malloc(RAW_SIZE);
    if (in->window == NULL || in->raw == NULL) {
        rs_input_close(in);
        return rs_fail(err, RS_ENOMEM, "out of memory for a window of %zu bytes", window);
    }
    *out = in;
    return RS_OK;
}

/* Look at the first bytes; takes `in`, closing it on failure. */
static enum rs_status begin(struct rs_input *in, struct rs_input **out, struct rs_error *err)
{
    enum rs_status rc = peek_raw(in, err);
    if (rc == RS_OK && has_gzip_magic(in)) {
        rc = open_gzip(in, err);
    }
    if (rc != RS_OK) {
        rs_input_close(in);
        return rc;
    }
    *out = in;
    return RS_OK;
}

static enum rs_status open_file(struct rs_input *in, const char *path, struct rs_error *err)
{
    struct stat st;
    in->fd = strcmp(path, "-") == 0 ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
    if (in->fd < 0 || fstat(in->fd, &st) != 0) {
        return rs_fail(err, RS_EIO, "cannot open '%s': %s", path, strerror(errno));
    }
    if (S_ISDIR(st.st_mode)) {
        return rs_fail(err, RS_EIO, "cannot read '%s': it is a directory", path);
    }
    if (S_ISREG(st.st_mode)) {
        in->size = (int64_t)st.st_size;
        in->modified = (int64_t)st.st_mtime;
    }
    return RS_OK;
}

enum rs_status rs_input_open(const char *path, struct rs_input **out, struct rs_error *err)
{
    struct rs_input *in = NULL;
    enum rs_status rc = allocate(WINDOW_SIZE, &in, err);
    if (rc != RS_OK) {
        return rc;
    }
    rc = open_file(in, path, err);
    if (rc != RS_OK) {
        rs_input_close(in);
        return rc;
    }
    rc = begin(in, out, err);
    return rc == RS_EIO ? rs_fail_where(err, "'%s'", path) : rc;
}

enum rs_status rs_input_open_chunks(const char *bytes, size_t length, size_t window, size_t chunk,
                                    struct rs_input **out, struct rs_error *err)
{
    struct rs_input *in = NULL;
    enum rs_status rc = allocate(window, &in, err);
    if (rc != RS_OK) {
        return rc;
    }
    in->memory = bytes;
    in->memory_left = length;
    in->chunk = chunk;
    return begin(in, out, err);
}

enum rs_status rs_input_open_memory(const char *bytes, size_t length, struct rs_input **out,
                                    struct rs_error *err)
{
    size_t window = length < 4096 ? 4096 : length < WINDOW_SIZE ? length : WINDOW_SIZE;
    return rs_input_open_chunks(bytes, length, window, WINDOW_SIZE, out, err);
}

void rs_input_close(struct rs_input *in)
{
    if (in == NULL) {
        return;
    }
    if (in->fd > STDIN_FILENO) {
        close(in->fd);
    }
    if (in->gzip) {
        inflateEnd(&in->stream);
    }
    free(in->raw);
    free(in->window);
    free(in);
}

const char *rs_input_data(const struct rs_input *in)
{
    return in->window + in->start;
}

size_t rs_input_available(const struct rs_input *in)
{
    return in->end - in->start;
}

void rs_input_consume(struct rs_input *in, size_t n)
{
    assert(n <= in->end - in->start);
    in->start += n;
}

int64_t rs_input_offset(const struct rs_input *in)
{
    return in->before + (int64_t)in->start;
}

int64_t rs_input_line(const struct rs_input *in)
{
    count_lines(in);
    return in->line_cache->line;
}

int64_t rs_input_raw_bytes(const struct rs_input *in)
{
    return in->raw_bytes;
}

uint32_t rs_input_crc32(const struct rs_input *in)
{
    return in->crc;
}

int64_t rs_input_size(const struct rs_input *in)
{
    return in->size;
}

int64_t rs_input_modified(const struct rs_input *in)
{
    return in->modified;
}
