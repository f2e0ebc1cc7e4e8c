/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A catalog as it is read: units, unknown values, prices and regions. */
#include "catalog_load.h"

static void converts_every_column_to_canonical_units(void **state)
{
    (void)state;
    struct rs_catalog *catalog = load(TINY, "aws", "xx-north-1");
    const struct rs_offer *offer = rs_catalog_find(catalog, "aa1.xlarge");
    assert_non_null(offer);
    assert_string_equal(offer->family, "aa1");
    assert_string_equal(offer->size, "xlarge");
    assert_string_equal(offer->category, "general");
    assert_string_equal(offer->architecture, "x86_64");
    assert_string_equal(offer->cpu_vendor, "Intel");
    assert_string_equal(offer->hypervisor, "nitro");
    assert_null(offer->gpu_model);
    assert_int_equal(offer->generation, 1);
    assert_true(offer->flags ==
                (RS_OFFER_HVM | RS_OFFER_CURRENT_GENERATION | RS_OFFER_ENA_SUPPORTED |
                 RS_OFFER_ENA_REQUIRED | RS_OFFER_NVME_EBS | RS_OFFER_PRICE_ESTIMATED));
    const struct {
        double got, want;
    } numbers[] = {
        {offer->vcpus, 4},
        {offer->cores, 2},
        {offer->memory_bytes, 16384 * MIB},
        {offer->clock_ghz, 3.1},
        {offer->cpu_score, 0.98},
        {offer->net_baseline, 1e8},
        {offer->net_peak, 1.25e9},
        {offer->max_enis, 3},
        {offer->ebs_baseline, 8e7},
        {offer->ebs_peak, 5e8},
        {offer->ebs_baseline_ops, 3600},
        {offer->ebs_peak_ops, 18000},
        {offer->max_attachments, 27},
        {offer->disk_count, 2},
        {offer->disk_bytes, 3e11},
        {offer->gpu_count, 0},
        {offer->accelerator_count, 0},
        {offer->price, 0.2},
    };
    for (size_t i = 0; i < COUNT_OF(numbers); i++) {
        assert_true(close_to(numbers[i].got, numbers[i].want));
    }
    assert_true(isnan(offer->burst_baseline) && isnan(offer->credits_per_hour));
    assert_true(isnan(offer->reserved_1y) && isnan(offer->reserved_3y));
    offer = rs_catalog_find(catalog, "bt3.micro");
    assert_true(close_to(offer->burst_baseline, 0.1) && close_to(offer->credits_per_hour, 12));
    assert_true(close_to(offer->credits_max, 288));
    assert_true((offer->flags & RS_OFFER_BURSTABLE) != 0);
    offer = rs_catalog_find(catalog, "bb2.metal");
    assert_string_equal(offer->gpu_model, "Nought");
    assert_true(close_to(offer->gpu_count, 0.5) && close_to(offer->gpu_memory_bytes, 1024 * MIB));
    assert_true((offer->flags & RS_OFFER_BARE_METAL) != 0);
    assert_true((offer->flags & RS_OFFER_DELISTED) != 0);
    assert_true((offer->flags & RS_OFFER_CURRENT_GENERATION) == 0);
    rs_catalog_free(catalog);
}

static void unknown_values_stay_unknown(void **state)
{
    (void)state;
    struct rs_catalog *catalog = load(TINY, "aws", "xx-north-1");
    const struct rs_offer *offer = rs_catalog_find(catalog, "bare");
    assert_non_null(offer);
    assert_true(close_to(offer->vcpus, 1) && close_to(offer->memory_bytes, 512 * MIB));
    assert_true(offer->flags == 0 && offer->generation == 0);
    assert_null(offer->family);
    assert_null(offer->size);
    assert_null(offer->architecture);
    const double unknown[] = {
        offer->cores,           offer->clock_ghz,    offer->cpu_score,       offer->burst_baseline,
        offer->credits_max,     offer->net_baseline, offer->net_peak,        offer->ebs_baseline,
        offer->ebs_peak,        offer->disk_count,   offer->disk_bytes,      offer->gpu_count,
        offer->price,           offer->max_enis,     offer->ebs_peak_ops,    offer->reserved_1y,
        offer->max_attachments, offer->net_packets,  offer->disk_throughput, offer->disk_ops};
    for (size_t i = 0; i < COUNT_OF(unknown); i++) {
        assert_true(isnan(unknown[i]));
    }
    assert_null(rs_catalog_find(catalog, "aa1"));
    assert_null(rs_catalog_find(catalog, ""));
    assert_null(rs_catalog_find(catalog, NULL));
    rs_catalog_free(catalog);
    rs_catalog_free(NULL);
}

