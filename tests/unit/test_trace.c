/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "advise/trace.h"

#include "advise_world.h"

#define SLOTS 293
#define FROM ((int64_t)13888 * 86400)

struct bench { /* two series, and what reads them */
    double values[2][SLOTS];
    struct rs_series series[2];
    struct rs_workload work;
    struct rs_arena arena;
    struct rs_reader reader;
    struct rs_reading reading;
    int known; /* extents, of what was built */
};

static void arrange(struct bench *b, int64_t step)
{
    *b = (struct bench){.arena = {NULL, 0}};
    for (size_t s = 0; s < 2; s++) {
        b->series[s] = (struct rs_series){
            RS_METRIC_NET_IN_BYTES, RS_STATISTIC_AVG, step, FROM, b->values[s], SLOTS};
        for (size_t i = 0; i < SLOTS; i++) {
            b->values[s][i] = (double)(i * 37 % 100);
        }
    }
    b->work.series = b->series;
    b->work.series_count = 1;
    b->work.window = (struct rs_window){FROM, FROM + SLOTS * step};
    b->reading = (struct rs_reading){RS_METRIC_NET_IN_BYTES,
                                     {RS_STATISTIC_AVG, RS_STATISTIC_MAX, RS_STATISTIC_MIN},
                                     0.0,
                                     1.0,
                                     INFINITY,
                                     false,
                                     b->work.window};
}

static enum rs_status build(struct bench *b, struct rs_series *out, struct rs_error *err)
{
    rs_arena_reset(&b->arena);
    rs_reader_init(&b->reader, &b->work, &b->arena);
    struct rs_choice choice = rs_trace_choose(&b->reader, &b->reading);
    struct rs_extent known, measured;
    enum rs_status rc = rs_trace_build(&b->reader, &b->reading, &choice, out, &known, err);
    if (rc == RS_OK && known.count > 0) { /* it may be unknown, but never wrong */
        rs_extent_measure(out->values, out->slots, &measured);
        assert_int_equal(known.count, measured.count);
        check_same_double(known.min, measured.min);
        check_same_double(known.max, measured.max);
    }
    b->known += rc == RS_OK && known.count > 0 ? 1 : 0;
    return rc;
}

static void a_series_on_the_grid_is_borrowed(void **state)
{
    (void)state;
    struct rs_error err;
    struct bench b;
    struct rs_series trace;
    arrange(&b, 300);
    check_ok(build(&b, &trace, &err));
    assert_int_equal(b.known, 1);
    assert_ptr_equal(trace.values, b.values[0]);
    assert_int_equal(trace.slots, SLOTS);
    b.reading.window.from += 5 * 300; /* and so is a part of it */
    b.reading.window.to -= 7 * 300;
    check_ok(build(&b, &trace, &err));
    assert_ptr_equal(trace.values, b.values[0] + 5);
    assert_int_equal(trace.slots, SLOTS - 12);
    assert_int_equal(trace.from, FROM + 5 * 300);
    rs_arena_release(&b.arena);
}

static void what_is_not_as_it_should_be_is_not_borrowed(void **state)
{
    (void)state;
    struct rs_error err;
    struct bench b;
    struct rs_series trace;
    arrange(&b, 300);
    b.values[0][7] = -0.0;
    check_ok(build(&b, &trace, &err));
    assert_ptr_not_equal(trace.values, b.values[0]);
    assert_false(signbit(trace.values[7]));
    b.values[0][7] = -3.0;
    check_ok(build(&b, &trace, &err));
    check_same_double(trace.values[7], 0.0);
    b.values[0][7] = INFINITY;
    check_fails(build(&b, &trace, &err), RS_EINPUT, "an infinite sample of net_in_bytes");
    b.reading.cap = 50; /* which would hide it */
    check_fails(build(&b, &trace, &err), RS_EINPUT, "an infinite sample of net_in_bytes");
    rs_arena_release(&b.arena);
}

/* The definition, sample by sample. */
static double plainly(const struct bench *b, int64_t at, int64_t step)
{
    const struct rs_reading *r = &b->reading;
    double out = NAN;
    for (size_t s = 0; s < b->work.series_count; s++) {
        double sum = 0.0, peak = 0.0;
        int n = 0;
        for (size_t i = 0; i < b->series[s].slots && b->series[s].step <= step; i++) {
            int64_t when = rs_series_at(&b->series[s], i);
            double sample = b->series[s].values[i];
            bool within =
                when >= at && when < at + step && when >= r->window.from && when < r->window.to;
            if (within && !isnan(sample)) {
                double use = fmin(fmax(r->offset + r->scale * sample, 0.0), r->cap);
                sum += use;
                peak = fmax(peak, use);
                n++;
            }
        }
        if (n > 0) {
            out = fmax(out, r->mean ? sum / n : peak);
        }
    }
    return out;
}

