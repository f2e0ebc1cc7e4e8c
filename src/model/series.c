/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rightsize/series.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

bool rs_step_is_valid(int64_t step)
{
    return step > 0 && RS_DAY_SECONDS % step == 0;
}

static size_t size_of_name(const char *name)
{
    return name != NULL ? strlen(name) + 1 : 0;
}

size_t rs_batch_names_size(const struct rs_batch *batch)
{
    return size_of_name(batch->resource) + size_of_name(batch->provider) +
           size_of_name(batch->account) + size_of_name(batch->region);
}

void rs_batch_names_move(struct rs_batch *batch, char *to)
{
    const char **const names[] = {&batch->resource, &batch->provider, &batch->account,
                                  &batch->region};
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        size_t size = size_of_name(*names[i]);
        if (size > 0) {
            *names[i] = memcpy(to, *names[i], size);
            to += size;
        }
    }
}

void rs_series_init(struct rs_series *s)
{
    *s = (struct rs_series){.step = 1};
}

enum rs_status rs_series_allocate(struct rs_series *s, enum rs_metric metric,
                                  enum rs_statistic statistic, int64_t step,
                                  struct rs_window window, struct rs_error *err)
{
    assert(step > 0 && window.from < window.to);
    assert(window.from % step == 0 && window.to % step == 0);
    uint64_t slots = ((uint64_t)window.to - (uint64_t)window.from) / (uint64_t)step;
    double *values = slots <= SIZE_MAX / 16 ? malloc((size_t)slots * sizeof(*values)) : NULL;
    if (values == NULL) {
        return rs_fail(err, RS_ENOMEM, "out of memory for %llu steps of %lld s",
                       (unsigned long long)slots, (long long)step);
    }
    for (size_t i = 0; i < slots; i++) {
        values[i] = NAN;
    }
    *s = (struct rs_series){metric, statistic, step, window.from, values, (size_t)slots};
    return RS_OK;
}

size_t rs_series_count(const struct rs_series *s)
{
    size_t count = 0;
    for (size_t i = 0; i < s->slots; i++) {
        count += isnan(s->values[i]) ? 0 : 1;
    }
    return count;
}

int64_t rs_series_at(const struct rs_series *s, size_t slot)
{
    return s->from + (int64_t)slot * s->step;
}

void rs_series_release(struct rs_series *s)
{
    free(s->values);
    rs_series_init(s);
}
