/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/json_parts.h"

#include <math.h>

static void put_differences(struct rs_writer *w, unsigned differences)
{
    rs_writer_list(w, "platform_differences");
    for (unsigned bit = 1; bit <= RS_DIFFERS_VIRTUALIZATION; bit <<= 1) {
        if ((differences & bit) != 0) {
            rs_writer_text(w, NULL, rs_difference_name(bit));
        }
    }
    rs_writer_end(w);
}

/* What else it may cost; absent where the catalog does not say. */
static void put_more_money(struct rs_writer *w, const struct rs_option_offer *option,
                           const char *currency)
{
    const struct {
        const char *dollars, *others;
        double value;
    } rows[] = {{RS_MONEY("surplus_monthly"), option->monthly_surplus},
                {RS_MONEY("reserved_1y_monthly"), option->monthly_reserved_1y},
                {RS_MONEY("reserved_3y_monthly"), option->monthly_reserved_3y},
                {RS_MONEY("spot_monthly"), option->monthly_spot}};
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        if (rows[i].value > 0.0) {
            rs_json_money(w, rows[i].dollars, rows[i].others, currency, rows[i].value);
        }
    }
}

void rs_json_option(struct rs_writer *w, const struct rs_option_offer *option, size_t rank,
                    const char *currency)
{
    rs_writer_object(w, NULL);
    rs_writer_count(w, "rank", (int64_t)rank);
    rs_writer_text(w, "type", option->offer->type);
    rs_json_shape(w, option->offer);
    rs_json_money(w, RS_MONEY("monthly"), currency, option->monthly_price);
    rs_json_money(w, RS_MONEY("saving_monthly"), currency, option->monthly_saving);
    rs_json_money(w, RS_MONEY("crowding_monthly"), currency, option->monthly_charge);
    rs_writer_rounded(w, "saving_percent", 100.0 * option->saving_share);
    rs_writer_bool(w, "price_estimated", rs_json_estimated(option->offer));
    rs_writer_rounded(w, "performance_risk", option->performance_risk);
    rs_json_dimensions(w, "risk", option->risk, 1.0);
    rs_json_dimensions(w, "projected", option->utilisation, 100.0);
    rs_json_dimensions(w, "projected_peak", option->peak_utilisation, 100.0);
    rs_json_shares(w, "short_share", option->short_share);
    rs_json_shares(w, "chance", option->chance);
    rs_json_shares(w, "above_baseline", option->above_baseline);
    rs_writer_text(w, "binding", rs_dimension_info(option->binding)->name);
    put_differences(w, option->differences);
    rs_writer_text(w, "migration_effort", option->migration_effort);
    rs_writer_rounded(w, "lowest_credits", option->lowest_credits);
    rs_writer_when(w, "lowest_credits_at",
                   isnan(option->lowest_credits) ? -1 : option->lowest_credits_at);
    if (option->throttled_share > 0.0) {
        rs_writer_rounded(w, "throttled_share", option->throttled_share);
    }
    put_more_money(w, option, currency);
    if (option->speed > 0.0) {
        rs_writer_rounded(w, "speed", option->speed);
    }
    rs_writer_end(w);
}

void rs_json_elsewhere(struct rs_writer *w, const struct rs_elsewhere *other)
{
    const struct rs_catalog_info *info = other->catalog;
    rs_json_open(w, NULL, other->found);
    rs_writer_text(w, "provider", info->provider);
    rs_writer_text(w, "region", info->region);
    rs_writer_bool(w, "region_is_default", other->region_is_default);
    rs_writer_text(w, "currency", info->currency);
    rs_writer_text(w, "price_date", info->price_date);
    rs_writer_text(w, "type", other->found ? other->option.offer->type : NULL);
    if (other->found) {
        rs_json_shape(w, other->option.offer);
        rs_json_money(w, RS_MONEY("monthly"), info->currency, other->option.monthly_price);
        rs_writer_bool(w, "price_estimated", rs_json_estimated(other->option.offer));
        rs_json_dimensions(w, "projected", other->option.utilisation, 100.0);
        rs_json_bits(w, "unjudged", other->unjudged);
    }
    rs_writer_end(w);
}

void rs_json_curve(struct rs_writer *w, const struct rs_curve *curve, const char *currency)
{
    rs_writer_array(w, "curve");
    for (size_t i = 0; i < curve->count; i++) {
        const struct rs_curve_point *point = &curve->points[i];
        rs_json_open(w, NULL, rs_json_has_shares(point->share));
        rs_writer_text(w, "type", point->offer->type);
        rs_json_money(w, RS_MONEY("monthly"), currency, point->monthly_price);
        rs_writer_bool(w, "current", point->current);
        rs_writer_rounded(w, "worst", point->worst);
        rs_json_shares(w, "short_share", point->share);
        rs_writer_end(w);
    }
    rs_writer_end(w);
}
