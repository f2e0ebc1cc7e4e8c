/* SPDX-License-Identifier: GPL-3.0-or-later */
/* pull_bulk.c - the elements of long arrays, several thousand to a call. */
#include "rightsize/pull.h"

#include "base/decimal.h"
#include "base/pull_quick.h"
#include "base/token.h"
#include "rightsize/when.h"

#include <math.h>
#include <string.h>

#define MARGIN 64 /* bytes behind an element's beginning that must be in sight */

static bool is_gap(const struct rs_gap *gap, const char *at)
{
    uint64_t differ = 0;
    for (size_t i = 0; i < RS_GAP_MAX; i += 8) {
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
static const char *next_element(struct rs_gap *gap, const char *at, const char *limit, bool first)
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
            rs_gap_learn(gap, at, next);
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

/* Elements of an array being taken, and the newlines among them, to be counted no second time. */
struct taking {
    struct rs_gap gap;
    struct rs_run run;
    int64_t newlines;
    size_t count;
    bool first; /* nothing of the array was taken before */
};

static void begin(const struct rs_pull *p, struct taking *t)
{
    *t = (struct taking){.gap = {.length = 0},
                         .run = {p->input->window, rs_token_cursor(p), limit_of(p)},
                         .first = p->state == RS_PULL_FIRST_ELEMENT};
}

/* As next_element. */
static const char *find_next(struct taking *t)
{
    return next_element(&t->gap, t->run.at, t->run.limit, t->first && t->count == 0);
}

/* The element from `from` to `stop`; false: NULL, it is not one of those that are taken here. */
static bool take(struct taking *t, const char *from, const char *stop)
{
    if (stop == NULL) {
        return false;
    }
    for (const char *p = t->run.at; p < from; p++) {
        t->newlines += *p == '\n';
    }
    t->run.at = stop;
    t->count++;
    return true;
}

static void add_run(struct taking *t, size_t count)
{
    t->count += count;
    t->newlines += (int64_t)count * t->gap.newlines;
}

static size_t commit(struct rs_pull *p, const struct taking *t)
{
    struct rs_input *in = p->input;
    if (t->count > 0) {
        in->lines.line = rs_input_line(in) + t->newlines;
        in->start = in->lines.counted = (size_t)(t->run.at - in->window);
        p->state = RS_PULL_BEHIND;
    }
    return t->count;
}

static bool in_number(char c)
{
    return (c >= '0' && c <= '9') || c == '-' || c == '+' || c == '.' || c == 'e' || c == 'E';
}

static const char *read_number(const char *from, const char *end, double *out)
{
    const char *stop = rs_decimal_read(from, end, out);
    return stop == NULL || stop == end || in_number(*stop) || !isfinite(*out) ? NULL : stop;
}

size_t rs_pull_numbers(struct rs_pull *p, double *out, size_t room)
{
    struct taking t;
    begin(p, &t);
    while (t.run.limit != NULL && t.count < room) {
        add_run(&t, rs_quick_numbers(&t.run, &t.gap, out + t.count, room - t.count));
        if (t.count == room) {
            break;
        }
        const char *from = find_next(&t), *end = t.run.limit + MARGIN;
        if (!take(&t, from, from != NULL ? read_number(from, end, &out[t.count]) : NULL)) {
            break;
        }
    }
    return commit(p, &t);
}

/* Behind a whole string that is an instant, or NULL. */
static const char *read_instant(struct rs_pull *p, const char *text, const char *end, int64_t *out)
{
    const char *stop = *text == '"' ? rs_when_scan(&p->dates, text + 1, end, out) : NULL;
    return stop != NULL && stop < end && *stop == '"' ? stop + 1 : NULL;
}

size_t rs_pull_instants(struct rs_pull *p, int64_t *out, size_t room)
{
    struct taking t;
    begin(p, &t);
    while (t.run.limit != NULL && t.count < room) {
        if (t.count > 0) {
            add_run(&t,
                    rs_quick_instants(&t.run, &t.gap, &p->dates, out + t.count, room - t.count));
        }
        if (t.count == room) {
            break;
        }
        const char *from = find_next(&t), *end = t.run.limit + MARGIN;
        if (!take(&t, from, from != NULL ? read_instant(p, from, end, &out[t.count]) : NULL)) {
            break;
        }
    }
    return commit(p, &t);
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
