/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * token.h - the words of JSON, read from the input's window, under the pull parser's grammar.
 * Each consumes its token (and keeps it when p->keep is set); the statuses are those of pull.h.
 */
#ifndef BASE_TOKEN_H
#define BASE_TOKEN_H

#include "base/window.h"
#include "rightsize/pull.h"

#define RS_TOKEN_NEAR 512 /* bytes kept in sight, so that most tokens are read without asking */
#define RS_TOKEN_ENDED (-1)

static inline const char *rs_token_cursor(const struct rs_pull *p)
{
    return p->input->window + p->input->start;
}

static inline size_t rs_token_in_sight(const struct rs_pull *p)
{
    return p->input->end - p->input->start;
}

static inline enum rs_status rs_token_look_ahead(struct rs_pull *p, size_t want,
                                                 struct rs_error *err)
{
    if (rs_token_in_sight(p) >= want || p->input->ended) {
        return RS_OK;
    }
    return rs_input_need(p->input, want, err);
}

static inline void rs_token_take(struct rs_pull *p, size_t n)
{
    if (p->keep != NULL) {
        rs_buffer_append(p->keep, rs_token_cursor(p), n);
    }
    p->input->start += n;
}

enum rs_pull_state {
    RS_PULL_BEGIN,         /* at the very first byte */
    RS_PULL_VALUE,         /* a value must follow */
    RS_PULL_FIRST_KEY,     /* a key or '}' */
    RS_PULL_FIRST_ELEMENT, /* a value or ']' */
    RS_PULL_NEXT_KEY,      /* a key, after ',' */
    RS_PULL_BEHIND         /* behind a value: ',' or the closing bracket, or the end */
};

/* RS_EINPUT: "line 17: expected ..." or, with nothing left, "line 17: cut off, expected ...". */
enum rs_status rs_token_expected(const struct rs_pull *p, const char *what, struct rs_error *err);

/* Pass over white space; *next is the byte behind it, its token in sight, or RS_TOKEN_ENDED. */
RS_CHECKED enum rs_status rs_token_space(struct rs_pull *p, int *next, struct rs_error *err);

/* At the opening quote; sets text and length. */
RS_CHECKED enum rs_status rs_token_string(struct rs_pull *p, struct rs_error *err);
/* At '-' or a digit; sets number, text and length. */
RS_CHECKED enum rs_status rs_token_number(struct rs_pull *p, struct rs_error *err);
/* Exactly `word`: "true", "false" or "null". */
RS_CHECKED enum rs_status rs_token_literal(struct rs_pull *p, const char *word,
                                           struct rs_error *err);

#endif
