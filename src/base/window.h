/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * window.h - the inside of rs_input, for the parsers of the base room (their hot path reads the
 * window without a call) and for tests that want a small window.
 */
#ifndef BASE_WINDOW_H
#define BASE_WINDOW_H

#include "rightsize/input.h"

#include <zlib.h>

#define RS_WINDOW_PAD 16 /* NUL bytes behind the last valid byte, always */

struct rs_line_count {
    size_t counted; /* newlines of window[0, counted) are in `line` */
    int64_t line;
};

struct rs_input {
    char *window;
    size_t start, end, capacity; /* valid bytes: window[start, end) */
    bool ended;                  /* nothing is left behind `end` */
    int64_t before;              /* offset of window[0] */
    struct rs_line_count lines;
    struct rs_line_count *line_cache; /* &lines: counting is lazy, also for a const input */

    int fd;                    /* -1: memory */
    const char *memory;        /* borrowed */
    size_t memory_left, chunk; /* chunk: most bytes of one read */
    int64_t raw_bytes, size, modified;
    uint32_t crc;
    bool raw_ended;

    unsigned char *raw; /* gzip only, and the first bytes of all */
    size_t raw_start, raw_end;
    bool gzip, member_open;
    int64_t inflated;
    z_stream stream;
};

/* As rs_input_open_memory, with a window of `window` bytes and reads of at most `chunk`. */
RS_CHECKED enum rs_status rs_input_open_chunks(const char *bytes, size_t length, size_t window,
                                               size_t chunk, struct rs_input **out,
                                               struct rs_error *err);

#endif
