/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rightsize/pull.h"

#include "base/token.h"

#include <assert.h>
#include <string.h>

void rs_pull_init(struct rs_pull *p, struct rs_input *input)
{
    *p = (struct rs_pull){.input = input, .text = "", .state = RS_PULL_BEGIN};
    rs_buffer_init(&p->scratch);
}

void rs_pull_init_many(struct rs_pull *p, struct rs_input *input)
{
    rs_pull_init(p, input);
    p->many = true;
}

void rs_pull_release(struct rs_pull *p)
{
    rs_buffer_release(&p->scratch);
    p->text = "";
    p->length = 0;
    p->keep = NULL;
}

static enum rs_status open_bracket(struct rs_pull *p, char c, enum rs_pull_event *event,
                                   struct rs_error *err)
{
    if (p->depth == RS_PULL_DEPTH) {
        return rs_token_expected(p, "at most 64 levels of nesting", err);
    }
    p->stack[p->depth++] = (unsigned char)c;
    p->state = c == '{' ? RS_PULL_FIRST_KEY : RS_PULL_FIRST_ELEMENT;
    *event = c == '{' ? RS_PULL_OBJECT : RS_PULL_ARRAY;
    rs_token_take(p, 1);
    return RS_OK;
}

static enum rs_status close_bracket(struct rs_pull *p, enum rs_pull_event *event)
{
    p->depth--;
    *event = p->stack[p->depth] == '{' ? RS_PULL_OBJECT_END : RS_PULL_ARRAY_END;
    p->state = RS_PULL_BEHIND;
    rs_token_take(p, 1);
    return RS_OK;
}

static enum rs_status read_scalar(struct rs_pull *p, int next, enum rs_pull_event *event,
                                  struct rs_error *err)
{
    switch (next) {
    case '"':
        *event = RS_PULL_TEXT;
        return rs_token_string(p, err);
    case 't':
        *event = RS_PULL_TRUE;
        return rs_token_literal(p, "true", err);
    case 'f':
        *event = RS_PULL_FALSE;
        return rs_token_literal(p, "false", err);
    case 'n':
        *event = RS_PULL_NULL;
        return rs_token_literal(p, "null", err);
    default:
        if (next != '-' && (next < '0' || next > '9')) {
            return rs_token_expected(
                p, p->state == RS_PULL_FIRST_ELEMENT ? "a value or ']'" : "a value", err);
        }
        *event = RS_PULL_NUMBER;
        return rs_token_number(p, err);
    }
}

static enum rs_status read_value(struct rs_pull *p, int next, enum rs_pull_event *event,
                                 struct rs_error *err)
{
    if (next == '{' || next == '[') {
        return open_bracket(p, (char)next, event, err);
    }
    enum rs_status rc = read_scalar(p, next, event, err);
    p->state = RS_PULL_BEHIND;
    return rc;
}

static enum rs_status read_key(struct rs_pull *p, int next, enum rs_pull_event *event,
                               struct rs_error *err)
{
    if (next != '"') {
        return rs_token_expected(p, p->state == RS_PULL_FIRST_KEY ? "a key or '}'" : "a key", err);
    }
    enum rs_status rc = rs_token_string(p, err);
    if (rc == RS_OK) {
        rc = rs_token_space(p, &next, err);
    }
    if (rc != RS_OK) {
        return rc;
    }
    if (next != ':') {
        return rs_token_expected(p, "':'", err);
    }
    rs_token_take(p, 1);
    p->state = RS_PULL_VALUE;
    *event = RS_PULL_KEY;
    return RS_OK;
}

/* Shells on Windows write a byte-order mark, or UTF-16. */
static enum rs_status begin(struct rs_pull *p, struct rs_error *err)
{
    enum rs_status rc = rs_token_look_ahead(p, RS_TOKEN_NEAR, err);
    if (rc != RS_OK) {
        return rc;
    }
    p->state = RS_PULL_VALUE;
    if (rs_token_in_sight(p) >= 3 && memcmp(rs_token_cursor(p), "\xEF\xBB\xBF", 3) == 0) {
        p->input->start += 3;
    } else if (rs_token_in_sight(p) >= 2 && (memcmp(rs_token_cursor(p), "\xFF\xFE", 2) == 0 ||
                                             memcmp(rs_token_cursor(p), "\xFE\xFF", 2) == 0)) {
        return rs_token_expected(p, "UTF-8, this is UTF-16", err);
    }
    return RS_OK;
}

/* To the first byte of the next token, over white space and the comma that is due. */
static enum rs_status separate(struct rs_pull *p, int *next, struct rs_error *err)
{
    enum rs_status rc = p->state == RS_PULL_BEGIN ? begin(p, err) : RS_OK;
    if (rc == RS_OK) {
        rc = rs_token_space(p, next, err);
    }
    if (rc == RS_OK && p->state == RS_PULL_BEHIND && p->depth > 0 && *next == ',') {
        rs_token_take(p, 1);
        p->state = p->stack[p->depth - 1] == '{' ? RS_PULL_NEXT_KEY : RS_PULL_VALUE;
        rc = rs_token_space(p, next, err);
    }
    return rc;
}

