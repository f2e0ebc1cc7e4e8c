/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/why.h"

#include "../support/check.h"
#include "report/page.h"

#include "rightsize/report.h"

#define GIB 1073741824.0

static struct rs_demand demand_of(double used, double capacity, double percentile)
{
    return (struct rs_demand){
        .known = true, .used = used, .need = used, .capacity = capacity, .percentile = percentile};
}

/* A t3.small of two vCPUs that uses 1.6 of them; `limit` is what its reason says it has. */
static struct rs_entry busy(double limit)
{
    struct rs_entry entry = {.type = "t3.small"};
    struct rs_advice *advice = &entry.advice;
    advice->finding = RS_FINDING_UNDER_PROVISIONED;
    advice->demand[RS_DIM_CPU] = demand_of(1.6, 2.0, 99.5);
    advice->demand[RS_DIM_MEMORY] = demand_of(1.0 * GIB, 2.0 * GIB, 100.0);
    advice->reasons[0] =
        (struct rs_reason){"CPUUnderprovisioned", RS_DIM_CPU, 1.8, limit, 1.6, 1793620800};
    advice->reason_count = 1;
    return entry;
}

static void check_why(const struct rs_entry *entry, bool brief, const char *expected)
{
    struct rs_buffer text;
    rs_buffer_init(&text);
    rs_why(entry, brief, &text);
    assert_string_equal(text.data, expected);
    rs_buffer_release(&text);
}

static void credits_that_run_out_are_named(void **state)
{
    (void)state;
    struct rs_entry entry = busy(0.4);
    assert_ptr_equal(rs_why_credits(&entry.advice), &entry.advice.reasons[0]);
    check_why(&entry, false,
              "CPU P99.5 80 % of 2 vCPU but 20 % once its credits run out, memory max 50 % of "
              "2 GiB");
    check_why(&entry, true, "CPU 80 %, credits run out, mem 50 %");
}

static void a_cpu_that_is_too_small_by_itself_does_not_blame_credits(void **state)
{
    (void)state;
    struct rs_entry entry = busy(2.0);
    assert_null(rs_why_credits(&entry.advice));
    check_why(&entry, true, "CPU 80 %, mem 50 %");
    entry.advice.reasons[0].code = "CPUOverprovisioned";
    entry.advice.reasons[0].limit = 0.4;
    assert_null(rs_why_credits(&entry.advice));
}

static void a_high_risk_of_the_choice_is_told(void **state)
{
    (void)state;
    static const struct {
        double risk;
        const char *expected;
    } rows[] = {{2.9, "CPU 80 %, mem 50 %"},
                {3.2, "CPU 80 %, mem 50 %; risk high"},
                {4.0, "CPU 80 %, mem 50 %; risk very high"},
                {NAN, "CPU 80 %, mem 50 %"}};
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct rs_entry entry = busy(2.0);
        entry.advice.option_count = 1;
        entry.advice.options[0].performance_risk = rows[i].risk;
        entry.advice.options[0].monthly_saving = 5.0;
        check_why(&entry, true, rows[i].expected);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(credits_that_run_out_are_named),
        cmocka_unit_test(a_high_risk_of_the_choice_is_told),
        cmocka_unit_test(a_cpu_that_is_too_small_by_itself_does_not_blame_credits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
