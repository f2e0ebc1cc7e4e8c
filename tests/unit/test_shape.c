/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "advise/shape.h"

#include "advise_world.h"
#include "shape_world.h"

static struct world w;

static const struct rs_observation *seen(const char *code, enum rs_dimension d)
{
    const struct rs_advice *advice = &w.advice;
    for (size_t i = 0; i < advice->observation_count; i++) {
        const struct rs_observation *o = &advice->observations[i];
        if (strcmp(o->code, code) == 0 && o->dimension == d) {
            return o;
        }
    }
    return NULL;
}

/* Says what it says, whole. */
static void check_says(const struct rs_observation *o, const char *part)
{
    assert_non_null(o);
    assert_true(strlen(o->text) < sizeof(o->text) - 1);
    if (strstr(o->text, part) == NULL) {
        fail_msg("'%s' does not say '%s'", o->text, part);
    }
}

/* An m.xlarge, 4 vCPUs and 16 GiB, with `days` of data that end on a Thursday at midnight. */
static void begin(int days)
{
    world_init(&w, "m.xlarge");
    w.work.window.from = WORLD_TO - (int64_t)days * RS_DAY_SECONDS;
}

static size_t hour_of_week(const struct rs_series *s, size_t slot)
{
    int64_t at = rs_series_at(s, slot);
    return (size_t)(rs_weekday(at) * 24 + rs_hour_of_day(at));
}

/* Correlated noise between 5-minute samples, mostly within `size` of 0. */
static void add_noise(struct rs_series *s, double phi, double size, uint64_t *seed)
{
    double x = shape_normal(seed);
    for (size_t i = 0; i < s->slots; i++) {
        x = phi * x + sqrt(1.0 - phi * phi) * shape_normal(seed);
        s->values[i] = fmax(s->values[i] + size * x, 0.0);
    }
}

static struct rs_series *make_cpu(double night, double day, uint64_t seed)
{
    struct rs_series *cpu = world_cpu(&w, night);
    for (size_t i = 0; i < cpu->slots; i++) {
        cpu->values[i] = shape_is_work(hour_of_week(cpu, i)) ? day : night;
    }
    add_noise(cpu, 0.9, night / 20.0, &seed);
    return cpu;
}

static void sees_an_offices_days_weeks_and_off_hours(void **state)
{
    (void)state;
    begin(14);
    make_cpu(2.0, 60.0, 1);
    world_memory(&w, 4.0);
    world_network(&w, 10.0);
    world_advise(&w);
    const struct rs_observation *daily = seen("DailyPattern", RS_DIM_CPU),
                                *weekly = seen("WeeklyPattern", RS_DIM_CPU),
                                *off = seen("OffHours", RS_DIM_CPU);
    check_says(daily, "(14 days, p < 0.001)");
    check_near(daily->value, 4 * 0.6 * 5 / 7, 0.2);
    check_near(daily->reference, 4 * 0.02, 0.01);
    assert_true(daily->strength > 0.3 && daily->strength <= 1.0);
    check_says(weekly, "the hour of the week explains 100 %");
    check_says(weekly, "2 weeks");
    check_says(off, "Mon-Fri 18:00-08:00, Sat-Sun all day UTC (118 hours a week)");
    check_says(off, "and the network rested");
    check_same_double(off->reference, 118.0);
    double price =
        w.advice.option_count > 0 ? w.advice.options[0].monthly_price : w.advice.current_monthly;
    check_near(off->monthly_saving, price * 118 / 168, 1e-9);
    assert_int_equal(off->from, WORLD_TO - 14 * RS_DAY_SECONDS);
    assert_int_equal(off->to, WORLD_TO);
    world_release(&w);
}

static void sees_the_working_days_of_a_single_week(void **state)
{
    (void)state;
    begin(7);
    make_cpu(2.0, 60.0, 2);
    world_advise(&w);
    check_says(seen("DailyPattern", RS_DIM_CPU), "from Monday to Friday");
    assert_null(seen("WeeklyPattern", RS_DIM_CPU));
    check_says(seen("OffHours", RS_DIM_CPU), "the network was not measured");
    world_release(&w);
}