static void every_way_of_building_is_the_definition(void **state)
{
    (void)state;
    static const int64_t steps[] = {300, 60, 300, 100, 600};
    uint64_t seed = 5;
    for (int round = 0; round < 400; round++) {
        struct rs_error err;
        struct bench b;
        struct rs_series trace;
        arrange(&b, steps[check_random(&seed) % COUNT_OF(steps)]);
        b.work.series_count = 1 + check_random(&seed) % 2;
        b.series[1].step = check_random(&seed) % 2 != 0 ? b.series[0].step : 300;
        b.series[1].from += (int64_t)(check_random(&seed) % 3) * 6000;
        for (size_t i = 0; i < 2 * SLOTS; i++) {
            bool gap = check_random(&seed) % 7 == 0;
            b.values[i / SLOTS][i % SLOTS] =
                gap ? NAN : (double)(check_random(&seed) % 9999) / 77.0;
        }
        b.reading.scale = (double)(check_random(&seed) % 3) / 1.7;
        b.reading.scale = b.reading.scale > 0.0 ? b.reading.scale : 1.0;
        b.reading.offset = check_random(&seed) % 4 == 0 ? 60.0 : 0.0;
        b.reading.scale *= b.reading.offset > 0.0 ? -1.0 : 1.0;
        b.reading.cap = check_random(&seed) % 2 != 0 ? 80.0 : (double)INFINITY;
        b.reading.mean = check_random(&seed) % 2 != 0;
        b.reading.window.from += (int64_t)(check_random(&seed) % 4) * 450;
        b.reading.window.to -= (int64_t)(check_random(&seed) % 4) * 250;
        check_ok(build(&b, &trace, &err));
        for (size_t i = 0; i < trace.slots; i++) {
            double wanted = plainly(&b, rs_series_at(&trace, i), trace.step);
            assert_true(isnan(wanted) ? isnan(trace.values[i]) : wanted == trace.values[i]);
        }
        rs_arena_release(&b.arena);
    }
}

static void a_sum_keeps_what_only_one_has(void **state)
{
    (void)state;
    struct rs_error err;
    struct bench b;
    struct rs_series sum;
    arrange(&b, 300);
    b.work.series_count = 2;
    b.values[0][3] = b.values[1][4] = b.values[0][5] = b.values[1][5] = NAN;
    b.values[0][SLOTS - 1] = NAN;
    rs_reader_init(&b.reader, &b.work, &b.arena);
    for (int shift = 0; shift < 2; shift++) { /* alike, and one step apart */
        b.series[1].from = FROM + shift * 300;
        check_ok(rs_trace_sum(&b.reader, &b.series[0], &b.series[1], &sum, &err));
        assert_int_equal(sum.from, FROM);
        assert_int_equal(sum.slots, SLOTS + shift);
        for (int i = 0; i < (int)sum.slots; i++) {
            double x = i < SLOTS ? b.values[0][i] : (double)NAN;
            double y = i >= shift ? b.values[1][i - shift] : (double)NAN;
            double wanted = isnan(x) ? y : isnan(y) ? x : x + y;
            assert_true(isnan(wanted) ? isnan(sum.values[i]) : wanted == sum.values[i]);
        }
    }
    rs_arena_release(&b.arena);
}

static void a_kept_trace_outlives_the_arena(void **state)
{
    (void)state;
    struct rs_error err;
    struct bench b;
    struct rs_series trace, kept;
    arrange(&b, 300);
    b.reading.scale = 2.0;
    check_ok(build(&b, &trace, &err));
    assert_int_equal(b.known, 1);
    check_ok(rs_trace_keep(&trace, &kept, &err));
    rs_arena_release(&b.arena);
    check_same_double(kept.values[1], 74.0);
    assert_int_equal(kept.slots, SLOTS);
    rs_series_release(&kept);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_series_on_the_grid_is_borrowed),
        cmocka_unit_test(what_is_not_as_it_should_be_is_not_borrowed),
        cmocka_unit_test(every_way_of_building_is_the_definition),
        cmocka_unit_test(a_sum_keeps_what_only_one_has),
        cmocka_unit_test(a_kept_trace_outlives_the_arena),
    };
    return cmocka_run_group_tests_name("trace", tests, NULL, NULL);
}
