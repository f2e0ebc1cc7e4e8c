/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "advise/gpu.h"

#include <math.h>
#include <string.h>

#define IDLE_WORK 0.01   /* share of the time */
#define IDLE_MEMORY 0.05 /* share of a card */
#define RESERVED 0.9     /* share of a card: what programs take that take what there is */

static double or_none(double value)
{
    return isnan(value) ? 0.0 : value;
}

bool rs_gpu_alike(const struct rs_offer *a, const struct rs_offer *b)
{
    if (a == b || strcmp(a->type, b->type) == 0) {
        return true;
    }
    return a->gpu_model != NULL && b->gpu_model != NULL && strcmp(a->gpu_model, b->gpu_model) == 0;
}

double rs_gpu_card(const struct rs_offer *offer)
{
    return offer->gpu_count > 0.0 ? offer->gpu_count / ceil(offer->gpu_count) : 1.0;
}

bool rs_gpu_suffices(const struct rs_study *study, const struct rs_offer *offer)
{
    const struct rs_offer *current = study->current;
    double gpus = or_none(current->gpu_count), others = or_none(current->accelerator_count);
    double has = or_none(offer->gpu_count);
    if (gpus == 0.0 && others == 0.0) { /* nobody pays for a GPU that nothing can use */
        return has == 0.0 && or_none(offer->accelerator_count) == 0.0;
    }
    bool load = study->out->demand[RS_DIM_GPU].known;
    bool memory = study->out->demand[RS_DIM_GPU_MEMORY].known;
    if (or_none(offer->accelerator_count) < others ||
        (load ? has == 0.0 && gpus > 0.0 : has < gpus)) {
        return false;
    }
    if (memory) {
        return true;
    }
    return load ? or_none(rs_offer_capacity(offer, RS_DIM_GPU_MEMORY)) >=
                      or_none(rs_offer_capacity(current, RS_DIM_GPU_MEMORY))
                : or_none(offer->gpu_memory_bytes) >= or_none(current->gpu_memory_bytes);
}

bool rs_gpu_is_idle(const struct rs_study *study)
{
    const struct rs_demand *memory = &study->out->demand[RS_DIM_GPU_MEMORY];
    if (!(study->current->gpu_count > 0.0)) {
        return true;
    }
    return study->out->demand[RS_DIM_GPU].known && memory->known &&
           rs_series_share_above(&study->traces[RS_DIM_GPU], 0.0) < IDLE_WORK &&
           memory->peak < IDLE_MEMORY * memory->capacity;
}

static bool left_out_another_model(const struct rs_advice *out)
{
    for (size_t i = 0; i < out->gate_count; i++) {
        if (strcmp(out->gates[i].gate, "unknown: speed of another GPU") == 0) {
            return true;
        }
    }
    return false;
}

void rs_gpu_note(struct rs_study *study)
{
    const struct rs_advice *out = study->out;
    const struct rs_demand *load = &out->demand[RS_DIM_GPU],
                           *memory = &out->demand[RS_DIM_GPU_MEMORY];
    if (!(study->current->gpu_count > 0.0)) {
        return;
    }
    if (!load->known || !memory->known) {
        const char *what = !load->known && !memory->known ? "the GPUs were"
                           : load->known                  ? "the memory of the GPUs was"
                                                          : "the load of the GPUs was";
        rs_study_note(study, "GPUUnknown",
                      "%s not measured, so no offer has less of it, and the machine is not called "
                      "idle; collect CWAgent nvidia_smi_utilization_gpu and nvidia_smi_memory_used",
                      what);
    }
    if (left_out_another_model(out)) {
        rs_study_note(study, "GPUSpeedUnknown",
                      "types with another GPU than %.64s were left out, for how fast that is "
                      "beside it is not known",
                      study->current->gpu_model != NULL ? study->current->gpu_model : "today's");
    }
    if (memory->used > RESERVED * memory->capacity) {
        rs_study_note(study, "GPUMemoryReserved",
                      "the memory of a GPU is nearly full; many programs reserve all there is, "
                      "whether they need it or not");
    }
}
