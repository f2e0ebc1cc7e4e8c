/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "advise/speed.h"

#include "advise/gpu.h"

#include <math.h>
#include <string.h>

double rs_speed_ratio(const struct rs_offer *from, const struct rs_offer *to)
{
    return from->cpu_score > 0.0 && to->cpu_score > 0.0 ? to->cpu_score / from->cpu_score : NAN;
}

double rs_policy_speed(const struct rs_policy *policy, const struct rs_offer *from,
                       const struct rs_offer *to)
{
    bool guard = strcmp(policy->cpu_speed, "guard") == 0;
    if (!guard && strcmp(policy->cpu_speed, "score") != 0) {
        return 1.0;
    }
    double ratio = rs_speed_ratio(from, to);
    if (isnan(ratio)) {
        return 1.0;
    }
    return guard ? fmin(ratio, 1.0) : ratio;
}

double rs_speed_capacity(const struct rs_study *study, const struct rs_offer *offer,
                         enum rs_dimension d)
{
    double capacity = rs_offer_capacity(offer, d);
    if (d == RS_DIM_GPU && !isnan(capacity) && !rs_gpu_alike(study->current, offer)) {
        return NAN;
    }
    return d == RS_DIM_CPU ? capacity * rs_policy_speed(study->policy, study->current, offer)
                           : capacity;
}

struct rs_offer rs_speed_scaled(const struct rs_offer *offer, double speed)
{
    struct rs_offer scaled = *offer;
    scaled.vcpus *= speed;
    scaled.credits_per_hour *= speed; /* a credit is a minute of a vCPU of the offer's own speed */
    scaled.credits_max *= speed;
    return scaled;
}
