/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * input.h - bytes of a file, of standard input or of memory through a sliding window (level 0).
 *
 * gzip is recognised by its magic and inflated on the way, several members in a row too. Memory
 * use is the window (512 KiB, grown only by rs_input_need up to RS_INPUT_TOKEN_LIMIT).
 */
#ifndef RIGHTSIZE_INPUT_H
#define RIGHTSIZE_INPUT_H

#include "rightsize/status.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define RS_INPUT_TOKEN_LIMIT ((size_t)4 << 20)     /* longest token or line */
#define RS_INPUT_INFLATED_LIMIT ((int64_t)1 << 36) /* 64 GiB of inflated bytes, then RS_EINPUT */

struct rs_input;

/*
 * "-" is standard input. RS_EIO: cannot be opened, is a directory, or cannot be read; the message
 * names the path (those of rs_input_need do not).
 */
RS_CHECKED enum rs_status rs_input_open(const char *path, struct rs_input **out,
                                        struct rs_error *err);
/* Borrowed bytes (may be gzip); for tests, fuzzing and small texts. */
RS_CHECKED enum rs_status rs_input_open_memory(const char *bytes, size_t length,
                                               struct rs_input **out, struct rs_error *err);
void rs_input_close(struct rs_input *in); /* NULL is fine */

/*
 * Make at least `want` bytes available, or all that are left. want <= RS_INPUT_TOKEN_LIMIT.
 * The window may move: pointers from rs_input_data are void afterwards.
 * RS_EIO: read error; RS_EINPUT: broken gzip or over RS_INPUT_INFLATED_LIMIT.
 */
RS_CHECKED enum rs_status rs_input_need(struct rs_input *in, size_t want, struct rs_error *err);
const char *rs_input_data(const struct rs_input *in);
size_t rs_input_available(const struct rs_input *in);
void rs_input_consume(struct rs_input *in, size_t n); /* n <= available */

int64_t rs_input_offset(const struct rs_input *in);    /* inflated bytes consumed so far */
int64_t rs_input_line(const struct rs_input *in);      /* newlines consumed so far + 1 */
int64_t rs_input_raw_bytes(const struct rs_input *in); /* bytes read from the file so far */
uint32_t rs_input_crc32(const struct rs_input *in);    /* of the raw bytes read so far */
/* Size of the regular file in bytes, or -1 (pipe); its modification time, or -1. */
int64_t rs_input_size(const struct rs_input *in);
int64_t rs_input_modified(const struct rs_input *in);

#endif