static enum rs_status read_behind(struct rs_pull *p, int next, enum rs_pull_event *event,
                                  struct rs_error *err)
{
    if (p->depth > 0) {
        bool object = p->stack[p->depth - 1] == '{';
        if (next != (object ? '}' : ']')) {
            return rs_token_expected(p, object ? "',' or '}'" : "',' or ']'", err);
        }
        return close_bracket(p, event);
    }
    if (next == RS_TOKEN_ENDED) {
        *event = RS_PULL_END;
        return RS_OK;
    }
    return p->many ? read_value(p, next, event, err)
                   : rs_token_expected(p, "the end of the text", err);
}

enum rs_status rs_pull_next(struct rs_pull *p, enum rs_pull_event *event, struct rs_error *err)
{
    int next = RS_TOKEN_ENDED;
    enum rs_status rc = separate(p, &next, err);
    if (rc != RS_OK) {
        return rc;
    }
    switch (p->state) {
    case RS_PULL_BEHIND:
        return read_behind(p, next, event, err);
    case RS_PULL_FIRST_KEY:
        return next == '}' ? close_bracket(p, event) : read_key(p, next, event, err);
    case RS_PULL_NEXT_KEY:
        return read_key(p, next, event, err);
    case RS_PULL_FIRST_ELEMENT:
        return next == ']' ? close_bracket(p, event) : read_value(p, next, event, err);
    default:
        if (p->many && p->depth == 0 && next == RS_TOKEN_ENDED) {
            *event = RS_PULL_END;
            return RS_OK;
        }
        return read_value(p, next, event, err);
    }
}

/* Events until the nesting is back at `depth`; what is kept may grow to `limit`. */
static enum rs_status pass(struct rs_pull *p, int depth, size_t limit, struct rs_error *err)
{
    while (p->depth > depth) {
        enum rs_pull_event event;
        enum rs_status rc = rs_pull_next(p, &event, err);
        if (rc != RS_OK) {
            return rc;
        }
        if (p->keep != NULL && p->keep->length > limit) {
            break;
        }
    }
    return RS_OK;
}

static enum rs_status pass_value(struct rs_pull *p, size_t limit, struct rs_error *err)
{
    int next = RS_TOKEN_ENDED, depth = p->depth;
    enum rs_pull_event event;
    enum rs_status rc = separate(p, &next, err);
    if (rc != RS_OK) {
        return rc;
    }
    if (next == RS_TOKEN_ENDED || next == ']' || p->state == RS_PULL_NEXT_KEY ||
        p->state == RS_PULL_FIRST_KEY) {
        return rs_token_expected(p, "a value", err);
    }
    rc = rs_pull_next(p, &event, err);
    return rc == RS_OK ? pass(p, depth, limit, err) : rc;
}

enum rs_status rs_pull_skip(struct rs_pull *p, struct rs_error *err)
{
    return pass_value(p, SIZE_MAX, err);
}

enum rs_status rs_pull_skip_rest(struct rs_pull *p, struct rs_error *err)
{
    assert(p->depth > 0);
    return pass(p, p->depth - 1, SIZE_MAX, err);
}

static enum rs_status keep_end(struct rs_pull *p, enum rs_status rc, size_t most, size_t limit,
                               struct rs_error *err)
{
    struct rs_buffer *kept = p->keep;
    p->keep = NULL;
    if (rc == RS_OK && kept->length > most) {
        return rs_fail(err, RS_EINPUT, "line %lld: a value longer than %zu bytes",
                       (long long)rs_input_line(p->input), limit);
    }
    return rc == RS_OK ? rs_buffer_status(kept, err) : rc;
}

static size_t capped_sum(size_t a, size_t b)
{
    return a > SIZE_MAX - b ? SIZE_MAX : a + b;
}

enum rs_status rs_pull_slice(struct rs_pull *p, size_t limit, struct rs_buffer *out,
                             struct rs_error *err)
{
    int next = RS_TOKEN_ENDED;
    enum rs_status rc = separate(p, &next, err); /* the comma before it is no part of a value */
    if (rc != RS_OK) {
        return rc;
    }
    size_t most = capped_sum(out->length, limit);
    p->keep = out;
    return keep_end(p, pass_value(p, most, err), most, limit, err);
}

enum rs_status rs_pull_rest_slice(struct rs_pull *p, size_t limit, struct rs_buffer *out,
                                  struct rs_error *err)
{
    assert(p->depth > 0);
    int next = RS_TOKEN_ENDED;
    enum rs_status rc = separate(p, &next, err); /* members may have been read already */
    if (rc != RS_OK) {
        return rc;
    }
    size_t most = capped_sum(out->length, limit);
    rs_buffer_char(out, (char)p->stack[p->depth - 1]);
    p->keep = out;
    return keep_end(p, pass(p, p->depth - 1, most, err), most, limit, err);
}