static void info_tells_dates_currency_and_source(void **state)
{
    (void)state;
    struct rs_catalog *catalog = load(TINY, "aws", "xx-north-1");
    const struct rs_catalog_info *info = rs_catalog_info(catalog);
    assert_string_equal(info->provider, "aws");
    assert_string_equal(info->region, "xx-north-1");
    assert_string_equal(info->region_name, "Nowhere (North)");
    assert_string_equal(info->currency, "USD");
    assert_string_equal(info->facts_date, "2026-01-02");
    assert_string_equal(info->price_date, "2026-01-05");     /* the commonest of the rows */
    assert_string_equal(info->oldest_price_date, "2025-11"); /* of one row only */
    assert_string_equal(info->source, "invented facts; invented prices");
    assert_int_equal(info->priced, 4);
    assert_int_equal(info->estimated, 1);
    rs_catalog_free(catalog);

    catalog = load(TINY, "aws", "xx-north-2");
    info = rs_catalog_info(catalog);
    assert_string_equal(info->region_name, "xx-north-2");
    assert_string_equal(info->currency, "CNY");
    assert_string_equal(info->price_date, "2026-01-05");
    assert_string_equal(info->source, "invented facts");
    assert_int_equal(info->priced, 0);
    rs_catalog_free(catalog);
}

static void without_a_region_nothing_is_priced(void **state)
{
    (void)state;
    struct rs_catalog *catalog = load(TINY, "aws", NULL);
    const struct rs_catalog_info *info = rs_catalog_info(catalog);
    assert_int_equal(rs_catalog_count(catalog), 5);
    assert_int_equal(info->priced, 0);
    assert_null(info->region);
    assert_null(info->currency);
    assert_null(info->price_date);
    for (size_t i = 0; i < rs_catalog_count(catalog); i++) {
        assert_true(isnan(rs_catalog_at(catalog, i)->price));
    }
    rs_catalog_free(catalog);
}

static void orders_by_price_then_by_name(void **state)
{
    (void)state;
    static const char *const names[] = {"bt3.micro", "aa1.large", "bb2.metal", "aa1.xlarge"};
    struct rs_catalog *catalog = load(TINY, "aws", "xx-north-1");
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        assert_string_equal(rs_catalog_by_price(catalog, i)->type, names[i]);
    }
    rs_catalog_free(catalog);
}

static const struct {
    const char *directory, *provider, *region;
    enum rs_status status;
    const char *text; /* within the message */
} failures[] = {
    {"tests/fixtures/catalog-none", "aws", NULL, RS_EIO, "catalog-none/index.json"},
    {TINY, "ibm", NULL, RS_ENODATA, "provider 'ibm' is not in the catalog (aws, plain)"},
    {TINY, "aws", "xx-nort-1", RS_ENODATA,
     "region 'xx-nort-1' is not in the catalog; near it: xx-north-1, xx-north-2, xx-south-1"},
    {TINY, "aws", "", RS_ENODATA, "region '' is not in the catalog"},
    {TINY, "aws", "xx-south-1", RS_EIO, "aws/absent.json"},
    {TINY, "aws", "xx-east-1", RS_EINPUT, "'prices' is not the name of a file below the index"},
    {TINY, "plain", NULL, RS_EIO, "plain.json"},
};

static void says_what_is_not_there(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(failures); i++) {
        struct rs_error err = {RS_OK, ""};
        struct rs_catalog *catalog = (struct rs_catalog *)&err; /* to be left alone */
        assert_int_equal(rs_catalog_load(failures[i].directory, failures[i].provider,
                                         failures[i].region, &catalog, &err),
                         failures[i].status);
        assert_int_equal(err.code, failures[i].status);
        if (strstr(err.text, failures[i].text) == NULL) {
            fail_msg("'%s' lacks '%s'", err.text, failures[i].text);
        }
        assert_ptr_equal(catalog, (struct rs_catalog *)&err);
    }
}

static void lists_the_regions_sorted(void **state)
{
    (void)state;
    static const char *const names[] = {"xx-east-1", "xx-north-1", "xx-north-2", "xx-south-1"};
    struct rs_error err = {RS_OK, ""};
    char **regions = NULL;
    assert_int_equal(rs_catalog_regions(TINY, "aws", &regions, &err), RS_OK);
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        assert_string_equal(regions[i], names[i]);
    }
    assert_null(regions[COUNT_OF(names)]);
    rs_catalog_regions_free(regions);
    assert_int_equal(rs_catalog_regions(TINY, "plain", &regions, &err), RS_OK);
    assert_null(regions[0]);
    rs_catalog_regions_free(regions);
    rs_catalog_regions_free(NULL);
    assert_int_equal(rs_catalog_regions(TINY, "ibm", &regions, &err), RS_ENODATA);
    assert_int_equal(rs_catalog_regions("tests/fixtures/catalog-none", "aws", &regions, &err),
                     RS_EIO);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(converts_every_column_to_canonical_units),
        cmocka_unit_test(unknown_values_stay_unknown),
        cmocka_unit_test(info_tells_dates_currency_and_source),
        cmocka_unit_test(without_a_region_nothing_is_priced),
        cmocka_unit_test(orders_by_price_then_by_name),
        cmocka_unit_test(says_what_is_not_there),
        cmocka_unit_test(lists_the_regions_sorted),
    };
    return cmocka_run_group_tests_name("catalog", tests, NULL, NULL);
}