static void tells_no_off_hours_in_which_something_happens(void **state)
{
    (void)state;
    static const char *const cases[] = {"network", "disk",     "group", "blurred",
                                        "idle",    "all busy", "half"};
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        begin(14);
        struct rs_series *cpu = make_cpu(2.0, 60.0, 3);
        world_memory(&w, 4.0);
        world_network(&w, 10.0);
        if (i == 0) {
            struct rs_series *in = &w.series[2];
            in->values[3] = 1e6; /* a copy at night */
        } else if (i == 1) {
            world_series(&w, RS_METRIC_EBS_WRITE_BYTES, RS_STATISTIC_SUM_RATE, 300, 1e6);
        } else if (i == 2) {
            w.resource.group = "workers";
        }
        for (size_t s = 0; s < cpu->slots && i >= 3; s++) {
            bool late = hour_of_week(cpu, s) % 24 < 4;
            cpu->values[s] =
                i == 3   ? (late ? 4.5 : 6.0) + (s % 288 == 150 ? 20.0 : 0.0)
                : i == 4 ? 1.0
                : i == 6
                    ? (hour_of_week(cpu, s) >= 120 && hour_of_week(cpu, s) % 24 >= 12 ? 2.0 : 20.0)
                    : 20.0;
        }
        world_advise(&w);
        if (seen("OffHours", RS_DIM_CPU) != NULL) {
            fail_msg("%s: %s", cases[i], seen("OffHours", RS_DIM_CPU)->text);
        }
        world_release(&w);
    }
}

static void sees_a_leak_and_calls_it_neither_step_nor_trend(void **state)
{
    (void)state;
    uint64_t seed = 4;
    begin(14);
    world_cpu(&w, 20.0);
    struct rs_series *memory = world_memory(&w, 3.0);
    for (size_t i = 0; i < memory->slots; i++) {
        memory->values[i] += GIB * (double)(i % (5 * 288)) / 288.0; /* a restart each five days */
    }
    add_noise(memory, 0.5, 0.02 * GIB, &seed);
    world_advise(&w);
    const struct rs_observation *leak = seen("MemoryLeakSuspected", RS_DIM_MEMORY);
    check_says(leak, "memory only climbs: 1 GiB a day in 3 of 3 stretches");
    check_says(leak, "dropped 2 times");
    check_says(leak, "it is full on 2008-02-02"); /* 9 GiB at 1 a day */
    check_says(leak, "look for a leak");
    check_near(leak->value / GIB, 1.0, 0.02);
    check_near(leak->reference / GIB, 7.0, 0.1);
    assert_true(leak->p <= 0.01);
    assert_null(seen("Trend", RS_DIM_MEMORY));
    assert_null(seen("LevelShift", RS_DIM_MEMORY));
    world_release(&w);
}

static void sees_a_change_of_level_and_what_it_may_be_from(void **state)
{
    (void)state;
    for (int changed = 0; changed < 2; changed++) {
        uint64_t seed = 5;
        begin(14);
        int64_t at = WORLD_FROM + 8 * RS_DAY_SECONDS + 15 * 3600;
        struct rs_series *cpu = world_cpu(&w, 20.0), *memory = world_memory(&w, 4.0);
        for (size_t i = 0; i < cpu->slots; i++) {
            cpu->values[i] = changed == 0 && rs_series_at(cpu, i) >= at ? 50.0 : 20.0;
            memory->values[i] = changed == 1 && rs_series_at(cpu, i) >= at ? 9 * GIB : 4 * GIB;
        }
        add_noise(cpu, 0.9, 1.0, &seed);
        add_noise(memory, 0.9, 0.05 * GIB, &seed);
        w.work.last_type_change = changed == 1 ? at - 7200 : -1;
        world_advise(&w);
        enum rs_dimension d = changed == 1 ? RS_DIM_MEMORY : RS_DIM_CPU;
        const struct rs_observation *shift = seen("LevelShift", d);
        check_says(shift, changed == 1 ? "the type changed then" : "a deployment?");
        check_says(shift, "2008-01-18 15:00 UTC (p < 0.001)");
        assert_int_equal(shift->from, at);
        check_near(shift->value, changed == 1 ? 9 * GIB : 2.0, changed == 1 ? 0.1 * GIB : 0.05);
        check_near(shift->reference, changed == 1 ? 4 * GIB : 0.8, changed == 1 ? 0.1 * GIB : 0.05);
        assert_null(seen("Trend", d));
        world_release(&w);
    }
}

