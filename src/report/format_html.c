/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One page without scripts and without anything from elsewhere, so that it may be mailed. */
#include "report/columns.h"
#include "report/formats.h"
#include "report/human.h"
#include "rightsize/text.h"

#include <math.h>
#include <string.h>

#define REASONING_WIDTH 110

static const char head[] =
    "<!DOCTYPE html>\n"
    "<html lang=\"en\">\n"
    "<head>\n"
    "<meta charset=\"utf-8\">\n"
    "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
    "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src "
    "'unsafe-inline'\">\n"
    "<title>Right-sizing report</title>\n"
    "<style>\n"
    ":root { color-scheme: light dark; --ink: #1c2330; --dim: #5b6577; --page: #fff; "
    "--line: #d9dee7; --card: #f4f6fa; --red: #b42318; --amber: #8a5a00; --green: #1a7f4b; "
    "--violet: #7a3ea8; }\n"
    "@media (prefers-color-scheme: dark) { :root { --ink: #e6e9ef; --dim: #9aa4b5; "
    "--page: #14181f; --line: #2e3643; --card: #1d232d; --red: #ff8a7a; --amber: #f0b95a; "
    "--green: #6fd3a0; --violet: #cda3f0; } }\n"
    "body { margin: 2rem auto; max-width: 90rem; padding: 0 1rem; color: var(--ink); "
    "background: var(--page); font: 15px/1.5 system-ui, sans-serif; }\n"
    "h1 { font-size: 1.5rem; margin: 0 0 .5rem; }\n"
    "p { margin: .2rem 0; color: var(--dim); }\n"
    ".sums { display: flex; flex-wrap: wrap; gap: 1rem; margin: 1.2rem 0; padding: 0; }\n"
    ".sums div { background: var(--card); border: 1px solid var(--line); border-radius: .5rem; "
    "padding: .6rem 1rem; }\n"
    ".sums dt { color: var(--dim); font-size: .85rem; }\n"
    ".sums dd { margin: 0; font-size: 1.4rem; font-variant-numeric: tabular-nums; }\n"
    ".wide { overflow-x: auto; }\n"
    "table { border-collapse: collapse; width: 100%; }\n"
    "th, td { text-align: left; vertical-align: top; padding: .35rem .6rem; "
    "border-bottom: 1px solid var(--line); }\n"
    "th { position: sticky; top: 0; background: var(--page); font-size: .8rem; "
    "color: var(--dim); }\n"
    ".n { text-align: right; white-space: nowrap; font-variant-numeric: tabular-nums; }\n"
    ".f { font-weight: 600; }\n"
    ".under .f { color: var(--red); } .over .f { color: var(--amber); }\n"
    ".optimized .f { color: var(--green); } .idle .f { color: var(--violet); }\n"
    "td:last-child { min-width: 17rem; }\n"
    "summary { cursor: pointer; }\n"
    "pre { background: var(--card); padding: .8rem; border-radius: .5rem; overflow-x: auto; "
    "font-size: .8rem; line-height: 1.35; }\n"
    "@media print { body { margin: 0; font-size: 11px; } summary { list-style: none; } "
    "th { position: static; } .wide { overflow: visible; } pre { white-space: pre-wrap; } }\n"
    "</style>\n"
    "</head>\n"
    "<body>\n"
    "<h1>Right-sizing report</h1>\n";

static void put_escaped(struct rs_buffer *out, const char *text, size_t length)
{
    struct rs_buffer safe;
    rs_buffer_init(&safe);
    rs_text_printable(&safe, text, length);
    rs_text_html(out, safe.data);
    out->failed = out->failed || safe.failed;
    rs_buffer_release(&safe);
}

/* Each line of a text between `before` and `after`. */
static void put_lines(struct rs_buffer *out, const char *text, const char *before,
                      const char *after)
{
    while (*text != '\0') {
        size_t n = strcspn(text, "\n");
        if (n > 0 || *before == '\0') {
            rs_buffer_text(out, before);
            put_escaped(out, text, n);
            rs_buffer_text(out, after);
        }
        text += n + (text[n] == '\n');
    }
}

static void put_sum(struct rs_buffer *out, const char *title, double value, const char *currency)
{
    char money[RS_HUMAN_TEXT];
    rs_human_money(value, currency, money);
    rs_buffer_printf(out, "<div><dt>%s</dt><dd>", title);
    put_escaped(out, money, strlen(money));
    rs_buffer_text(out, "</dd></div>\n");
}

static void put_sums(struct rs_buffer *out, const struct rs_totals *totals)
{
    if (totals->currency == NULL) {
        return;
    }
    rs_buffer_text(out, "<dl class=\"sums\">\n");
    put_sum(out, "a month today", totals->current_monthly, totals->currency);
    put_sum(out, "as recommended", totals->recommended_monthly, totals->currency);
    put_sum(out, totals->saving_monthly < 0.0 ? "costs more" : "saves",
            fabs(totals->saving_monthly), totals->currency);
    rs_buffer_text(out, "</dl>\n");
}

