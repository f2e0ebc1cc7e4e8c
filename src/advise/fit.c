/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "advise/fit.h"

#include "advise/credits.h"
#include "advise/desk.h"
#include "advise/speed.h"
#include "advise/surplus.h"

#include <assert.h>
#include <math.h>
#include <string.h>

#define SHORT_SHARE 0.01 /* of the time without credits: what the user may not notice */
#define ROUNDING 1e-12   /* relative: of headroom to need and back */

static const struct {
    const char *small, *unknown;
} verdicts[RS_DIM_COUNT] = {
    [RS_DIM_CPU] = {"too small: CPU", "unknown: CPU"},
    [RS_DIM_MEMORY] = {"too small: memory", "unknown: memory"},
    [RS_DIM_NET_IN] = {"too small: network in", "unknown: network"},
    [RS_DIM_NET_OUT] = {"too small: network out", "unknown: network"},
    [RS_DIM_NET_PACKETS] = {"too small: network packets", "unknown: network packets"},
    [RS_DIM_EBS_BYTES] = {"too small: EBS throughput", "unknown: EBS throughput"},
    [RS_DIM_EBS_OPS] = {"too small: EBS operations", "unknown: EBS operations"},
    [RS_DIM_DISK_BYTES] = {"too small: local disk", "unknown: local disk"},
    [RS_DIM_DISK_OPS] = {"too small: local disk", "unknown: local disk"},
    [RS_DIM_GPU] = {"too small: GPU", "unknown: speed of another GPU"},
    [RS_DIM_GPU_MEMORY] = {"too small: GPU memory", "unknown: GPU memory"},
};

/* 0: nothing is asked of this dimension. What limits a burstable type is its credits. */
static double needed(const struct rs_study *study, enum rs_dimension d, bool bursts,
                     bool memory_free)
{
    const struct rs_demand *demand = &study->out->demand[d];
    if (d == RS_DIM_CPU && demand->known && bursts && !study->policy->burst_headroom &&
        !(demand->need > demand->capacity)) {
        return fmin(demand->used, demand->need);
    }
    if (d == RS_DIM_MEMORY && memory_free) {
        return 0.0;
    }
    if (demand->known) {
        return demand->need;
    }
    return d == RS_DIM_MEMORY ? study->current->memory_bytes : 0.0;
}

/* What is asked of each dimension, worked out once. */
struct fit {
    const struct rs_study *study;
    bool by_speed; /* vCPUs count by their speed */
    size_t count;
    enum rs_dimension asked[RS_DIM_COUNT];
    double least[RS_DIM_COUNT]; /* by place in `asked`: the least capacity that holds the need */
    double least_bursting;      /* of CPU, of a type that has credits; -INFINITY: any will do */
    bool unknown_is_no[RS_DIM_COUNT]; /* by place in `asked` */
};

static double least_for(double need)
{
    return need > 0.0 ? need * (1.0 - ROUNDING) : -INFINITY;
}

static void prepare(const struct rs_study *study, bool memory_free, struct fit *out)
{
    out->study = study;
    out->by_speed = strcmp(study->policy->cpu_speed, "off") != 0;
    out->count = 0;
    out->least_bursting = least_for(needed(study, RS_DIM_CPU, true, memory_free));
    for (int i = 0; i < RS_DIM_COUNT; i++) {
        enum rs_dimension d = (enum rs_dimension)i;
        double least = least_for(needed(study, d, false, memory_free));
        if (least > 0.0 || (d == RS_DIM_CPU && out->least_bursting > 0.0)) {
            out->asked[out->count] = d;
            out->least[out->count] = least;
            out->unknown_is_no[out->count] =
                !isnan(study->out->demand[d].capacity) && !study->foreign;
            out->count++;
        }
    }
}

