/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "advise/study.h"

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

void rs_study_reject(struct rs_study *study, const char *gate)
{
    struct rs_advice *out = study->out;
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
    out->gates[i].rejected++;
}
