/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What stands for an entry where the entry itself is gone already. */
#include "rightsize/report.h"

#include <math.h>
#include <string.h>

const struct rs_option_offer *rs_entry_choice(const struct rs_entry *entry)
{
    const struct rs_advice *advice = &entry->advice;
    if (advice->option_count == 0 || advice->finding == RS_FINDING_UNKNOWN || advice->group_keeps) {
        return NULL;
    }
    bool saves = advice->options[0].monthly_saving > 0.0;
    if (advice->finding == RS_FINDING_OPTIMIZED && !saves && !advice->group_moves) {
        return NULL;
    }
    return &advice->options[0];
}

double rs_entry_saving(const struct rs_entry *entry)
{
    const struct rs_option_offer *choice = rs_entry_choice(entry);
    if (choice != NULL) {
        return choice->monthly_saving;
    }
    return entry->advice.finding == RS_FINDING_UNKNOWN ? NAN : 0.0;
}

const char *rs_entry_currency(const struct rs_entry *entry)
{
    return entry->catalog != NULL ? entry->catalog->currency : NULL;
}

static bool is_estimated(const struct rs_offer *offer)
{
    return offer != NULL && !isnan(offer->price) && (offer->flags & RS_OFFER_PRICE_ESTIMATED) != 0;
}

void rs_gist_of(const struct rs_entry *entry, struct rs_gist *out)
{
    const struct rs_advice *advice = &entry->advice;
    const struct rs_option_offer *choice = rs_entry_choice(entry);
    bool moves = choice != NULL && !isnan(choice->monthly_price);
    *out = (struct rs_gist){.id = entry->id,
                            .name = entry->name,
                            .region = entry->region,
                            .account = entry->account,
                            .zone = entry->zone,
                            .platform = entry->platform,
                            .offer_now = advice->current,
                            .offer_then = moves ? choice->offer : advice->current,
                            .runs = entry->state == NULL || strcmp(entry->state, "running") == 0,
                            .catalog = entry->catalog,
                            .finding = advice->finding,
                            .terminated =
                                entry->state != NULL && strcmp(entry->state, "terminated") == 0,
                            .type_known = advice->current != NULL,
                            .memory_known = advice->demand[RS_DIM_MEMORY].known,
                            .low_confidence = advice->confidence == RS_CONFIDENCE_LOW,
                            .estimated = is_estimated(advice->current) ||
                                         (choice != NULL && is_estimated(choice->offer)),
                            .now = advice->current_monthly,
                            .then = moves ? choice->monthly_price : advice->current_monthly,
                            .saving = rs_entry_saving(entry)};
}

static int compare_text(const char *a, const char *b)
{
    if (a == NULL || b == NULL) {
        return (a == NULL) - (b == NULL);
    }
    return strcmp(a, b);
}

static int compare_falling(double a, double b)
{
    if (isnan(a) || isnan(b)) {
        return (isnan(a) != 0) - (isnan(b) != 0);
    }
    return (a < b) - (a > b);
}

int rs_gist_compare(const struct rs_gist *a, const struct rs_gist *b, enum rs_report_order order)
{
    int found = 0;
    if (order == RS_ORDER_SAVING) {
        found = compare_falling(a->saving, b->saving);
    } else if (order == RS_ORDER_NAME) {
        found = compare_text(a->name, b->name);
    } else if (order == RS_ORDER_COST) {
        found = compare_falling(a->now, b->now);
    }
    found = found != 0 ? found : strcmp(a->id, b->id);
    found = found != 0 ? found : compare_text(a->region, b->region);
    return found != 0 ? found : compare_text(a->account, b->account);
}

static const char *currency_of(const struct rs_gist *gist)
{
    const char *currency = gist->catalog != NULL ? gist->catalog->currency : NULL;
    return currency != NULL ? currency : "USD";
}

const char *rs_totals_currency(const char *currency, const struct rs_gist *gist)
{
    if (isnan(gist->now) || gist->terminated) {
        return currency;
    }
    const char *own = currency_of(gist);
    bool first = currency == NULL || (strcmp(currency, "USD") != 0 &&
                                      (strcmp(own, "USD") == 0 || strcmp(own, currency) < 0));
    return first ? own : currency;
}

static void add_prices(struct rs_totals *totals, const struct rs_gist *gist)
{
    if (gist->terminated) {
        return;
    }
    if (isnan(gist->now)) {
        totals->unpriced++;
    } else if (strcmp(currency_of(gist), totals->currency) != 0) {
        totals->other_currency++;
    } else {
        totals->current_monthly += gist->now;
        totals->recommended_monthly += gist->then;
        totals->cheaper += gist->then < gist->now;
        totals->dearer += gist->then > gist->now;
        totals->cheaper_monthly += fmax(gist->now - gist->then, 0.0);
        totals->dearer_monthly += fmax(gist->then - gist->now, 0.0);
        totals->idle_monthly += gist->finding == RS_FINDING_IDLE ? gist->then : 0.0;
    }
}

void rs_totals_add(struct rs_totals *totals, const struct rs_gist *gist)
{
    totals->resources++;
    totals->by_finding[gist->finding]++;
    totals->memory_unknown += !gist->memory_known;
    totals->type_unknown += !gist->type_known;
    totals->low_confidence += gist->low_confidence;
    totals->estimated += gist->estimated;
    add_prices(totals, gist);
    totals->saving_monthly = totals->current_monthly - totals->recommended_monthly;
}
