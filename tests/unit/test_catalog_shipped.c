/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The catalog that is installed with the program. */
#include "catalog_load.h"

static void the_shipped_catalog_has_every_aws_type(void **state)
{
    (void)state;
    struct rs_catalog *catalog = load("catalog", "aws", "us-east-1");
    const struct rs_catalog_info *info = rs_catalog_info(catalog);
    assert_int_equal(rs_catalog_count(catalog), 1405);
    assert_int_equal(info->priced, 1372);
    assert_int_equal(info->estimated, 0);
    assert_string_equal(info->currency, "USD");
    const struct rs_offer *offer = rs_catalog_find(catalog, "m5.large");
    assert_true(close_to(offer->price, 0.096));
    assert_true(close_to(offer->cpu_score, 1) && close_to(offer->net_baseline, 0.75e9 / 8));
    assert_true(close_to(offer->ebs_baseline, 81.25e6) && close_to(offer->ebs_peak, 593.75e6));
    offer = rs_catalog_find(catalog, "t3.micro");
    assert_true(close_to(offer->burst_baseline, 0.1) && close_to(offer->credits_per_hour, 12));
    assert_true((offer->flags & RS_OFFER_BURSTABLE) != 0);
    offer = rs_catalog_find(catalog, "m7i-flex.large");
    assert_true(close_to(offer->burst_baseline, 0.4) && (offer->flags & RS_OFFER_FLEX) != 0);
    assert_true(isnan(offer->credits_per_hour));
    offer = rs_catalog_find(catalog, "m5.metal");
    assert_string_equal(offer->hypervisor, "none");
    assert_true((offer->flags & RS_OFFER_BARE_METAL) != 0);
    offer = rs_catalog_find(catalog, "mac2.metal");
    assert_string_equal(offer->architecture, "arm64_mac");
    assert_true(isnan(offer->price));
    assert_true((rs_catalog_find(catalog, "c1.medium")->flags & RS_OFFER_I386) != 0);
    assert_true((rs_catalog_find(catalog, "p3.2xlarge")->flags & RS_OFFER_DELISTED) != 0);
    rs_catalog_free(catalog);
}

static void the_shipped_types_agree_with_themselves(void **state)
{
    (void)state;
    static const char *const providers[] = {"aws", "azure", "gcp"};
    for (size_t p = 0; p < COUNT_OF(providers); p++) {
        bool aws = strcmp(providers[p], "aws") == 0;
        struct rs_catalog *catalog = load("catalog", providers[p], NULL);
        for (size_t i = 0; i < rs_catalog_count(catalog); i++) {
            const struct rs_offer *o = rs_catalog_at(catalog, i);
            assert_true(!(o->net_baseline > o->net_peak));
            assert_true(!(o->ebs_baseline > o->ebs_peak));
            assert_true(!(o->ebs_baseline_ops > o->ebs_peak_ops));
            assert_true(!(o->cores > o->vcpus));
            assert_true(!aws || (o->family != NULL && o->size != NULL && o->generation > 0));
            if (aws && (o->flags & RS_OFFER_BURSTABLE) != 0) {
                assert_true(close_to(o->credits_per_hour, o->burst_baseline * o->vcpus * 60));
            }
            assert_true(isnan(o->burst_baseline) ||
                        (o->flags & (RS_OFFER_BURSTABLE | RS_OFFER_FLEX)) != 0);
        }
        rs_catalog_free(catalog);
    }
}

