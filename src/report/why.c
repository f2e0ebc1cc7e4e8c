/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/why.h"

#include "report/human.h"

#include <math.h>
#include <string.h>

#define WHY_DIMENSIONS 3
#define RISKY 3.0 /* of 4 */

struct order {
    enum rs_dimension items[WHY_DIMENSIONS];
    size_t count;
};

static void want(struct order *order, enum rs_dimension d)
{
    for (size_t i = 0; i < order->count; i++) {
        if (order->items[i] == d) {
            return;
        }
    }
    if (order->count < WHY_DIMENSIONS) {
        order->items[order->count++] = d;
    }
}

const struct rs_reason *rs_why_credits(const struct rs_advice *advice)
{
    const char *under = rs_dimension_info(RS_DIM_CPU)->under;
    for (size_t i = 0; i < advice->reason_count; i++) {
        const struct rs_reason *reason = &advice->reasons[i];
        if (strcmp(reason->code, under) == 0 &&
            reason->limit < advice->demand[RS_DIM_CPU].capacity) {
            return reason;
        }
    }
    return NULL;
}

static struct order worth_telling(const struct rs_advice *advice)
{
    struct order order = {.count = 0};
    for (size_t i = 0; advice->finding == RS_FINDING_UNDER_PROVISIONED && i < advice->reason_count;
         i++) {
        const char *under = rs_dimension_info(advice->reasons[i].dimension)->under;
        if (under != NULL && strcmp(advice->reasons[i].code, under) == 0) {
            want(&order, advice->reasons[i].dimension);
        }
    }
    bool leading = advice->binding_known && advice->demand[advice->binding].known &&
                   advice->binding != RS_DIM_CPU && advice->binding != RS_DIM_MEMORY;
    if (leading) {
        want(&order, advice->binding);
    }
    want(&order, RS_DIM_CPU);
    want(&order, RS_DIM_MEMORY);
    return order;
}

static void tell_use(const struct rs_demand *demand, enum rs_dimension d, bool brief,
                     struct rs_buffer *out)
{
    char percentile[RS_HUMAN_TEXT], share[RS_HUMAN_TEXT], amount[RS_HUMAN_TEXT];
    const char *title = brief && d == RS_DIM_MEMORY ? "mem" : rs_dimension_info(d)->title;
    if (!demand->known || isnan(demand->used)) {
        rs_buffer_printf(out, brief ? "%s ?" : "%s not measured", title);
        return;
    }
    rs_human_percentile(demand->percentile, percentile);
    rs_human_share(demand->used / demand->capacity, share);
    rs_buffer_printf(out, "%s ", title);
    if (!brief) {
        rs_buffer_printf(out, "%s ", percentile);
    }
    if (!(demand->capacity > 0.0)) {
        rs_human_amount(demand->used, d, amount);
        rs_buffer_text(out, amount);
        return;
    }
    rs_buffer_text(out, share);
    if (!brief) {
        rs_human_amount(demand->capacity, d, amount);
        rs_buffer_printf(out, " of %s", amount);
    }
}

static void tell_idle(const struct rs_advice *advice, bool brief, struct rs_buffer *out)
{
    const struct rs_demand *cpu = &advice->demand[RS_DIM_CPU];
    const struct rs_demand *in = &advice->demand[RS_DIM_NET_IN];
    const struct rs_demand *sent = &advice->demand[RS_DIM_NET_OUT];
    char share[RS_HUMAN_TEXT];
    rs_human_share(cpu->peak / cpu->capacity, share);
    rs_buffer_printf(out, "CPU peak %s", share);
    double daily = (in->mean + sent->mean) * 86400.0 / 1e6;
    if (in->known && sent->known && isfinite(daily) && !brief) {
        rs_buffer_printf(out, ", network %.3g MB a day", daily);
    }
}

static void tell_then(const struct rs_entry *entry, struct rs_buffer *out)
{
    const struct rs_option_offer *choice = rs_entry_choice(entry);
    if (choice == NULL || choice->binding >= RS_DIM_COUNT ||
        isnan(choice->utilisation[choice->binding])) {
        return;
    }
    char share[RS_HUMAN_TEXT];
    rs_human_share(choice->utilisation[choice->binding], share);
    rs_buffer_printf(out, "; then %s %s", rs_dimension_info(choice->binding)->title, share);
}

/* A saving that is likely to hurt must not look like the others. */
static void tell_risk(const struct rs_entry *entry, struct rs_buffer *out)
{
    const struct rs_option_offer *choice = rs_entry_choice(entry);
    if (choice != NULL && choice->performance_risk >= RISKY) {
        rs_buffer_printf(out, "; risk %s", rs_risk_word(choice->performance_risk));
    }
}

static void tell_credits(const struct rs_advice *advice, bool brief, struct rs_buffer *out)
{
    const struct rs_reason *reason = rs_why_credits(advice);
    char share[RS_HUMAN_TEXT];
    if (reason != NULL) {
        rs_human_share(reason->limit / advice->demand[RS_DIM_CPU].capacity, share);
        rs_buffer_printf(out, brief ? ", credits run out" : " but %s once its credits run out",
                         share);
    }
}

void rs_why(const struct rs_entry *entry, bool brief, struct rs_buffer *out)
{
    const struct rs_advice *advice = &entry->advice;
    if (advice->finding == RS_FINDING_UNKNOWN) {
        rs_buffer_text(out, advice->note_count > 0 ? advice->notes[0].text : "too little is known");
        return;
    }
    if (advice->finding == RS_FINDING_IDLE) {
        tell_idle(advice, brief, out);
        return;
    }
    struct order order = worth_telling(advice);
    for (size_t i = 0; i < order.count; i++) {
        rs_buffer_text(out, i > 0 ? ", " : "");
        tell_use(&advice->demand[order.items[i]], order.items[i], brief, out);
        if (order.items[i] == RS_DIM_CPU) {
            tell_credits(advice, brief, out);
        }
    }
    if (!brief) {
        tell_then(entry, out);
    }
    rs_buffer_text(out, advice->group_keeps ? "; kept like its group" : "");
    tell_risk(entry, out);
}

bool rs_why_concerns(const struct rs_advice *advice, enum rs_dimension d)
{
    const struct rs_demand *demand = &advice->demand[d];
    return (d != RS_DIM_GPU && d != RS_DIM_GPU_MEMORY) || demand->known || demand->capacity > 0.0;
}
