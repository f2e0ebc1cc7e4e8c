/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The backtest: what is kept of it, and its sums. */
#include "rightsize/proof.h"

#include "rightsize/text.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* Room for one more item of `size` bytes. */
static enum rs_status make_room(void **items, size_t count, size_t *capacity, size_t size,
                                struct rs_error *err)
{
    if (count < *capacity) {
        return RS_OK;
    }
    size_t wanted = *capacity == 0 ? 64 : 2 * *capacity;
    void *bigger = wanted < SIZE_MAX / size ? realloc(*items, wanted * size) : NULL;
    if (bigger == NULL) {
        return rs_fail(err, RS_ENOMEM, "out of memory for a backtest");
    }
    *items = bigger;
    *capacity = wanted;
    return RS_OK;
}

static void free_trial(struct rs_trial *trial)
{
    free(trial->id);
    free(trial->name);
    free(trial->currency);
}

enum rs_status rs_backtest_add(struct rs_backtest *test, const struct rs_resource *resource,
                               const char *currency, size_t policy, const struct rs_replay *now,
                               const struct rs_replay *then, struct rs_error *err)
{
    void *items = test->trials;
    struct rs_trial trial = {
        .ordinal = test->ordinal, .policy = policy, .now = *now, .then = *then};
    enum rs_status rc =
        make_room(&items, test->trial_count, &test->trial_capacity, sizeof(trial), err);
    test->trials = items;
    if (rc == RS_OK && (rc = rs_text_copy(resource->id, &trial.id, err)) == RS_OK &&
        (rc = rs_text_copy(resource->name, &trial.name, err)) == RS_OK) {
        rc = rs_text_copy(currency, &trial.currency, err);
    }
    if (rc == RS_OK) {
        test->trials[test->trial_count++] = trial;
    } else {
        free_trial(&trial);
    }
    return rc;
}

static void free_untried(struct rs_untried *untried)
{
    free(untried->id);
    free(untried->name);
    free(untried->reason);
}

enum rs_status rs_backtest_leave_out(struct rs_backtest *test, const struct rs_resource *resource,
                                     const char *reason, struct rs_error *err)
{
    void *items = test->untried;
    struct rs_untried copy = {.ordinal = test->ordinal};
    enum rs_status rc =
        make_room(&items, test->untried_count, &test->untried_capacity, sizeof(copy), err);
    test->untried = items;
    if (rc == RS_OK && (rc = rs_text_copy(resource->id, &copy.id, err)) == RS_OK &&
        (rc = rs_text_copy(resource->name, &copy.name, err)) == RS_OK) {
        rc = rs_text_copy(reason, &copy.reason, err);
    }
    if (rc == RS_OK) {
        test->untried[test->untried_count++] = copy;
    } else {
        free_untried(&copy);
    }
    return rc;
}

static int by_place(const void *a, const void *b)
{
    const struct rs_trial *x = a, *y = b;
    int order = (x->ordinal > y->ordinal) - (x->ordinal < y->ordinal);
    return order != 0 ? order : (x->policy > y->policy) - (x->policy < y->policy);
}

static int untried_by_place(const void *a, const void *b)
{
    const struct rs_untried *x = a, *y = b;
    return (x->ordinal > y->ordinal) - (x->ordinal < y->ordinal);
}

void rs_backtest_sort(struct rs_backtest *test)
{
    if (test->trial_count > 1) {
        qsort(test->trials, test->trial_count, sizeof(*test->trials), by_place);
    }
    if (test->untried_count > 1) {
        qsort(test->untried, test->untried_count, sizeof(*test->untried), untried_by_place);
    }
}

void rs_backtest_release(struct rs_backtest *test)
{
    for (size_t i = 0; i < test->trial_count; i++) {
        free_trial(&test->trials[i]);
    }
    for (size_t i = 0; i < test->untried_count; i++) {
        free_untried(&test->untried[i]);
    }
    free(test->trials);
    free(test->untried);
    *test = (struct rs_backtest){.trials = NULL};
}

static bool is_priced(const struct rs_trial *trial)
{
    return trial->currency != NULL && isfinite(trial->now.offer->price) &&
           isfinite(trial->then.offer->price);
}

static const char *currency_of(const struct rs_backtest *test)
{
    const char *first = NULL;
    for (size_t i = 0; i < test->trial_count; i++) {
        const char *one = test->trials[i].currency;
        if (!is_priced(&test->trials[i])) {
            continue;
        }
        if (strcmp(one, "USD") == 0) {
            return one;
        }
        first = first == NULL || strcmp(one, first) < 0 ? one : first;
    }
    return first;
}

void rs_backtest_totals(const struct rs_backtest *test, size_t policy,
                        struct rs_backtest_totals *out)
{
    double paid_short = 0.0;
    *out = (struct rs_backtest_totals){.currency = currency_of(test)};
    for (size_t i = 0; i < test->trial_count; i++) {
        const struct rs_trial *trial = &test->trials[i];
        if (trial->policy != policy) {
            continue;
        }
        bool now = rs_replay_is_short(&trial->now), then = rs_replay_is_short(&trial->then);
        out->machines++;
        out->moves += trial->now.offer != trial->then.offer;
        out->short_now += now;
        out->short_then += then;
        out->newly_short += then && !now;
        if (!is_priced(trial) || strcmp(trial->currency, out->currency) != 0) {
            out->other_currency++;
            continue;
        }
        out->monthly_now += trial->now.offer->price * RS_HOURS_PER_MONTH;
        out->monthly_then += trial->then.offer->price * RS_HOURS_PER_MONTH;
        paid_short += then ? trial->now.offer->price * RS_HOURS_PER_MONTH : 0.0;
    }
    out->short_then_price = out->monthly_now > 0.0 ? paid_short / out->monthly_now : NAN;
}
