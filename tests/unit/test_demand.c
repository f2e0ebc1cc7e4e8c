/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "advise/demand.h"

#include "advise/desk.h"
#include "advise/trace.h"
#include "advise_world.h"

static const struct rs_demand *demand_of(struct world *w, enum rs_dimension d)
{
    return &world_advise(w)->demand[d];
}

static void cpu_is_in_vcpus_of_the_current_type_and_clipped(void **state)
{
    (void)state;
    struct world w;
    world_init(&w, "m.xlarge");
    struct rs_series *s = world_cpu(&w, 25);
    s->values[7] = 100.5;
    const struct rs_demand *d = demand_of(&w, RS_DIM_CPU);
    assert_true(d->known);
    assert_string_equal(d->metric, "cpu_percent");
    assert_string_equal(d->statistic, "max");
    assert_int_equal(d->step, 300);
    check_same_double(d->percentile, 99.5);
    check_same_double(d->headroom, 0.2);
    check_near(d->used, 1.0, 1e-12);
    check_near(d->need, 1.25, 1e-12);
    check_same_double(d->peak, 4.0);
    assert_int_equal(d->peak_at, WORLD_FROM + 7 * 300);
    assert_int_equal(d->used_at, WORLD_FROM);
    assert_int_equal(d->samples, DAYS * 288);
    check_same_double(d->coverage, 1.0);
    check_same_double(d->capacity, 4.0);
    world_release(&w);
}

static void what_was_not_measured_is_unknown(void **state)
{
    (void)state;
    struct world w;
    world_init(&w, "m.xlarge");
    world_cpu(&w, 25);
    for (int i = RS_DIM_MEMORY; i < RS_DIM_COUNT; i++) {
        const struct rs_demand *d = demand_of(&w, (enum rs_dimension)i);
        assert_false(d->known);
        assert_null(d->metric);
        assert_true(isnan(d->used) && isnan(d->need) && isnan(d->mean) && isnan(d->peak));
        assert_int_equal(d->used_at, -1);
        assert_int_equal(d->peak_at, -1);
        assert_int_equal(d->samples, 0);
    }
    world_release(&w);
}

static void the_statistic_is_the_wanted_one_unless_it_covers_less_than_half(void **state)
{
    (void)state;
    static const struct {
        enum rs_metric metric;
        enum rs_dimension dimension;
        enum rs_statistic wanted, other;
    } rows[] = {
        {RS_METRIC_CPU_PERCENT, RS_DIM_CPU, RS_STATISTIC_MAX, RS_STATISTIC_AVG},
        {RS_METRIC_MEM_USED_BYTES, RS_DIM_MEMORY, RS_STATISTIC_MAX, RS_STATISTIC_AVG},
        {RS_METRIC_MEM_AVAILABLE_BYTES, RS_DIM_MEMORY, RS_STATISTIC_MIN, RS_STATISTIC_AVG},
        {RS_METRIC_NET_IN_BYTES, RS_DIM_NET_IN, RS_STATISTIC_SUM_RATE, RS_STATISTIC_AVG},
        {RS_METRIC_NET_OUT_BYTES, RS_DIM_NET_OUT, RS_STATISTIC_AVG, RS_STATISTIC_MAX},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct world w;
        world_init(&w, "m.xlarge");
        world_series(&w, rows[i].metric, rows[i].other, 300, 20);
        struct rs_series *s = world_series(&w, rows[i].metric, rows[i].wanted, 300, 10);
        for (size_t k = 0; k < s->slots / 2; k++) {
            s->values[k] = NAN;
        }
        assert_string_equal(demand_of(&w, rows[i].dimension)->statistic,
                            rs_statistic_name(rows[i].wanted));
        s->values[s->slots - 1] = NAN;
        assert_string_equal(demand_of(&w, rows[i].dimension)->statistic,
                            rs_statistic_name(rows[i].other));
        world_release(&w);
    }
}

