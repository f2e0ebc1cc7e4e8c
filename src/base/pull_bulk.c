/* SPDX-License-Identifier: GPL-3.0-or-later */
/* pull_bulk.c - the elements of long arrays, several thousand to a call. */
#include "rightsize/pull.h"

#include "base/decimal.h"
#include "base/token.h"
#include "rightsize/when.h"

#include <math.h>
#include <string.h>

#define MARGIN 64 /* bytes behind an element's beginning that must be in sight */
#define GAP_MAX 32

/* What stands between two elements is the same all along an array: ",", or a line's indentation. */
struct gap {
    char bytes[GAP_MAX], mask[GAP_MAX];
    size_t length; /* 0: not known */
};

static void learn_gap(struct gap *gap, const char *from, const char *to)
{
    size_t length = (size_t)(to - from);
    if (length <= GAP_MAX && length != gap->length) {
        memset(gap, 0, sizeof(*gap));
        memset(gap->mask, 0xFF, length);
        gap->length = length;
    }
    memcpy(gap->bytes, from, length <= GAP_MAX ? length : 0);
}

static bool is_gap(const struct gap *gap, const char *at)
{
    uint64_t differ = 0;
    for (size_t i = 0; i < GAP_MAX; i += 8) {
        uint64_t seen, wanted, mask;
        memcpy(&seen, at + i, sizeof(seen));
        memcpy(&wanted, gap->bytes + i, sizeof(wanted));
        memcpy(&mask, gap->mask + i, sizeof(mask));
        differ |= (seen ^ wanted) & mask;
    }
    return differ == 0 && gap->length > 0;
}

static const char *skip_blanks(const char *at)
{
    while (*at == ' ' || *at == '\n' || *at == '\r' || *at == '\t') {
        at++; /* the NUL behind the window ends it */
    }
    return at;
}

/* The next element, behind the comma that is due; NULL: none, or not near. */
static const char *next_element(struct gap *gap, const char *at, const char *limit, bool first)
{
    if (at >= limit) {
        return NULL;
    }
    if (is_gap(gap, at)) {
        return at + gap->length;
    }
    const char *next = skip_blanks(at);
    if (!first) {
        if (*next != ',') {
            return NULL;
        }
        next = skip_blanks(next + 1);
        if (next < limit) {
            learn_gap(gap, at, next);
        }
    }
    return next < limit ? next : NULL;
}

/* In an array, with nothing kept: the bytes at which an element may begin end here; else NULL. */
static const char *limit_of(const struct rs_pull *p)
{
    bool due = p->state == RS_PULL_FIRST_ELEMENT || p->state == RS_PULL_BEHIND;
    if (!due || p->depth == 0 || p->stack[p->depth - 1] != '[' || p->keep != NULL ||
        rs_token_in_sight(p) <= MARGIN) {
        return NULL;
    }
    return p->input->window + p->input->end - MARGIN;
}

static void commit(struct rs_pull *p, const char *at)
{
    p->input->start = (size_t)(at - p->input->window);
    p->state = RS_PULL_BEHIND;
}

static bool in_number(char c)
{
    return (c >= '0' && c <= '9') || c == '-' || c == '+' || c == '.' || c == 'e' || c == 'E';
}

size_t rs_pull_numbers(struct rs_pull *p, double *out, size_t room)
{
    const char *limit = limit_of(p), *at = rs_token_cursor(p);
    struct gap gap = {.length = 0};
    size_t n = 0;
    for (; limit != NULL && n < room; n++) {
        bool first = n == 0 && p->state == RS_PULL_FIRST_ELEMENT;
        const char *from = next_element(&gap, at, limit, first), *end = limit + MARGIN;
        const char *stop = from != NULL ? rs_decimal_read(from, end, &out[n]) : NULL;
        if (stop == NULL || stop == end || in_number(*stop) || !isfinite(out[n])) {
            break;
        }
        at = stop;
    }
    if (n > 0) {
        commit(p, at);
    }
    return n;
}

/* Behind a whole string that is an instant, or NULL. */
static const char *read_instant(struct rs_pull *p, const char *text, const char *end, int64_t *out)
{
    const char *stop = *text == '"' ? rs_when_scan(&p->dates, text + 1, end, out) : NULL;
    return stop != NULL && stop < end && *stop == '"' ? stop + 1 : NULL;
}

size_t rs_pull_instants(struct rs_pull *p, int64_t *out, size_t room)
{
    const char *limit = limit_of(p), *at = rs_token_cursor(p);
    struct gap gap = {.length = 0};
    size_t n = 0;
    for (; limit != NULL && n < room; n++) {
        bool first = n == 0 && p->state == RS_PULL_FIRST_ELEMENT;
        const char *from = next_element(&gap, at, limit, first);
        const char *stop = from != NULL ? read_instant(p, from, limit + MARGIN, &out[n]) : NULL;
        if (stop == NULL) {
            break;
        }
        at = stop;
    }
    if (n > 0) {
        commit(p, at);
    }
    return n;
}

const char *rs_pull_since(const struct rs_pull *p, int64_t offset, size_t *length)
{
    if (offset < p->input->before) {
        return NULL;
    }
    size_t from = (size_t)(offset - p->input->before);
    *length = p->input->start - from;
    return p->input->window + from;
}

bool rs_pull_repeats(struct rs_pull *p, const char *bytes, size_t length)
{
    struct rs_error unused;
    size_t seen = rs_token_in_sight(p);
    if (length == 0 || length > RS_INPUT_TOKEN_LIMIT || p->state != RS_PULL_VALUE ||
        p->keep != NULL || memcmp(rs_token_cursor(p), bytes, seen < length ? seen : length) != 0) {
        return false;
    }
    /* What fails here fails again where the value is read the long way. */
    if (rs_token_look_ahead(p, length, &unused) != RS_OK || rs_token_in_sight(p) < length ||
        memcmp(rs_token_cursor(p), bytes, length) != 0) {
        return false;
    }
    p->input->start += length;
    p->state = RS_PULL_BEHIND;
    return true;
}
