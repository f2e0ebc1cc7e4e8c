/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "stats/select_top.h"

#include <math.h>

/* DEEPEST: of 128 maxima more would be a poor bound. MOST: fewer are sorted by insertion. */
enum { COLUMNS = 128, DEEPEST = 32, MOST = 96 };

static void take_maxima(const double *values, size_t count, double maxima[static COLUMNS])
{
    size_t i = 0;
    for (size_t j = 0; j < COLUMNS; j++) {
        maxima[j] = -INFINITY;
    }
    for (; i + COLUMNS <= count; i += COLUMNS) {
        for (size_t j = 0; j < COLUMNS; j++) { /* a gap is not above anything */
            maxima[j] = values[i + j] > maxima[j] ? values[i + j] : maxima[j];
        }
    }
    for (size_t j = 0; i + j < count; j++) {
        maxima[j] = values[i + j] > maxima[j] ? values[i + j] : maxima[j];
    }
}

/* -0.0 comes before 0.0. */
static bool precedes(double a, double b)
{
    return a < b || (a == b && signbit(a) && !signbit(b));
}

/* Into `sorted`, ascending; of `most` the lowest gives way. Returns how many there are. */
static size_t insert(double *sorted, size_t count, size_t most, double value)
{
    size_t i = count;
    if (count == most) { /* all move down to the place */
        for (i = 0; i + 1 < count && precedes(sorted[i + 1], value); i++) {
            sorted[i] = sorted[i + 1];
        }
    }
    for (; i > 0 && count < most && precedes(value, sorted[i - 1]); i--) {
        sorted[i] = sorted[i - 1];
    }
    sorted[i] = value;
    return count < most ? count + 1 : count;
}

static double bound_of(const double maxima[static COLUMNS], size_t wanted)
{
    double highest[DEEPEST] = {0.0};
    size_t kept = 0;
    for (size_t j = 0; j < COLUMNS; j++) {
        if (kept < wanted || maxima[j] > highest[0]) {
            kept = insert(highest, kept, wanted, maxima[j]);
        }
    }
    return highest[0];
}

/* All that reach the bound, ascending; MOST: there are too many. */
static size_t gather(const double *values, size_t count, const double maxima[static COLUMNS],
                     double bound, double reached[static MOST])
{
    size_t found = 0;
    for (size_t j = 0; j < COLUMNS && found < MOST; j++) {
        for (size_t i = j; maxima[j] >= bound && i < count && found < MOST; i += COLUMNS) {
            if (values[i] >= bound) {
                found = insert(reached, found, MOST, values[i]);
            }
        }
    }
    return found;
}

bool rs_select_top(const struct rs_room *room, const double *values, size_t slots,
                   const struct rs_extent *extent, const size_t *ranks, size_t rank_count)
{
    size_t wanted = extent->count - ranks[0];
    if (wanted > DEEPEST || slots < (size_t)4 * COLUMNS) {
        return false;
    }
    double maxima[COLUMNS], reached[MOST];
    take_maxima(values, slots, maxima);
    size_t found = gather(values, slots, maxima, bound_of(maxima, wanted), reached);
    for (size_t r = 0; r < rank_count && found < MOST; r++) {
        room->sorted[ranks[r]] = reached[found - (extent->count - ranks[r])];
    }
    return found < MOST;
}
