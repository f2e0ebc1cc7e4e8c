/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/offer_columns.h"

#include "rightsize/number.h"

#include <math.h>

static void number(struct rs_buffer *out, double value)
{
    char text[RS_NUMBER_TEXT];
    if (!isnan(value)) {
        rs_number_format(value, text);
        rs_buffer_text(out, text);
    }
}

static void text(struct rs_buffer *out, const char *value)
{
    rs_buffer_text(out, value != NULL ? value : "");
}

/* Bytes per second as Mbit/s or MB/s with the digits the catalog's own figures have. */
static double scaled(double value, double unit)
{
    return isnan(value) ? value : round(value / unit * 1000.0) / 1000.0;
}

static double percent(double share)
{
    return isnan(share) ? share : round(share * 1e4) / 100;
}

#define MIB (1024.0 * 1024.0)
#define RENDER(name, what)                                                                         \
    static void name(const struct rs_offer *o, struct rs_buffer *out)                              \
    {                                                                                              \
        what;                                                                                      \
    }
RENDER(type, text(out, o->type))
RENDER(family, text(out, o->family))
RENDER(category, text(out, o->category))
RENDER(vcpus, number(out, o->vcpus))
RENDER(cores, number(out, o->cores))
RENDER(memory, number(out, o->memory_bytes / MIB))
RENDER(architecture, text(out, o->architecture))
RENDER(vendor, text(out, o->cpu_vendor))
RENDER(clock_ghz, number(out, o->clock_ghz))
RENDER(score, number(out, o->cpu_score))
RENDER(hypervisor, text(out, o->hypervisor))
RENDER(burst, number(out, o->burst_baseline))
RENDER(credits, number(out, o->credits_per_hour))
RENDER(net, number(out, scaled(o->net_baseline, 125000.0)))
RENDER(net_peak, number(out, scaled(o->net_peak, 125000.0)))
RENDER(ebs, number(out, scaled(o->ebs_baseline, 1e6)))
RENDER(ebs_peak, number(out, scaled(o->ebs_peak, 1e6)))
RENDER(ebs_ops, number(out, o->ebs_baseline_ops))
RENDER(ebs_peak_ops, number(out, o->ebs_peak_ops))
RENDER(enis, number(out, o->max_enis))
RENDER(attachments, number(out, o->max_attachments))
RENDER(disk_gb, number(out, isnan(o->disk_bytes) ? o->disk_bytes : round(o->disk_bytes / 1e9)))
RENDER(packets, number(out, o->net_packets))
RENDER(disk_rate, number(out, isnan(o->disk_throughput) ? NAN : o->disk_throughput / 1e6))
RENDER(disk_ops, number(out, o->disk_ops))
RENDER(gpus, number(out, o->gpu_count))
RENDER(gpu_model, text(out, o->gpu_model))
RENDER(price, number(out, o->price))
RENDER(estimated, text(out, o->flags &RS_OFFER_PRICE_ESTIMATED ? "yes" : ""))
RENDER(reserved_1y, number(out, o->reserved_1y))
RENDER(reserved_3y, number(out, o->reserved_3y))
RENDER(price_date, text(out, o->price_date))
RENDER(own_price, text(out, o->flags &RS_OFFER_PRICE_OVERRIDE ? "yes" : "no"))
RENDER(spot_saving, number(out, percent(o->spot_saving)))
RENDER(interruption, number(out, o->interruption))
RENDER(credits_max, number(out, o->credits_max))
RENDER(watts_idle, number(out, o->watts_idle))
RENDER(watts_10, number(out, o->watts_10))
RENDER(watts_50, number(out, o->watts_50))
RENDER(watts_100, number(out, o->watts_100))
RENDER(custom, text(out, o->flags &RS_OFFER_CUSTOM ? "yes" : "no"))
RENDER(current_generation, text(out, o->flags &RS_OFFER_CURRENT_GENERATION ? "yes" : "no"))

const struct rs_offer_column rs_offer_columns[] = {
    {"type", false, true, type},
    {"family", false, false, family},
    {"category", false, false, category},
    {"vcpus", true, true, vcpus},
    {"cores", true, false, cores},
    {"memory_mib", true, true, memory},
    {"architecture", false, true, architecture},
    {"cpu_vendor", false, true, vendor},
    {"clock_ghz", true, false, clock_ghz},
    {"cpu_score", true, false, score},
    {"hypervisor", false, false, hypervisor},
    {"burst_baseline_per_vcpu", true, false, burst},
    {"credits_per_hour", true, false, credits},
    {"credits_max", true, false, credits_max},
    {"net_baseline_mbps", true, true, net},
    {"net_peak_mbps", true, false, net_peak},
    {"ebs_baseline_mbytes_s", true, true, ebs},
    {"ebs_peak_mbytes_s", true, false, ebs_peak},
    {"ebs_baseline_iops", true, false, ebs_ops},
    {"ebs_peak_iops", true, false, ebs_peak_ops},
    {"max_enis", true, false, enis},
    {"max_attachments", true, false, attachments},
    {"local_disk_gb", true, true, disk_gb},
    {"net_pps", true, false, packets},
    {"local_disk_mbytes_s", true, false, disk_rate},
    {"local_disk_iops", true, false, disk_ops},
    {"gpus", true, false, gpus},
    {"gpu_model", false, false, gpu_model},
    {"price_per_hour", true, true, price},
    {"price_estimated", false, true, estimated},
    {"reserved_1y_per_hour", true, false, reserved_1y},
    {"reserved_3y_per_hour", true, false, reserved_3y},
    {"price_date", false, false, price_date},
    {"price_own", false, false, own_price},
    {"spot_saving_pct", true, false, spot_saving},
    {"spot_interruption", true, false, interruption},
    {"watts_idle", true, false, watts_idle},
    {"watts_10", true, false, watts_10},
    {"watts_50", true, false, watts_50},
    {"watts_100", true, false, watts_100},
    {"custom", false, false, custom},
    {"current_generation", false, false, current_generation},
    {.key = NULL},
};
