/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What was seen in the load, what the last change of type brought, how sure the answer is. */
#include "report/explain.h"
#include "report/human.h"
#include "report/page.h"

#include <math.h>

void rs_explain_shape(const struct rs_entry *entry, const struct rs_page *page,
                      struct rs_buffer *out, struct rs_buffer *line)
{
    const struct rs_advice *advice = &entry->advice;
    if (advice->observation_count > 0) {
        rs_explain_heading(out, "Shape of the load");
    }
    for (size_t i = 0; i < advice->observation_count; i++) {
        const struct rs_observation *seen = &advice->observations[i];
        rs_buffer_printf(line, "%s, %s: ", seen->code, rs_dimension_info(seen->dimension)->title);
        rs_page_text(line, page, seen->text);
        rs_explain_line(out, page, 4, 2, line);
    }
}

static void put_short(const double *shares, const char *when, struct rs_buffer *line)
{
    const char *separator = "";
    char text[RS_HUMAN_TEXT];
    rs_buffer_printf(line, "; short %s: ", when);
    for (int d = 0; d < RS_DIM_COUNT; d++) {
        if (shares[d] > 0.0) {
            rs_human_share(shares[d], text);
            rs_buffer_printf(line, "%s%s %s", separator,
                             rs_dimension_info((enum rs_dimension)d)->title, text);
            separator = ", ";
        }
    }
    rs_buffer_text(line, *separator == '\0' ? "nothing" : "");
}

void rs_explain_resize(const struct rs_entry *entry, const struct rs_page *page,
                       struct rs_buffer *out, struct rs_buffer *line)
{
    const struct rs_resize *resize = &entry->advice.resize;
    const char *currency = rs_entry_currency(entry), *separator = "; worse than before in ";
    char text[RS_HUMAN_TEXT];
    if (resize->from == NULL) {
        return;
    }
    double saving = resize->monthly_before - resize->monthly_after;
    rs_explain_heading(out, "The last change of type");
    rs_human_when(resize->at, text);
    rs_buffer_printf(line, "%s: ", text);
    rs_page_text(line, page, resize->from);
    rs_buffer_printf(line, " %s ", rs_page_arrow(page));
    rs_page_text(line, page, resize->to);
    if (isfinite(saving)) {
        rs_human_money(fabs(saving), currency, text);
        rs_buffer_printf(line, saving < 0.0 ? ", costs %s a month more" : ", saves %s a month",
                         text);
    }
    put_short(resize->short_before, "before", line);
    put_short(resize->short_after, "after", line);
    for (int d = 0; d < RS_DIM_COUNT; d++) {
        if ((resize->regressed & 1U << d) != 0) {
            rs_buffer_printf(line, "%s%s", separator,
                             rs_dimension_info((enum rs_dimension)d)->title);
            separator = ", ";
        }
    }
    rs_explain_line(out, page, 4, 2, line);
}

static void put_needs(const struct rs_advice *advice, struct rs_buffer *line)
{
    static const enum rs_dimension told[] = {RS_DIM_CPU, RS_DIM_MEMORY};
    char low[RS_HUMAN_TEXT], high[RS_HUMAN_TEXT];
    for (size_t i = 0; i < sizeof(told) / sizeof(told[0]); i++) {
        const struct rs_demand *demand = &advice->demand[told[i]];
        if (demand->known && isfinite(demand->need_low) && isfinite(demand->need_high)) {
            struct rs_scale scale = rs_human_scale(demand->need_high, told[i]);
            rs_human_digits(demand->need_low / scale.divisor, low);
            rs_human_digits(demand->need_high / scale.divisor, high);
            rs_buffer_printf(line, "; %s need %s to %s %s", rs_dimension_info(told[i])->title, low,
                             high, scale.unit);
        }
    }
}

void rs_explain_bootstrap(const struct rs_entry *entry, struct rs_buffer *line)
{
    const struct rs_bootstrap *b = &entry->advice.bootstrap;
    if (b->resamples <= 0 || !isfinite(b->same)) {
        return;
    }
    rs_buffer_printf(line, "%.0f of %d draws of its %d days anew give the same answer",
                     b->same * b->resamples, b->resamples, b->days);
    if (isfinite(b->same_finding) && b->same_finding > b->same) {
        rs_buffer_printf(line, ", %.0f the same finding", b->same_finding * b->resamples);
    }
    put_needs(&entry->advice, line);
}
