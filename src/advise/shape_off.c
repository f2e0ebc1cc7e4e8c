/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "advise/shape.h"

#include "rightsize/quiet.h"

#include <math.h>
#include <stdio.h>

#define BUSY_AGAIN 2.0 /* times the idle threshold at least, or all hours are alike */
#define BUSY_DAYS 0.7  /* of the working days must have an hour as busy: else rest is no custom */
#define QUIET_RATE 0.1 /* of the busiest hour's rate: above, somebody is served */
#define IDLE_DISK 1e5  /* bytes a second: what a system writes into its logs for itself */
#define WIDER 1.5      /* times the threshold: still idle by any measure ... */
#define CLEAR 1.1      /* ... and so many times the hours at most */
#define HOURS_A_WEEK 168.0

/* Shorter runs are not worth a stop and a start each day. */
enum { OFF_HOURS_MIN = 6, WHOLE_DAY = 24, LAST_HOUR = 23, FRIDAY = 4 };

/* Does a rate rest as well? A proxy serves and a copy is made with hardly any CPU. */
static enum rs_status rests(const struct rs_shape *shape, const struct rs_quiet *quiet,
                            enum rs_dimension d, double idle, bool *out, struct rs_error *err)
{
    struct rs_hours hours;
    double within = 0.0, all = 0.0;
    enum rs_status rc = rs_hours_of(&shape->study->traces[d], &hours, err);
    if (rc != RS_OK) {
        *out = false; /* too coarse to tell */
        return rc == RS_ENODATA ? RS_OK : rc;
    }
    for (size_t i = 0; i < hours.count; i++) {
        double rate = hours.mean[i]; /* a gap is above nothing */
        all = rate > all ? rate : all;
        if (rate > within && rs_quiet_holds(quiet, hours.from + (int64_t)i * RS_HOUR_SECONDS)) {
            within = rate;
        }
    }
    *out = within <= fmax(QUIET_RATE * all, idle);
    rs_hours_release(&hours);
    return RS_OK;
}

/* What was not measured has no say; *network tells whether the network was. */
static enum rs_status all_rest(const struct rs_shape *shape, const struct rs_quiet *quiet,
                               bool *rest, bool *network, struct rs_error *err)
{
    const struct rs_study *study = shape->study;
    double idle = study->policy->idle_net_bytes_day / RS_DAY_SECONDS;
    const struct {
        enum rs_dimension d;
        double idle;
    } rates[] = {{RS_DIM_NET_IN, idle},
                 {RS_DIM_NET_OUT, idle},
                 {RS_DIM_EBS_BYTES, IDLE_DISK},
                 {RS_DIM_DISK_BYTES, IDLE_DISK}};
    enum rs_status rc = RS_OK;
    *rest = true;
    *network = study->out->demand[RS_DIM_NET_IN].known || study->out->demand[RS_DIM_NET_OUT].known;
    for (size_t i = 0; i < sizeof(rates) / sizeof(rates[0]) && *rest && rc == RS_OK; i++) {
        if (study->out->demand[rates[i].d].known) {
            rc = rests(shape, quiet, rates[i].d, rates[i].idle, rest, err);
        }
    }
    return rc;
}

static void tell_off_hours(struct rs_shape *shape, const struct rs_quiet *quiet, bool network)
{
    const struct rs_advice *out = shape->study->out;
    char when[RS_QUIET_TEXT], highest[RS_SHAPE_TEXT], saving[96] = "";
    struct rs_observation *o = rs_shape_add(shape, "OffHours", RS_DIM_CPU, &shape->peak);
    if (o == NULL) {
        return;
    }
    bool moves = out->option_count > 0 && !isnan(out->options[0].monthly_price);
    double price = moves ? out->options[0].monthly_price : out->current_monthly;
    o->value = fmax(quiet->workday.highest, quiet->weekend.highest);
    o->reference = quiet->hours_per_week;
    o->monthly_saving = price * quiet->hours_per_week / HOURS_A_WEEK;
    rs_quiet_text(quiet, when);
    rs_shape_amount(shape, RS_DIM_CPU, o->value, highest);
    if (!isnan(o->monthly_saving)) {
        snprintf(saving, sizeof(saving),
                 "; a schedule that stops it then saves %.2f of %.2f %.8s a "
                 "month (disks stay billed)",
                 o->monthly_saving, price, shape->study->currency);
    }
    rs_shape_tell(o, "%s (%d hours a week) the CPU never exceeded %s in %zu days%s%s", when,
                  quiet->hours_per_week, highest, shape->peak.count / 24,
                  network ? " and the network rested" : "; the network was not measured", saving);
}

/* Quiet hours that would be many more at a somewhat higher threshold have no clear bounds. */
static enum rs_status clear_hours(const struct rs_shape *shape, double threshold,
                                  struct rs_quiet *out, struct rs_error *err)
{
    struct rs_quiet wider;
    enum rs_status rc = rs_quiet_of(&shape->peak, threshold, OFF_HOURS_MIN, out, err);
    if (rc == RS_OK && out->workday.hours == 0 && out->weekend.hours < WHOLE_DAY) {
        out->hours_per_week = 0; /* two half days are chance rather than a custom */
    }
    if (rc == RS_OK && out->hours_per_week > 0) {
        rc = rs_quiet_of(&shape->peak, WIDER * threshold, OFF_HOURS_MIN, &wider, err);
        if (rc == RS_OK && wider.hours_per_week > CLEAR * out->hours_per_week) {
            out->hours_per_week = 0;
        }
    }
    return rc;
}

/* On how many of the working days was it busy at all? Rare work falls into any hour. */
static double busy_days(const struct rs_hours *hours, double busy)
{
    double days = 0.0, worked = 0.0;
    bool some = false, any = false;
    for (size_t i = 0; i < hours->count; i++) {
        int64_t at = hours->from + (int64_t)i * RS_HOUR_SECONDS;
        some = some || !isnan(hours->max[i]);
        any = any || hours->max[i] > busy;
        if (rs_hour_of_day(at) == LAST_HOUR || i + 1 == hours->count) {
            bool workday = rs_weekday(at) <= FRIDAY;
            days += workday && some ? 1.0 : 0.0;
            worked += workday && any ? 1.0 : 0.0;
            some = any = false;
        }
    }
    return days > 0.0 ? worked / days : 0.0;
}

enum rs_status rs_shape_see_off_hours(struct rs_shape *shape, struct rs_error *err)
{
    const struct rs_study *study = shape->study;
    struct rs_quiet quiet;
    double threshold = study->policy->idle_cpu_percent / 100.0 * study->current->vcpus;
    bool rest = false, network = false;
    if (study->out->finding == RS_FINDING_IDLE || study->work->resource->group != NULL ||
        study->out->demand[RS_DIM_CPU].peak < BUSY_AGAIN * threshold) {
        return RS_OK;
    }
    enum rs_status rc = clear_hours(shape, threshold, &quiet, err);
    if (rc != RS_OK || quiet.hours_per_week == 0 ||
        busy_days(&shape->peak, BUSY_AGAIN * threshold) < BUSY_DAYS) {
        return rc == RS_ENODATA ? RS_OK : rc;
    }
    rc = all_rest(shape, &quiet, &rest, &network, err);
    if (rc == RS_OK && rest) {
        tell_off_hours(shape, &quiet, network);
    }
    return rc;
}