static void fine_steps_are_read_on_five_minutes_by_maximum(void **state)
{
    (void)state;
    struct world w;
    world_init(&w, "m.xlarge");
    struct rs_series *five = world_cpu(&w, 10);
    struct rs_series *one = world_series(&w, RS_METRIC_CPU_PERCENT, RS_STATISTIC_MAX, 60, NAN);
    struct rs_series *odd = world_series(&w, RS_METRIC_CPU_PERCENT, RS_STATISTIC_MAX, 32, NAN);
    world_series(&w, RS_METRIC_CPU_PERCENT, RS_STATISTIC_MAX, 3600, 100); /* finer exists */
    one->values[503] = 50;                                                /* slot 100 */
    one->values[504] = 30;
    odd->values[19] = 40; /* starts at 608 s: slot 2 */
    five->values[4] = NAN;
    w.policy.cpu_percentile = 100;
    const struct rs_demand *d = demand_of(&w, RS_DIM_CPU);
    assert_int_equal(d->step, 300);
    assert_int_equal(d->samples, DAYS * 288 - 1);
    check_near(d->peak, 2.0, 1e-12);
    assert_int_equal(d->peak_at, WORLD_FROM + 100 * 300);
    w.policy.cpu_percentile = 99.965; /* the second highest of 4031 */
    d = demand_of(&w, RS_DIM_CPU);
    assert_int_equal(d->used_at, WORLD_FROM + 2 * 300);
    world_release(&w);
}

static void coarse_steps_are_used_when_nothing_finer_exists(void **state)
{
    (void)state;
    struct world w;
    world_init(&w, "m.xlarge");
    world_series(&w, RS_METRIC_CPU_PERCENT, RS_STATISTIC_MAX, 3600, 50);
    world_series(&w, RS_METRIC_CPU_PERCENT, RS_STATISTIC_MAX, 86400, 100);
    const struct rs_demand *d = demand_of(&w, RS_DIM_CPU);
    assert_int_equal(d->step, 3600);
    check_near(d->peak, 2.0, 1e-12);
    assert_non_null(strstr(world_note(&w.advice, "CoarseData"), "3600 s of cpu_percent"));
    world_release(&w);
}

static void samples_outside_the_window_do_not_count(void **state)
{
    (void)state;
    struct world w;
    world_init(&w, "m.xlarge");
    struct rs_series *s = world_cpu(&w, 10);
    s->values[0] = 90;
    s->values[s->slots - 1] = 90;
    w.work.window = (struct rs_window){WORLD_FROM + 1, WORLD_TO - 300};
    const struct rs_demand *d = demand_of(&w, RS_DIM_CPU);
    assert_int_equal(d->samples, DAYS * 288 - 2);
    check_near(d->peak, 0.4, 1e-12);
    assert_int_equal(w.advice.data_from, WORLD_FROM + 300);
    assert_int_equal(w.advice.data_to, WORLD_TO - 300);
    w.work.window = (struct rs_window){WORLD_FROM - 86400, WORLD_FROM};
    assert_false(demand_of(&w, RS_DIM_CPU)->known);
    world_release(&w);
}

static void memory_comes_from_the_best_source_there_is(void **state)
{
    (void)state;
    static const struct {
        enum rs_metric metric;
        enum rs_statistic statistic;
        double value, used; /* of 16 GiB */
    } rows[] = {
        {RS_METRIC_MEM_COMMITTED_PERCENT, RS_STATISTIC_MAX, 75, 12},
        {RS_METRIC_MEM_AVAILABLE_BYTES, RS_STATISTIC_MIN, 6 * GIB, 10},
        {RS_METRIC_MEM_PERCENT, RS_STATISTIC_AVG, 50, 8},
        {RS_METRIC_MEM_USED_BYTES, RS_STATISTIC_AVG, 5 * GIB, 5},
    };
    struct world w;
    world_init(&w, "m.xlarge");
    world_cpu(&w, 10);
    for (size_t i = 0; i < COUNT_OF(rows); i++) { /* each is preferred to those before it */
        world_series(&w, rows[i].metric, rows[i].statistic, 300, rows[i].value);
        const struct rs_demand *d = demand_of(&w, RS_DIM_MEMORY);
        assert_string_equal(d->metric, rs_metric_info(rows[i].metric)->name);
        check_near(d->used, rows[i].used * GIB, 1.0);
        check_near(d->need, rows[i].used * GIB / 0.8, 1.0);
        assert_int_equal(world_note(&w.advice, "MemoryIsCommitCharge") != NULL, i == 0);
        assert_null(world_note(&w.advice, "MemoryUnknown"));
    }
    struct rs_series *used = &w.series[w.series_count - 1];
    for (size_t i = 10; i < used->slots; i++) { /* ten samples do not hide two weeks of percent */
        used->values[i] = NAN;
    }
    assert_string_equal(demand_of(&w, RS_DIM_MEMORY)->metric, "mem_percent");
    world_release(&w);
}

