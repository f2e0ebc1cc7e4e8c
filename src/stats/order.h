/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * order.h - ascending order of doubles by their bits, several times faster than comparing them.
 *
 * Source: least-significant-digit radix sort; the order-preserving image of IEEE 754 bits is
 * M. Herf, "Radix Tricks" (2001). -0.0 comes before 0.0, so that equal samples give equal bits
 * whatever their order was.
 */
#ifndef RIGHTSIZE_STATS_ORDER_H
#define RIGHTSIZE_STATS_ORDER_H

#include <stddef.h>

/* values: no NaN; count > 0. scratch: room for as many, its content is lost. */
void rs_order_ascending(double *values, double *scratch, size_t count);

#endif
