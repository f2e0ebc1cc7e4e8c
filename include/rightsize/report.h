/* SPDX-License-Identifier: GPL-3.0-or-later */
/* report.h - the finished answer, neutral of any format (level 4). */
#ifndef RIGHTSIZE_REPORT_H
#define RIGHTSIZE_REPORT_H

#include "rightsize/buffer.h"
#include "rightsize/recommend.h"
#include "rightsize/resource.h"
#include "rightsize/status.h"
#include "rightsize/when.h"

struct rs_curve;
struct rs_packed; /* an entry with what is in use of it only */

struct rs_entry { /* one resource with its advice; texts NULL = unknown */
    const char *id, *name, *provider, *account, *region, *zone, *type, *state, *platform;
    const struct rs_tag *tags;
    size_t tag_count;
    struct rs_advice advice; /* its offers are borrowed from catalogs that outlive the report */
    const struct rs_catalog_info *catalog; /* or NULL */
    struct rs_elsewhere elsewhere[RS_MAX_ELSEWHERE];
    size_t elsewhere_count;
    const struct rs_curve *curve; /* borrowed; NULL: not asked for, or none */
};

/* Everything but the advice: texts borrowed from `resource`. */
void rs_entry_borrow(struct rs_entry *entry, const struct rs_resource *resource,
                     const struct rs_catalog_info *catalog);
/* Beyond RS_MAX_ELSEWHERE it is dropped. */
void rs_entry_add_elsewhere(struct rs_entry *entry, const struct rs_elsewhere *elsewhere);

struct rs_commitments; /* commitment.h */

struct rs_report {
    int64_t generated_at;
    struct rs_window window;
    const struct rs_policy *policy;     /* borrowed */
    struct rs_commitments *commitments; /* borrowed; NULL: none are known */
    struct rs_packed **entries;         /* rs_report_entry opens them */
    size_t count, capacity;
};

void rs_report_init(struct rs_report *report);
/* Copies the entry with its texts, without its curve. RS_ENOMEM. */
RS_CHECKED enum rs_status rs_report_add(struct rs_report *report, const struct rs_entry *entry,
                                        struct rs_error *err);
void rs_report_release(struct rs_report *report);
/*
 * The entry at i, below count, into *out, which borrows its texts from the report. Beyond their
 * counts its lists keep what they held.
 */
void rs_report_entry(const struct rs_report *report, size_t i, struct rs_entry *out);

struct rs_report_filter {                     /* NULL, NaN and -1 ask nothing */
    const char *region, *tag_key, *tag_value; /* tag_value NULL: the key is present */
    int finding;                              /* enum rs_finding or -1 */
    double min_saving;                        /* a month, in the currency of the entry */
};
/* Of what is known before the advice: region and tag. */
bool rs_filter_wants(const struct rs_report_filter *filter, const struct rs_entry *entry);
/* Of the advice. An unknown saving does not reach any min_saving. */
bool rs_filter_passes(const struct rs_report_filter *filter, const struct rs_entry *entry);

enum rs_report_order { RS_ORDER_SAVING, RS_ORDER_ID, RS_ORDER_NAME, RS_ORDER_COST };
/*
 * Saving and cost: largest first; id and name: byte order; unknown last. Ties are broken by id,
 * then region, then account, so the order of adding does not matter.
 */
void rs_report_sort(struct rs_report *report, enum rs_report_order order);

struct rs_gist { /* what order, sums and heads take from an entry; texts borrowed from it */
    const char *id, *name, *region, *account, *zone, *platform;
    const struct rs_catalog_info *catalog;         /* or NULL */
    const struct rs_offer *offer_now, *offer_then; /* NULL: the type is unknown */
    bool runs;
    enum rs_finding finding;
    bool terminated, type_known, memory_known, low_confidence, estimated;
    double now, then; /* a month as it is, and with its choice; NaN: unknown */
    double saving;    /* rs_entry_saving */
};
void rs_gist_of(const struct rs_entry *entry, struct rs_gist *out);
/* Of the entry at i; lives as long as the report. */
const struct rs_gist *rs_report_gist(const struct rs_report *report, size_t i);
/* As rs_report_sort; 0 only where all of region, id and account are the same. */
int rs_gist_compare(const struct rs_gist *a, const struct rs_gist *b, enum rs_report_order order);

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
    size_t type_unknown;   /* their type is not in the catalog */
    size_t estimated;      /* today's price or the choice's is an estimate */
    size_t other_currency; /* priced, but in another currency and so not in the sums */
};
/*
 * In two passes over the entries, in their order: first the currency (NULL before the first one),
 * then totals that begin zeroed but for it.
 */
const char *rs_totals_currency(const char *currency, const struct rs_gist *gist);
void rs_totals_add(struct rs_totals *totals, const struct rs_gist *gist);
void rs_report_totals(const struct rs_report *report, struct rs_totals *out);

/*
 * The option an entry is moved to in the totals, or NULL to keep it: the first one, unless the
 * finding is UNKNOWN, or OPTIMIZED and the option saves nothing, or its group decides. An IDLE
 * entry without an option is kept too: to stop it is a decision that the totals do not take.
 */
const struct rs_option_offer *rs_entry_choice(const struct rs_entry *entry);
/* A month, in the entry's currency; 0: keep; NaN: finding UNKNOWN, or a price is. */
double rs_entry_saving(const struct rs_entry *entry);
/* Of the entry's prices; NULL: no catalog. */
const char *rs_entry_currency(const struct rs_entry *entry);

#endif
