/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "advise/risk.h"

#include "advise/speed.h"
#include "rightsize/top.h"

#include <math.h>

#define WEEK_DAYS 7.0
#define PRIOR 0.3      /* of the peak: one more excess; 0.1 to 0.3 predict real weeks alike */
#define ROUNDING 1e-12 /* relative: of a percentage to vCPUs and back */
#define ENOUGH 3.0     /* a lack of memory is at least this */
#define CHANCE_UNIT 1e-6
#define FAR 16.0 /* peaks: 7/8 exp(-15) is less than half a unit */

struct point {
    double x, risk;
};

/* The last point's x is the highest that counts. */
static double interpolate(const struct point *points, size_t count, double x)
{
    if (isnan(x) || x <= points[0].x) {
        return points[0].risk;
    }
    for (size_t i = 1; i < count; i++) {
        if (x <= points[i].x) {
            double share = (x - points[i - 1].x) / (points[i].x - points[i - 1].x);
            return points[i - 1].risk + share * (points[i].risk - points[i - 1].risk);
        }
    }
    return points[count - 1].risk;
}

/* From the highest on. */
static void insert(struct rs_tail *tail, double high)
{
    size_t i = tail->days++;
    for (; i > 0 && tail->highs[i - 1] < high; i--) {
        tail->highs[i] = tail->highs[i - 1];
    }
    tail->highs[i] = high;
}

static size_t slot_of(const struct rs_series *s, int64_t at)
{
    if (at <= s->from) {
        return 0;
    }
    size_t slot = (size_t)((at - s->from + s->step - 1) / s->step);
    return slot < s->slots ? slot : s->slots;
}

static double scale_of(const struct rs_tail *tail)
{
    size_t upper = (tail->days + 1) / 2;
    upper = upper < tail->days ? upper : tail->days - 1;
    double sum = PRIOR * tail->highs[0];
    for (size_t j = 0; j < upper; j++) {
        sum += tail->highs[j] - tail->highs[upper];
    }
    return sum / ((double)upper + 1.0);
}

void rs_tail_of(const struct rs_series *trace, int64_t to, struct rs_tail *out)
{
    out->made = true;
    out->days = 0;
    size_t end = trace->slots > 0 ? slot_of(trace, to) : 0;
    for (int64_t at = to - RS_DAY_SECONDS; end > 0 && out->days < RS_TAIL_DAYS;
         at -= RS_DAY_SECONDS) {
        size_t first = slot_of(trace, at);
        double high = rs_highest_of(trace->values + first, end - first);
        if (!isnan(high)) {
            insert(out, high);
        }
        end = first;
    }
    out->scale = out->days > 0 ? scale_of(out) : (double)NAN;
}

static double chance_below_peak(const struct rs_tail *tail, double capacity)
{
    double days = (double)tail->days, stays = 1.0; /* 1 - p(j) */
    size_t above = 0;
    while (above < tail->days && tail->highs[above] > capacity) {
        double i = (double)above;
        stays *= (days - i) / (days + WEEK_DAYS - i);
        above++;
    }
    double i = (double)above, upper = tail->highs[above - 1], lower = 0.0, next = 0.0;
    if (above < tail->days) {
        lower = tail->highs[above];
        next = stays * (days - i) / (days + WEEK_DAYS - i);
    }
    double share = (upper - fmax(capacity, lower)) / (upper - lower);
    return 1.0 - (stays + share * (next - stays));
}

double rs_tail_chance(const struct rs_tail *tail, double capacity)
{
    if (tail->days == 0 || isnan(capacity)) {
        return NAN;
    }
    double peak = tail->highs[0];
    if (capacity < peak) {
        return chance_below_peak(tail, capacity);
    }
    double beaten = WEEK_DAYS / (WEEK_DAYS + (double)tail->days);
    if (capacity == peak) {
        return beaten;
    }
    return tail->scale > 0.0 ? beaten * exp(-(capacity - peak) / tail->scale) : 0.0;
}

