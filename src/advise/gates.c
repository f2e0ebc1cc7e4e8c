/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "advise/gates.h"

#include "advise/gpu.h"
#include "advise/shelf.h"
#include "rightsize/text.h"

#include <assert.h>
#include <math.h>
#include <string.h>

#define VIRTUALIZATIONS ((unsigned)RS_OFFER_HVM | (unsigned)RS_OFFER_PV)

static bool same_text(const char *a, const char *b)
{
    return a != NULL && b != NULL && strcmp(a, b) == 0;
}

static double or_none(double value)
{
    return isnan(value) ? 0.0 : value;
}

static bool is_priced(const struct rs_study *study, const struct rs_offer *offer)
{
    (void)study;
    return !isnan(offer->price);
}

static bool is_listed(const struct rs_study *study, const struct rs_offer *offer)
{
    (void)study;
    return (offer->flags & RS_OFFER_DELISTED) == 0;
}

static bool takes_any_architecture(const struct rs_study *study)
{
    return strcmp(study->policy->architecture, "any") == 0;
}

static const char *wanted_architecture(const struct rs_study *study)
{
    const char *wanted = study->policy->architecture;
    if (strcmp(wanted, "current") == 0) { /* what the image was built for, when it is known */
        wanted = study->work->resource->architecture;
        wanted = wanted != NULL ? wanted : study->current->architecture;
    }
    return wanted;
}

static bool has_architecture(const struct rs_study *study, const struct rs_offer *offer)
{
    return takes_any_architecture(study) ||
           same_text(wanted_architecture(study), offer->architecture);
}

/* 0: the provider has no such notion. */
static unsigned wanted_virtualization(const struct rs_study *study)
{
    const char *known = study->work->resource->virtualization;
    unsigned wanted = study->current->flags & VIRTUALIZATIONS;
    if (same_text(known, "paravirtual")) {
        wanted = RS_OFFER_PV;
    } else if (same_text(known, "hvm") || (wanted & RS_OFFER_HVM) != 0) {
        wanted = RS_OFFER_HVM;
    }
    return wanted;
}

static bool has_virtualization(const struct rs_study *study, const struct rs_offer *offer)
{
    unsigned has = offer->flags & VIRTUALIZATIONS, wanted = wanted_virtualization(study);
    return wanted == 0 || has == 0 || (has & wanted) != 0;
}

static bool has_local_disk(const struct rs_study *study, const struct rs_offer *offer)
{
    return or_none(offer->disk_bytes) >= or_none(study->current->disk_bytes);
}

static bool is_as_bare(const struct rs_study *study, const struct rs_offer *offer)
{
    return ((offer->flags ^ study->current->flags) & RS_OFFER_BARE_METAL) == 0;
}

static bool has_interfaces(const struct rs_study *study, const struct rs_offer *offer)
{
    return !(offer->max_enis < (double)study->work->resource->network_interfaces);
}

static bool has_attachments(const struct rs_study *study, const struct rs_offer *offer)
{
    return !(offer->max_attachments < (double)study->work->resource->volumes) &&
           !(offer->max_attachments < (double)study->work->volume_count);
}

/* `ena` false says "no driver" only when the inventory described the machine at all. */
static bool brings_driver(const struct rs_study *study)
{
    const struct rs_resource *resource = study->work->resource;
    return resource->ena || resource->hypervisor == NULL ||
           (study->current->flags & RS_OFFER_ENA_REQUIRED) != 0;
}

static bool has_driver(const struct rs_study *study, const struct rs_offer *offer)
{
    return (offer->flags & RS_OFFER_ENA_REQUIRED) == 0 || brings_driver(study);
}

static bool is_generation(const struct rs_study *study, const struct rs_offer *offer)
{
    return strcmp(study->policy->generation, "current") != 0 ||
           (offer->flags & RS_OFFER_CURRENT_GENERATION) != 0;
}

static bool is_burstable(const struct rs_study *study, const struct rs_offer *offer)
{
    const char *policy = study->policy->burstable;
    if ((offer->flags & RS_OFFER_BURSTABLE) == 0 || strcmp(policy, "yes") == 0) {
        return true;
    }
    return strcmp(policy, "same") == 0 && (study->current->flags & RS_OFFER_BURSTABLE) != 0;
}

