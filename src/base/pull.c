/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rightsize/pull.h"

#include "base/decimal.h"
#include "base/utf8.h"
#include "base/window.h"

#include <assert.h>
#include <math.h>
#include <string.h>

#define NEAR 512 /* bytes kept in sight, so that most tokens are read without asking again */
#define ENDED (-1)

enum state {
    BEGIN,         /* at the very first byte */
    VALUE,         /* a value must follow */
    FIRST_KEY,     /* a key or '}' */
    FIRST_ELEMENT, /* a value or ']' */
    KEY,           /* a key, after ',' */
    BEHIND,        /* behind a value: ',' or the closing bracket, or the end */
};

void rs_pull_init(struct rs_pull *p, struct rs_input *input)
{
    *p = (struct rs_pull){.input = input, .text = "", .state = BEGIN};
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

static enum rs_status expected(const struct rs_pull *p, const char *what, struct rs_error *err)
{
    long long line = (long long)rs_input_line(p->input);
    if (rs_input_available(p->input) == 0) {
        return rs_fail(err, RS_EINPUT, "line %lld: cut off, expected %s", line, what);
    }
    return rs_fail(err, RS_EINPUT, "line %lld: expected %s", line, what);
}

static const char *cursor(const struct rs_pull *p)
{
    return p->input->window + p->input->start;
}

static size_t in_sight(const struct rs_pull *p)
{
    return p->input->end - p->input->start;
}

static enum rs_status look_ahead(struct rs_pull *p, size_t want, struct rs_error *err)
{
    if (in_sight(p) >= want || p->input->ended) {
        return RS_OK;
    }
    return rs_input_need(p->input, want, err);
}

static void take(struct rs_pull *p, size_t n)
{
    if (p->keep != NULL) {
        rs_buffer_append(p->keep, cursor(p), n);
    }
    p->input->start += n;
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\n' || c == '\r' || c == '\t';
}

/* Indented documents are mostly blanks: eight at a time. The NUL behind the window ends it. */
static const char *skip_blanks(const char *at, const char *end)
{
    static const char eight[8] = {' ', ' ', ' ', ' ', ' ', ' ', ' ', ' '};
    while (is_blank(*at)) {
        at++;
        while (end - at >= 8 && memcmp(at, eight, sizeof(eight)) == 0) {
            at += 8;
        }
    }
    return at;
}

/* Pass over white space; *next is the byte that follows, with NEAR bytes in sight, or ENDED. */
static enum rs_status skip_space(struct rs_pull *p, int *next, struct rs_error *err)
{
    for (;;) {
        const char *from = cursor(p), *end = from + in_sight(p);
        if (from < end) { /* never kept: blanks may run for gigabytes */
            p->input->start += (size_t)(skip_blanks(from, end) - from);
        }
        bool found = in_sight(p) > 0;
        enum rs_status rc = look_ahead(p, NEAR, err);
        if (rc != RS_OK) {
            return rc;
        }
        if (found || in_sight(p) == 0) {
            *next = in_sight(p) > 0 ? (int)(unsigned char)*cursor(p) : ENDED;
            return RS_OK;
        }
    }
}

/* The first byte at or behind `at` that does not stand for itself: '"', '\', a control, non-ASCII.
 */
static const char *plain_run(const char *at, const char *end)
{
    const uint64_t ones = 0x0101010101010101U, high = 0x8080808080808080U;
    for (; end - at >= 8; at += 8) {
        uint64_t v;
        memcpy(&v, at, sizeof(v));
        uint64_t quote = v ^ ones * '"', slash = v ^ ones * '\\';
        uint64_t special =
            ((v - ones * 0x20) & ~v) | ((quote - ones) & ~quote) | ((slash - ones) & ~slash) | v;
        if ((special & high) != 0) {
            break;
        }
    }
    while (at < end && (unsigned char)(*at - 0x20) < 0x60 && *at != '"' && *at != '\\') {
        at++;
    }
    return at;
}

static bool hex4(const char *at, uint32_t *code)
{
    uint32_t value = 0;
    for (int i = 0; i < 4; i++) {
        char c = at[i];
        unsigned digit = (unsigned)(c - '0'), letter = (unsigned)((c | 0x20) - 'a');
        if (digit > 9 && letter > 5) {
            return false;
        }
        value = value << 4 | (digit <= 9 ? digit : letter + 10);
    }
    *code = value;
    return true;
}

static enum rs_status read_unicode_escape(struct rs_pull *p, struct rs_error *err)
{
    const char *at = cursor(p);
    size_t n = in_sight(p), length = 6;
    uint32_t code = 0, low = 0;
    if (n < 6 || !hex4(at + 2, &code)) {
        return expected(p, "four hexadecimal digits after '\\u'", err);
    }
    if (code == 0) {
        return expected(p, "no '\\u0000' in a string", err);
    }
    if (code >= 0xD800 && code < 0xDC00 && n >= 12 && at[6] == '\\' && at[7] == 'u' &&
        hex4(at + 8, &low) && low >= 0xDC00 && low < 0xE000) {
        code = 0x10000 + ((code - 0xD800) << 10 | (low - 0xDC00));
        length = 12;
    } else if (code >= 0xD800 && code < 0xE000) {
        code = 0xFFFD;
    }
    rs_utf8_append(&p->scratch, code);
    take(p, length);
    return RS_OK;
}

static enum rs_status read_escape(struct rs_pull *p, struct rs_error *err)
{
    static const char from[] = "\"\\/bfnrt", to[] = "\"\\/\b\f\n\r\t";
    if (in_sight(p) < 2) {
        take(p, in_sight(p));
        return expected(p, "an escape after '\\'", err);
    }
    char c = cursor(p)[1];
    if (c == 'u') {
        return read_unicode_escape(p, err);
    }
    const char *known = c == '\0' ? NULL : strchr(from, c);
    if (known == NULL) {
        return expected(p, "an escape after '\\'", err);
    }
    rs_buffer_char(&p->scratch, to[known - from]);
    take(p, 2);
    return RS_OK;
}

static void read_utf8(struct rs_pull *p)
{
    uint32_t code = 0;
    size_t n = rs_utf8_decode(cursor(p), in_sight(p), &code);
    if (n == 0) {
        rs_buffer_text(&p->scratch, RS_UTF8_REPLACEMENT);
        n = 1;
    } else {
        rs_buffer_append(&p->scratch, cursor(p), n);
    }
    take(p, n);
}

/* One character that plain_run stopped at, not the closing quote. */
static enum rs_status read_special(struct rs_pull *p, struct rs_error *err)
{
    if (in_sight(p) == 0) {
        return expected(p, "'\"'", err);
    }
    unsigned char c = (unsigned char)*cursor(p);
    if (c == '\\') {
        return read_escape(p, err);
    }
    if (c < 0x20) {
        return expected(p, "no control character in a string", err);
    }
    read_utf8(p);
    return RS_OK;
}

/* At the opening quote. */
static enum rs_status read_string(struct rs_pull *p, struct rs_error *err)
{
    enum { LONGEST_ESCAPE = 12 };
    take(p, 1);
    rs_buffer_clear(&p->scratch);
    for (;;) {
        const char *at = cursor(p), *end = at + in_sight(p), *stop = plain_run(at, end);
        rs_buffer_append(&p->scratch, at, (size_t)(stop - at));
        if (stop < end && *stop == '"') {
            take(p, (size_t)(stop - at) + 1);
            break;
        }
        take(p, (size_t)(stop - at));
        if (p->scratch.length > RS_INPUT_TOKEN_LIMIT) {
            return expected(p, "a string of at most 4 MiB", err);
        }
        enum rs_status rc = look_ahead(p, NEAR, err);
        if (rc == RS_OK && (stop < end || in_sight(p) == 0)) {
            rc = read_special(p, err);
        }
        if (rc != RS_OK) {
            return rc;
        }
    }
    p->text = p->scratch.data;
    p->length = p->scratch.length;
    return rs_buffer_status(&p->scratch, err);
}

static bool in_number(char c)
{
    return (c >= '0' && c <= '9') || c == '-' || c == '+' || c == '.' || c == 'e' || c == 'E';
}

static bool number_is_cut(const struct rs_pull *p)
{
    const char *at = cursor(p), *end = at + in_sight(p);
    while (at < end && in_number(*at)) {
        at++;
    }
    return at == end;
}

static enum rs_status finish_number(struct rs_pull *p, const char *stop, double value,
                                    struct rs_error *err)
{
    const char *at = cursor(p);
    if (stop == NULL && number_is_cut(p)) {
        take(p, in_sight(p));
        return expected(p, "the rest of a number", err);
    }
    if (stop == NULL || in_number(*stop)) { /* behind the window lies a NUL */
        return expected(p, "a number like -12.5e3", err);
    }
    if (!isfinite(value)) {
        return expected(p, "a number within the range of double", err);
    }
    rs_buffer_clear(&p->scratch);
    rs_buffer_append(&p->scratch, at, (size_t)(stop - at));
    take(p, (size_t)(stop - at));
    p->text = p->scratch.data;
    p->length = p->scratch.length;
    p->number = value;
    return rs_buffer_status(&p->scratch, err);
}

static enum rs_status read_number(struct rs_pull *p, struct rs_error *err)
{
    for (;;) {
        const char *end = cursor(p) + in_sight(p);
        double value = 0.0;
        const char *stop = rs_decimal_read(cursor(p), end, &value);
        if (p->input->ended || (stop != NULL && stop < end) || !number_is_cut(p)) {
            return finish_number(p, stop, value, err);
        }
        size_t want = in_sight(p) * 2;
        if (want > RS_INPUT_TOKEN_LIMIT) {
            return expected(p, "a shorter number", err);
        }
        enum rs_status rc = look_ahead(p, want, err);
        if (rc != RS_OK) {
            return rc;
        }
    }
}

static enum rs_status read_literal(struct rs_pull *p, const char *word, struct rs_error *err)
{
    size_t length = strlen(word), n = in_sight(p) < length ? in_sight(p) : length;
    bool same = memcmp(cursor(p), word, n) == 0;
    if (same && n < length) {
        take(p, n);
    }
    if (!same || n < length) {
        return expected(p, word, err);
    }
    take(p, length);
    return RS_OK;
}

static enum rs_status open_bracket(struct rs_pull *p, char c, enum rs_pull_event *event,
                                   struct rs_error *err)
{
    if (p->depth == RS_PULL_DEPTH) {
        return expected(p, "at most 64 levels of nesting", err);
    }
    p->stack[p->depth++] = (unsigned char)c;
    p->state = c == '{' ? FIRST_KEY : FIRST_ELEMENT;
    *event = c == '{' ? RS_PULL_OBJECT : RS_PULL_ARRAY;
    take(p, 1);
    return RS_OK;
}

static enum rs_status close_bracket(struct rs_pull *p, enum rs_pull_event *event)
{
    p->depth--;
    *event = p->stack[p->depth] == '{' ? RS_PULL_OBJECT_END : RS_PULL_ARRAY_END;
    p->state = BEHIND;
    take(p, 1);
    return RS_OK;
}

static enum rs_status read_scalar(struct rs_pull *p, int next, enum rs_pull_event *event,
                                  struct rs_error *err)
{
    switch (next) {
    case '"':
        *event = RS_PULL_TEXT;
        return read_string(p, err);
    case 't':
        *event = RS_PULL_TRUE;
        return read_literal(p, "true", err);
    case 'f':
        *event = RS_PULL_FALSE;
        return read_literal(p, "false", err);
    case 'n':
        *event = RS_PULL_NULL;
        return read_literal(p, "null", err);
    default:
        if (next != '-' && (next < '0' || next > '9')) {
            return expected(p, p->state == FIRST_ELEMENT ? "a value or ']'" : "a value", err);
        }
        *event = RS_PULL_NUMBER;
        return read_number(p, err);
    }
}

static enum rs_status read_value(struct rs_pull *p, int next, enum rs_pull_event *event,
                                 struct rs_error *err)
{
    if (next == '{' || next == '[') {
        return open_bracket(p, (char)next, event, err);
    }
    enum rs_status rc = read_scalar(p, next, event, err);
    p->state = BEHIND;
    return rc;
}

static enum rs_status read_key(struct rs_pull *p, int next, enum rs_pull_event *event,
                               struct rs_error *err)
{
    if (next != '"') {
        return expected(p, p->state == FIRST_KEY ? "a key or '}'" : "a key", err);
    }
    enum rs_status rc = read_string(p, err);
    if (rc == RS_OK) {
        rc = skip_space(p, &next, err);
    }
    if (rc != RS_OK) {
        return rc;
    }
    if (next != ':') {
        return expected(p, "':'", err);
    }
    take(p, 1);
    p->state = VALUE;
    *event = RS_PULL_KEY;
    return RS_OK;
}

/* Shells on Windows write a byte-order mark, or UTF-16. */
static enum rs_status begin(struct rs_pull *p, struct rs_error *err)
{
    enum rs_status rc = look_ahead(p, NEAR, err);
    if (rc != RS_OK) {
        return rc;
    }
    p->state = VALUE;
    if (in_sight(p) >= 3 && memcmp(cursor(p), "\xEF\xBB\xBF", 3) == 0) {
        p->input->start += 3;
    } else if (in_sight(p) >= 2 &&
               (memcmp(cursor(p), "\xFF\xFE", 2) == 0 || memcmp(cursor(p), "\xFE\xFF", 2) == 0)) {
        return expected(p, "UTF-8, this is UTF-16", err);
    }
    return RS_OK;
}

/* To the first byte of the next token, over white space and the comma that is due. */
static enum rs_status separate(struct rs_pull *p, int *next, struct rs_error *err)
{
    enum rs_status rc = p->state == BEGIN ? begin(p, err) : RS_OK;
    if (rc == RS_OK) {
        rc = skip_space(p, next, err);
    }
    if (rc == RS_OK && p->state == BEHIND && p->depth > 0 && *next == ',') {
        take(p, 1);
        p->state = p->stack[p->depth - 1] == '{' ? KEY : VALUE;
        rc = skip_space(p, next, err);
    }
    return rc;
}

static enum rs_status read_behind(struct rs_pull *p, int next, enum rs_pull_event *event,
                                  struct rs_error *err)
{
    if (p->depth > 0) {
        bool object = p->stack[p->depth - 1] == '{';
        if (next != (object ? '}' : ']')) {
            return expected(p, object ? "',' or '}'" : "',' or ']'", err);
        }
        return close_bracket(p, event);
    }
    if (next == ENDED) {
        *event = RS_PULL_END;
        return RS_OK;
    }
    return p->many ? read_value(p, next, event, err) : expected(p, "the end of the text", err);
}

enum rs_status rs_pull_next(struct rs_pull *p, enum rs_pull_event *event, struct rs_error *err)
{
    int next = ENDED;
    enum rs_status rc = separate(p, &next, err);
    if (rc != RS_OK) {
        return rc;
    }
    switch (p->state) {
    case BEHIND:
        return read_behind(p, next, event, err);
    case FIRST_KEY:
        return next == '}' ? close_bracket(p, event) : read_key(p, next, event, err);
    case KEY:
        return read_key(p, next, event, err);
    case FIRST_ELEMENT:
        return next == ']' ? close_bracket(p, event) : read_value(p, next, event, err);
    default:
        if (p->many && p->depth == 0 && next == ENDED) {
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
    int next = ENDED, depth = p->depth;
    enum rs_pull_event event;
    enum rs_status rc = separate(p, &next, err);
    if (rc != RS_OK) {
        return rc;
    }
    if (next == ENDED || next == ']' || p->state == KEY || p->state == FIRST_KEY) {
        return expected(p, "a value", err);
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
    int next = ENDED;
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
    int next = ENDED;
    enum rs_status rc = separate(p, &next, err); /* members may have been read already */
    if (rc != RS_OK) {
        return rc;
    }
    size_t most = capped_sum(out->length, limit);
    rs_buffer_char(out, (char)p->stack[p->depth - 1]);
    p->keep = out;
    return keep_end(p, pass(p, p->depth - 1, most, err), most, limit, err);
}
