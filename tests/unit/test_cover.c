/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rightsize/cover.h"

#include "../support/check.h"

#include <stdlib.h>

static struct rs_offer offer(const char *type, const char *size, double price, double reserved)
{
    return (struct rs_offer){
        .type = type, .family = "m5", .size = size, .price = price, .reserved_1y = reserved};
}

static const struct rs_catalog_info info = {.provider = "aws", .currency = "USD"};

static struct rs_gist gist(const char *id, const struct rs_offer *now, const struct rs_offer *then)
{
    return (struct rs_gist){.id = id,
                            .region = "us-east-1",
                            .catalog = &info,
                            .offer_now = now,
                            .offer_then = then,
                            .runs = true};
}

static struct rs_commitment reserved(char *type, int64_t count)
{
    return (struct rs_commitment){.kind = RS_COMMITMENT_RESERVED,
                                  .type = type,
                                  .family = "m5",
                                  .region = "us-east-1",
                                  .platform = "Linux/UNIX",
                                  .flexible = true,
                                  .count = count,
                                  .start = 0,
                                  .end = 100};
}

static void cover(struct rs_commitments *c, const struct rs_gist *gists, size_t count,
                  struct rs_cover *out)
{
    struct rs_error err;
    const struct rs_gist *list[4];
    for (size_t i = 0; i < count; i++) {
        list[i] = &gists[i];
    }
    check_ok(rs_cover_of(c, 50, "USD", list, count, out, &err));
}

static void leaving_what_is_paid_for_saves_nothing(void **state)
{
    (void)state;
    struct rs_offer big = offer("m5.2xlarge", "2xlarge", 0.4, NAN);
    struct rs_offer other = offer("c6a.large", "large", 0.1, NAN);
    other.family = "c6a";
    struct rs_commitment item = reserved("m5.2xlarge", 1);
    struct rs_commitments all = {&item, 1, 1, 0};
    struct rs_gist one = gist("i-1", &big, &other);
    struct rs_cover out;
    cover(&all, &one, 1, &out);
    check_near(out.saving, -0.1 * RS_HOURS_PER_MONTH, 1e-9); /* it would even cost more */
    check_near(out.used_now[0], 1, 0);
    check_near(out.used_then[0], 0, 0);
    assert_int_equal(out.count, 1);
    assert_string_equal(out.machines[0].id, "i-1");
    rs_cover_release(&out);
}

static void what_is_freed_covers_the_next_of_the_family(void **state)
{
    (void)state;
    struct rs_offer big = offer("m5.2xlarge", "2xlarge", 0.4, NAN);
    struct rs_offer half = offer("m5.xlarge", "xlarge", 0.2, NAN);
    struct rs_commitment item = reserved("m5.2xlarge", 1);
    struct rs_commitments all = {&item, 1, 1, 0};
    struct rs_gist two[] = {gist("i-1", &big, &half), gist("i-2", &half, &half)};
    struct rs_cover out;
    cover(&all, two, 2, &out);
    check_near(out.uncovered_now, 0.2 * RS_HOURS_PER_MONTH, 1e-9); /* i-2 whole, i-1 half */
    check_near(out.uncovered_then, 0, 1e-9);
    check_near(out.used_then[0], 1, 0);
    rs_cover_release(&out);
}

static void what_does_not_run_or_is_unknown_uses_nothing(void **state)
{
    (void)state;
    struct rs_offer big = offer("m5.2xlarge", "2xlarge", 0.4, NAN);
    struct rs_commitment item = reserved("m5.2xlarge", 3);
    struct rs_commitments all = {&item, 1, 1, 0};
    struct rs_gist list[] = {gist("i-1", &big, &big), gist("i-2", NULL, NULL)};
    list[0].runs = false;
    struct rs_cover out;
    cover(&all, list, 2, &out);
    check_near(out.used_now[0], 0, 0);
    check_near(out.uncovered_now, 0, 0);
    assert_int_equal(out.count, 0);
    rs_cover_release(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(leaving_what_is_paid_for_saves_nothing),
        cmocka_unit_test(what_is_freed_covers_the_next_of_the_family),
        cmocka_unit_test(what_does_not_run_or_is_unknown_uses_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
