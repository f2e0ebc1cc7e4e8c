/* SPDX-License-Identifier: GPL-3.0-or-later */
/* `rightsize catalog diff OLD NEW`. */
#include "cli/cmd_catalog.h"
#include "rightsize/catalog_diff.h"
#include "rightsize/number.h"
#include "rightsize/text.h"

#include <math.h>
#include <string.h>

struct telling {
    struct rs_buffer *out;
    size_t counts[4]; /* by enum rs_catalog_change */
    bool first;
};

static const char *const names[] = {"added", "removed", "fact", "price"};

static void place(struct rs_buffer *out, const struct rs_catalog_difference *d)
{
    const char *parts[] = {d->provider, d->region, d->type};
    for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
        if (parts[i] != NULL) {
            rs_buffer_text(out, i > 0 ? " " : "");
            rs_text_printable(out, parts[i], strlen(parts[i]));
        }
    }
}

static void tell_text(void *payload, const struct rs_catalog_difference *d)
{
    struct telling *t = payload;
    t->counts[d->change]++;
    rs_buffer_text(t->out, d->change == RS_CHANGE_ADDED     ? "+ "
                           : d->change == RS_CHANGE_REMOVED ? "- "
                                                            : "  ");
    place(t->out, d);
    if (d->column != NULL) {
        rs_buffer_char(t->out, ' ');
        rs_text_printable(t->out, d->column, strlen(d->column));
        rs_buffer_char(t->out, ' ');
        rs_text_printable(t->out, d->before, strlen(d->before));
        rs_buffer_text(t->out, " -> ");
        rs_text_printable(t->out, d->after, strlen(d->after));
    }
    if (!isnan(d->percent)) {
        rs_buffer_printf(t->out, " (%+.1f %%)", d->percent);
    }
    rs_buffer_char(t->out, '\n');
}

static void member(struct rs_buffer *out, const char *key, const char *text)
{
    rs_buffer_printf(out, ", \"%s\": ", key);
    if (text != NULL) {
        rs_text_json(out, text);
    } else {
        rs_buffer_text(out, "null");
    }
}

static void tell_json(void *payload, const struct rs_catalog_difference *d)
{
    struct telling *t = payload;
    char percent[RS_NUMBER_TEXT];
    t->counts[d->change]++;
    rs_buffer_printf(t->out, "%s\n  {\"change\": \"%s\"", t->first ? "" : ",", names[d->change]);
    t->first = false;
    member(t->out, "provider", d->provider);
    member(t->out, "region", d->region);
    member(t->out, "type", d->type);
    if (d->column != NULL) {
        rs_number_format(isnan(d->percent) ? NAN : round(d->percent * 100) / 100, percent);
        member(t->out, "column", d->column);
        rs_buffer_printf(t->out, ", \"before\": %s, \"after\": %s, \"percent\": %s", d->before,
                         d->after, percent);
    }
    rs_buffer_char(t->out, '}');
}

enum rs_status rs_catalog_cmd_diff(struct rs_context *context, const struct rs_catalog_options *o,
                                   int argc, char **argv, struct rs_error *err)
{
    bool json = o->output != NULL && strcmp(o->output, "json") == 0;
    if (argc != 3) {
        return rs_fail(err, RS_EUSAGE, "usage: rightsize catalog diff OLD NEW");
    }
    if (o->output != NULL && !json && strcmp(o->output, "table") != 0) {
        return rs_fail(err, RS_EUSAGE, "--output '%.64s' is not table or json", o->output);
    }
    struct rs_buffer text;
    struct telling telling = {&text, {0}, true};
    rs_buffer_init(&text);
    rs_buffer_text(&text, json ? "{\"changes\": [" : "");
    enum rs_status rc =
        rs_catalog_diff(argv[1], argv[2], json ? tell_json : tell_text, &telling, err);
    const size_t *n = telling.counts;
    if (json) {
        rs_buffer_printf(
            &text, "\n], \"added\": %zu, \"removed\": %zu, \"facts\": %zu, \"prices\": %zu}\n",
            n[RS_CHANGE_ADDED], n[RS_CHANGE_REMOVED], n[RS_CHANGE_FACT], n[RS_CHANGE_PRICE]);
    } else {
        rs_buffer_printf(&text, "%zu added, %zu removed, %zu facts and %zu prices changed\n",
                         n[RS_CHANGE_ADDED], n[RS_CHANGE_REMOVED], n[RS_CHANGE_FACT],
                         n[RS_CHANGE_PRICE]);
    }
    if (rc == RS_OK) {
        rc = rs_buffer_status(&text, err);
    }
    if (rc == RS_OK) {
        rc = rs_output(context, NULL, &text, err);
    }
    rs_buffer_release(&text);
    return rc;
}
