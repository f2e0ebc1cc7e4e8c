/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/fleet_run.h"

#include "store_world.h"

#include <pthread.h>

#define FLEET 40

struct seen {
    pthread_mutex_t lock;
    int64_t times[FLEET];
    double sum[FLEET];
    unsigned workers; /* bit per worker */
    int64_t fail_from;
    size_t calls;
};

static enum rs_status look(void *payload, size_t worker, int64_t ordinal,
                           const struct rs_stored *stored, struct rs_error *err)
{
    struct seen *seen = payload;
    double sum = 0;
    for (size_t i = 0; stored->series_count > 0 && i < stored->series[0].slots; i++) {
        double value = stored->series[0].values[i];
        sum += isnan(value) ? 0 : value;
    }
    pthread_mutex_lock(&seen->lock);
    assert_in_range(ordinal, 0, FLEET - 1);
    seen->times[ordinal]++;
    seen->sum[ordinal] = sum;
    seen->workers |= 1U << worker;
    seen->calls++;
    pthread_mutex_unlock(&seen->lock);
    return ordinal >= seen->fail_from
               ? rs_fail(err, RS_EINPUT, "resource %s is wrong", stored->resource->id)
               : RS_OK;
}

static void fill(struct world *w)
{
    for (size_t i = 0; i < FLEET; i++) {
        char id[32];
        snprintf(id, sizeof(id), "i-%02zu", i);
        world_ramp(w, id, RS_METRIC_CPU_PERCENT, 300, T0, 288, (double)i);
    }
}

static const struct rs_scan whole = {.window = {T0, T0 + DAY}, .samples = true};

static void each_resource_is_seen_once_by_any_number_of_threads(void **state)
{
    struct world *w = *state;
    struct rs_error err = {RS_OK, ""};
    static const size_t threads[] = {1, 2, 7, RS_THREADS_MAX};
    fill(w);
    for (size_t t = 0; t < COUNT_OF(threads); t++) {
        struct seen seen = {.lock = PTHREAD_MUTEX_INITIALIZER, .fail_from = FLEET};
        check_ok(rs_fleet_run(w->store, &whole, threads[t], look, &seen, &err));
        for (size_t i = 0; i < FLEET; i++) {
            assert_int_equal(seen.times[i], 1);
            check_same_double(seen.sum[i], 288.0 * (double)i + 287.0 * 144.0);
        }
        assert_true(threads[t] > 1 || seen.workers == 1);
    }
}

static void the_first_failure_of_the_scan_is_told(void **state)
{
    struct world *w = *state;
    fill(w);
    for (size_t threads = 1; threads <= 8; threads++) {
        struct rs_error err = {RS_OK, ""};
        struct seen seen = {.lock = PTHREAD_MUTEX_INITIALIZER, .fail_from = 5};
        check_fails(rs_fleet_run(w->store, &whole, threads, look, &seen, &err), RS_EINPUT,
                    "resource i-05 is wrong");
        assert_true(seen.calls < FLEET);
    }
}

static void what_the_scan_refuses_is_passed_on(void **state)
{
    struct world *w = *state;
    struct rs_error err = {RS_OK, ""};
    struct seen seen = {.lock = PTHREAD_MUTEX_INITIALIZER, .fail_from = FLEET};
    struct rs_scan empty = {.window = {T0, T0}, .samples = true};
    struct rs_scan nobody = {.window = {T0, T0 + DAY}, .samples = true, .resource = "i-none"};
    check_fails(rs_fleet_run(w->store, &empty, 3, look, &seen, &err), RS_EINPUT, "window");
    check_fails(rs_fleet_run(w->store, &nobody, 3, look, &seen, &err), RS_ENODATA, "i-none");
    check_ok(rs_fleet_run(w->store, &whole, 3, look, &seen, &err)); /* an empty store */
    assert_int_equal(seen.calls, 0);
}

static void threads_are_those_asked_for_or_a_few(void **state)
{
    (void)state;
    struct rs_context context = {.globals = {.threads = 5}};
    assert_int_equal(rs_fleet_threads(&context), 5);
    context.globals.threads = -1;
    assert_in_range(rs_fleet_threads(&context), 1, 8);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        world_test(each_resource_is_seen_once_by_any_number_of_threads),
        world_test(the_first_failure_of_the_scan_is_told),
        world_test(what_the_scan_refuses_is_passed_on),
        cmocka_unit_test(threads_are_those_asked_for_or_a_few),
    };
    return cmocka_run_group_tests_name("fleet_run", tests, NULL, NULL);
}
