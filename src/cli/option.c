/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/option.h"

#include "rightsize/number.h"
#include "rightsize/when.h"

#include <assert.h>
#include <getopt.h>
#include <math.h>
#include <stdint.h>
#include <string.h>

#define MAX_ROWS 64
#define FIRST_CODE 256 /* long options are told apart by codes beyond any letter */

struct parser {
    const struct rs_option *rows[MAX_ROWS];
    void *bases[MAX_ROWS];
    size_t count;
    struct option longs[MAX_ROWS + 1];
    char shorts[3 * MAX_ROWS + 3];
};

void rs_options_init(const struct rs_option *table, void *base)
{
    for (const struct rs_option *o = table; o->name != NULL; o++) {
        void *target = (char *)base + o->offset;
        switch (o->kind) {
        case RS_OPTION_FLAG:
            *(bool *)target = false;
            break;
        case RS_OPTION_TEXT:
            *(const char **)target = NULL;
            break;
        case RS_OPTION_LIST:
            ((struct rs_option_list *)target)->count = 0;
            break;
        case RS_OPTION_NUMBER:
            *(double *)target = NAN;
            break;
        case RS_OPTION_DURATION:
            *(int64_t *)target = 0;
            break;
        case RS_OPTION_INSTANT:
        case RS_OPTION_COUNT:
            *(int64_t *)target = -1;
            break;
        }
    }
}

static enum rs_status store_value(const struct rs_option *o, void *base, const char *text,
                                  struct rs_error *err)
{
    void *target = (char *)base + o->offset;
    struct rs_option_list *list = target;
    enum rs_status rc = RS_OK;
    switch (o->kind) {
    case RS_OPTION_FLAG:
        *(bool *)target = true;
        break;
    case RS_OPTION_TEXT:
        *(const char **)target = text;
        break;
    case RS_OPTION_LIST:
        if (list->count == RS_OPTION_LIST_MAX) {
            return rs_fail(err, RS_EUSAGE, "--%s is given more than %d times", o->name,
                           RS_OPTION_LIST_MAX);
        }
        list->items[list->count++] = text;
        break;
    case RS_OPTION_NUMBER:
        rc = rs_parse_double(text, -1e15, 1e15, target, err);
        break;
    case RS_OPTION_INSTANT:
        rc = rs_when_parse(text, target, err);
        break;
    case RS_OPTION_DURATION:
        rc = rs_duration_parse(text, target, err);
        break;
    case RS_OPTION_COUNT:
        rc = rs_parse_int(text, 0, INT64_MAX, target, err);
        break;
    }
    if (rc != RS_OK) {
        err->code = RS_EUSAGE;
        return rs_fail_where(err, "--%s", o->name);
    }
    return RS_OK;
}

static void add_rows(struct parser *p, const struct rs_option_group *group)
{
    for (const struct rs_option *o = group->options; o != NULL && o->name != NULL; o++) {
        assert(p->count < MAX_ROWS);
        size_t i = p->count++;
        int takes = o->kind == RS_OPTION_FLAG ? no_argument : required_argument;
        p->rows[i] = o;
        p->bases[i] = group->base;
        p->longs[i] = (struct option){o->name, takes, NULL, FIRST_CODE + (int)i};
        if (o->letter != 0) {
            size_t n = strlen(p->shorts);
            p->shorts[n++] = o->letter;
            if (takes == required_argument) {
                p->shorts[n++] = ':';
            }
            p->shorts[n] = '\0';
        }
    }
}

static const struct rs_option *row_of(const struct parser *p, int code, void **base)
{
    for (size_t i = 0; i < p->count; i++) {
        if (code == FIRST_CODE + (int)i || (code < FIRST_CODE && code == p->rows[i]->letter)) {
            *base = p->bases[i];
            return p->rows[i];
        }
    }
    return NULL;
}

/* getopt leaves the culprit in optopt (a letter or a code) or, unknown or ambiguous, in argv. */
static enum rs_status refuse(const struct parser *p, int code, char **argv, struct rs_error *err)
{
    void *base = NULL;
    const struct rs_option *o = optopt != 0 ? row_of(p, optopt, &base) : NULL;
    if (o == NULL && optopt != 0 && optopt < FIRST_CODE) {
        return rs_fail(err, RS_EUSAGE, "-%c is not an option here", optopt);
    }
    if (o == NULL) {
        return rs_fail(err, RS_EUSAGE, "'%s' is not an option here, or not one alone",
                       argv[optind - 1]);
    }
    if (code == ':') {
        return rs_fail(err, RS_EUSAGE, "--%s needs %s", o->name, o->operand);
    }
    return rs_fail(err, RS_EUSAGE, "--%s takes no value", o->name);
}

enum rs_status rs_options_parse(const struct rs_option_group *groups, size_t count, int argc,
                                char **argv, bool stop_early, int *operands_at,
                                struct rs_error *err)
{
    struct parser p = {.count = 0};
    memcpy(p.shorts, stop_early ? "+:" : ":", stop_early ? 3 : 2);
    for (size_t g = 0; g < count; g++) {
        add_rows(&p, &groups[g]);
    }
    optind = 0; /* glibc: start anew, whatever was parsed before */
    opterr = 0;
    for (;;) {
        optopt = 0;
        int code = getopt_long(argc, argv, p.shorts, p.longs, NULL);
        if (code == -1) {
            break;
        }
        if (code == '?' || code == ':') {
            return refuse(&p, code, argv, err);
        }
        void *base = NULL;
        const struct rs_option *o = row_of(&p, code, &base);
        enum rs_status rc = store_value(o, base, optarg, err);
        if (rc != RS_OK) {
            return rc;
        }
    }
    *operands_at = optind;
    return RS_OK;
}

void rs_options_help(const struct rs_option *table, struct rs_buffer *out)
{
    for (const struct rs_option *o = table; o != NULL && o->name != NULL; o++) {
        struct rs_buffer left;
        rs_buffer_init(&left);
        if (o->letter != 0) {
            rs_buffer_printf(&left, "  -%c, --%s", o->letter, o->name);
        } else {
            rs_buffer_printf(&left, "      --%s", o->name);
        }
        if (o->operand != NULL) {
            rs_buffer_printf(&left, " %s", o->operand);
        }
        rs_buffer_printf(out, "%-32s  %s\n", left.data, o->help);
        rs_buffer_release(&left);
    }
}
