/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * kernel.c - what a sample costs: six quantiles by gsl_sort and by rs_quantiles_of, and the whole
 * summary. One JSON line for each length and each variant of vectors; exit 1 when a bit differs.
 */
#include "stats/kernel.h"
#include "rightsize/summary.h"

#include <gsl/gsl_sort.h>
#include <gsl/gsl_statistics_double.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { QUANTILES = 6, SERIES = 24, ROUNDS = 5 };

static const double fractions[QUANTILES] = {0.50, 0.90, 0.95, 0.99, 0.995, 1.0};

static double seconds(void)
{
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static double uniform(uint64_t *state)
{
    *state = *state * 6364136223846793005U + 1442695040888963407U;
    return (double)(*state >> 11) * 0x1p-53;
}

/* Kinds as metrics have them: a diurnal percentage, full doubles, bytes, small counts, mostly 0. */
static double sample(int kind, size_t slot, uint64_t *state)
{
    double wave = 1.0 + sin((double)slot * 0.0218), noise = uniform(state);
    switch (kind % 6) {
    case 0:
        return floor((5.0 + 20.0 * wave + 30.0 * noise * noise) * 300.0) / 300.0;
    case 1:
        return 4e9 * (1.0 + 0.1 * wave + 0.05 * noise);
    case 2:
        return floor(exp(8.0 + 3.0 * wave + 3.0 * noise) * 10.0) / 10.0;
    case 3:
        return floor(40.0 * wave * noise);
    case 4:
        return noise < 0.9 ? 0.0 : floor(1e6 * uniform(state));
    default:
        return noise < 0.002 ? 100.0 : 1.0 + uniform(state);
    }
}

static void fill(double *values, size_t slots, int kind)
{
    uint64_t state = (uint64_t)kind + 1;
    for (size_t i = 0; i < slots; i++) {
        double value = sample(kind, i, &state);
        values[i] = uniform(&state) < 0.08 ? (double)NAN : value;
    }
}

static void by_gsl(const double *values, size_t slots, double *copy, double *out)
{
    size_t count = 0;
    for (size_t i = 0; i < slots; i++) {
        copy[count] = values[i];
        count += isnan(values[i]) ? 0 : 1;
    }
    gsl_sort(copy, 1, count);
    for (int q = 0; q < QUANTILES; q++) {
        double answer = gsl_stats_quantile_from_sorted_data(copy, 1, count, fractions[q]);
        answer = answer < copy[0] ? copy[0] : answer;
        out[q] = answer > copy[count - 1] ? copy[count - 1] : answer;
    }
}

static int by_ours(struct rs_workspace *work, double *values, size_t slots, double *out)
{
    struct rs_error err;
    return rs_quantiles_of(work, values, slots, fractions, QUANTILES, out, &err) == RS_OK;
}

static int whole_summary(struct rs_workspace *work, double *values, size_t slots, double *out)
{
    struct rs_error err;
    struct rs_summary s;
    struct rs_series series = {.step = 300, .values = values, .slots = slots};
    enum rs_status rc = rs_summary_with(work, &series, 1.0, &s, &err);
    const double answers[QUANTILES] = {s.p50, s.p90, s.p95, s.p99, s.p995, s.quantile};
    memcpy(out, answers, sizeof(answers));
    return rc == RS_OK;
}

typedef int (*job_fn)(struct rs_workspace *, double *, size_t, double *);

/* The least of some rounds, in ns a slot; negative when an answer differs. */
static double measure(job_fn job, struct rs_workspace *work, double *values, size_t slots,
                      double (*want)[QUANTILES])
{
    double least = INFINITY, got[QUANTILES];
    size_t repeats = 1 + 200000 / slots / 4;
    for (int round = 0; round < ROUNDS; round++) {
        double begin = seconds();
        for (size_t r = 0; r < repeats; r++) {
            for (int s = 0; s < SERIES; s++) {
                if (!job(work, values + (size_t)s * slots, slots, got) ||
                    memcmp(got, want[s], sizeof(got)) != 0) {
                    return -1.0;
                }
            }
        }
        double took = (seconds() - begin) / (double)(repeats * SERIES * slots) * 1e9;
        least = took < least ? took : least;
    }
    return least;
}

static double measure_gsl(double *values, size_t slots, double *copy, double (*want)[QUANTILES])
{
    double begin = seconds();
    for (int s = 0; s < SERIES; s++) {
        by_gsl(values + (size_t)s * slots, slots, copy, want[s]);
    }
    return (seconds() - begin) / (double)(SERIES * slots) * 1e9;
}

static int bench(size_t slots, double *values, double *copy)
{
    double want[SERIES][QUANTILES], gsl = INFINITY;
    for (int s = 0; s < SERIES; s++) {
        fill(values + (size_t)s * slots, slots, s);
    }
    for (int round = 0; round < 3; round++) {
        double took = measure_gsl(values, slots, copy, want);
        gsl = took < gsl ? took : gsl;
    }
    for (int v = RS_VARIANT_PLAIN; v < RS_VARIANT_COUNT; v++) {
        const struct rs_kernel *kernel = rs_kernel_of((enum rs_variant)v);
        if (kernel == NULL) {
            continue;
        }
        struct rs_workspace work = {.variant = v};
        double ours = measure(by_ours, &work, values, slots, want);
        double summary = measure(whole_summary, &work, values, slots, want);
        rs_workspace_release(&work);
        if (ours < 0.0 || summary < 0.0) {
            fprintf(stderr, "bench_kernel: the bits differ at %zu samples, %s\n", slots,
                    kernel->name);
            return 1;
        }
        printf("{\"samples\": %zu, \"vectors\": \"%s\", \"best\": %s, \"gsl_ns\": %.2f, "
               "\"ours_ns\": %.2f, \"summary_ns\": %.2f, \"ratio\": %.1f}\n",
               slots, kernel->name, kernel == rs_kernel_of(RS_VARIANT_BEST) ? "true" : "false", gsl,
               ours, summary, gsl / ours);
    }
    return 0;
}

int main(void)
{
    static const size_t lengths[] = {2016, 4032, 10080, 40320, 133920};
    size_t most = lengths[sizeof(lengths) / sizeof(lengths[0]) - 1];
    double *values = malloc(most * SERIES * sizeof(*values)), *copy = malloc(most * sizeof(*copy));
    int bad = values == NULL || copy == NULL;
    for (size_t i = 0; i < sizeof(lengths) / sizeof(lengths[0]) && !bad; i++) {
        bad = bench(lengths[i], values, copy);
    }
    free(values);
    free(copy);
    return bad;
}
