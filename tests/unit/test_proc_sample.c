/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rightsize/sample.h"

#include "proc_world.h"

#include <math.h>

#define SECOND INT64_C(1000000000)
#define T0 INT64_C(1700006400) /* 2023-11-15T00:00:00Z */

/* A machine at 25 % CPU and 1,000 bytes a second, whose time passes when the sampler sleeps. */
struct simulation {
    const struct root *root;
    int64_t wall, boot, ticks;      /* ticks: hundredths of a second of processor time */
    int64_t sleeps, end;            /* end: boot time at which it asks to stop; 0: never */
    int64_t at, jump, suspend;      /* once boot reaches `at`: the wall moves; both move, idle */
    int64_t refuse_from, refuse_to; /* flushes fail between these boot times */
    bool reset;                     /* at `at` all counters begin again */
    int64_t base;
    int64_t flushes, failures, dropped, samples[RS_METRIC_COUNT], last_at, gap_slots, peaks;
    double low, high, net_low, net_high;
    struct rs_peak peak;
};

static void write_root(const struct simulation *s)
{
    int64_t t = s->ticks - s->base, busy = t / 4;
    put(s->root, "proc/stat", "cpu  %lld 0 0 %lld 0\ncpu0 %lld 0 0 %lld 0\n", (long long)busy,
        (long long)(t - busy), (long long)busy, (long long)(t - busy));
    put(s->root, "proc/net/dev", "eth0: %lld 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0\n", (long long)t * 10);
}

static void now(void *payload, int64_t *wall, int64_t *boot)
{
    const struct simulation *s = payload;
    *wall = s->wall;
    *boot = s->boot;
}

static bool pass_time(void *payload, int64_t nanoseconds)
{
    struct simulation *s = payload;
    assert_true(nanoseconds > 0);
    s->sleeps++;
    s->wall += nanoseconds;
    s->boot += nanoseconds;
    s->ticks += nanoseconds / (SECOND / 100);
    if (s->at > 0 && s->boot >= s->at) {
        s->wall += s->jump + s->suspend;
        s->boot += s->suspend;
        s->base = s->reset ? s->ticks : s->base;
        s->at = 0;
    }
    write_root(s);
    return s->end == 0 || s->boot < s->end;
}

static enum rs_status take(void *payload, const struct rs_batch *batches, size_t count,
                           const struct rs_peak *peaks, size_t peak_count, struct rs_error *err)
{
    struct simulation *s = payload;
    if (s->boot >= s->refuse_from && s->boot < s->refuse_to) {
        return rs_fail(err, RS_EIO, "disk full");
    }
    s->flushes++;
    for (size_t i = 0; i < count; i++) {
        const struct rs_batch *b = &batches[i];
        assert_string_equal(b->resource, "host");
        s->samples[b->metric] += (int64_t)b->count;
        for (size_t k = 0; k < b->count; k++) {
            assert_int_equal(b->at[k] % b->step, 0);
            if (b->metric == RS_METRIC_CPU_PERCENT) {
                assert_true(s->last_at < 0 || b->at[k] > s->last_at || s->jump < 0);
                s->gap_slots += s->last_at < 0 ? 0 : (b->at[k] - s->last_at) / b->step - 1;
                s->last_at = b->at[k];
                s->low = fmin(s->low, b->values[k]);
                s->high = fmax(s->high, b->values[k]);
            } else if (b->metric == RS_METRIC_NET_IN_BYTES) {
                s->net_low = fmin(s->net_low, b->values[k]);
                s->net_high = fmax(s->net_high, b->values[k]);
            }
        }
    }
    s->peaks += (int64_t)peak_count;
    if (peak_count > 0) {
        s->peak = peaks[0];
    }
    return RS_OK;
}

static void failed(void *payload, const struct rs_error *err, int64_t dropped)
{
    struct simulation *s = payload;
    assert_string_equal(err->text, "disk full");
    s->failures++;
    s->dropped += dropped;
}

static struct simulation begin(const struct root *root)
{
    struct simulation s = {.root = root, .wall = T0 * SECOND + SECOND / 3, .boot = 77 * SECOND};
    s.last_at = -1;
    s.low = s.net_low = INFINITY;
    s.high = s.net_high = -INFINITY;
    put(root, "sys/class/net/eth0/device/vendor", "1\n");
    write_root(&s);
    return s;
}

