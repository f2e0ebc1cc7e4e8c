/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/token.h"

#include "base/decimal.h"
#include "base/utf8.h"

#include <math.h>
#include <string.h>

enum rs_status rs_token_expected(const struct rs_pull *p, const char *what, struct rs_error *err)
{
    long long line = (long long)rs_input_line(p->input);
    if (rs_input_available(p->input) == 0) {
        return rs_fail(err, RS_EINPUT, "line %lld: cut off, expected %s", line, what);
    }
    return rs_fail(err, RS_EINPUT, "line %lld: expected %s", line, what);
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

enum rs_status rs_token_space(struct rs_pull *p, int *next, struct rs_error *err)
{
    for (;;) {
        const char *from = rs_token_cursor(p), *end = from + rs_token_in_sight(p);
        if (from < end) { /* never kept: blanks may run for gigabytes */
            p->input->start += (size_t)(skip_blanks(from, end) - from);
        }
        bool found = rs_token_in_sight(p) > 0;
        enum rs_status rc = rs_token_look_ahead(p, RS_TOKEN_NEAR, err);
        if (rc != RS_OK) {
            return rc;
        }
        if (found || rs_token_in_sight(p) == 0) {
            *next =
                rs_token_in_sight(p) > 0 ? (int)(unsigned char)*rs_token_cursor(p) : RS_TOKEN_ENDED;
            return RS_OK;
        }
    }
}

/* The first byte that does not stand for itself: '"', '\', a control or non-ASCII; or `end`. */
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
    const char *at = rs_token_cursor(p);
    size_t n = rs_token_in_sight(p), length = 6;
    uint32_t code = 0, low = 0;
    if (n < 6 || !hex4(at + 2, &code)) {
        return rs_token_expected(p, "four hexadecimal digits after '\\u'", err);
    }
    if (code == 0) {
        return rs_token_expected(p, "no '\\u0000' in a string", err);
    }
    if (code >= 0xD800 && code < 0xDC00 && n >= 12 && at[6] == '\\' && at[7] == 'u' &&
        hex4(at + 8, &low) && low >= 0xDC00 && low < 0xE000) {
        code = 0x10000 + ((code - 0xD800) << 10 | (low - 0xDC00));
        length = 12;
    } else if (code >= 0xD800 && code < 0xE000) {
        code = 0xFFFD;
    }
    rs_utf8_append(&p->scratch, code);
    rs_token_take(p, length);
    return RS_OK;
}

static enum rs_status read_escape(struct rs_pull *p, struct rs_error *err)
{
    static const char from[] = "\"\\/bfnrt", to[] = "\"\\/\b\f\n\r\t";
    if (rs_token_in_sight(p) < 2) {
        rs_token_take(p, rs_token_in_sight(p));
        return rs_token_expected(p, "an escape after '\\'", err);
    }
    char c = rs_token_cursor(p)[1];
    if (c == 'u') {
        return read_unicode_escape(p, err);
    }
    const char *known = c == '\0' ? NULL : strchr(from, c);
    if (known == NULL) {
        return rs_token_expected(p, "an escape after '\\'", err);
    }
    rs_buffer_char(&p->scratch, to[known - from]);
    rs_token_take(p, 2);
    return RS_OK;
}

static void read_utf8(struct rs_pull *p)
{
    uint32_t code = 0;
    size_t n = rs_utf8_decode(rs_token_cursor(p), rs_token_in_sight(p), &code);
    if (n == 0) {
        rs_buffer_text(&p->scratch, RS_UTF8_REPLACEMENT);
        n = 1;
    } else {
        rs_buffer_append(&p->scratch, rs_token_cursor(p), n);
    }
    rs_token_take(p, n);
}

/* One character that plain_run stopped at, not the closing quote. */
static enum rs_status read_special(struct rs_pull *p, struct rs_error *err)
{
    if (rs_token_in_sight(p) == 0) {
        return rs_token_expected(p, "'\"'", err);
    }
    unsigned char c = (unsigned char)*rs_token_cursor(p);
    if (c == '\\') {
        return read_escape(p, err);
    }
    if (c < 0x20) {
        return rs_token_expected(p, "no control character in a string", err);
    }
    read_utf8(p);
    return RS_OK;
}

enum rs_status rs_token_string(struct rs_pull *p, struct rs_error *err)
{
    enum { LONGEST_ESCAPE = 12 };
    rs_token_take(p, 1);
    rs_buffer_clear(&p->scratch);
    for (;;) {
        const char *at = rs_token_cursor(p), *end = at + rs_token_in_sight(p),
                   *stop = plain_run(at, end);
        rs_buffer_append(&p->scratch, at, (size_t)(stop - at));
        if (stop < end && *stop == '"') {
            rs_token_take(p, (size_t)(stop - at) + 1);
            break;
        }
        rs_token_take(p, (size_t)(stop - at));
        if (p->scratch.length > RS_INPUT_TOKEN_LIMIT) {
            return rs_token_expected(p, "a string of at most 4 MiB", err);
        }
        enum rs_status rc = rs_token_look_ahead(p, RS_TOKEN_NEAR, err);
        if (rc == RS_OK && (stop < end || rs_token_in_sight(p) == 0)) {
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
    const char *at = rs_token_cursor(p), *end = at + rs_token_in_sight(p);
    while (at < end && in_number(*at)) {
        at++;
    }
    return at == end;
}

static enum rs_status finish_number(struct rs_pull *p, const char *stop, double value,
                                    struct rs_error *err)
{
    const char *at = rs_token_cursor(p);
    if (stop == NULL && number_is_cut(p)) {
        rs_token_take(p, rs_token_in_sight(p));
        return rs_token_expected(p, "the rest of a number", err);
    }
    if (stop == NULL || in_number(*stop)) { /* behind the window lies a NUL */
        return rs_token_expected(p, "a number like -12.5e3", err);
    }
    if (!isfinite(value)) {
        return rs_token_expected(p, "a number within the range of double", err);
    }
    rs_buffer_clear(&p->scratch);
    rs_buffer_append(&p->scratch, at, (size_t)(stop - at));
    rs_token_take(p, (size_t)(stop - at));
    p->text = p->scratch.data;
    p->length = p->scratch.length;
    p->number = value;
    return rs_buffer_status(&p->scratch, err);
}

enum rs_status rs_token_number(struct rs_pull *p, struct rs_error *err)
{
    for (;;) {
        const char *end = rs_token_cursor(p) + rs_token_in_sight(p);
        double value = 0.0;
        const char *stop = rs_decimal_read(rs_token_cursor(p), end, &value);
        if (p->input->ended || (stop != NULL && stop < end) || !number_is_cut(p)) {
            return finish_number(p, stop, value, err);
        }
        size_t want = rs_token_in_sight(p) * 2;
        if (want > RS_INPUT_TOKEN_LIMIT) {
            return rs_token_expected(p, "a shorter number", err);
        }
        enum rs_status rc = rs_token_look_ahead(p, want, err);
        if (rc != RS_OK) {
            return rc;
        }
    }
}

enum rs_status rs_token_literal(struct rs_pull *p, const char *word, struct rs_error *err)
{
    size_t length = strlen(word), n = rs_token_in_sight(p) < length ? rs_token_in_sight(p) : length;
    bool same = memcmp(rs_token_cursor(p), word, n) == 0;
    if (same && n < length) {
        rs_token_take(p, n);
    }
    if (!same || n < length) {
        return rs_token_expected(p, word, err);
    }
    rs_token_take(p, length);
    return RS_OK;
}