/* RS_FITS, or what the i-th dimension asked says against an item. */
static int ask(const struct fit *fit, size_t i, const struct rs_item *item)
{
    enum rs_dimension d = fit->asked[i];
    double least = fit->least[i], capacity = item->capacity[d];
    if (d == RS_DIM_CPU) {
        least = item->bursts ? fit->least_bursting : least;
        capacity = fit->by_speed ? rs_speed_capacity(fit->study, item->offer, d) : capacity;
    } else if (d == RS_DIM_GPU) {
        capacity = rs_speed_capacity(fit->study, item->offer, d);
    }
    if (capacity >= least || least < 0.0) {
        return RS_FITS;
    }
    if (!isnan(capacity)) {
        return 1 + (int)d;
    }
    return fit->unknown_is_no[i] ? 1 + RS_DIM_COUNT + (int)d : RS_FITS;
}

static int verdict_of(const struct fit *fit, const struct rs_item *item)
{
    int verdict = RS_FITS;
    for (size_t i = 0; i < fit->count && verdict == RS_FITS; i++) {
        verdict = ask(fit, i, item);
    }
    return verdict;
}

/* Takes `refused` from `left`; returns how many of them were in it. */
static size_t take_out(uint64_t *left, const uint64_t *refused, size_t count)
{
    size_t taken = 0;
    for (size_t w = 0; w < rs_set_words(count); w++) {
        uint64_t hit = left[w] & refused[w];
        if (hit != 0) {
            taken += (size_t)__builtin_popcountll(hit);
            left[w] ^= hit;
        }
    }
    return taken;
}

/* Capacities that depend on the machine are in no column. */
static void ask_each(const struct fit *fit, size_t i, const struct rs_lot *lot,
                     struct rs_sieved *out)
{
    for (size_t k = 0; (k = rs_set_next(out->left, lot->count, k)) < lot->count; k++) {
        int verdict = ask(fit, i, &lot->items[k]);
        if (verdict != RS_FITS) {
            rs_set_remove(out->left, k);
            out->verdicts[verdict]++;
        }
    }
}

/* Of those with CPU credits `bursting` counts, of the others what is in `set` already. */
static void mix(uint64_t *set, const uint64_t *bursting, const struct rs_lot *lot)
{
    for (size_t w = 0; w < rs_set_words(lot->count); w++) {
        set[w] = (set[w] & ~lot->bursts[w]) | (bursting[w] & lot->bursts[w]);
    }
}

/* `sets` has room for two. */
static void look_up(const struct fit *fit, size_t i, const struct rs_lot *lot,
                    const struct rs_column *column, uint64_t *sets, struct rs_sieved *out)
{
    enum rs_dimension d = fit->asked[i];
    uint64_t *refused = sets, *bursting = sets + rs_set_words(lot->count);
    rs_column_below(column, fit->least[i], refused);
    if (d == RS_DIM_CPU) {
        rs_column_below(column, fit->least_bursting, bursting);
        mix(refused, bursting, lot);
    }
    out->verdicts[1 + d] += take_out(out->left, refused, lot->count);
    if (!fit->unknown_is_no[i] || column->known == column->count) {
        return;
    }
    bool plain_too = fit->least[i] > 0.0;
    memcpy(refused, column->unknown, rs_set_words(lot->count) * sizeof(*refused));
    if (d == RS_DIM_CPU && plain_too != (fit->least_bursting > 0.0)) { /* one asks for nothing */
        for (size_t w = 0; w < rs_set_words(lot->count); w++) {
            refused[w] &= plain_too ? ~lot->bursts[w] : lot->bursts[w];
        }
    }
    out->verdicts[1 + RS_DIM_COUNT + d] += take_out(out->left, refused, lot->count);
}

