/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../support/check.h"
#include "../support/json_layout.h"
#include "rightsize/proof.h"

static const struct rs_offer small = {.type = "m.small", .price = 0.1};
static const struct rs_offer large = {.type = "m.large", .price = 0.2};
static const struct rs_offer odd = {.type = "m.odd", .price = NAN};

static struct rs_replay replay_on(const struct rs_offer *offer, double memory_share)
{
    struct rs_replay r = {.offer = offer, .lowest_credits = NAN, .lowest_credits_at = -1};
    for (int d = 0; d < RS_DIM_COUNT; d++) {
        r.dimension[d] = (struct rs_shortfall){.share = NAN, .depth = NAN, .first_at = -1};
    }
    r.dimension[RS_DIM_MEMORY].known = true;
    r.dimension[RS_DIM_MEMORY].share = memory_share;
    r.dimension[RS_DIM_MEMORY].depth = 1.5;
    return r;
}

static void add(struct rs_backtest *test, const char *id, const char *currency, size_t policy,
                struct rs_replay now, struct rs_replay then)
{
    struct rs_error err;
    struct rs_resource resource = {.id = id};
    check_ok(rs_backtest_add(test, &resource, currency, policy, &now, &then, &err));
}

static void totals_count_moves_money_and_who_is_short(void **state)
{
    (void)state;
    struct rs_backtest test = {.trials = NULL};
    struct rs_backtest_totals t;
    add(&test, "i-1", "USD", 0, replay_on(&large, 0), replay_on(&small, 0.1));
    add(&test, "i-2", "USD", 0, replay_on(&small, 0.1), replay_on(&large, 0));
    add(&test, "i-3", "USD", 0, replay_on(&large, 0.1), replay_on(&large, 0.1));
    add(&test, "i-1", "USD", 1, replay_on(&large, 0), replay_on(&large, 0));
    rs_backtest_totals(&test, 0, &t);
    assert_int_equal(t.machines, 3);
    assert_int_equal(t.moves, 2);
    assert_int_equal(t.short_now, 2);
    assert_int_equal(t.short_then, 2);
    assert_int_equal(t.newly_short, 1);
    check_near(t.monthly_now, 0.5 * 730, 1e-9);
    check_near(t.monthly_then, 0.5 * 730, 1e-9);
    check_near(t.short_then_price, 0.4 / 0.5, 1e-12);
    assert_string_equal(t.currency, "USD");
    rs_backtest_totals(&test, 1, &t);
    assert_int_equal(t.machines, 1);
    assert_int_equal(t.moves, 0);
    rs_backtest_release(&test);
}

static void what_threads_add_is_put_in_the_order_of_the_fleet(void **state)
{
    (void)state;
    static const struct {
        int64_t ordinal;
        size_t policy;
        const char *id;
    } rows[] = {{2, 1, "i-2"}, {0, 0, "i-0"}, {2, 0, "i-2"},
                {1, 1, "i-1"}, {0, 1, "i-0"}, {1, 0, "i-1"}};
    struct rs_error err = {RS_OK, ""};
    struct rs_backtest test = {.trials = NULL};
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        test.ordinal = rows[i].ordinal;
        add(&test, rows[i].id, "USD", rows[i].policy, replay_on(&large, 0), replay_on(&large, 0));
    }
    for (int64_t k = 0; k < 4; k++) {
        struct rs_resource resource = {.id = k % 2 == 0 ? "even" : "odd"};
        test.ordinal = 9 - k;
        check_ok(rs_backtest_leave_out(&test, &resource, "no reason", &err));
    }
    rs_backtest_sort(&test);
    for (size_t i = 0; i < test.trial_count; i++) {
        assert_int_equal(test.trials[i].id[2] - '0', i / 2);
        assert_int_equal(test.trials[i].policy, i % 2);
    }
    assert_string_equal(test.untried[0].id, "odd");
    assert_true(test.untried[3].ordinal == 9);
    rs_backtest_release(&test);
}

static void money_of_two_currencies_is_not_added(void **state)
{
    (void)state;
    struct rs_backtest test = {.trials = NULL};
    struct rs_backtest_totals t;
    add(&test, "i-1", "CNY", 0, replay_on(&large, 0), replay_on(&small, 0));
    rs_backtest_totals(&test, 0, &t);
    assert_string_equal(t.currency, "CNY");
    add(&test, "i-2", "USD", 0, replay_on(&small, 0), replay_on(&small, 0));
    add(&test, "i-3", "USD", 0, replay_on(&odd, 0), replay_on(&small, 0));
    add(&test, "i-4", NULL, 0, replay_on(&small, 0), replay_on(&small, 0));
    rs_backtest_totals(&test, 0, &t);
    assert_string_equal(t.currency, "USD");
    assert_int_equal(t.machines, 4);
    assert_int_equal(t.other_currency, 3);
    check_near(t.monthly_now, 73, 1e-9);
    rs_backtest_release(&test);
}

static void hostile_names_reach_no_terminal(void **state)
{
    (void)state;
    struct rs_error err;
    struct rs_policy policy;
    struct rs_buffer text;
    struct rs_page page = {.width = 80};
    check_ok(rs_policy_preset(NULL, &policy, &err));
    struct rs_backtest test = {.policies = &policy, .policy_count = 1, .hidden = {86400, 172800}};
    struct rs_resource resource = {.id = "i-9", .name = "a\x1b[31mb"};
    add(&test, "i\n1", "USD", 0, replay_on(&large, 0), replay_on(&small, 0.1));
    check_ok(rs_backtest_leave_out(&test, &resource, "no\x07 data", &err));
    rs_buffer_init(&text);
    check_ok(rs_backtest_text(&test, &page, &text, &err));
    assert_null(strpbrk(text.data, "\x1b\x07"));
    assert_non_null(strstr(text.data, "i\\x0A1"));
    assert_non_null(strstr(text.data, "Would have been short"));
    assert_non_null(strstr(text.data, "Not judged: a\\x1B[31mb"));
    rs_buffer_clear(&text);
    check_ok(rs_backtest_json(&test, &text, &err));
    check_layout(text.data);
    assert_non_null(strstr(text.data, "\"newly_short\": 1"));
    assert_null(strpbrk(text.data, "\x1b\x07"));
    rs_buffer_release(&text);
    rs_backtest_release(&test);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(totals_count_moves_money_and_who_is_short),
        cmocka_unit_test(what_threads_add_is_put_in_the_order_of_the_fleet),
        cmocka_unit_test(money_of_two_currencies_is_not_added),
        cmocka_unit_test(hostile_names_reach_no_terminal),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
