/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * pull.h - a strict JSON pull parser over rs_input (RFC 8259), for documents of any length
 * (level 0). Memory is the input's window. Depth is limited to RS_PULL_DEPTH. A UTF-8 byte-order
 * mark in front is passed over. In strings, bytes that are not UTF-8 and lone surrogates become
 * U+FFFD; \u0000 is refused, so text never ends early.
 */
#ifndef RIGHTSIZE_PULL_H
#define RIGHTSIZE_PULL_H

#include "rightsize/buffer.h"
#include "rightsize/input.h"
#include "rightsize/when.h"

#define RS_PULL_DEPTH 64

enum rs_pull_event {
    RS_PULL_OBJECT,
    RS_PULL_OBJECT_END,
    RS_PULL_ARRAY,
    RS_PULL_ARRAY_END,
    RS_PULL_KEY,    /* text, length: the decoded key */
    RS_PULL_TEXT,   /* text, length: the decoded string */
    RS_PULL_NUMBER, /* number; text, length: as written */
    RS_PULL_TRUE,
    RS_PULL_FALSE,
    RS_PULL_NULL,
    RS_PULL_END /* no bytes but blanks are left after a complete value */
};

struct rs_pull {
    struct rs_input *input; /* borrowed */
    const char *text;       /* of the last event; valid until the next call; NUL-terminated */
    size_t length;
    double number;
    /* private */
    struct rs_buffer scratch;
    int depth;
    unsigned char stack[RS_PULL_DEPTH];
    int state;
    bool many;              /* see rs_pull_init_many */
    struct rs_buffer *keep; /* where consumed bytes are kept, or NULL */
    struct rs_when_cache dates;
};

void rs_pull_init(struct rs_pull *p, struct rs_input *input); /* exactly one value, then END */
/* A sequence of values with any or no white space between (`{..}{..}`): END at the end of input. */
void rs_pull_init_many(struct rs_pull *p, struct rs_input *input);
void rs_pull_release(struct rs_pull *p);

/*
 * The next event. RS_EINPUT: not JSON, with line and what was expected ("line 17: expected ',' or
 * ']'"), truncated, too deep, or a token beyond RS_INPUT_TOKEN_LIMIT.
 */
RS_CHECKED enum rs_status rs_pull_next(struct rs_pull *p, enum rs_pull_event *event,
                                       struct rs_error *err);
/* After a KEY, or inside an array before an element: pass over one whole value. */
RS_CHECKED enum rs_status rs_pull_skip(struct rs_pull *p, struct rs_error *err);
/*
 * The same, but keep the value's tokens in *out (appended), for rs_json_parse. When the event
 * OBJECT or ARRAY was already taken, rs_pull_rest_slice keeps the rest of that value, its opening
 * bracket included. RS_EINPUT also when the value is longer than `limit` bytes.
 */
RS_CHECKED enum rs_status rs_pull_slice(struct rs_pull *p, size_t limit, struct rs_buffer *out,
                                        struct rs_error *err);
RS_CHECKED enum rs_status rs_pull_rest_slice(struct rs_pull *p, size_t limit, struct rs_buffer *out,
                                             struct rs_error *err);
/*
 * Short cuts for long arrays, which change nothing but the time it takes. Inside an array, take as
 * many elements as are plain numbers (or instants "2026-11-22T09:10:00Z", "...+00:00") and lie in
 * the window: their events are passed over and their values put in out[0..room). The count may be
 * 0 at any time; whatever is not taken, also what is wrong, comes from rs_pull_next.
 */
size_t rs_pull_numbers(struct rs_pull *p, double *out, size_t room);
size_t rs_pull_instants(struct rs_pull *p, int64_t *out, size_t room);
/*
 * For an array that is often repeated byte for byte: the bytes consumed since rs_input_offset was
 * `offset`, or NULL when they have left the window; and, after a KEY, whether the value that comes
 * is those bytes again: then it was passed over. `bytes` begins behind the key's colon and ends
 * with the closing bracket.
 */
const char *rs_pull_since(const struct rs_pull *p, int64_t offset, size_t *length);
bool rs_pull_repeats(struct rs_pull *p, const char *bytes, size_t length);
/* After the event OBJECT or ARRAY: pass over all that is left of it, its closing bracket too. */
RS_CHECKED enum rs_status rs_pull_skip_rest(struct rs_pull *p, struct rs_error *err);

#endif
