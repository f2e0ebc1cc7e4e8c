/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "stats/mean.h"

#include <float.h>
#include <math.h>
#include <string.h>

/*
 * All magnitudes are at most 2^top and there are at most 2^(spread + 1) of them. Rounded to
 * multiples of 2^(e - 52) by a step of 1.5 * 2^e with e = top + spread, they sum to at most 2^53
 * such multiples; what is left is at most 2^(e - 53).
 */
static void choose_steps(int top, int spread, int folds, double steps[RS_FOLDS])
{
    enum { LOWEST = DBL_MIN_EXP - 1 }; /* below it there is nothing left to cut */
    for (int f = 0; f < folds; f++) {
        int e = top + spread;
        steps[f] = ldexp(1.5, e > LOWEST ? e : LOWEST);
        top = e - DBL_MANT_DIG;
    }
    if (folds < RS_FOLDS) {
        steps[RS_FOLDS - 1] = steps[0]; /* takes nothing from what is left */
    }
}

/*
 * Of bits that are each those of `step` and as many last places more: 2^64 too much or too little
 * does not matter, for the places sum to at most 2^53.
 */
static double sum_of(uint64_t sum, size_t count, double step)
{
    uint64_t bits = 0, after = 0;
    double next = 0.0;
    memcpy(&bits, &step, sizeof(bits));
    after = bits + 1;
    memcpy(&next, &after, sizeof(next));
    uint64_t places = sum - count * bits;
    double magnitude = (double)(places >> 63 == 0 ? places : 0 - places) * (next - step);
    return places >> 63 == 0 ? magnitude : -magnitude;
}

/*
 * (high + low) / count with what the division rounds off given back. The products are exact, 27
 * bits of the quotient by up to 26 of the count, so it does not matter whether they are fused.
 */
static double divide(double high, double low, double count)
{
    double sum = high + low, lost = low - (sum - high), ratio = sum / count, upper = 0.0;
    uint64_t bits = 0;
    memcpy(&bits, &ratio, sizeof(bits));
    bits &= ~(((uint64_t)1 << 26) - 1);
    memcpy(&upper, &bits, sizeof(upper));
    double rest = sum - upper * count;
    rest -= (ratio - upper) * count;
    return ratio + (rest + lost) / count;
}

double rs_mean_of(const struct rs_kernel *kernel, const double *values, size_t slots,
                  const struct rs_extent *extent, double *scratch)
{
    enum { HUGE_TOP = 900, DOWN = 128, TWO_FOLDS_SPREAD = 16 };
    uint64_t sums[RS_FOLDS] = {0};
    double steps[RS_FOLDS], parts[RS_FOLDS], low = fabs(extent->min), high = fabs(extent->max);
    double most = low > high ? low : high, scale = 1.0;
    int top = 0, spread = 1;
    if (most == 0.0) {
        return 0.0;
    }
    (void)frexp(most, &top);
    while (spread < 62 && (extent->count - 1) >> (spread + 1) != 0) {
        spread++;
    }
    if (top > HUGE_TOP) { /* the steps would overflow */
        for (size_t i = 0; i < slots; i++) {
            scratch[i] = ldexp(values[i], -DOWN);
        }
        values = scratch;
        top -= DOWN;
        scale = ldexp(1.0, DOWN);
    }
    int folds = spread <= TWO_FOLDS_SPREAD ? 2 : RS_FOLDS;
    choose_steps(top, spread, folds, steps);
    size_t taken = kernel->fold(values, slots, steps, folds, sums);
    for (int f = 0; f < RS_FOLDS; f++) {
        parts[f] = f < folds ? sum_of(sums[f], taken, steps[f]) : 0.0;
    }
    double mean = divide(parts[0], parts[1] + parts[2], (double)extent->count) * scale;
    mean = mean < extent->min ? extent->min : mean; /* rounding may leave the range */
    return mean > extent->max ? extent->max : mean;
}
