/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rightsize/commitment.h"

#include "../support/check.h"
#include "../support/scratch.h"

#include <stdlib.h>
#include <unistd.h>

#define AT 1763280000 /* 2025-11-16T08:00:00Z */

static void read_text(const char *json, const char *region, struct rs_commitments *out)
{
    struct rs_error err;
    char path[512];
    int fd = mkstemp(scratch_name(path, sizeof(path), "commitment"));
    assert_true(fd >= 0);
    assert_int_equal(write(fd, json, strlen(json)), (ssize_t)strlen(json));
    close(fd);
    *out = (struct rs_commitments){.items = NULL};
    check_ok(rs_commitments_read(out, path, region, &err));
    unlink(path);
}

static void refuse_text(const char *json, const char *part)
{
    struct rs_error err;
    struct rs_commitments out = {.items = NULL};
    char path[512];
    int fd = mkstemp(scratch_name(path, sizeof(path), "commitment"));
    assert_true(fd >= 0);
    assert_int_equal(write(fd, json, strlen(json)), (ssize_t)strlen(json));
    close(fd);
    check_fails(rs_commitments_read(&out, path, NULL, &err), RS_EINPUT, part);
    unlink(path);
    rs_commitments_release(&out);
}

#define RESERVED(type, count, more)                                                                \
    "{\"ReservedInstancesId\": \"r-1\", \"InstanceType\": \"" type "\", \"InstanceCount\": " count \
    ", \"ProductDescription\": \"Linux/UNIX\", \"State\": \"active\", "                            \
    "\"Start\": \"2025-03-01T00:00:00+00:00\", \"End\": \"2026-03-01T00:00:00+00:00\"" more "}"
#define ONE_RESERVED(type, count, more) "{\"ReservedInstances\": [" RESERVED(type, count, more) "]}"
#define PLAN(kind, amount, more)                                                                   \
    "{\"savingsPlans\": [{\"savingsPlanId\": \"p-1\", \"savingsPlanType\": \"" kind                \
    "\", \"state\": \"active\", \"currency\": \"USD\", \"commitment\": \"" amount                  \
    "\", \"start\": \"2025-03-01T00:00:00.000Z\", \"end\": \"2026-03-01T00:00:00.000Z\"" more      \
    "}]}"

static struct rs_committed_use use(const char *id, const char *type, const char *size, double price,
                                   double plan)
{
    return (struct rs_committed_use){.id = id,
                                     .type = type,
                                     .family = "m5",
                                     .size = size,
                                     .region = "us-east-1",
                                     .zone = "us-east-1a",
                                     .platform = "Linux/UNIX",
                                     .currency = "USD",
                                     .price = price,
                                     .plan_price = plan,
                                     .covered = NAN};
}

static void cover(struct rs_commitments *c, struct rs_committed_use *uses, size_t count)
{
    struct rs_error err;
    check_ok(rs_commitments_cover(c, AT, uses, count, &err));
}

static void sizes_have_awss_factors(void **state)
{
    (void)state;
    check_near(rs_size_factor("nano"), 0.25, 0);
    check_near(rs_size_factor("large"), 4, 0);
    check_near(rs_size_factor("xlarge"), 8, 0);
    check_near(rs_size_factor("24xlarge"), 192, 0);
    const char *const without[] = {"metal", "metal-24xl", "0xlarge", "2xlargest", "", "-2xlarge"};
    for (size_t i = 0; i < COUNT_OF(without); i++) {
        check_near(rs_size_factor(without[i]), 0, 0);
    }
    check_near(rs_size_factor(NULL), 0, 0);
}

static void a_regional_reservation_serves_small_sizes_of_its_family_first(void **state)
{
    (void)state;
    struct rs_commitments c;
    read_text(ONE_RESERVED("m5.xlarge", "1", ", \"Scope\": \"Region\""), "us-east-1", &c);
    struct rs_committed_use uses[] = {use("i-3", "m5.2xlarge", "2xlarge", 0.384, NAN),
                                      use("i-2", "m5.large", "large", 0.096, NAN),
                                      use("i-1", "c5.large", "large", 0.085, NAN)};
    uses[2].family = "c5";
    cover(&c, uses, COUNT_OF(uses));
    check_near(uses[1].covered, 1, 0);
    check_near(uses[0].covered, 0.25, 1e-12); /* 4 units are left of 8, of the 16 it needs */
    check_near(uses[2].covered, 0, 0);
    check_near(c.items[0].used, 1, 0);
    rs_commitments_release(&c);
}