static void every_shipped_region_loads_with_positive_prices(void **state)
{
    (void)state;
    static const struct {
        const char *provider;
        size_t regions, priced, estimated;
    } rows[] = {{"aws", 100, 23687, 6284}, {"azure", 57, 59338, 0}, {"gcp", 43, 12812, 0}};
    for (size_t p = 0; p < COUNT_OF(rows); p++) {
        struct rs_error err = {RS_OK, ""};
        char **regions = NULL;
        size_t count = 0, priced = 0, estimated = 0;
        assert_int_equal(rs_catalog_regions("catalog", rows[p].provider, &regions, &err), RS_OK);
        for (; regions[count] != NULL; count++) {
            struct rs_catalog *catalog = load("catalog", rows[p].provider, regions[count]);
            const struct rs_catalog_info *info = rs_catalog_info(catalog);
            double previous = 0;
            bool china = strcmp(regions[count], "cn-north-1") == 0;
            assert_string_equal(info->currency, china ? "CNY" : "USD");
            for (size_t i = 0; i < info->priced; i++) {
                const struct rs_offer *offer = rs_catalog_by_price(catalog, i);
                assert_true(offer->price > 0 && offer->price >= previous);
                assert_true(!(offer->reserved_1y > offer->price));
                previous = offer->price;
            }
            priced += info->priced - info->custom;
            estimated += info->estimated;
            rs_catalog_free(catalog);
        }
        rs_catalog_regions_free(regions);
        assert_int_equal(count, rows[p].regions);
        assert_int_equal(priced, rows[p].priced);
        assert_int_equal(estimated, rows[p].estimated);
    }
}

static void custom_shapes_follow_the_rules_of_their_series(void **state)
{
    (void)state;
    struct rs_catalog *catalog = load("catalog", "gcp", "us-central1");
    /* The vendor's own list prices of custom E2: 0.02289 a vCPU and 0.003067 a GiB (rounded). */
    const struct rs_offer *offer = rs_catalog_find(catalog, "e2-custom-6-24576");
    assert_non_null(offer);
    assert_true(fabs(offer->price - (6 * 0.02289 + 24 * 0.003067)) < 2e-4);
    assert_true((offer->flags & RS_OFFER_CUSTOM) != 0);
    assert_true((offer->flags & RS_OFFER_PRICE_ESTIMATED) != 0);
    assert_string_equal(offer->family, "e2");
    assert_string_equal(offer->architecture, "x86_64");
    assert_true(isnan(offer->net_peak));
    assert_non_null(rs_catalog_find(catalog, "custom-1-1024"));   /* n1 has no prefix */
    assert_null(rs_catalog_find(catalog, "e2-custom-8-32768"));   /* that is e2-standard-8 */
    assert_null(rs_catalog_find(catalog, "e2-custom-34-34816"));  /* 32 vCPUs at most */
    assert_null(rs_catalog_find(catalog, "e2-custom-32-163840")); /* 128 GiB at most */
    assert_null(rs_catalog_find(catalog, "n2-custom-34-34816"));  /* beyond 32 by fours */
    assert_non_null(rs_catalog_find(catalog, "n2-custom-36-36864"));
    for (size_t i = 0; i < rs_catalog_count(catalog); i++) {
        const struct rs_offer *o = rs_catalog_at(catalog, i);
        double ratio = o->memory_bytes / MIB / 1024 / o->vcpus;
        assert_true((o->flags & RS_OFFER_CUSTOM) == 0 || (ratio >= 0.5 && ratio <= 8));
    }
    assert_true(rs_catalog_info(catalog)->custom > 500);
    assert_int_equal(rs_catalog_info(catalog)->estimated, 0);
    rs_catalog_free(catalog);
    catalog = load("catalog", "gcp", NULL);
    assert_int_equal(rs_catalog_info(catalog)->custom, 0);
    assert_int_equal(rs_catalog_count(catalog), 571); /* no prices, no shapes */
    rs_catalog_free(catalog);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_shipped_catalog_has_every_aws_type),
        cmocka_unit_test(the_shipped_types_agree_with_themselves),
        cmocka_unit_test(every_shipped_region_loads_with_positive_prices),
        cmocka_unit_test(custom_shapes_follow_the_rules_of_their_series),
    };
    return cmocka_run_group_tests_name("catalog_shipped", tests, NULL, NULL);
}
