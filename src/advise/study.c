/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "advise/study.h"

#include "rightsize/number.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

void rs_study_note(struct rs_study *study, const char *code, const char *format, ...)
{
    struct rs_advice *out = study->out;
    if (out->note_count == RS_MAX_NOTES) {
        return;
    }
    struct rs_note *note = &out->notes[out->note_count++];
    va_list args;
    va_start(args, format);
    note->code = code;
    vsnprintf(note->text, sizeof(note->text), format, args);
    va_end(args);
}

void rs_study_reject(struct rs_study *study, const char *gate, size_t count)
{
    struct rs_advice *out = study->out;
    if (count == 0) {
        return;
    }
    size_t i = 0;
    while (i < out->gate_count && strcmp(out->gates[i].gate, gate) != 0) {
        i++;
    }
    if (i == RS_MAX_GATES) {
        return;
    }
    if (i == out->gate_count) {
        out->gates[out->gate_count++] = (struct rs_gate_count){gate, 0};
    }
    out->gates[i].rejected += count;
}

/* A number in a tag, above 0 and no more than the type has; else what the type has. */
static double told(const struct rs_resource *resource, const char *key, double unit, double most)
{
    for (size_t i = 0; i < resource->tag_count; i++) {
        double value = 0.0;
        const char *text = resource->tags[i].value;
        if (strcmp(resource->tags[i].key, key) == 0 && text != NULL &&
            rs_number_scan(text, strlen(text), &value) && value > 0.0) {
            return fmin(value * unit, most);
        }
    }
    return most;
}

void rs_study_take_current(struct rs_study *study, const struct rs_offer *offer)
{
    const struct rs_resource *resource = study->work->resource;
    study->own = *offer;
    study->own.vcpus = told(resource, "rightsize:vcpus", 1.0, offer->vcpus);
    study->own.memory_bytes =
        told(resource, "rightsize:memory_mib", 1048576.0, offer->memory_bytes);
    study->current = &study->own;
}
