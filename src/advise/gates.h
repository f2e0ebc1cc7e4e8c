/* SPDX-License-Identifier: GPL-3.0-or-later */
/* gates.h - what makes a type no candidate whatever the load is. */
#ifndef RIGHTSIZE_ADVISE_GATES_H
#define RIGHTSIZE_ADVISE_GATES_H

#include "advise/study.h"

enum { RS_GATES = 15 };

/* The first gate that turns the offer away; RS_GATES: it may pass. */
size_t rs_gates_first(const struct rs_study *study, const struct rs_offer *offer);
const char *rs_gates_name(size_t gate); /* static text */
/* The name of the first gate that turns the offer away, or NULL. */
const char *rs_gates_reject(const struct rs_study *study, const struct rs_offer *offer);

/*
 * All that the gates read beside the policy and the offer: studies with the same bytes in it get
 * the same answers of study->shelf. A gate that reads something new must put it here.
 */
struct rs_gate_key {
    uint64_t shelf; /* its serial */
    double gpus, accelerators, gpu_memory, disk, enis, attachments, price;
    char architecture[24];
    unsigned virtualization, bits;
};
/* False: a text is too long for a key. study->shelf must be set. */
bool rs_gates_key(const struct rs_study *study, struct rs_gate_key *out);
/* Whether the gates ask the same of two policies. */
bool rs_gates_ask_alike(const struct rs_policy *a, const struct rs_policy *b);

#endif