enum rs_status rs_sieve(const struct rs_study *study, struct rs_lot *lot, bool memory_free,
                        size_t today, struct rs_sieved *out, struct rs_error *err)
{
    struct fit fit;
    size_t words = rs_set_words(lot->count);
    uint64_t *sets = rs_arena_take(&study->desk->arena, 3 * words, sizeof(*sets));
    *out = (struct rs_sieved){.left = sets};
    if (sets == NULL) {
        return rs_fail(err, RS_ENOMEM, "out of memory for %zu offers", lot->count);
    }
    rs_set_fill(out->left, lot->count);
    if (today < lot->count) {
        rs_set_remove(out->left, today);
    }
    prepare(study, memory_free, &fit);
    enum rs_status rc = RS_OK;
    for (size_t i = 0; i < fit.count && rc == RS_OK; i++) {
        enum rs_dimension d = fit.asked[i];
        const struct rs_column *column = NULL;
        if (d == RS_DIM_GPU || (d == RS_DIM_CPU && fit.by_speed)) {
            ask_each(&fit, i, lot, out);
        } else if ((rc = rs_lot_column(lot, d, &column, err)) == RS_OK) {
            look_up(&fit, i, lot, column, sets + words, out);
        }
    }
    return rc;
}

const char *rs_fit_name(int verdict)
{
    assert(verdict > RS_FITS && verdict < (int)RS_FIT_VERDICTS);
    int small = verdict - 1;
    return small < RS_DIM_COUNT ? verdicts[small].small : verdicts[small - RS_DIM_COUNT].unknown;
}

const char *rs_fit_reject(const struct rs_study *study, const struct rs_offer *offer,
                          bool memory_free)
{
    struct fit fit;
    struct rs_item item = rs_item_of(offer, 0);
    prepare(study, memory_free, &fit);
    int verdict = verdict_of(&fit, &item);
    return verdict == RS_FITS ? NULL : rs_fit_name(verdict);
}

/* It is never short of credits for longer than it uses more than its baseline. */
static bool is_short(const struct rs_study *study, const struct rs_offer *offer, double baseline)
{
    return study->use_peak > baseline &&
           rs_series_share_above(&study->use, baseline) > SHORT_SHARE &&
           rs_credits_remember(&study->desk->credits, &study->use, offer).short_share > SHORT_SHARE;
}

static const char *reject_burst(const struct rs_study *study, const struct rs_offer *offer)
{
    double baseline = rs_credits_baseline(offer);
    unsigned bursts = offer->flags & ((unsigned)RS_OFFER_FLEX | (unsigned)RS_OFFER_BURSTABLE);
    /* a machine at its limit would take more: how long credits last cannot be told from it */
    double passed = 1.0 - study->policy->cpu_percentile / 100.0;
    if (bursts != 0 && study->under && study->saturated > passed && !study->credits_gone) {
        return "CPU at its limit: bursting cannot be judged";
    }
    if ((offer->flags & RS_OFFER_FLEX) != 0 && !(study->use_ahead <= baseline)) {
        return "flex baseline too small";
    }
    if ((offer->flags & RS_OFFER_BURSTABLE) == 0) {
        return NULL;
    }
    /* what a throttled machine wants cannot be seen; a baseline like today's would throttle again
     */
    if (study->credits_gone && !(baseline > rs_credits_baseline(study->current))) {
        return "credits run out";
    }
    if (!rs_credits_are_known(offer)) {
        return "unknown: CPU credits";
    }
    if (rs_surplus_is_paid(study, offer)) {
        return NULL; /* the price tells what it costs */
    }
    if (study->use_ahead > baseline) {
        return "credits run out"; /* if not in this window, then in the next */
    }
    return is_short(study, offer, baseline) ? "credits run out" : NULL;
}

const char *rs_fit_reject_burst(const struct rs_study *study, const struct rs_offer *offer)
{
    if ((offer->flags & ((unsigned)RS_OFFER_FLEX | (unsigned)RS_OFFER_BURSTABLE)) == 0) {
        return NULL;
    }
    double speed = rs_policy_speed(study->policy, study->current, offer);
    if (speed == 1.0) {
        return reject_burst(study, offer);
    }
    struct rs_offer scaled = rs_speed_scaled(offer, speed);
    return reject_burst(study, &scaled);
}
