/* SPDX-License-Identifier: GPL-3.0-or-later */
/* scan_text.h - what a scan of the store passes, as text. */
#ifndef UNIT_SCAN_TEXT_H
#define UNIT_SCAN_TEXT_H

#include "store_world.h"

#include "rightsize/number.h"

struct seen { /* a scan as text */
    struct rs_buffer text;
    size_t calls, stop_after;
    bool samples; /* list them too */
};

static inline void see_series(struct seen *seen, const struct rs_series *s)
{
    char number[RS_NUMBER_TEXT];
    for (size_t i = 0; i < s->slots; i++) {
        if (!isnan(s->values[i])) {
            rs_number_format(s->values[i], number);
            rs_buffer_printf(&seen->text, "%s|%s|%lld|%s\n", rs_metric_info(s->metric)->name,
                             rs_statistic_name(s->statistic), (long long)rs_series_at(s, i),
                             number);
        }
    }
}

static inline enum rs_status see(void *payload, const struct rs_stored *stored,
                                 struct rs_error *err)
{
    struct seen *seen = payload;
    rs_buffer_printf(&seen->text, "%s: series %zu volumes %zu\n", stored->resource->id,
                     stored->series_count, stored->volume_count);
    for (size_t i = 0; seen->samples && i < stored->series_count; i++) {
        see_series(seen, &stored->series[i]);
    }
    return ++seen->calls == seen->stop_after ? rs_fail(err, RS_EPARTIAL, "enough") : RS_OK;
}

static inline void expect_scan(struct world *w, const struct rs_scan *scan, bool samples,
                               const char *want)
{
    struct rs_error err = {RS_OK, ""};
    struct seen seen = {.samples = samples};
    rs_buffer_init(&seen.text);
    check_ok(rs_store_scan(w->store, scan, see, &seen, &err));
    assert_string_equal(seen.text.data, want);
    rs_buffer_release(&seen.text);
}

#endif