static enum rs_status simulate(struct simulation *s, int64_t step, int64_t duration, bool once,
                               struct rs_sample_tally *tally, struct rs_error *err)
{
    struct rs_sample_run run = {.root = s->root->path,
                                .resource = "host",
                                .step = step,
                                .flush = 3600,
                                .duration = duration,
                                .once = once,
                                .clock = {now, pass_time, s},
                                .sink = {take, failed, s}};
    return rs_sample_run(&run, tally, err);
}

static void check_steady(const struct simulation *s)
{
    check_near(s->low, 25.0, 0.2);
    check_near(s->high, 25.0, 0.2);
    check_near(s->net_low, 1000.0, 1);
    check_near(s->net_high, 1000.0, 1);
}

static void a_month_passes_without_a_gap(void **state)
{
    struct simulation s = begin(*state);
    struct rs_error err = {RS_OK, ""};
    struct rs_sample_tally tally;
    check_ok(simulate(&s, 300, 30 * RS_DAY_SECONDS, false, &tally, &err));
    assert_int_equal(tally.gaps, 0);
    assert_in_range(tally.rows, 30 * 288 - 1, 30 * 288);
    assert_int_equal(s.samples[RS_METRIC_CPU_PERCENT], tally.rows);
    assert_int_equal(s.gap_slots, 0);
    check_steady(&s);
    assert_in_range(s.flushes, 30 * 24, 30 * 24 + 31); /* and one more at each midnight */
}

static void readings_fall_on_multiples_of_the_step(void **state)
{
    struct simulation s = begin(*state);
    struct rs_error err = {RS_OK, ""};
    struct rs_sample_tally tally;
    check_ok(simulate(&s, 1, 120, false, &tally, &err));
    assert_in_range(tally.rows, 119, 120);
    assert_int_equal(s.gap_slots, 0);
    assert_int_equal(s.wall % SECOND, 0);
    check_near(s.low, 25.0, 1.0); /* of a hundred ticks one is not to be seen */
    check_near(s.high, 25.0, 1.0);
}

static void one_sample_is_one_sample(void **state)
{
    struct simulation s = begin(*state);
    struct rs_error err = {RS_OK, ""};
    struct rs_sample_tally tally;
    check_ok(simulate(&s, 5, 0, true, &tally, &err));
    assert_int_equal(tally.rows, 1);
    assert_int_equal(s.flushes, 1);
    assert_int_equal(s.last_at, T0);
    check_near(s.high, 25.0, 0.3);
}

/* Each row: what befalls the machine after ten minutes, and how many slots stay empty. */
static void what_befalls_the_clock_makes_gaps_and_no_spikes(void **state)
{
    static const struct {
        const char *what;
        int64_t jump, suspend;
        bool reset;
        int64_t gaps, least, most;
    } rows[] = {
        {"nothing", 0, 0, false, 0, 0, 0},
        {"the clock moves on by an hour", 3600, 0, false, 1, 59, 62},
        {"the clock moves on by a second", 1, 0, false, 0, 0, 1},
        {"the machine sleeps for an hour", 0, 3600, false, 1, 59, 62},
        {"all counters begin again", 0, 0, true, 0, 1, 1},
        {"the clock moves back by ten minutes", -600, 0, false, 1, -20, 5},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct simulation s = begin(*state);
        struct rs_error err = {RS_OK, ""};
        struct rs_sample_tally tally;
        s.at = s.boot + 600 * SECOND;
        s.jump = rows[i].jump * SECOND;
        s.suspend = rows[i].suspend * SECOND;
        s.reset = rows[i].reset;
        check_ok(simulate(&s, 60, 2 * 3600, false, &tally, &err));
        if (tally.gaps != rows[i].gaps || s.gap_slots < rows[i].least ||
            s.gap_slots > rows[i].most) {
            print_error("%s: %lld gaps, %lld slots\n", rows[i].what, (long long)tally.gaps,
                        (long long)s.gap_slots);
            fail();
        }
        check_steady(&s);
    }
}

static void a_signal_ends_it_after_a_last_flush(void **state)
{
    struct simulation s = begin(*state);
    struct rs_error err = {RS_OK, ""};
    struct rs_sample_tally tally;
    s.end = s.boot + 601 * SECOND;
    check_ok(simulate(&s, 60, 0, false, &tally, &err));
    assert_true(tally.stopped);
    assert_in_range(tally.rows, 9, 10);
    assert_int_equal(s.samples[RS_METRIC_CPU_PERCENT], tally.rows);
}