static void a_smaller_machine_leaves_part_of_a_reservation_unused(void **state)
{
    (void)state;
    struct rs_commitments c;
    read_text(ONE_RESERVED("m5.xlarge", "2", ""), "us-east-1", &c);
    struct rs_committed_use uses[] = {use("i-1", "m5.large", "large", 0.096, NAN)};
    cover(&c, uses, 1);
    check_near(uses[0].covered, 1, 0);
    check_near(c.items[0].used, 0.25, 1e-12);
    rs_commitments_release(&c);
}

static void what_is_not_flexible_serves_its_own_type_only(void **state)
{
    (void)state;
    static const struct {
        const char *json;
    } rows[] = {
        {ONE_RESERVED("m5.xlarge", "9",
                      ", \"Scope\": \"Availability Zone\", \"AvailabilityZone\": \"us-east-1a\"")},
        {ONE_RESERVED("m5.xlarge", "9", ", \"InstanceTenancy\": \"dedicated\"")},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct rs_commitments c;
        read_text(rows[i].json, "us-east-1", &c);
        struct rs_committed_use uses[] = {use("i-1", "m5.large", "large", 0.096, NAN),
                                          use("i-2", "m5.xlarge", "xlarge", 0.192, NAN)};
        cover(&c, uses, COUNT_OF(uses));
        check_near(uses[0].covered, 0, 0);
        check_near(uses[1].covered, 1, 0);
        rs_commitments_release(&c);
    }
}

static void region_zone_platform_and_term_must_agree(void **state)
{
    (void)state;
    struct rs_commitments c;
    struct rs_error err;
    read_text(ONE_RESERVED("m5.large", "9", ""), "us-east-1", &c);
    struct rs_committed_use uses[] = {use("i-1", "m5.large", "large", 0.1, NAN),
                                      use("i-2", "m5.large", "large", 0.1, NAN),
                                      use("i-3", "m5.large", "large", 0.1, NAN)};
    uses[0].region = "eu-west-1";
    uses[1].platform = "Windows";
    uses[2].platform = NULL; /* the commonest is taken for granted */
    cover(&c, uses, COUNT_OF(uses));
    check_near(uses[0].covered, 0, 0);
    check_near(uses[1].covered, 0, 0);
    check_near(uses[2].covered, 1, 0);
    check_ok(rs_commitments_cover(&c, c.items[0].end, uses, COUNT_OF(uses), &err));
    check_near(uses[2].covered, 0, 0);
    assert_true(isnan(c.items[0].used));
    rs_commitments_release(&c);
}

static void a_plan_pays_first_where_it_saves_most(void **state)
{
    (void)state;
    struct rs_commitments c;
    read_text(PLAN("Compute", "0.10", ""), NULL, &c);
    struct rs_committed_use uses[] = {use("i-1", "m5.large", "large", 0.100, 0.080),
                                      use("i-2", "m5.xlarge", "xlarge", 0.200, 0.120),
                                      use("i-3", "m5.xlarge", "xlarge", 0.200, NAN)};
    cover(&c, uses, COUNT_OF(uses));
    check_near(uses[1].covered, 0.1 / 0.12, 1e-12);
    check_near(uses[0].covered, 0, 0);
    check_near(uses[2].covered, 0, 0);
    rs_commitments_release(&c);
}

