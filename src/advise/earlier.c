/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "advise/earlier.h"

#include "advise/speed.h"

#include <math.h>
#include <string.h>

void rs_earlier_cpu(const struct rs_study *study, const struct rs_offer *offer,
                    struct rs_reading *reading)
{
    double speed = 1.0;
    if (strcmp(study->policy->cpu_speed, "score") == 0) {
        double ratio = rs_speed_ratio(study->current, offer);
        speed = isnan(ratio) ? 1.0 : ratio;
    }
    reading->scale = offer->vcpus * speed / 100.0;
    reading->cap = offer->vcpus * speed;
}

void rs_earlier_memory_share(const struct rs_study *study, const struct rs_offer *offer,
                             struct rs_reading *reading)
{
    (void)study;
    reading->scale = offer->memory_bytes / 100.0;
    reading->cap = offer->memory_bytes;
}

void rs_earlier_memory_free(const struct rs_study *study, const struct rs_offer *offer,
                            struct rs_reading *reading)
{
    (void)study;
    reading->offset = reading->cap = offer->memory_bytes;
}

/* When the machine was of its i-th earlier type, within the window and without straddling samples;
 * false: not told, or never within it. */
static bool span_of(const struct rs_workload *work, size_t i, int64_t step, struct rs_window *out)
{
    bool last = i + 1 == work->earlier_count;
    if (work->earlier_since == NULL && work->earlier_count > 1) {
        return false;
    }
    int64_t from = work->earlier_since != NULL ? work->earlier_since[i] : work->window.from;
    int64_t until = last ? work->last_type_change : work->earlier_since[i + 1];
    out->from = from > work->window.from ? from : work->window.from;
    out->to = until - step + 1;
    return out->from < out->to;
}

static enum rs_status join_one(const struct rs_study *study, struct rs_reading part,
                               const struct rs_choice *choice, struct rs_series *trace,
                               size_t *samples, struct rs_error *err)
{
    struct rs_series before;
    struct rs_choice found = rs_trace_choose(&study->reader, &part);
    if (found.measured == 0 || found.statistic != choice->statistic || found.step > trace->step) {
        return RS_OK;
    }
    found.step = trace->step;
    enum rs_status rc = rs_trace_build(&study->reader, &part, &found, &before, NULL, err);
    if (rc == RS_OK) {
        *samples += rs_series_count(&before);
        rc = rs_trace_sum(&study->reader, trace, &before, trace, err);
    }
    return rc;
}

enum rs_status rs_earlier_join(const struct rs_study *study, const struct rs_reading *reading,
                               const struct rs_choice *choice, rs_earlier_fn *fit,
                               struct rs_series *trace, size_t *samples, struct rs_error *err)
{
    const struct rs_workload *work = study->work;
    enum rs_status rc = RS_OK;
    *samples = 0;
    if (study->earlier == NULL || work->last_type_change <= work->window.from) {
        return RS_OK;
    }
    for (size_t i = 0; i < work->earlier_count && i < RS_MAX_EARLIER && rc == RS_OK; i++) {
        struct rs_reading part = *reading;
        if (study->earlier[i] != NULL && span_of(work, i, trace->step, &part.window)) {
            fit(study, study->earlier[i], &part);
            rc = join_one(study, part, choice, trace, samples, err);
        }
    }
    return rc;
}
