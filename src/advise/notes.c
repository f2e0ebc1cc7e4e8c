/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "advise/notes.h"

#include "advise/burst.h"
#include "advise/gpu.h"
#include "advise/surplus.h"
#include "advise/trace.h"
#include "advise/workload.h"

#include "rightsize/when.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define GIB 1073741824.0

static bool is_text(const char *text, const char *word)
{
    return text != NULL && strcmp(text, word) == 0;
}

bool rs_notes_no_answer(struct rs_study *study, const struct rs_market *market)
{
    const struct rs_resource *r = study->work->resource;
    if (is_text(r->state, "terminated") || is_text(r->state, "shutting-down")) {
        rs_study_note(study, "Terminated", "the machine is gone");
    } else if (r->type == NULL) {
        rs_study_note(study, "TypeUnknown",
                      "the type is not known; collect the answer of describe-instances, or an "
                      "inventory CSV, too");
    } else if (!market->known && (r->provider == NULL || r->region == NULL)) {
        rs_study_note(study, "NoCatalog",
                      "its %s is not known, so no prices are; an inventory CSV can name it",
                      r->provider == NULL ? "provider" : "region");
    } else if (!market->known) {
        rs_study_note(study, "NoCatalog", "there are no prices for region %.64s of provider %.64s",
                      r->region, r->provider);
    } else if (study->current == NULL) {
        rs_study_note(study, "TypeNotInCatalog", "type %.64s is not in the catalog", r->type);
    } else if (!study->out->demand[RS_DIM_CPU].known && study->left_out > 0) {
        rs_study_note(study, "NoSamples",
                      "all %zu samples of cpu_percent are of the type it was before",
                      study->left_out);
    } else if (!study->out->demand[RS_DIM_CPU].known) {
        rs_study_note(study, "NoSamples", "there are no samples of cpu_percent in the window");
    } else {
        return false;
    }
    return true;
}

static void note_credits(struct rs_study *study)
{
    const char *balance = study->credits_measured ? "the measured" : "a simulated";
    double rate = rs_surplus_rate(study->current, study->work->resource->platform);
    double hourly = study->charged * 3600.0 / 60.0 * rate; /* 60 credits are a vCPU-hour */
    if (hourly > 0.0 && is_text(study->currency, "USD")) {
        rs_study_note(study, "CreditsExhausted",
                      "%s CPU credit balance reaches zero while the CPU is busy, and it runs in "
                      "unlimited mode: the surplus credits charged for cost about %.2f USD a month "
                      "on top of its price; --set burst.mode=unlimited counts them",
                      balance, hourly * RS_HOURS_PER_MONTH);
        return;
    }
    rs_study_note(study, "CreditsExhausted",
                  "%s CPU credit balance reaches zero while the CPU is busy: it is throttled to "
                  "its baseline, or pays for surplus credits in unlimited mode",
                  balance);
}

static void note_finding(struct rs_study *study)
{
    const struct rs_advice *out = study->out;
    const struct rs_demand *d = out->demand;
    if (out->finding == RS_FINDING_IDLE) {
        char saving[64] = "";
        if (!isnan(out->current_monthly)) {
            snprintf(saving, sizeof(saving),
                     "; to stop or terminate it would save %.2f %.8s a month", out->current_monthly,
                     study->currency);
        }
        rs_study_note(study, "Idle",
                      "nothing seems to use it: at most %.2g %% of the CPU, %.3g MB of network a "
                      "day%s",
                      100.0 * d[RS_DIM_CPU].peak / d[RS_DIM_CPU].capacity,
                      (d[RS_DIM_NET_IN].mean + d[RS_DIM_NET_OUT].mean) * RS_DAY_SECONDS / 1e6,
                      saving);
    }
    if (study->under && out->option_count == 0) {
        rs_study_note(study, "NoTypeHolds",
                      "no type that the policy and the machine allow holds what is needed");
    }
    if (out->finding == RS_FINDING_OPTIMIZED && out->option_count > 0 &&
        out->options[0].monthly_saving > 0.0) {
        rs_study_note(study, "CheaperSameSize",
                      "%.32s costs less and nothing that was measured is smaller there",
                      out->options[0].offer->type);
    }
    if (isnan(out->current_monthly)) {
        rs_study_note(study, "PriceUnknown",
                      "%.32s has no price in this region, so savings cannot be told",
                      out->current->type);
    }
    if (study->credits_gone) {
        note_credits(study);
    }
}

