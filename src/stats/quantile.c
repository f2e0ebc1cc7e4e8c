/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rightsize/quantile.h"

#include "stats/order.h"

#include <assert.h>
#include <gsl/gsl_statistics_double.h>
#include <limits.h>
#include <math.h>
#include <stdlib.h>

static enum rs_status count_present(const double *values, size_t count, size_t *present,
                                    struct rs_error *err)
{
    size_t n = 0;
    for (size_t i = 0; i < count; i++) {
        if (isinf(values[i])) {
            return rs_fail(err, RS_EINPUT, "sample %zu is infinite", i);
        }
        n += isnan(values[i]) ? 0 : 1;
    }
    if (n == 0) { /* GSL would answer 0.0, which reads as an idle machine */
        return rs_fail(err, RS_ENODATA, "no samples to take a quantile of");
    }
    *present = n;
    return RS_OK;
}

enum rs_status rs_sorted_of(const double *values, size_t count, struct rs_sorted *out,
                            struct rs_error *err)
{
    assert(out != NULL && (values != NULL || count == 0));
    size_t n = 0;
    enum rs_status rc = count_present(values, count, &n, err);
    if (rc != RS_OK) {
        return rc;
    }
    double *sorted = n <= INT_MAX ? calloc(n, sizeof(*sorted)) : NULL; /* GSL ranks in an int */
    double *scratch = sorted != NULL ? calloc(n, sizeof(*scratch)) : NULL;
    if (scratch == NULL) {
        free(sorted);
        return rs_fail(err, RS_ENOMEM, "out of memory for %zu samples", n);
    }
    for (size_t i = 0, j = 0; i < count; i++) {
        if (!isnan(values[i])) {
            sorted[j++] = values[i];
        }
    }
    rs_order_ascending(sorted, scratch, n);
    free(scratch);
    out->values = sorted;
    out->count = n;
    return RS_OK;
}

void rs_sorted_release(struct rs_sorted *sorted)
{
    free(sorted->values);
    sorted->values = NULL;
    sorted->count = 0;
}

enum rs_status rs_quantile(const struct rs_sorted *sorted, double q, double *out,
                           struct rs_error *err)
{
    assert(sorted->values != NULL && sorted->count > 0 && out != NULL);
    if (!(q >= 0.0 && q <= 1.0)) { /* this way round, so that NaN is refused too */
        return rs_fail(err, RS_EINPUT, "quantile %g is outside 0..1", q);
    }
    double answer = gsl_stats_quantile_from_sorted_data(sorted->values, 1, sorted->count, q);
    /* rounding may leave the range */
    *out = fmin(fmax(answer, sorted->values[0]), sorted->values[sorted->count - 1]);
    return RS_OK;
}
