/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * proof.h - advice held against what happened: a simulated move, the price-performance curve and
 * the backtest, as text and JSON (level 4).
 */
#ifndef RIGHTSIZE_PROOF_H
#define RIGHTSIZE_PROOF_H

#include "rightsize/format.h"
#include "rightsize/replay.h"

struct rs_proof_subject { /* whom it is about; borrowed */
    const struct rs_resource *resource;
    const struct rs_catalog_info *catalog;
    const struct rs_policy *policy;
    int64_t generated_at;
};

RS_CHECKED enum rs_status rs_simulation_text(const struct rs_simulation *simulation,
                                             const struct rs_proof_subject *subject,
                                             const struct rs_page *page, struct rs_buffer *out,
                                             struct rs_error *err);
RS_CHECKED enum rs_status rs_simulation_json(const struct rs_simulation *simulation,
                                             const struct rs_proof_subject *subject,
                                             struct rs_buffer *out, struct rs_error *err);

RS_CHECKED enum rs_status rs_curve_text(const struct rs_curve *curve, const struct rs_page *page,
                                        struct rs_buffer *out, struct rs_error *err);

struct rs_trial {               /* one policy's choice for one machine, judged */
    char *id, *name, *currency; /* owned; name and currency may be NULL */
    int64_t ordinal;            /* the machine's place among all */
    size_t policy;              /* of rs_backtest.policies */
    /* Over the hidden span; their offers are borrowed from catalogs that outlive the test. */
    struct rs_replay now, then; /* the same offer: kept */
};

struct rs_untried { /* a machine that could not be judged */
    char *id, *name, *reason;
    int64_t ordinal;
};

struct rs_backtest {
    int64_t generated_at;
    int64_t ordinal;                  /* of the machine that is added next */
    struct rs_window hidden;          /* judged on */
    int64_t seen_from;                /* the first instant that any policy advised from */
    const struct rs_policy *policies; /* borrowed */
    size_t policy_count;
    struct rs_trial *trials; /* a machine has one a policy */
    size_t trial_count, trial_capacity;
    struct rs_untried *untried;
    size_t untried_count, untried_capacity;
};

/* Texts are copied; currency may be NULL. RS_ENOMEM. */
RS_CHECKED enum rs_status rs_backtest_add(struct rs_backtest *test,
                                          const struct rs_resource *resource, const char *currency,
                                          size_t policy, const struct rs_replay *now,
                                          const struct rs_replay *then, struct rs_error *err);
RS_CHECKED enum rs_status rs_backtest_leave_out(struct rs_backtest *test,
                                                const struct rs_resource *resource,
                                                const char *reason, struct rs_error *err);
/* By place and policy, whatever the order of adding. */
void rs_backtest_sort(struct rs_backtest *test);
void rs_backtest_release(struct rs_backtest *test); /* a zeroed one is fine */

struct rs_backtest_totals {  /* of one policy */
    size_t machines, moves;  /* moves: to another type */
    size_t short_now;        /* machines short in the hidden span as they were ... */
    size_t short_then;       /* ... and on the policy's type: rs_replay_is_short */
    size_t newly_short;      /* of those, not short as they were */
    double short_then_price; /* share of monthly_now that is paid for machines in short_then */
    /* Of machines with a price in `currency`: USD where there is any, else the first by name. */
    double monthly_now, monthly_then;
    const char *currency;  /* NULL: no price */
    size_t other_currency; /* machines whose price is in another one, or unknown */
};
void rs_backtest_totals(const struct rs_backtest *test, size_t policy,
                        struct rs_backtest_totals *out);

RS_CHECKED enum rs_status rs_backtest_text(const struct rs_backtest *test,
                                           const struct rs_page *page, struct rs_buffer *out,
                                           struct rs_error *err);
RS_CHECKED enum rs_status rs_backtest_json(const struct rs_backtest *test, struct rs_buffer *out,
                                           struct rs_error *err);

#endif