static const char *class_of(const struct rs_column *column)
{
    return (column->flags & RS_COLUMN_NUMBER) != 0    ? " class=\"n\""
           : (column->flags & RS_COLUMN_FINDING) != 0 ? " class=\"f\""
                                                      : "";
}

static void put_header(struct rs_buffer *out, const char *currency)
{
    struct rs_buffer heading;
    rs_buffer_init(&heading);
    rs_buffer_text(out, "<thead>\n<tr>");
    for (const struct rs_column *column = rs_columns; column->key != NULL; column++) {
        if ((column->flags & RS_COLUMN_MARKDOWN) != 0) {
            rs_buffer_clear(&heading);
            rs_column_heading(column, currency, &heading);
            rs_buffer_printf(out, "<th scope=\"col\"%s>", class_of(column));
            put_escaped(out, heading.data, heading.length);
            rs_buffer_text(out, "</th>");
        }
    }
    rs_buffer_text(out, "</tr>\n</thead>\n");
    out->failed = out->failed || heading.failed;
    rs_buffer_release(&heading);
}

/* Why, to be opened for the whole reasoning. */
static enum rs_status put_reasoning(struct rs_buffer *out, const struct rs_cell *cell,
                                    const char *why, struct rs_error *err)
{
    struct rs_page page = {.width = REASONING_WIDTH, .unicode = cell->page->unicode};
    struct rs_buffer text;
    rs_buffer_init(&text);
    enum rs_status rc = rs_explain(cell->entry, cell->report, &page, &text, err);
    rs_buffer_text(out, "<details><summary>");
    put_escaped(out, *why != '\0' ? why : "details", strlen(*why != '\0' ? why : "details"));
    rs_buffer_text(out, "</summary>\n<pre>");
    put_lines(out, text.data, "", "\n");
    rs_buffer_text(out, "</pre></details>");
    rs_buffer_release(&text);
    return rc;
}

static enum rs_status put_row(struct rs_buffer *out, const struct rs_cell *cell,
                              struct rs_error *err)
{
    enum rs_status rc = RS_OK;
    struct rs_buffer raw;
    rs_buffer_init(&raw);
    rs_buffer_printf(out, "<tr class=\"%s\">", rs_human_finding(cell->entry->advice.finding));
    for (const struct rs_column *column = rs_columns; column->key != NULL && rc == RS_OK;
         column++) {
        if ((column->flags & RS_COLUMN_MARKDOWN) != 0) {
            rs_buffer_clear(&raw);
            column->render(cell, &raw);
            rs_buffer_printf(out, "<td%s>", class_of(column));
            if ((column->flags & RS_COLUMN_WRAP) != 0) {
                rc = put_reasoning(out, cell, raw.data, err);
            } else {
                put_escaped(out, raw.data, raw.length);
            }
            rs_buffer_text(out, "</td>");
        }
    }
    rs_buffer_text(out, "</tr>\n");
    out->failed = out->failed || raw.failed;
    rs_buffer_release(&raw);
    return rc;
}

static enum rs_status put_table(const struct rs_report *report, const struct rs_page *page,
                                const struct rs_totals *totals, struct rs_buffer *out,
                                struct rs_error *err)
{
    struct rs_entry entry;
    struct rs_cell cell = {
        .page = page, .report = report, .entry = &entry, .currency = totals->currency};
    enum rs_status rc = RS_OK;
    rs_buffer_text(out, "<div class=\"wide\">\n<table>\n");
    put_header(out, totals->currency);
    rs_buffer_text(out, "<tbody>\n");
    for (size_t i = 0; i < report->count && rc == RS_OK; i++) {
        rs_report_entry(report, i, &entry);
        rc = put_row(out, &cell, err);
    }
    rs_buffer_text(out, "</tbody>\n</table>\n</div>\n");
    return rc;
}

static enum rs_status write_html(const struct rs_report *report, const struct rs_page *page,
                                 struct rs_buffer *out, struct rs_error *err)
{
    struct rs_page document = {.unicode = page->unicode};
    struct rs_totals totals;
    struct rs_buffer text;
    rs_report_totals(report, &totals);
    rs_buffer_init(&text);
    rs_buffer_append(out, head, sizeof(head) - 1);
    enum rs_status rc = rs_text_head(report, &document, &text, err);
    if (rc == RS_OK) {
        put_lines(out, text.data, "<p>", "</p>\n");
        put_sums(out, &totals);
        rc = report->count > 0 ? put_table(report, &document, &totals, out, err) : RS_OK;
    }
    if (rc == RS_OK) {
        rs_buffer_clear(&text);
        rc = rs_text_foot(report, &document, &text, err);
    }
    if (rc == RS_OK) {
        put_lines(out, text.data, "<p>", "</p>\n");
        rs_buffer_text(out, "</body>\n</html>\n");
        out->failed = out->failed || text.failed;
        rc = rs_buffer_status(out, err);
    }
    rs_buffer_release(&text);
    return rc;
}

const struct rs_format rs_format_html = {
    "html", "one page for the browser or a mail, each line opens to its reasoning", NULL,
    write_html};
