/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rightsize/bootstrap.h"

#include <assert.h>
#include <gsl/gsl_rng.h>
#include <stdlib.h>

#define MOST 65535

enum rs_status rs_draws_make(size_t days, size_t drawn, size_t resamples, unsigned long seed,
                             struct rs_draws *out, struct rs_error *err)
{
    assert(days > 0 && days <= MOST && drawn > 0 && drawn <= MOST && out != NULL);
    const gsl_rng_type *type = gsl_rng_mt19937;
    uint16_t *weights = calloc(resamples * days + 1, sizeof(*weights));
    void *state = malloc(type->size); /* gsl_rng_alloc would end the process */
    if (weights == NULL || state == NULL) {
        free(weights);
        free(state);
        return rs_fail(err, RS_ENOMEM, "out of memory for %zu resamples", resamples);
    }
    gsl_rng generator = {type, state};
    gsl_rng_set(&generator, seed);
    for (size_t r = 0; r < resamples; r++) {
        for (size_t i = 0; i < drawn; i++) {
            weights[r * days + gsl_rng_uniform_int(&generator, days)]++;
        }
    }
    free(state);
    *out = (struct rs_draws){weights, resamples, days};
    return RS_OK;
}

const uint16_t *rs_draws_at(const struct rs_draws *draws, size_t resample)
{
    assert(resample < draws->resamples);
    return draws->weights + resample * draws->days;
}

void rs_draws_release(struct rs_draws *draws)
{
    free(draws->weights);
    *draws = (struct rs_draws){NULL, 0, 0};
}
