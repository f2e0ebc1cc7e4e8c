/* SPDX-License-Identifier: GPL-3.0-or-later */
/* report.h - the finished answer, neutral of any format (level 4). */
#ifndef RIGHTSIZE_REPORT_H
#define RIGHTSIZE_REPORT_H

#include "rightsize/buffer.h"
#include "rightsize/recommend.h"
#include "rightsize/status.h"
#include "rightsize/when.h"

struct rs_report_tag {
    char *key, *value;
};

struct rs_entry { /* one resource with its advice; texts owned, NULL = unknown */
    char *id, *name, *provider, *account, *region, *type, *state, *platform;
    struct rs_report_tag *tags;
    size_t tag_count;
    struct rs_advice advice; /* its offers are borrowed from catalogs that outlive the report */
    const struct rs_catalog_info *catalog; /* or NULL */
    struct rs_elsewhere elsewhere[RS_MAX_ELSEWHERE];
    size_t elsewhere_count;
};

struct rs_report {
    int64_t generated_at;
    struct rs_window window;
    const struct rs_policy *policy; /* borrowed */
    struct rs_entry *entries;
    size_t count, capacity;
};

void rs_report_init(struct rs_report *report);
/* Copies what it keeps. */
RS_CHECKED enum rs_status rs_report_add(struct rs_report *report,
                                        const struct rs_resource *resource,
                                        const struct rs_advice *advice,
                                        const struct rs_catalog_info *catalog,
                                        struct rs_error *err);
/* To the entry added last; beyond RS_MAX_ELSEWHERE it is dropped. */
void rs_report_add_elsewhere(struct rs_report *report, const struct rs_elsewhere *elsewhere);
void rs_report_release(struct rs_report *report);

struct rs_report_filter {                     /* NULL, NaN and -1 ask nothing */
    const char *region, *tag_key, *tag_value; /* tag_value NULL: the key is present */
    int finding;                              /* enum rs_finding or -1 */
    double min_saving;                        /* a month, in the currency of the entry */
};
/*
 * Drop the entries that do not pass; the totals are then of what is left. An unknown saving does
 * not reach any min_saving.
 */
void rs_report_filter(struct rs_report *report, const struct rs_report_filter *filter);

enum rs_report_order { RS_ORDER_SAVING, RS_ORDER_ID, RS_ORDER_NAME, RS_ORDER_COST };
/*
 * Saving and cost: largest first; id and name: byte order; unknown last. Ties are broken by id,
 * then region, then account, so the order of adding does not matter.
 */
void rs_report_sort(struct rs_report *report, enum rs_report_order order);

struct rs_totals {
    size_t resources, by_finding[RS_FINDING_COUNT];
    /*
     * Of entries with a price in `currency` that are not terminated; recommended is with the
     * choice of every entry applied.
     */
    double current_monthly, recommended_monthly, saving_monthly;
    double cheaper_monthly, dearer_monthly; /* the two parts of the saving, both >= 0 */
    size_t cheaper, dearer;                 /* entries that move to a cheaper, a dearer type */
    double idle_monthly;  /* of IDLE entries as recommended: what stopping them would save beyond */
    const char *currency; /* "USD" where there is any, else the first by name; NULL: no price */
    size_t unpriced, memory_unknown, low_confidence;
    size_t estimated;      /* today's price or the choice's is an estimate */
    size_t other_currency; /* priced, but in another currency and so not in the sums */
};
void rs_report_totals(const struct rs_report *report, struct rs_totals *out);
/*
 * The option an entry is moved to in the totals, or NULL to keep it: the first one, unless the
 * finding is UNKNOWN, or OPTIMIZED and the option saves nothing. An IDLE entry without an option
 * is kept too: to stop it is a decision that the totals do not take.
 */
const struct rs_option_offer *rs_entry_choice(const struct rs_entry *entry);
/* A month, in the entry's currency; 0: keep; NaN: finding UNKNOWN, or a price is. */
double rs_entry_saving(const struct rs_entry *entry);
/* Of the entry's prices; NULL: no catalog. */
const char *rs_entry_currency(const struct rs_entry *entry);

#endif