static void sees_a_trend_and_where_it_leads(void **state)
{
    (void)state;
    for (int days = 14; days <= 28; days += 14) {
        uint64_t seed = 6;
        begin(days);
        struct rs_series *cpu = world_cpu(&w, 0.0), *memory = world_memory(&w, 0.0);
        for (size_t i = 0; i < cpu->slots; i++) {
            cpu->values[i] = 60.0 - (double)i / 288.0;
            memory->values[i] = GIB * (4.0 + 0.1 * (double)i / 288.0);
        }
        add_noise(cpu, 0.9, 2.0, &seed);
        add_noise(memory, 0.9, 0.01 * GIB, &seed);
        world_advise(&w);
        const struct rs_observation *o = seen("Trend", RS_DIM_CPU);
        check_says(o, "CPU use falls by");
        check_says(o, "percentage points a day (95 %");
        check_says(o, "a day is");
        check_near(o->value, -0.04, 0.005);
        check_near(o->reference, 4 * (0.605 - 0.01 * days - 0.28), 0.15);
        assert_true(o->p <= 0.001);
        o = seen("MemoryLeakSuspected", RS_DIM_MEMORY);
        assert_non_null(o); /* memory that rises for weeks without a fall is told once */
        assert_null(seen("Trend", RS_DIM_MEMORY));
        world_release(&w);
    }
}

static void sees_a_trend_of_memory_that_is_no_leak(void **state)
{
    (void)state;
    uint64_t seed = 7;
    begin(28);
    world_cpu(&w, 20.0);
    struct rs_series *memory = world_memory(&w, 0.0);
    for (size_t i = 0; i < memory->slots; i++) { /* falls back a little each night */
        double day = (double)(i / 288), hour = (double)(i % 288) / 12.0;
        memory->values[i] = GIB * (4.0 + 0.05 * day + (hour > 6 && hour < 20 ? 1.0 : 0.0));
    }
    add_noise(memory, 0.9, 0.02 * GIB, &seed);
    world_advise(&w);
    assert_null(seen("MemoryLeakSuspected", RS_DIM_MEMORY));
    const struct rs_observation *o = seen("Trend", RS_DIM_MEMORY);
    check_says(o, "memory in use rises by 0.05 GiB a day");
    check_says(o, "of 16 GiB there are");
    world_release(&w);
}

static void misses_the_end_of_a_month(void **state)
{
    (void)state;
    begin(14);
    world_cpu(&w, 20.0);
    world_advise(&w);
    check_says(seen("NoMonthEnd", RS_DIM_CPU), "from 2008-01-10 to 2008-01-23");
    world_release(&w);
    begin(24); /* from 2007-12-31 on */
    struct rs_series *cpu = world_cpu(&w, 20.0);
    world_advise(&w);
    assert_null(seen("NoMonthEnd", RS_DIM_CPU));
    for (size_t i = 0; i < 2 * 288; i++) {
        cpu->values[i] = i == 0 ? 20.0 : NAN; /* one sample of its last day */
    }
    world_advise(&w);
    assert_null(seen("NoMonthEnd", RS_DIM_CPU));
    cpu->values[0] = NAN;
    world_advise(&w);
    assert_non_null(seen("NoMonthEnd", RS_DIM_CPU));
    world_release(&w);
    begin(6);
    world_cpu(&w, 20.0);
    world_advise(&w);
    assert_int_equal(w.advice.observation_count, 0);
    world_release(&w);
}