static void note_saturation(struct rs_study *study)
{
    if (study->saturated > 1.0 - study->policy->cpu_percentile / 100.0) {
        rs_study_note(
            study, "CPUSaturated",
            "in %.2g %% of the time the CPU was at its limit: how much more it wanted "
            "cannot be seen and is in no risk or chance told here, so look again after the move",
            100.0 * study->saturated);
    }
}

/* A process that took less than half is the first of many, not the cause. */
static void note_peak(struct rs_study *study)
{
    const struct rs_workload *work = study->work;
    const struct rs_peak_cause *peak = work->peaks;
    size_t left = work->peak_count;
    while (left > 0 && (peak->at < work->window.from || peak->at >= work->window.to)) {
        peak++;
        left--;
    }
    if (left == 0) {
        return;
    }
    char when[RS_WHEN_TEXT], who[160];
    rs_when_format(peak->at, when);
    when[10] = ' ';
    when[16] = '\0';
    bool cause = 2.0 * peak->share >= peak->cpu_percent;
    if (peak->unit != NULL) {
        snprintf(who, sizeof(who), "`%s` (%s", peak->unit, peak->name);
    } else {
        snprintf(who, sizeof(who), "%s (", peak->name);
    }
    const char *comma = peak->unit != NULL ? ", " : "";
    if (cause) {
        rs_study_note(study, "PeakCause", "the CPU peak of %s UTC is %s%s%.0f %%)", when, who,
                      comma, peak->share);
    } else {
        rs_study_note(study, "PeakCause",
                      "the CPU peak of %s UTC has no single cause; busiest was %s%s%.0f of %.0f "
                      "%%)",
                      when, who, comma, peak->share, peak->cpu_percent);
    }
}

static void note_memory(struct rs_study *study)
{
    struct rs_advice *out = study->out;
    if (study->memory_is_proxy) {
        rs_study_note(study, "MemoryIsCommitCharge",
                      "memory is judged by the commit charge, which counts what was promised, not "
                      "what is used, and includes the page file");
    }
    if (out->demand[RS_DIM_MEMORY].known) {
        return;
    }
    char more[64] = "";
    if (!isnan(study->unlock)) {
        out->memory_unlock_monthly = study->unlock * RS_HOURS_PER_MONTH;
        snprintf(more, sizeof(more), "; it could save at most %.2f %.8s a month more",
                 out->memory_unlock_monthly, study->currency);
    }
    rs_study_note(study, "MemoryUnknown",
                  "memory was not measured, so no offer has less than today's %.4g GiB; collect "
                  "CWAgent mem_used_percent with the InstanceId dimension%s",
                  study->current->memory_bytes / GIB, more);
}

static void note_speed(struct rs_study *study)
{
    const struct rs_advice *out = study->out;
    const char *unknown = isnan(out->current_speed) ? out->current->type : NULL;
    for (size_t i = 0; i < out->option_count && unknown == NULL; i++) {
        unknown = isnan(out->options[i].speed) ? out->options[i].offer->type : NULL;
    }
    if (unknown != NULL && out->option_count > 0 && !is_text(study->policy->cpu_speed, "off")) {
        rs_study_note(study, "CpuSpeedUnknown",
                      "the speed of a vCPU of %.32s is not known; it counts as the same", unknown);
    }
}

