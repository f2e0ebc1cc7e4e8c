/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "advise/shape.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define GIB 1073741824.0
#define NO_CHANCE 1e-6 /* a smaller p says nothing more */

const struct rs_hours *rs_shape_hours(const struct rs_shape *shape, enum rs_dimension d)
{
    return d == RS_DIM_MEMORY ? &shape->memory : &shape->cpu;
}

struct rs_observation *rs_shape_add(struct rs_shape *shape, const char *code, enum rs_dimension d,
                                    const struct rs_hours *hours)
{
    struct rs_advice *out = shape->study->out;
    if (out->observation_count == RS_MAX_OBSERVATIONS) {
        return NULL;
    }
    struct rs_observation *o = &out->observations[out->observation_count++];
    *o = (struct rs_observation){
        .code = code,
        .dimension = d,
        .from = hours->from,
        .to = hours->from + (int64_t)hours->count * RS_HOUR_SECONDS,
        .value = NAN,
        .reference = NAN,
        .strength = NAN,
        .p = NAN,
        .monthly_saving = NAN,
    };
    return o;
}

void rs_shape_tell(struct rs_observation *observation, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    vsnprintf(observation->text, sizeof(observation->text), format, args);
    va_end(args);
}

void rs_shape_amount(const struct rs_shape *shape, enum rs_dimension d, double value,
                     char out[static RS_SHAPE_TEXT])
{
    if (d == RS_DIM_MEMORY) {
        snprintf(out, RS_SHAPE_TEXT, "%.3g GiB", value / GIB);
    } else {
        snprintf(out, RS_SHAPE_TEXT, "%.3g %%", 100.0 * value / shape->study->current->vcpus);
    }
}

void rs_shape_chance(struct rs_observation *observation, double p, char out[static RS_SHAPE_TEXT])
{
    double scale = 1.0;
    while (p >= NO_CHANCE && p * scale < 100.0) {
        scale *= 10.0;
    }
    observation->p = p >= NO_CHANCE ? floor(p * scale + 0.5) / scale : 0.0;
    if (observation->p < 0.001) {
        snprintf(out, RS_SHAPE_TEXT, "p < 0.001");
    } else {
        snprintf(out, RS_SHAPE_TEXT, "p = %.2g", observation->p);
    }
}

double rs_shape_strength(double strength)
{
    return floor(strength * 1000.0 + 0.5) / 1000.0;
}

void rs_shape_when(int64_t at, char out[static RS_SHAPE_WHEN])
{
    char text[RS_WHEN_TEXT];
    rs_when_format(at, text);
    memcpy(out, text, RS_SHAPE_WHEN - 1);
    out[10] = ' ';
    out[RS_SHAPE_WHEN - 1] = '\0';
}

/* Too little or too coarse is no failure: there is nothing to see. */
static enum rs_status take(const struct rs_series *trace, struct rs_hours *out,
                           struct rs_error *err)
{
    rs_hours_init(out);
    if (trace->slots == 0) {
        return RS_OK;
    }
    enum rs_status rc = rs_hours_of(trace, out, err);
    return rc == RS_ENODATA ? RS_OK : rc;
}

static enum rs_status see_cpu(struct rs_shape *shape, struct rs_error *err)
{
    bool stepped = false;
    enum rs_status rc = rs_shape_see_steps(shape, RS_DIM_CPU, &stepped, err);
    if (rc == RS_OK && !stepped) { /* a step is a trend as well, to a test that knows no steps */
        rc = rs_shape_see_trend(shape, RS_DIM_CPU, err);
    }
    return rc;
}

static enum rs_status see_memory(struct rs_shape *shape, struct rs_error *err)
{
    bool found = false;
    enum rs_status rc = rs_shape_see_leak(shape, &found, err);
    if (rc == RS_OK && !found) {
        rc = rs_shape_see_steps(shape, RS_DIM_MEMORY, &found, err);
    }
    if (rc == RS_OK && !found) {
        rc = rs_shape_see_trend(shape, RS_DIM_MEMORY, err);
    }
    return rc;
}

static enum rs_status see_all(struct rs_shape *shape, struct rs_error *err)
{
    enum rs_status rc = shape->memory.count > 0 ? see_memory(shape, err) : RS_OK;
    if (rc == RS_OK && shape->cpu.count > 0) {
        rc = see_cpu(shape, err);
    }
    if (rc == RS_OK && shape->cpu.count > 0) {
        rc = rs_shape_see_patterns(shape, err);
    }
    if (rc == RS_OK && shape->peak.count > 0) {
        rc = rs_shape_see_off_hours(shape, err);
        rs_shape_see_month_end(shape);
    }
    return rc;
}

enum rs_status rs_shape_observe(struct rs_study *study, struct rs_error *err)
{
    struct rs_shape shape = {.study = study};
    enum rs_status rc = take(&study->use, &shape.cpu, err);
    if (rc == RS_OK) {
        rc = take(&study->traces[RS_DIM_CPU], &shape.peak, err);
    }
    if (rc == RS_OK) {
        rc = take(&study->traces[RS_DIM_MEMORY], &shape.memory, err);
    }
    if (rc == RS_OK) {
        rc = see_all(&shape, err);
    }
    rs_hours_release(&shape.cpu);
    rs_hours_release(&shape.peak);
    rs_hours_release(&shape.memory);
    return rc;
}