/* A comma-separated list of wildcards, each on the type ("m5.*") or its family ("m5"). */
static bool is_listed_in(const char *list, const struct rs_offer *offer)
{
    char pattern[RS_POLICY_LIST];
    for (const char *p = list; *p != '\0';) {
        size_t length = strcspn(p, ",");
        size_t blanks = strspn(p, " ");
        size_t n = blanks < length ? length - blanks : 0;
        memcpy(pattern, p + length - n, n);
        while (n > 0 && pattern[n - 1] == ' ') {
            n--;
        }
        pattern[n] = '\0';
        if (n > 0 && (rs_text_matches(pattern, offer->type) ||
                      (offer->family != NULL && rs_text_matches(pattern, offer->family)))) {
            return true;
        }
        p += length + (p[length] == ',' ? 1 : 0);
    }
    return false;
}

static bool is_included(const struct rs_study *study, const struct rs_offer *offer)
{
    return study->policy->include[0] == '\0' || is_listed_in(study->policy->include, offer);
}

static bool is_not_excluded(const struct rs_study *study, const struct rs_offer *offer)
{
    return !is_listed_in(study->policy->exclude, offer);
}

static bool is_down(const struct rs_study *study, const struct rs_offer *offer)
{
    return study->foreign || !study->policy->down_only || offer->price < study->current->price;
}

static const struct {
    const char *name;
    bool (*accepts)(const struct rs_study *study, const struct rs_offer *offer);
} gates[] = {
    {"not sold in the region", is_priced},
    {"no longer listed", is_listed},
    {"architecture", has_architecture},
    {"virtualization", has_virtualization},
    {"gpu", rs_gpu_suffices},
    {"local disk", has_local_disk},
    {"bare metal", is_as_bare},
    {"network interfaces", has_interfaces},
    {"volume attachments", has_attachments},
    {"network driver", has_driver},
    {"policy: generation", is_generation},
    {"policy: burstable", is_burstable},
    {"policy: include", is_included},
    {"policy: exclude", is_not_excluded},
    {"policy: down_only", is_down},
};

static_assert(sizeof(gates) / sizeof(gates[0]) == RS_GATES, "one number a gate");

size_t rs_gates_first(const struct rs_study *study, const struct rs_offer *offer)
{
    size_t i = 0;
    while (i < RS_GATES && gates[i].accepts(study, offer)) {
        i++;
    }
    return i;
}

const char *rs_gates_name(size_t gate)
{
    assert(gate < RS_GATES);
    return gates[gate].name;
}

const char *rs_gates_reject(const struct rs_study *study, const struct rs_offer *offer)
{
    size_t gate = rs_gates_first(study, offer);
    return gate < RS_GATES ? gates[gate].name : NULL;
}

static unsigned bit(bool set, int place)
{
    return set ? 1U << place : 0U;
}

bool rs_gates_key(const struct rs_study *study, struct rs_gate_key *out)
{
    const struct rs_offer *current = study->current;
    const struct rs_resource *resource = study->work->resource;
    const char *architecture = takes_any_architecture(study) ? "any" : wanted_architecture(study);
    double volumes = fmax((double)resource->volumes, (double)study->work->volume_count);
    double enis = (double)resource->network_interfaces;
    memset(out, 0, sizeof(*out)); /* bytes between members are compared as well */
    out->shelf = study->shelf->serial;
    out->gpus = or_none(current->gpu_count);
    out->accelerators = or_none(current->accelerator_count);
    out->gpu_memory = or_none(current->gpu_memory_bytes);
    out->disk = or_none(current->disk_bytes);
    /* what every offer takes makes no difference */
    out->enis = enis > study->shelf->least_enis ? enis : 0.0;
    out->attachments = volumes > study->shelf->least_attachments ? volumes : 0.0;
    bool by_price = !study->foreign && study->policy->down_only;
    out->price = by_price ? current->price : 0.0;
    out->virtualization = wanted_virtualization(study);
    out->bits = bit((current->flags & RS_OFFER_BARE_METAL) != 0, 0) |
                bit((current->flags & RS_OFFER_BURSTABLE) != 0, 1) | bit(brings_driver(study), 2) |
                bit(by_price, 3) | bit(architecture != NULL, 4) |
                bit(study->out->demand[RS_DIM_GPU].known, 5) |
                bit(study->out->demand[RS_DIM_GPU_MEMORY].known, 6);
    size_t length = architecture != NULL ? strlen(architecture) : 0;
    if (length >= sizeof(out->architecture)) {
        return false;
    }
    memcpy(out->architecture, architecture != NULL ? architecture : "", length);
    return true;
}

bool rs_gates_ask_alike(const struct rs_policy *a, const struct rs_policy *b)
{
    return a == b ||
           (strcmp(a->architecture, b->architecture) == 0 &&
            strcmp(a->burstable, b->burstable) == 0 && strcmp(a->generation, b->generation) == 0 &&
            strcmp(a->include, b->include) == 0 && strcmp(a->exclude, b->exclude) == 0 &&
            a->down_only == b->down_only);
}