static void note_change(struct rs_study *study)
{
    const struct rs_workload *work = study->work;
    bool named = work->earlier_count > 0;
    const char *type = named ? work->earlier_types[work->earlier_count - 1] : "";
    if (study->converted > 0) {
        rs_study_note(study, "TypeChanged",
                      "%zu CPU samples are of the type it was before, %.32s, and count by its size",
                      study->converted, type);
    }
    /* those that straddle a change are of neither type */
    if (study->left_out > (study->converted > 0 ? work->earlier_count : 0)) {
        rs_study_note(study, "TypeChanged",
                      "%zu CPU samples are of the type it was before%s%.32s, and are left out",
                      study->left_out, named ? ", " : "", type);
    }
}

static void note_data(struct rs_study *study)
{
    const struct rs_advice *out = study->out;
    const struct rs_demand *d = out->demand, *cpu = &d[RS_DIM_CPU];
    note_change(study);
    if (strcmp(cpu->statistic, "avg") == 0) {
        rs_study_note(study, "MetricIsAverage",
                      "only averages of the CPU were collected; peaks within %lld s are not seen",
                      (long long)cpu->step);
    }
    for (int i = 0; i < RS_DIM_COUNT; i++) {
        if (d[i].known && d[i].step > RS_GRID) {
            rs_study_note(study, "CoarseData", "one sample stands for %lld s of %.100s",
                          (long long)d[i].step, d[i].metric);
            break;
        }
    }
    if (!d[RS_DIM_NET_IN].known && !d[RS_DIM_NET_OUT].known) {
        rs_study_note(study, "NetworkUnknown",
                      "the network was not measured and has no say in this choice");
    }
    if (out->running_share < 0.9) {
        char saving[80] = "";
        if (out->option_count > 0 && out->options[0].monthly_saving > 0.0) {
            snprintf(saving, sizeof(saving),
                     "; the saving for those hours only would be %.2f %.8s a month",
                     out->options[0].monthly_saving * out->running_share, study->currency);
        }
        rs_study_note(study, "RunsPartTime", "samples cover %.0f %% of the hours%s",
                      100.0 * out->running_share, saving);
    }
}

static bool is_licensed(const char *platform)
{
    static const char *const words[] = {"indows", "Red Hat", "RHEL", "SUSE"};
    for (size_t i = 0; platform != NULL && i < sizeof(words) / sizeof(words[0]); i++) {
        if (strstr(platform, words[i]) != NULL) {
            return true;
        }
    }
    return false;
}

/* The rate of surplus credits is published in USD. */
static void note_surplus(struct rs_study *study)
{
    const struct rs_advice *out = study->out;
    const struct rs_offer *first = out->option_count > 0 ? out->options[0].offer : study->current;
    if (strcmp(study->currency, "USD") != 0 &&
        (rs_policy_unlimited(study->policy, study->current) ||
         rs_policy_unlimited(study->policy, first))) {
        rs_study_note(
            study, "SurplusUnknown",
            "what surplus CPU credits cost in %.8s is not known: burst.mode counts as standard",
            study->currency);
    }
}

static void note_price(struct rs_study *study)
{
    const struct rs_resource *r = study->work->resource;
    note_surplus(study);
    if (is_licensed(r->platform)) {
        rs_study_note(study, "PriceIsLinux",
                      "prices are those of Linux; the licence of %.64s comes on top", r->platform);
    }
    if (is_text(r->lifecycle, "spot")) {
        rs_study_note(study, "Spot", "it is a spot instance; on-demand prices are compared");
    }
    if (is_text(r->tenancy, "dedicated") || is_text(r->tenancy, "host")) {
        rs_study_note(study, "Dedicated",
                      "its tenancy is %s; prices of shared tenancy are compared", r->tenancy);
    }
    if (r->group != NULL) {
        rs_study_note(study, "GroupMember",
                      "it belongs to Auto Scaling group %.100s: change the launch template, not "
                      "the machine",
                      r->group);
    }
}

void rs_notes_add(struct rs_study *study)
{
    note_finding(study);
    note_saturation(study);
    note_peak(study);
    note_memory(study);
    rs_gpu_note(study);
    note_speed(study);
    rs_burst_note(study);
    note_data(study);
    rs_workload_note(study);
    note_price(study);
}
