/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "advise/notes.h"

#include "advise_world.h"

/* m.xlarge at 10 %, 3 GiB and 1 MB/s: all measured, all well. */
static void world_of_a_quiet_machine(struct world *w)
{
    world_init(w, "m.xlarge");
    world_cpu(w, 10);
    world_memory(w, 3);
    world_network(w, 1e6);
}

static void keep_from(struct world *w, size_t first)
{
    for (size_t s = 0; s < w->series_count; s++) {
        for (size_t i = 0; i < first; i++) {
            w->series[s].values[i] = NAN;
        }
    }
}

static void a_well_measured_machine_needs_no_notes(void **state)
{
    (void)state;
    struct world w;
    world_of_a_quiet_machine(&w);
    const struct rs_advice *a = world_advise(&w);
    assert_int_equal(a->note_count, 0);
    assert_int_equal(a->confidence, RS_CONFIDENCE_HIGH);
    assert_true(isnan(a->memory_unlock_monthly));
    world_release(&w);
}

static void confidence_falls_with_what_is_known(void **state)
{
    (void)state;
    static const struct {
        size_t from;  /* first slot of 4032 with samples */
        size_t every; /* one of so many slots is a gap; 0: none */
        bool no_memory, estimated;
        enum rs_confidence want;
        const char *code;
    } rows[] = {
        {0, 0, false, false, RS_CONFIDENCE_HIGH, NULL},
        {7 * 288, 0, false, false, RS_CONFIDENCE_HIGH, NULL},
        {7 * 288 + 1, 0, false, false, RS_CONFIDENCE_MEDIUM, "ShortHistory"},
        {4032 - 360, 0, false, false, RS_CONFIDENCE_MEDIUM, "ShortHistory"},
        {4032 - 359, 0, false, false, RS_CONFIDENCE_LOW, "LowData"},
        {0, 4, false, false, RS_CONFIDENCE_MEDIUM, "SparseData"},
        {0, 6, false, false, RS_CONFIDENCE_HIGH, "RunsPartTime"},
        {0, 0, true, false, RS_CONFIDENCE_MEDIUM, "MemoryUnknown"},
        {0, 0, false, true, RS_CONFIDENCE_MEDIUM, "PriceEstimated"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct world w;
        world_of_a_quiet_machine(&w);
        keep_from(&w, rows[i].from);
        for (size_t k = 1; rows[i].every > 0 && k < 4031; k += rows[i].every) {
            w.series[0].values[k] = NAN;
        }
        if (rows[i].no_memory) {
            w.series[1].metric = RS_METRIC_SWAP_USED_PERCENT;
        }
        world_find(&w, "m.small")->flags |= rows[i].estimated ? RS_OFFER_PRICE_ESTIMATED : 0U;
        const struct rs_advice *a = world_advise(&w);
        assert_int_equal(a->confidence, rows[i].want);
        assert_true(rows[i].code == NULL || world_note(a, rows[i].code) != NULL);
        assert_int_equal(a->note_count > 0, rows[i].code != NULL);
        world_release(&w);
    }
}

static void gaps_in_more_than_half_the_span_leave_low_confidence(void **state)
{
    (void)state;
    struct world w;
    world_of_a_quiet_machine(&w);
    for (size_t i = 1; i < 4031; i++) {
        w.series[0].values[i] = i % 3 == 0 ? 10 : NAN;
    }
    const struct rs_advice *a = world_advise(&w);
    assert_int_equal(a->confidence, RS_CONFIDENCE_LOW);
    assert_string_equal(world_note(a, "SparseData"),
                        "samples cover 33 % of the time between the first and the last");
    assert_string_equal(world_note(a, "RunsPartTime"),
                        "samples cover 33 % of the hours; the saving for those hours only would be "
                        "36.53 USD a month");
    w.market.currency = "CNY";
    assert_non_null(strstr(world_note(world_advise(&w), "RunsPartTime"), "36.53 CNY a month"));
    world_release(&w);
}

static void part_time_without_a_saving_names_none(void **state)
{
    (void)state;
    struct world w;
    world_init(&w, "m.small");
    world_cpu(&w, 10);
    for (size_t i = 1; i < 4031; i += 2) {
        w.series[0].values[i] = NAN;
    }
    const struct rs_advice *a = world_advise(&w);
    assert_string_equal(world_note(a, "RunsPartTime"), "samples cover 50 % of the hours");
    world_release(&w);
}

static void unknown_memory_says_what_it_could_unlock(void **state)
{
    (void)state;
    struct world w;
    world_init(&w, "m.xlarge");
    world_cpu(&w, 10);
    world_network(&w, 1e6);
    const struct rs_advice *a = world_advise(&w); /* r.large for 0.126; m.small for 0.05 */
    assert_string_equal(world_first(a), "r.large");
    check_near(a->memory_unlock_monthly, 0.076 * 730, 1e-9);
    assert_string_equal(
        world_note(a, "MemoryUnknown"),
        "memory was not measured, so no offer has less than today's 16 GiB; collect CWAgent "
        "mem_used_percent with the InstanceId dimension; it could save at most 55.48 USD a "
        "month more");
    w.policy.min_saving = 0.5; /* r.large saves less, m.small more */
    a = world_advise(&w);
    assert_string_equal(world_first(a), "keep");
    check_near(a->memory_unlock_monthly, 0.15 * 730, 1e-9);
    w.policy.min_saving = 0.9;
    a = world_advise(&w);
    assert_true(isnan(a->memory_unlock_monthly));
    assert_non_null(world_note(a, "MemoryUnknown"));
    world_release(&w);
}

static void an_idle_machine_is_told_to_stop(void **state)
{
    (void)state;
    struct world w;
    world_init(&w, "m.large");
    world_cpu(&w, 1.25);
    world_memory(&w, 3);
    world_network(&w, 10);
    const struct rs_advice *a = world_advise(&w);
    assert_string_equal(world_note(a, "Idle"),
                        "nothing seems to use it: at most 1.2 % of the CPU, 1.73 MB of network a "
                        "day; to stop or terminate it would save 73.00 USD a month");
    world_find(&w, "m.large")->price = NAN;
    a = world_advise(&w);
    assert_int_equal(a->finding, RS_FINDING_IDLE);
    assert_string_equal(world_note(a, "Idle"), "nothing seems to use it: at most 1.2 % of the CPU, "
                                               "1.73 MB of network a day");
    world_release(&w);
}

static void circumstances_of_the_price_are_told(void **state)
{
    (void)state;
    static const struct {
        const char *platform, *lifecycle, *tenancy, *group, *code, *part;
    } rows[] = {
        {"Linux/UNIX", "normal", "default", NULL, NULL, NULL},
        {"Windows", NULL, NULL, NULL, "PriceIsLinux", "licence of Windows"},
        {"windows", NULL, NULL, NULL, "PriceIsLinux", "licence of windows"},
        {"Red Hat Enterprise Linux", NULL, NULL, NULL, "PriceIsLinux", "Red Hat"},
        {"SUSE Linux", NULL, NULL, NULL, "PriceIsLinux", "SUSE"},
        {NULL, "spot", NULL, NULL, "Spot", "on-demand prices"},
        {NULL, NULL, "dedicated", NULL, "Dedicated", "dedicated"},
        {NULL, NULL, "host", NULL, "Dedicated", "host"},
        {NULL, NULL, NULL, "web", "GroupMember", "group web: change the launch template"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct world w;
        world_of_a_quiet_machine(&w);
        w.resource.platform = rows[i].platform;
        w.resource.lifecycle = rows[i].lifecycle;
        w.resource.tenancy = rows[i].tenancy;
        w.resource.group = rows[i].group;
        const struct rs_advice *a = world_advise(&w);
        assert_int_equal(a->note_count, rows[i].code == NULL ? 0 : 1);
        if (rows[i].code != NULL) {
            assert_non_null(world_note(a, rows[i].code));
            assert_non_null(strstr(world_note(a, rows[i].code), rows[i].part));
        }
        world_release(&w);
    }
}

static void limits_of_the_data_are_told(void **state)
{
    (void)state;
    struct world w;
    world_init(&w, "m.xlarge");
    world_memory(&w, 3);
    world_series(&w, RS_METRIC_CPU_PERCENT, RS_STATISTIC_AVG, 300, 10);
    const struct rs_advice *a = world_advise(&w);
    assert_string_equal(world_note(a, "MetricIsAverage"),
                        "only averages of the CPU were collected; peaks within 300 s are not seen");
    assert_non_null(world_note(a, "NetworkUnknown"));
    assert_int_equal(a->note_count, 2);
    world_series(&w, RS_METRIC_NET_IN_BYTES, RS_STATISTIC_AVG, 3600, 10);
    a = world_advise(&w);
    assert_string_equal(world_note(a, "CoarseData"),
                        "one sample stands for 3600 s of net_in_bytes_per_s");
    assert_null(world_note(a, "NetworkUnknown"));
    world_release(&w);
}

static void hostile_names_are_cut_off(void **state)
{
    (void)state;
    char name[5000];
    memset(name, '%', sizeof(name));
    name[sizeof(name) - 1] = '\0';
    struct world w;
    world_of_a_quiet_machine(&w);
    w.resource.group = name;
    w.resource.type = name;
    const struct rs_advice *a = world_advise(&w);
    assert_true(strlen(world_note(a, "TypeNotInCatalog")) < 100);
    w.resource.type = "m.xlarge";
    a = world_advise(&w);
    assert_true(strlen(world_note(a, "GroupMember")) < 256);
    world_release(&w);
}

static void notes_and_gates_beyond_their_room_are_dropped(void **state)
{
    (void)state;
    static char gates[RS_MAX_GATES + 5][8];
    struct world w = {0};
    struct rs_study study = {.out = &w.advice};
    for (size_t i = 0; i < RS_MAX_NOTES + 5; i++) {
        rs_study_note(&study, "Code", "%zu", i);
    }
    assert_int_equal(w.advice.note_count, RS_MAX_NOTES);
    for (size_t i = 0; i < COUNT_OF(gates); i++) {
        snprintf(gates[i], sizeof(gates[i]), "g%zu", i);
        rs_study_reject(&study, gates[i], 1);
        rs_study_reject(&study, "g0", 1);
    }
    assert_int_equal(w.advice.gate_count, RS_MAX_GATES);
    assert_int_equal(w.advice.gates[0].rejected, COUNT_OF(gates) + 1);
    assert_int_equal(w.advice.gates[1].rejected, 1);
}

#define PEAK_AT (WORLD_FROM + 3 * 3600 + 300)

static void the_highest_peak_names_its_cause(void **state)
{
    (void)state;
    static const struct {
        struct rs_peak_cause peak;
        const char *want;
    } rows[] = {
        {{PEAK_AT, 96, "rsync", "backup.service", 71},
         "the CPU peak of 2008-01-10 03:05 UTC is `backup.service` (rsync, 71 %)"},
        {{PEAK_AT, 96, "rsync", NULL, 48}, "the CPU peak of 2008-01-10 03:05 UTC is rsync (48 %)"},
        {{PEAK_AT, 96, "php", "web.service", 12},
         "the CPU peak of 2008-01-10 03:05 UTC has no single cause; busiest was `web.service` "
         "(php, 12 of 96 %)"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct world w;
        world_of_a_quiet_machine(&w);
        const struct rs_peak_cause peaks[] = {
            {WORLD_TO, 99, "after", NULL, 99}, rows[i].peak, {PEAK_AT - 900, 50, "cc1", NULL, 50}};
        w.work.peaks = peaks;
        w.work.peak_count = COUNT_OF(peaks);
        const struct rs_advice *a = world_advise(&w);
        assert_string_equal(world_note(a, "PeakCause"), rows[i].want);
        assert_int_equal(a->note_count, 1);
        world_release(&w);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_well_measured_machine_needs_no_notes),
        cmocka_unit_test(confidence_falls_with_what_is_known),
        cmocka_unit_test(gaps_in_more_than_half_the_span_leave_low_confidence),
        cmocka_unit_test(part_time_without_a_saving_names_none),
        cmocka_unit_test(unknown_memory_says_what_it_could_unlock),
        cmocka_unit_test(the_highest_peak_names_its_cause),
        cmocka_unit_test(an_idle_machine_is_told_to_stop),
        cmocka_unit_test(circumstances_of_the_price_are_told),
        cmocka_unit_test(limits_of_the_data_are_told),
        cmocka_unit_test(hostile_names_are_cut_off),
        cmocka_unit_test(notes_and_gates_beyond_their_room_are_dropped),
    };
    return cmocka_run_group_tests_name("notes", tests, NULL, NULL);
}
