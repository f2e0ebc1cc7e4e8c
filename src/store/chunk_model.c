/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/chunk_model.h"

#include "store/chunk_fit.h"

#include <math.h>
#include <string.h>

#define U_BITS 52 /* of an integer that becomes a double's fraction */
#define TRIES 8
#define DENOMINATOR_MAX 65536.0 /* a fraction of less is not there by chance */

static uint64_t bits_of(double value)
{
    uint64_t bits;
    memcpy(&bits, &value, sizeof(bits));
    return bits;
}

static int64_t rest_of(double value, int64_t k, double divisor)
{
    return (int64_t)(bits_of(value) - bits_of((double)k / divisor));
}

static bool is_rest(int64_t rest)
{
    return rest >= RS_MODEL_REST_LOW && rest <= RS_MODEL_REST_HIGH;
}

/*
 * The smallest denominator of a fraction that is the value but for a rest: its continued fraction.
 * 0: none that is small enough.
 */
static double denominator(double value)
{
    double x = fabs(value), whole = floor(x), part = x - whole;
    double h = whole, h_before = 1, k = 1, k_before = 0;
    while (k <= DENOMINATOR_MAX && h < RS_FIT_WHOLE) {
        if (is_rest((int64_t)(bits_of(x) - bits_of(h / k)))) {
            return k;
        }
        if (!(part > 0)) {
            break;
        }
        double inverse = 1 / part, a = floor(inverse);
        double h_next = a * h + h_before, k_next = a * k + k_before;
        part = inverse - a;
        h_before = h, k_before = k;
        h = h_next, k = k_next;
    }
    return 0;
}

/* The divisor of them all, from those of the values that did not fit so far. */
static double find_divisor(const double *values, size_t count, struct rs_fit *out)
{
    uint64_t divisor = 1;
    size_t fitted = 0;
    for (int i = 0; i < TRIES; i++) {
        uint64_t found = (uint64_t)denominator(values[fitted]);
        if (found == 0) {
            return 0;
        }
        divisor *= found / rs_fit_common_divisor(divisor, found);
        if (divisor > UINT32_MAX) {
            return 0;
        }
        fitted = rs_fit(values, count, (double)divisor, out);
        if (fitted == count) {
            return (double)divisor;
        }
    }
    return 0;
}

static void find_bits(const double *values, size_t count, struct rs_model *out)
{
    const uint64_t first = bits_of(values[0]);
    uint64_t low = UINT64_MAX, high = 0, unlike = 0;
    for (size_t i = 0; i < count; i++) {
        uint64_t bits = bits_of(values[i]);
        low = bits < low ? bits : low;
        high = bits > high ? bits : high;
        unlike |= bits ^ first; /* their last bits agree as far as their differences end in zeros */
    }
    unsigned shift = unlike == 0 ? 0 : (unsigned)__builtin_ctzll(unlike);
    unsigned width = rs_bits_round(rs_bits_of((high - low) >> shift));
    bool whole = width == 64; /* no base or shift can help then */
    *out = (struct rs_model){.kind = RS_MODEL_BITS,
                             .width = width,
                             .lowest = whole ? 0 : low,
                             .shift = whole ? 0 : shift};
}

static bool take_ratio(const struct rs_fit *f, double divisor, struct rs_model *out)
{
    uint64_t factor = f->factor == 0 || f->factor > UINT32_MAX ? 1 : f->factor;
    uint64_t range = ((uint64_t)f->high - (uint64_t)f->low) / factor;
    unsigned rest_width = rs_bits_of((uint64_t)(f->rest_high - f->rest_low));
    unsigned width = rs_bits_of(range) + rest_width;
    if (rs_bits_of(range) > U_BITS || width > RS_BITS_WIDEST || width >= out->width) {
        return false;
    }
    *out = (struct rs_model){.kind = RS_MODEL_RATIO,
                             .width = width,
                             .base = f->low,
                             .factor = (uint32_t)factor,
                             .divisor = (uint32_t)divisor,
                             .rest_width = rest_width,
                             .rest_low = (int)f->rest_low};
    return true;
}

void rs_model_find(const double *values, size_t count, struct rs_model *out)
{
    /* decimals, and totals of 60 or 300 s and of an hour that became rates, without a search */
    static const double usual[] = {1, 100, 300, 3600, 10000, 1000000};
    struct rs_fit f;
    find_bits(values, count, out);
    for (size_t i = 0; i < sizeof(usual) / sizeof(usual[0]); i++) {
        if (rs_fit(values, count, usual[i], &f) == count) {
            (void)take_ratio(&f, usual[i], out);
            return;
        }
    }
    double divisor = find_divisor(values, count, &f);
    if (divisor > 0) {
        (void)take_ratio(&f, divisor, out);
    }
}

static void pack_ratio(const struct rs_model *model, const double *values, size_t count,
                       uint64_t *out)
{
    const double divisor = model->divisor, factor = model->factor;
    for (size_t i = 0; i < count; i++) {
        int64_t k = rs_fit_nearest(values[i] * divisor);
        /* a multiple of the factor, below 2^52: exact */
        uint64_t u = (uint64_t)(int64_t)((double)(k - model->base) / factor);
        /* without bits for them the rests are all the same */
        int64_t rest =
            model->rest_width == 0 ? 0 : rest_of(values[i], k, divisor) - model->rest_low;
        out[i] = u << model->rest_width | (uint64_t)rest;
    }
}

void rs_model_pack(const struct rs_model *model, const double *values, size_t count, uint64_t *out)
{
    if (model->kind == RS_MODEL_RATIO) {
        pack_ratio(model, values, count, out);
        return;
    }
    for (size_t i = 0; i < count; i++) {
        out[i] = (bits_of(values[i]) - model->lowest) >> model->shift;
    }
}