double rs_risk_of(enum rs_dimension d, double chance, double lack)
{
    static const struct point likely[] = {{0, 0}, {0.05, 1}, {0.2, 2}, {0.5, 3}, {1, 4}};
    static const struct point lacking[] = {{0, 0}, {0.001, 1}, {0.005, 2}, {0.01, 3}, {0.05, 4}};
    if (isnan(chance)) {
        return NAN;
    }
    double l = interpolate(likely, sizeof(likely) / sizeof(likely[0]), chance);
    double s = interpolate(lacking, sizeof(lacking) / sizeof(lacking[0]), lack);
    if (rs_dimension_info(d)->kills) {
        return fmax(l, lack > 0.0 ? fmax(s, ENOUGH) : 0.0);
    }
    return fmax(l / 2.0, s);
}

const char *rs_risk_word(double risk)
{
    static const char *const words[] = {"very low", "low", "medium", "high", "very high"};
    return isnan(risk) ? "unknown" : words[(size_t)floor(fmin(fmax(risk, 0.0), 4.0) + 0.5)];
}

double rs_risk_short_share(const struct rs_study *study, enum rs_dimension d, double capacity)
{
    const struct rs_demand *demand = &study->out->demand[d];
    if (study->traces == NULL || !demand->known || isnan(capacity)) {
        return NAN;
    }
    double limit = capacity * (1.0 + ROUNDING);
    return demand->peak > limit ? rs_series_share_above(&study->traces[d], limit) : 0.0;
}

void rs_risk_prepare(struct rs_study *study)
{
    for (int d = 0; d < RS_DIM_COUNT && study->tails != NULL; d++) {
        study->tails[d].made = false;
    }
}

void rs_risk_current(const struct rs_study *study)
{
    for (int i = 0; i < RS_DIM_COUNT; i++) {
        enum rs_dimension d = (enum rs_dimension)i;
        study->out->current_short[d] =
            rs_risk_short_share(study, d, rs_offer_capacity(study->current, d));
    }
}

/* libraries differ in the last bit of exp(), and an answer must not */
static double rounded(double value, double unit)
{
    return round(value / unit) * unit;
}

static double lack_of(const struct rs_study *study, const struct rs_option_offer *option,
                      enum rs_dimension d, double capacity)
{
    double share = option->short_share[d];
    double lack = share > 0.0 ? share * option->peak_utilisation[d] : 0.0;
    if (d == RS_DIM_CPU) {
        lack = fmax(lack, option->throttled_share); /* NaN gives way */
        bool no_more = capacity <= study->current->vcpus * (1.0 + ROUNDING);
        lack = no_more ? fmax(lack, study->saturated) : lack;
    }
    return lack;
}

/* The tail falls by e with each `scale`, which is below the peak: further out it rounds to 0. */
static double chance_of(const struct rs_study *study, enum rs_dimension d, double capacity)
{
    struct rs_tail *tail = &study->tails[d];
    if (capacity > FAR * study->out->demand[d].peak) {
        return 0.0;
    }
    if (!tail->made) {
        rs_tail_of(&study->traces[d], study->work->window.to, tail);
    }
    return rounded(rs_tail_chance(tail, capacity), CHANCE_UNIT);
}

void rs_risk_fill(const struct rs_study *study, struct rs_option_offer *option)
{
    option->performance_risk = 0.0;
    for (int i = 0; i < RS_DIM_COUNT; i++) {
        enum rs_dimension d = (enum rs_dimension)i;
        double capacity = rs_speed_capacity(study, option->offer, d);
        option->short_share[d] = rs_risk_short_share(study, d, capacity);
        option->chance[d] = NAN;
        if (study->tails != NULL && study->traces != NULL && study->out->demand[d].known) {
            option->chance[d] = chance_of(study, d, capacity);
        }
        double risk = rs_risk_of(d, option->chance[d], lack_of(study, option, d, capacity));
        option->risk[d] = rounded(risk, 1e-4);
        option->performance_risk = fmax(option->performance_risk, option->risk[d]);
    }
}
