/* SPDX-License-Identifier: GPL-3.0-or-later */
/* gates.h - what makes a type no candidate whatever the load is. */
#ifndef RIGHTSIZE_ADVISE_GATES_H
#define RIGHTSIZE_ADVISE_GATES_H

#include "advise/study.h"

/* The name of the first gate that turns the offer away (static text), or NULL: it may pass. */
const char *rs_gates_reject(const struct rs_study *study, const struct rs_offer *offer);

#endif
