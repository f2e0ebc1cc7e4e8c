/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * buffer.h - a growing byte string, always NUL-terminated (level 0).
 *
 * Writing is sticky: appends return nothing, and once an allocation fails the buffer keeps its
 * bytes and ignores further appends. The writer asks once, at the end, with rs_buffer_status.
 */
#ifndef RIGHTSIZE_BUFFER_H
#define RIGHTSIZE_BUFFER_H

#include "rightsize/status.h"

#include <stdbool.h>
#include <stddef.h>

struct rs_buffer {
    char *data; /* NUL-terminated; points to a static "" while capacity is 0 */
    size_t length, capacity;
    bool failed; /* an allocation failed since init or clear */
};

void rs_buffer_init(struct rs_buffer *b);
void rs_buffer_clear(struct rs_buffer *b); /* length 0, memory kept, failed reset */
void rs_buffer_release(struct rs_buffer *b);

void rs_buffer_append(struct rs_buffer *b, const char *bytes, size_t n);
void rs_buffer_text(struct rs_buffer *b, const char *text);
void rs_buffer_char(struct rs_buffer *b, char c);
char *rs_buffer_grow(struct rs_buffer *b, size_t n); /* rs_buffer_room, where there is none yet */
/*
 * For writers that know their length: where `n` bytes may be written, or NULL once an allocation
 * failed; then how many of them were (the NUL follows by itself). Inline, as a JSON document asks
 * some hundred times for a few bytes.
 */
static inline char *rs_buffer_room(struct rs_buffer *b, size_t n)
{
    return n < b->capacity - b->length && !b->failed ? b->data + b->length : rs_buffer_grow(b, n);
}
static inline void rs_buffer_wrote(struct rs_buffer *b, size_t n)
{
    b->length += n;
    b->data[b->length] = '\0';
}
RS_PRINTF(2, 3) void rs_buffer_printf(struct rs_buffer *b, const char *format, ...);

/* RS_ENOMEM if any append since init or clear was lost, else RS_OK. */
RS_CHECKED enum rs_status rs_buffer_status(const struct rs_buffer *b, struct rs_error *err);

/*
 * Append a whole small file. RS_EIO: cannot be opened or read; RS_EINPUT: longer than `limit`
 * bytes; RS_ENOMEM. The messages name the path.
 */
RS_CHECKED enum rs_status rs_buffer_read_file(struct rs_buffer *b, const char *path, size_t limit,
                                              struct rs_error *err);

#endif