static void a_store_that_fails_for_a_while_loses_nothing(void **state)
{
    struct simulation s = begin(*state);
    struct rs_error err = {RS_OK, ""};
    struct rs_sample_tally tally;
    s.refuse_from = s.boot + 3000 * SECOND;
    s.refuse_to = s.refuse_from + 2 * 3600 * SECOND;
    check_ok(simulate(&s, 60, 5 * 3600, false, &tally, &err));
    assert_int_equal(s.failures, 2);
    assert_int_equal(tally.dropped, 0);
    assert_int_equal(s.samples[RS_METRIC_CPU_PERCENT], tally.rows);
    assert_int_equal(s.gap_slots, 0);
}

static void a_store_that_fails_for_a_day_loses_the_oldest(void **state)
{
    struct simulation s = begin(*state);
    struct rs_error err = {RS_OK, ""};
    struct rs_sample_tally tally;
    s.refuse_from = 0;
    s.refuse_to = s.boot + 23 * 3600 * SECOND;
    check_ok(simulate(&s, 60, RS_DAY_SECONDS, false, &tally, &err));
    assert_true(tally.dropped > 1000);
    assert_int_equal(s.dropped, tally.dropped);
    assert_int_equal(s.samples[RS_METRIC_CPU_PERCENT], tally.rows - tally.dropped);
    assert_int_equal(s.gap_slots, 0);
}

static void the_last_flush_must_succeed(void **state)
{
    struct simulation s = begin(*state);
    struct rs_error err = {RS_OK, ""};
    struct rs_sample_tally tally;
    s.refuse_to = INT64_MAX;
    check_fails(simulate(&s, 1, 0, true, &tally, &err), RS_EIO, "disk full");
}

static void steps_that_do_not_divide_a_day_are_refused(void **state)
{
    static const int64_t steps[] = {0, -1, 7, 7200, 86400};
    struct simulation s = begin(*state);
    struct rs_error err;
    struct rs_sample_tally tally;
    for (size_t i = 0; i < COUNT_OF(steps); i++) {
        check_fails(simulate(&s, steps[i], 60, false, &tally, &err), RS_EUSAGE, "step");
    }
    struct rs_sample_run run = {.root = "/", .step = 60, .flush = 3601};
    check_fails(rs_sample_run(&run, &tally, &err), RS_EUSAGE, "flush");
    run = (struct rs_sample_run){.root = "/nowhere", .step = 60, .flush = 60};
    check_fails(rs_sample_run(&run, &tally, &err), RS_EIO, "/nowhere");
}

static void a_peak_names_its_processes(void **state)
{
    struct simulation s = begin(*state);
    struct rs_error err = {RS_OK, ""};
    struct rs_sample_tally tally;
    put(s.root, "proc/42/stat", "42 (ba) (ck) R 1 42 42 0 -1 0 0 0 0 0 5 5 0 0 20 0 1 0 9 9 100\n");
    put(s.root, "proc/42/cgroup", "0::/system.slice/backup.service\n");
    check_ok(simulate(&s, 60, 3600, false, &tally, &err));
    assert_int_equal(s.peaks, 3); /* 25 % all the time: a quarter of an hour apart, and no more */
    assert_in_range(s.peak.at, T0, T0 + RS_SAMPLE_PEAK_APART);
    check_near(s.peak.cpu_percent, 25.0, 0.2);
    assert_int_equal(s.peak.count[RS_PEAK_CPU], 0); /* it used none between the two looks */
}

#define IN_ROOT(test) cmocka_unit_test_setup_teardown(test, root_make, root_remove)
int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_ROOT(a_month_passes_without_a_gap),
        IN_ROOT(readings_fall_on_multiples_of_the_step),
        IN_ROOT(one_sample_is_one_sample),
        IN_ROOT(what_befalls_the_clock_makes_gaps_and_no_spikes),
        IN_ROOT(a_signal_ends_it_after_a_last_flush),
        IN_ROOT(a_store_that_fails_for_a_while_loses_nothing),
        IN_ROOT(a_store_that_fails_for_a_day_loses_the_oldest),
        IN_ROOT(the_last_flush_must_succeed),
        IN_ROOT(steps_that_do_not_divide_a_day_are_refused),
        IN_ROOT(a_peak_names_its_processes),
    };
    return cmocka_run_group_tests_name("proc_sample", tests, NULL, NULL);
}
