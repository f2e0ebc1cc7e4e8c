/* SPDX-License-Identifier: GPL-3.0-or-later */
/* option.h - what moving to an offer would mean. */
#ifndef RIGHTSIZE_ADVISE_OPTION_H
#define RIGHTSIZE_ADVISE_OPTION_H

#include "advise/study.h"

void rs_option_fill(const struct rs_study *study, const struct rs_offer *offer,
                    struct rs_option_offer *out);
/* Platform differences, enum rs_difference. */
unsigned rs_option_differences(const struct rs_resource *resource, const struct rs_offer *from,
                               const struct rs_offer *to);
/* The dimension with the highest need / capacity. False: none is known of both. */
bool rs_option_binding(const struct rs_study *study, const struct rs_offer *offer,
                       enum rs_dimension *out);

#endif