static void sees_nothing_in_coarse_constant_or_foreign_data(void **state)
{
    (void)state;
    begin(14);
    world_series(&w, RS_METRIC_CPU_PERCENT, RS_STATISTIC_MAX, 86400, 20.0);
    world_advise(&w);
    assert_int_equal(w.advice.observation_count, 0);
    world_release(&w);
    begin(14);
    world_cpu(&w, 20.0);
    world_memory(&w, 4.0);
    world_network(&w, 1e5);
    world_advise(&w);
    assert_int_equal(w.advice.observation_count, 1); /* NoMonthEnd */
    w.market.foreign = true;
    world_advise(&w);
    assert_int_equal(w.advice.observation_count, 0);
    world_release(&w);
}

static void rounds_what_libraries_do_not_agree_on(void **state)
{
    (void)state;
    static const struct {
        double p, want;
        const char *text;
    } rows[] = {{0.0, 0.0, "p < 0.001"},
                {9e-7, 0.0, "p < 0.001"},
                {1.23456e-5, 1.23e-5, "p < 0.001"},
                {0.00123456, 0.00123, "p = 0.0012"},
                {0.0099999, 0.01, "p = 0.01"},
                {1.0, 1.0, "p = 1"}};
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct rs_observation o;
        char text[RS_SHAPE_TEXT];
        rs_shape_chance(&o, rows[i].p, text);
        check_near(o.p, rows[i].want, 1e-15);
        assert_string_equal(text, rows[i].text);
    }
    check_near(rs_shape_strength(0.12349), 0.123, 1e-15);
}

static void is_seldom_alarmed_by_noise(void **state)
{
    (void)state;
    static const struct {
        int days;
        double phi; /* of samples 5 minutes apart */
    } rows[] = {{7, 0.0}, {7, 0.99}, {14, 0.99}, {28, 0.99}};
    uint64_t seed = 8;
    for (size_t row = 0; row < COUNT_OF(rows); row++) {
        int alarms = 0, machines = rows[row].days > 14 ? 60 : 120;
        for (int i = 0; i < machines; i++) {
            begin(rows[row].days);
            add_noise(world_cpu(&w, 40.0), rows[row].phi, 10.0, &seed);
            add_noise(world_memory(&w, 8.0), rows[row].phi, GIB, &seed);
            world_advise(&w);
            for (size_t o = 0; o < w.advice.observation_count; o++) {
                alarms += strcmp(w.advice.observations[o].code, "NoMonthEnd") != 0;
            }
            world_release(&w);
        }
        if (alarms * 50 > machines) {
            fail_msg("%d days, phi %g: %d of %d", rows[row].days, rows[row].phi, alarms, machines);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sees_an_offices_days_weeks_and_off_hours),
        cmocka_unit_test(sees_the_working_days_of_a_single_week),
        cmocka_unit_test(tells_no_off_hours_in_which_something_happens),
        cmocka_unit_test(sees_a_leak_and_calls_it_neither_step_nor_trend),
        cmocka_unit_test(sees_a_change_of_level_and_what_it_may_be_from),
        cmocka_unit_test(sees_a_trend_and_where_it_leads),
        cmocka_unit_test(sees_a_trend_of_memory_that_is_no_leak),
        cmocka_unit_test(misses_the_end_of_a_month),
        cmocka_unit_test(sees_nothing_in_coarse_constant_or_foreign_data),
        cmocka_unit_test(rounds_what_libraries_do_not_agree_on),
        cmocka_unit_test(is_seldom_alarmed_by_noise),
    };
    return cmocka_run_group_tests_name("shape", tests, NULL, NULL);
}