static void reservations_go_before_plans_and_nothing_is_paid_twice(void **state)
{
    (void)state;
    struct rs_commitments c, plan;
    read_text(
        PLAN("EC2Instance", "1.0", ", \"ec2InstanceFamily\": \"m5\", \"region\": \"us-east-1\""),
        NULL, &plan);
    read_text(ONE_RESERVED("m5.large", "1", ""), "us-east-1", &c);
    struct rs_commitment both[] = {plan.items[0], c.items[0]};
    struct rs_commitments all = {both, 2, 2, 0};
    struct rs_committed_use uses[] = {use("i-1", "m5.large", "large", 0.1, 0.06),
                                      use("i-2", "m5.large", "large", 0.1, 0.06)};
    cover(&all, uses, COUNT_OF(uses));
    check_near(uses[0].covered, 1, 0);
    check_near(uses[1].covered, 1, 0);
    check_near(both[1].used, 1, 0);
    check_near(both[0].used, 0.06, 1e-12);
    rs_commitments_release(&c);
    rs_commitments_release(&plan);
}

static void the_order_of_the_machines_does_not_matter(void **state)
{
    (void)state;
    struct rs_commitments c;
    uint64_t seed = 7;
    read_text(ONE_RESERVED("m5.large", "3", ""), "us-east-1", &c);
    struct rs_committed_use uses[6];
    static const char *const ids[] = {"a", "b", "c", "d", "e", "f"};
    for (size_t i = 0; i < COUNT_OF(uses); i++) {
        uses[i] = i % 2 == 0 ? use(ids[i], "m5.large", "large", 0.1, NAN)
                             : use(ids[i], "m5.2xlarge", "2xlarge", 0.4, NAN);
    }
    for (int round = 0; round < 20; round++) {
        size_t a = check_random(&seed) % COUNT_OF(uses), b = check_random(&seed) % COUNT_OF(uses);
        struct rs_committed_use swap = uses[a];
        uses[a] = uses[b];
        uses[b] = swap;
        cover(&c, uses, COUNT_OF(uses));
        for (size_t i = 0; i < COUNT_OF(uses); i++) {
            check_near(uses[i].covered, strcmp(uses[i].size, "large") == 0 ? 1 : 0, 0);
        }
    }
    rs_commitments_release(&c);
}

static void what_is_not_active_or_not_for_ec2_is_passed_over(void **state)
{
    (void)state;
    struct rs_commitments c;
    read_text("{\"savingsPlans\": [{\"savingsPlanType\": \"SageMaker\", \"state\": \"active\"}, "
              "{\"savingsPlanType\": \"Compute\", \"state\": \"retired\"}], "
              "\"ReservedInstances\": [{\"State\": \"retired\"}]}",
              NULL, &c);
    assert_int_equal(c.count, 0);
    assert_int_equal(c.passed_over, 3);
    rs_commitments_release(&c);
}

static void what_cannot_be_read_is_refused_with_its_place(void **state)
{
    (void)state;
    refuse_text("{\"Reservations\": []}", "neither the answer");
    refuse_text("[", "line 1");
    refuse_text("{\"savingsPlans\": [7]}", "savingsPlans[0] is no object");
    refuse_text(ONE_RESERVED("m5.large", "1", ""), "ReservedInstances[0]: a regional reservation");
    refuse_text(ONE_RESERVED("m5.large", "0", ""), "InstanceCount");
    refuse_text(ONE_RESERVED("large", "1", ""), "'large' is not FAMILY.SIZE");
    refuse_text(PLAN("Compute", "-1", ""), "commitment");
    refuse_text(PLAN("EC2Instance", "1", ""), "ec2InstanceFamily");
    struct rs_error err;
    struct rs_commitments out = {.items = NULL};
    check_fails(rs_commitments_read(&out, "/nonexistent/ri.json", NULL, &err), RS_EIO,
                "/nonexistent/ri.json");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sizes_have_awss_factors),
        cmocka_unit_test(a_regional_reservation_serves_small_sizes_of_its_family_first),
        cmocka_unit_test(a_smaller_machine_leaves_part_of_a_reservation_unused),
        cmocka_unit_test(what_is_not_flexible_serves_its_own_type_only),
        cmocka_unit_test(region_zone_platform_and_term_must_agree),
        cmocka_unit_test(a_plan_pays_first_where_it_saves_most),
        cmocka_unit_test(reservations_go_before_plans_and_nothing_is_paid_twice),
        cmocka_unit_test(the_order_of_the_machines_does_not_matter),
        cmocka_unit_test(what_is_not_active_or_not_for_ec2_is_passed_over),
        cmocka_unit_test(what_cannot_be_read_is_refused_with_its_place),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