static void commit_charge_never_outbids_a_measurement(void **state)
{
    (void)state;
    struct world w;
    world_init(&w, "m.xlarge");
    world_cpu(&w, 10);
    world_series(&w, RS_METRIC_MEM_COMMITTED_PERCENT, RS_STATISTIC_MAX, 300, 90);
    struct rs_series *percent = world_series(&w, RS_METRIC_MEM_PERCENT, RS_STATISTIC_MAX, 300, NAN);
    percent->values[5] = 50;
    const struct rs_demand *d = demand_of(&w, RS_DIM_MEMORY);
    assert_string_equal(d->metric, "mem_percent");
    check_near(d->used, 8 * GIB, 1.0);
    world_release(&w);
}

static void available_memory_counts_by_its_minimum(void **state)
{
    (void)state;
    struct world w;
    world_init(&w, "m.xlarge");
    world_cpu(&w, 10);
    struct rs_series *s =
        world_series(&w, RS_METRIC_MEM_AVAILABLE_BYTES, RS_STATISTIC_MIN, 60, 10 * GIB);
    s->values[77] = 2 * GIB;
    s->values[99] = 20 * GIB; /* more than there is: nothing is used */
    const struct rs_demand *d = demand_of(&w, RS_DIM_MEMORY);
    check_near(d->peak, 14 * GIB, 1.0);
    assert_int_equal(d->peak_at, WORLD_FROM + 15 * 300);
    world_release(&w);
}

