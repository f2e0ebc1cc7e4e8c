/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "stats/select_top.h"

#include <math.h>

/* DEEPEST: of 64 maxima more would be a poor bound. FEW: more are sooner counted by buckets. */
enum { DEEPEST = 48, FEW = 128, SHORTEST = 4 * RS_COLUMNS };

struct rs_reached rs_top_reach(const struct rs_kernel *kernel, const struct rs_room *room,
                               const double *values, size_t slots, const struct rs_extent *extent,
                               size_t rank)
{
    struct rs_reached top = {INFINITY, 0};
    double maxima[RS_COLUMNS];
    size_t wanted = extent->count - rank;
    if (wanted > DEEPEST || slots < SHORTEST || extent->min == extent->max) {
        return top;
    }
    kernel->columns(values, slots, maxima);
    double bound = kernel->bound(maxima, wanted);
    if (bound > extent->min) { /* else all reach it */
        top.bound = bound;
        top.count = kernel->reach(values, slots, bound, room->where);
    }
    return top;
}

/* Of the zeros the negative ones come first. `place`: of the wanted one among them. */
static double zero_at(const double *values, size_t count, size_t place)
{
    size_t negative = 0;
    for (size_t i = 0; i < count; i++) {
        negative += values[i] == 0.0 && signbit(values[i]) ? 1 : 0;
    }
    return place < negative ? -0.0 : 0.0;
}

bool rs_top_rank(const struct rs_kernel *kernel, const struct rs_room *room, const double *values,
                 const struct rs_extent *extent, const struct rs_reached *top, const size_t *ranks,
                 size_t rank_count)
{
    double *some = room->left, *ordered = room->right;
    if (top->count == 0 || top->count > FEW) {
        return false;
    }
    for (size_t i = 0; i < top->count; i++) {
        some[i] = values[room->where[i]];
        ordered[i] = NAN;
    }
    kernel->order(some, top->count, ordered);
    for (size_t r = 0; r < rank_count; r++) {
        size_t place = ranks[r] - (extent->count - top->count), first = place;
        while (isnan(ordered[first])) { /* equal to what is below */
            first--;
        }
        double value = ordered[first];
        room->sorted[ranks[r]] = value != 0.0 ? value : zero_at(some, top->count, place - first);
    }
    return true;
}
