/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rightsize/catalog.h"
#include "rightsize/text.h"

#include <math.h>
#include <string.h>

void rs_catalog_filter_init(struct rs_catalog_filter *filter)
{
    *filter = (struct rs_catalog_filter){
        .min_vcpus = NAN,
        .max_vcpus = NAN,
        .min_memory_bytes = NAN,
        .max_memory_bytes = NAN,
        .max_price = NAN,
        .burstable = -1,
        .gpu = -1,
        .current_generation = -1,
        .bare_metal = -1,
        .custom = -1,
    };
}

/* An unknown value lies in no range that is asked for. */
static bool in_range(double value, double min, double max)
{
    return (isnan(min) || value >= min) && (isnan(max) || value <= max);
}

static bool agrees(int asked, bool is)
{
    return asked < 0 || (asked != 0) == is;
}

bool rs_catalog_filter_accepts(const struct rs_catalog_filter *filter, const struct rs_offer *offer)
{
    if (filter->pattern != NULL && !rs_text_matches(filter->pattern, offer->type)) {
        return false;
    }
    if (filter->architecture != NULL &&
        (offer->architecture == NULL || strcmp(filter->architecture, offer->architecture) != 0)) {
        return false;
    }
    return in_range(offer->vcpus, filter->min_vcpus, filter->max_vcpus) &&
           in_range(offer->memory_bytes, filter->min_memory_bytes, filter->max_memory_bytes) &&
           in_range(offer->price, NAN, filter->max_price) &&
           agrees(filter->burstable, (offer->flags & RS_OFFER_BURSTABLE) != 0) &&
           agrees(filter->gpu, offer->gpu_count > 0) &&
           agrees(filter->current_generation, (offer->flags & RS_OFFER_CURRENT_GENERATION) != 0) &&
           agrees(filter->custom, (offer->flags & RS_OFFER_CUSTOM) != 0) &&
           agrees(filter->bare_metal, (offer->flags & RS_OFFER_BARE_METAL) != 0);
}