static void reads_and_writes_add_up_slot_by_slot(void **state)
{
    (void)state;
    static const struct {
        enum rs_dimension dimension;
        enum rs_metric a, b;
        const char *both;
    } rows[] = {
        {RS_DIM_NET_PACKETS, RS_METRIC_NET_IN_PACKETS, RS_METRIC_NET_OUT_PACKETS,
         "net_in_packets_per_s + net_out_packets_per_s"},
        {RS_DIM_EBS_BYTES, RS_METRIC_EBS_READ_BYTES, RS_METRIC_EBS_WRITE_BYTES,
         "ebs_read_bytes_per_s + ebs_write_bytes_per_s"},
        {RS_DIM_EBS_OPS, RS_METRIC_EBS_READ_OPS, RS_METRIC_EBS_WRITE_OPS,
         "ebs_read_ops_per_s + ebs_write_ops_per_s"},
        {RS_DIM_DISK_BYTES, RS_METRIC_DISK_READ_BYTES, RS_METRIC_DISK_WRITE_BYTES,
         "disk_read_bytes_per_s + disk_write_bytes_per_s"},
        {RS_DIM_DISK_OPS, RS_METRIC_DISK_READ_OPS, RS_METRIC_DISK_WRITE_OPS,
         "disk_read_ops_per_s + disk_write_ops_per_s"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct world w;
        world_init(&w, "m.xlarge");
        struct rs_series *a = world_series(&w, rows[i].a, RS_STATISTIC_SUM_RATE, 300, 10);
        struct rs_series *b = world_series(&w, rows[i].b, RS_STATISTIC_SUM_RATE, 300, 5);
        a->values[1] = 50;
        b->values[1] = NAN;
        b->values[2] = 80;
        a->values[2] = NAN;
        a->values[3] = b->values[3] = NAN;
        const struct rs_demand *d = demand_of(&w, rows[i].dimension);
        assert_string_equal(d->metric, rows[i].both);
        assert_int_equal(d->samples, DAYS * 288 - 1);
        check_same_double(d->used, 15.0);
        check_same_double(d->peak, 80.0);
        char names[128];
        snprintf(names, sizeof(names), "%s + %s", rs_metric_info(rows[i].a)->name,
                 rs_metric_info(rows[i].b)->name);
        assert_string_equal(names, rows[i].both);
        for (size_t k = 0; k < a->slots; k++) {
            a->values[k] = NAN;
        }
        d = demand_of(&w, rows[i].dimension);
        assert_string_equal(d->metric, rs_metric_info(rows[i].b)->name);
        check_same_double(d->used, 5.0);
        world_release(&w);
    }
}

static void a_sum_of_unlike_steps_is_on_the_coarser_grid(void **state)
{
    (void)state;
    struct world w;
    world_init(&w, "m.xlarge");
    struct rs_series *a =
        world_series(&w, RS_METRIC_EBS_READ_BYTES, RS_STATISTIC_SUM_RATE, 300, 10);
    world_series(&w, RS_METRIC_EBS_WRITE_BYTES, RS_STATISTIC_SUM_RATE, 3600, 5);
    a->values[30] = 20;
    const struct rs_demand *d = demand_of(&w, RS_DIM_EBS_BYTES);
    assert_int_equal(d->step, 3600);
    assert_int_equal(d->samples, DAYS * 24);
    check_same_double(d->peak, 25.0);
    assert_int_equal(d->peak_at, WORLD_FROM + 2 * 3600);
    world_release(&w);
}

static void series_of_unlike_spans_are_joined(void **state)
{
    (void)state;
    struct world w;
    world_init(&w, "m.xlarge");
    struct rs_window whole = w.work.window;
    w.work.window.to = WORLD_FROM + 86400;
    world_series(&w, RS_METRIC_EBS_READ_BYTES, RS_STATISTIC_SUM_RATE, 300, 1);
    w.work.window = (struct rs_window){WORLD_TO - 86400, WORLD_TO};
    world_series(&w, RS_METRIC_EBS_WRITE_BYTES, RS_STATISTIC_SUM_RATE, 300, 2);
    w.work.window = whole;
    const struct rs_demand *d = demand_of(&w, RS_DIM_EBS_BYTES);
    assert_int_equal(d->samples, 2 * 288);
    check_near(d->mean, 1.5, 1e-12); /* valgrind has no long double */
    check_near(d->coverage, 2.0 / DAYS, 1e-12);
    /* without CPU, the longest series tells the span */
    assert_int_equal(w.advice.samples, 2 * 288);
    assert_int_equal(w.advice.data_from, WORLD_FROM);
    assert_int_equal(w.advice.data_to, WORLD_TO);
    world_release(&w);
}

static void percents_of_an_earlier_type_are_left_out(void **state)
{
    (void)state;
    static const char *const earlier[] = {"m.2xlarge", "m.large"};
    struct world w;
    world_init(&w, "m.xlarge");
    struct rs_series *cpu = world_cpu(&w, 20);
    struct rs_series *percent = world_series(&w, RS_METRIC_MEM_PERCENT, RS_STATISTIC_MAX, 300, 25);
    struct rs_series *in = world_series(&w, RS_METRIC_NET_IN_BYTES, RS_STATISTIC_AVG, 300, 1);
    cpu->values[100] = percent->values[100] = 100;
    in->values[100] = 7;
    w.work.last_type_change = WORLD_FROM + 101 * 300 - 1; /* slot 100 straddles it */
    w.work.earlier_types = earlier;
    w.work.earlier_count = 2;
    const struct rs_advice *a = world_advise(&w);
    assert_int_equal(a->demand[RS_DIM_CPU].samples, DAYS * 288 - 101);
    check_near(a->demand[RS_DIM_CPU].peak, 0.8, 1e-12);
    check_near(a->demand[RS_DIM_MEMORY].peak, 4 * GIB, 1.0);
    check_same_double(a->demand[RS_DIM_NET_IN].peak, 7.0);
    assert_string_equal(world_note(a, "TypeChanged"),
                        "101 CPU samples are of the type it was before, m.large, and are left out");
    w.work.last_type_change = WORLD_FROM; /* at the edge: nothing is left out */
    a = world_advise(&w);
    assert_null(world_note(a, "TypeChanged"));
    assert_int_equal(a->demand[RS_DIM_CPU].samples, DAYS * 288);
    w.work.last_type_change = WORLD_TO; /* nothing is left */
    a = world_advise(&w);
    assert_non_null(world_note(a, "NoSamples"));
    world_release(&w);
}

static void percents_of_a_known_earlier_type_count_by_its_size(void **state)
{
    (void)state;
    static const char *const earlier[] = {"m.2xlarge", "m.large"};
    const int64_t since[] = {WORLD_FROM, WORLD_FROM + 50 * 300};
    struct world w;
    world_init(&w, "m.xlarge");
    struct rs_series *cpu = world_cpu(&w, 20);
    struct rs_series *percent = world_series(&w, RS_METRIC_MEM_PERCENT, RS_STATISTIC_MAX, 300, 25);
    cpu->values[10] = 90; /* of 8 vCPUs: more than it has today */
    cpu->values[60] = 90; /* of 2 */
    percent->values[10] = 75;
    w.work.last_type_change = WORLD_FROM + 101 * 300 - 1; /* slot 100 straddles it */
    w.work.earlier_types = earlier;
    w.work.earlier_since = since;
    w.work.earlier_count = 2;
    w.market.earlier[0] = world_find(&w, "m.2xlarge");
    w.market.earlier[1] = world_find(&w, "m.large");
    const struct rs_advice *a = world_advise(&w);
    assert_int_equal(a->demand[RS_DIM_CPU].samples, DAYS * 288 - 1);
    check_near(a->demand[RS_DIM_CPU].peak, 7.2, 1e-12);
    assert_int_equal(a->demand[RS_DIM_CPU].peak_at, WORLD_FROM + 10 * 300);
    check_near(a->demand[RS_DIM_MEMORY].peak, 24 * GIB, 1.0);
    assert_string_equal(
        world_note(a, "TypeChanged"),
        "100 CPU samples are of the type it was before, m.large, and count by its size");
    cpu->values[10] = 20;
    a = world_advise(&w);
    check_near(a->demand[RS_DIM_CPU].peak, 1.8, 1e-12); /* slot 60 */
    w.market.earlier[0] = NULL;                         /* not in the catalog */
    a = world_advise(&w);
    assert_int_equal(a->demand[RS_DIM_CPU].samples, DAYS * 288 - 51);
    world_release(&w);
}

static void bytes_in_use_survive_a_change_of_type(void **state)
{
    (void)state;
    struct world w;
    world_init(&w, "m.xlarge");
    world_cpu(&w, 20);
    struct rs_series *memory = world_memory(&w, 2);
    memory->values[3] = 3 * GIB;
    w.work.last_type_change = WORLD_FROM + 86400;
    const struct rs_advice *a = world_advise(&w);
    check_near(a->demand[RS_DIM_MEMORY].peak, 3 * GIB, 0.0);
    assert_string_equal(world_note(a, "TypeChanged"),
                        "288 CPU samples are of the type it was before, and are left out");
    world_release(&w);
}

static void the_span_is_that_of_cpu(void **state)
{
    (void)state;
    struct world w;
    world_init(&w, "m.xlarge");
    world_memory(&w, 3);
    struct rs_series *cpu = world_cpu(&w, NAN);
    for (size_t i = 288; i < 3 * 288; i += 2) {
        cpu->values[i] = 10;
    }
    const struct rs_advice *a = world_advise(&w);
    assert_int_equal(a->samples, 288);
    assert_int_equal(a->data_from, WORLD_FROM + 86400);
    assert_int_equal(a->data_to, WORLD_FROM + 3 * 86400 - 300);
    check_near(a->coverage, 1.0 / DAYS, 1e-12);
    check_near(a->running_share, 288.0 / 575.0, 1e-12);
    world_release(&w);
}

static void series_before_1970_fall_on_the_grid_too(void **state)
{
    (void)state;
    struct world w;
    world_init(&w, "m.xlarge");
    w.work.window = (struct rs_window){-86400, 86400};
    struct rs_series *s = world_cpu(&w, 10);
    w.work.window = (struct rs_window){-86300, 86300};
    s->values[1] = 30;
    const struct rs_demand *d = demand_of(&w, RS_DIM_CPU);
    assert_int_equal(d->peak_at, -86100);
    world_release(&w);
}

/* Whether samples of CPU can be read, asked of samples and of where their series begin and end. */
static void the_ends_of_a_series_tell_whether_it_can_be_judged_or_say_that_they_do_not(void **state)
{
    (void)state;
    enum { SLOTS = 60 };
    static const enum rs_statistic statistics[] = {RS_STATISTIC_MAX, RS_STATISTIC_AVG,
                                                   RS_STATISTIC_MIN};
    struct rs_error err;
    struct rs_desk *desk = NULL;
    uint64_t seed = 31;
    int sure[2] = {0, 0}, unsures = 0;
    check_ok(rs_desk_open(&desk, &err));
    for (int round = 0; round < 3000; round++) {
        double values[2][SLOTS];
        struct rs_series whole[2], ends[2];
        const size_t count = check_random(&seed) % 3;
        for (size_t s = 0; s < count; s++) {
            bool cpu = check_random(&seed) % 4 != 0;
            for (size_t i = 0; i < SLOTS; i++) {
                bool gap = i > 0 && i + 1 < SLOTS && check_random(&seed) % 4 != 0;
                values[s][i] = gap ? (double)NAN : 1.0;
            }
            whole[s] = ends[s] =
                (struct rs_series){cpu ? RS_METRIC_CPU_PERCENT : RS_METRIC_MEM_PERCENT,
                                   statistics[check_random(&seed) % 3],
                                   300,
                                   (int64_t)(check_random(&seed) % 60) * 300,
                                   values[s],
                                   SLOTS};
            ends[s].values = NULL;
        }
        struct rs_workload work = {.series = whole, .series_count = count, .last_type_change = -1};
        work.window.from = (int64_t)(check_random(&seed) % 90) * 300;
        work.window.to = work.window.from + (int64_t)(1 + check_random(&seed) % 60) * 300;
        if (check_random(&seed) % 3 == 0) {
            work.last_type_change = work.window.from + (int64_t)(check_random(&seed) % 9) * 700;
        }
        struct rs_study study = {.work = &work};
        bool unsure = true;
        rs_desk_clear(desk, &study);
        bool read = rs_demand_probe(&study, &unsure);
        assert_false(unsure);
        work.series = ends;
        bool told = rs_demand_probe(&study, &unsure);
        assert_true(unsure || told == read);
        assert_false(unsure && told);
        sure[told ? 1 : 0] += unsure ? 0 : 1;
        unsures += unsure ? 1 : 0;
    }
    assert_true(sure[0] > 100 && sure[1] > 100 && unsures > 100);
    rs_desk_close(desk);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cpu_is_in_vcpus_of_the_current_type_and_clipped),
        cmocka_unit_test(what_was_not_measured_is_unknown),
        cmocka_unit_test(the_statistic_is_the_wanted_one_unless_it_covers_less_than_half),
        cmocka_unit_test(fine_steps_are_read_on_five_minutes_by_maximum),
        cmocka_unit_test(coarse_steps_are_used_when_nothing_finer_exists),
        cmocka_unit_test(samples_outside_the_window_do_not_count),
        cmocka_unit_test(memory_comes_from_the_best_source_there_is),
        cmocka_unit_test(commit_charge_never_outbids_a_measurement),
        cmocka_unit_test(available_memory_counts_by_its_minimum),
        cmocka_unit_test(reads_and_writes_add_up_slot_by_slot),
        cmocka_unit_test(a_sum_of_unlike_steps_is_on_the_coarser_grid),
        cmocka_unit_test(series_of_unlike_spans_are_joined),
        cmocka_unit_test(percents_of_an_earlier_type_are_left_out),
        cmocka_unit_test(percents_of_a_known_earlier_type_count_by_its_size),
        cmocka_unit_test(bytes_in_use_survive_a_change_of_type),
        cmocka_unit_test(the_span_is_that_of_cpu),
        cmocka_unit_test(
            the_ends_of_a_series_tell_whether_it_can_be_judged_or_say_that_they_do_not),
        cmocka_unit_test(series_before_1970_fall_on_the_grid_too),
    };
    return cmocka_run_group_tests_name("demand", tests, NULL, NULL);
}
