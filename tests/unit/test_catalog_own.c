/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A user's own catalog and own prices, and the age of prices. */
#include "catalog_load.h"

#include "../support/scratch.h"
#include "rightsize/buffer.h"

#include <stdlib.h>
#include <unistd.h>

#define HEAD                                                                                       \
    "{\"format\": \"rightsize-catalog\", \"version\": 1, \"kind\": \"catalog\", "                  \
    "\"provider\": \"acme\", \"currency\": \"EUR\", \"date\": \"2026-11\", "

struct file {
    char path[512];
};

static void put(struct file *file, const char *text)
{
    int fd = mkstemp(scratch_name(file->path, sizeof(file->path), "own"));
    assert_true(fd >= 0);
    assert_int_equal(write(fd, text, strlen(text)), strlen(text));
    assert_int_equal(close(fd), 0);
}

static void a_file_of_few_columns_is_a_catalog(void **state)
{
    struct rs_error err = {RS_OK, ""};
    struct rs_catalog *catalog = NULL;
    struct file file;
    (void)state;
    put(&file, HEAD "\"columns\": [\"type\", \"vcpus\", \"memory_mib\", \"on_demand\", "
                    "\"price_date\", \"spot_saving_pct\", \"interruption\", \"watts_idle\"], "
                    "\"rows\": [[\"b.big\", 64, 1024, null, null, null, null, null], "
                    "[\"a.small\", 8, 512, 0.5, \"2026-10-02\", 40, 3, 12.5]]}");
    check_ok(rs_catalog_load_file(file.path, &catalog, &err));
    const struct rs_catalog_info *info = rs_catalog_info(catalog);
    assert_string_equal(info->provider, "acme");
    assert_string_equal(info->currency, "EUR");
    assert_null(info->region);
    assert_string_equal(info->price_date, "2026-10-02");
    assert_int_equal(info->priced, 1);
    assert_int_equal(rs_catalog_count(catalog), 2);
    const struct rs_offer *small = rs_catalog_find(catalog, "a.small");
    assert_string_equal(small->family, "a");
    check_near(small->price, 0.5, 0);
    check_near(small->spot_saving, 0.4, 1e-12);
    check_near(small->interruption, 3, 0);
    check_near(small->watts_idle, 12.5, 0);
    assert_true(isnan(small->watts_100) && isnan(small->net_baseline));
    assert_null(rs_catalog_find(catalog, "b.big")->price_date);
    assert_true(rs_catalog_by_price(catalog, 0) == small);
    rs_catalog_free(catalog);
    unlink(file.path);
}

static void refuses_own_catalogs_with_the_reason(void **state)
{
    static const struct {
        const char *text, *says;
    } cases[] = {
        {HEAD "\"columns\": [\"type\", \"vcpus\"], \"rows\": [[\"a\", 1]]}",
         "'memory_mib' is missing"},
        {HEAD "\"columns\": [\"type\", \"vcpus\", \"memory_mib\"], \"rows\": []}", "not one type"},
        {HEAD "\"columns\": [\"type\", \"vcpus\", \"memory_mib\"], \"rows\": [[\"a\", 0, 1]]}",
         "row 1: 'vcpus'"},
        {HEAD "\"columns\": [\"type\", \"vcpus\", \"memory_mib\"], \"rows\": [[\"a\", 1, 1], "
              "[\"a\", 2, 2]]}",
         "listed twice"},
        {HEAD "\"columns\": [\"type\", \"vcpus\", \"memory_mib\", \"reserved_1y\"], "
              "\"rows\": [[\"a\", 1, 1, 0.1]]}",
         "no 'on_demand'"},
        {HEAD "\"columns\": [\"type\", \"vcpus\", \"memory_mib\", \"on_demand\", \"price_date\"], "
              "\"rows\": [[\"a\", 1, 1, 0.1, \"soon\"]]}",
         "not YYYY-MM-DD"},
        {"{\"format\": \"rightsize-catalog\", \"version\": 1, \"kind\": \"types\"}", "'kind'"},
        {"{\"format\": \"rightsize-catalog\", \"version\": 1, \"kind\": \"catalog\", "
         "\"columns\": [\"type\", \"vcpus\", \"memory_mib\"], \"rows\": [[\"a\", 1, 1]]}",
         "'provider' is missing"},
    };
    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct rs_error err;
        struct rs_catalog *catalog = NULL;
        struct file file;
        put(&file, cases[i].text);
        check_fails(rs_catalog_load_file(file.path, &catalog, &err), RS_EINPUT, cases[i].says);
        assert_non_null(strstr(err.text, file.path));
        unlink(file.path);
    }
    struct rs_error err;
    struct rs_catalog *catalog = NULL;
    check_fails(rs_catalog_load_file("tests/fixtures/absent.json", &catalog, &err), RS_EIO,
                "absent");
}

static void own_prices_take_the_place_of_listed_ones(void **state)
{
    struct rs_error err = {RS_OK, ""};
    struct rs_catalog *catalog = NULL;
    struct rs_price_list *list = NULL;
    struct file file;
    (void)state;
    put(&file, "type,price\naa1.xlarge,0.001\nbare,7\nzz.none,1\nzz.other,2\n");
    check_ok(rs_price_list_read(file.path, &list, &err));
    catalog = load(TINY, "aws", "xx-north-1");
    assert_int_equal(rs_catalog_info(catalog)->estimated, 1);
    check_ok(rs_catalog_set_prices(catalog, list, &err));
    const struct rs_offer *offer = rs_catalog_find(catalog, "aa1.xlarge");
    check_near(offer->price, 0.001, 0);
    assert_true((offer->flags & RS_OFFER_PRICE_OVERRIDE) != 0);
    assert_true((offer->flags & RS_OFFER_PRICE_ESTIMATED) == 0);
    assert_null(offer->price_date);
    assert_int_equal(rs_catalog_info(catalog)->estimated, 0);
    assert_int_equal(rs_catalog_info(catalog)->priced, 5); /* one had no price before */
    assert_true(rs_catalog_by_price(catalog, 0) == offer);
    assert_string_equal(rs_catalog_by_price(catalog, 4)->type, "bare");
    assert_string_equal(rs_price_list_unmet(list, 0), "zz.none");
    assert_string_equal(rs_price_list_unmet(list, 1), "zz.other");
    assert_null(rs_price_list_unmet(list, 2));
    rs_catalog_free(catalog);
    rs_price_list_free(list);
    rs_price_list_free(NULL);
    unlink(file.path);
}

static void own_limits_stand_behind_the_prices(void **state)
{
    struct rs_error err = {RS_OK, ""};
    struct rs_catalog *catalog = NULL;
    struct rs_price_list *list = NULL;
    struct file file;
    (void)state;
    put(&file, "type,price,disk_iops,net_pps,disk_mbytes_per_s\naa1.xlarge,,30000,310000,\n"
               "aa1.large,0.5,,,230\n");
    check_ok(rs_price_list_read(file.path, &list, &err));
    catalog = load(TINY, "aws", "xx-north-1");
    double before = rs_catalog_find(catalog, "aa1.xlarge")->price;
    check_ok(rs_catalog_set_prices(catalog, list, &err));
    const struct rs_offer *offer = rs_catalog_find(catalog, "aa1.xlarge");
    check_same_double(offer->price, before);
    assert_true((offer->flags & RS_OFFER_PRICE_OVERRIDE) == 0);
    check_near(offer->disk_ops, 30000, 0);
    check_near(offer->net_packets, 310000, 0);
    assert_true(isnan(offer->disk_throughput));
    offer = rs_catalog_find(catalog, "aa1.large");
    check_near(offer->price, 0.5, 0);
    check_near(offer->disk_throughput, 230e6, 0);
    assert_true(isnan(offer->disk_ops) && isnan(offer->net_packets));
    assert_null(rs_price_list_unmet(list, 0));
    rs_catalog_free(catalog);
    rs_price_list_free(list);
    unlink(file.path);
}

static void refuses_own_prices_with_the_line(void **state)
{
    static const struct {
        const char *text, *says;
    } cases[] = {
        {"a,0\n", "line 1"},
        {"a,-1\n", "line 1"},
        {"a,1e9\n", "line 1"},
        {"type,price\na,1\nb,x\n", "line 3"},
        {"a,1,USD\n", "two fields"},
        {"a\n", "two fields"},
        {"type,price,net_pps,net_pps\n", "column 4"},
        {"type,price,vcpus\n", "column 3"},
        {"type,price,a,b,c,d\n", "column 3"},
        {"type,price,net_pps\na,1\n", "line 2: as many fields"},
        {"type,price,net_pps\na,1,0\n", "line 2"},
        {"type,price,disk_iops\na,1,x\n", "line 2"},
        {"type,price\na,\n", "line 2"},
        {",1\n", "two fields"},
        {"a,1\nb,2\na,3\n", "'a' has two prices"},
    };
    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct rs_error err;
        struct rs_price_list *list = NULL;
        struct file file;
        put(&file, cases[i].text);
        check_fails(rs_price_list_read(file.path, &list, &err), RS_EINPUT, cases[i].says);
        assert_non_null(strstr(err.text, file.path));
        unlink(file.path);
    }
    struct rs_error err;
    struct rs_price_list *list = NULL;
    check_fails(rs_price_list_read("tests/fixtures/absent.csv", &list, &err), RS_EIO, "absent");
}

static void tells_how_old_prices_are(void **state)
{
    const int64_t dated = 1767571200; /* 2026-01-05 */
    (void)state;
    struct rs_catalog *catalog = load(TINY, "aws", "xx-north-1");
    assert_int_equal(rs_catalog_price_age(catalog, dated), 0);
    assert_int_equal(rs_catalog_price_age(catalog, dated - 5), 0);
    assert_int_equal(rs_catalog_price_age(catalog, dated + RS_CATALOG_OLD_SECONDS), 90 * 86400);
    rs_catalog_free(catalog);
    catalog = load(TINY, "aws", NULL);
    assert_int_equal(rs_catalog_price_age(catalog, dated), -1);
    rs_catalog_free(catalog);
}

static void knows_providers_and_a_default_region(void **state)
{
    struct rs_error err = {RS_OK, ""};
    char **names = NULL, *region = NULL;
    (void)state;
    check_ok(rs_catalog_providers(TINY, &names, &err));
    assert_string_equal(names[0], "aws");
    assert_string_equal(names[1], "plain");
    assert_null(names[2]);
    rs_catalog_regions_free(names);
    check_ok(rs_catalog_default_region("catalog", "gcp", &region, &err));
    assert_string_equal(region, "us-central1");
    free(region);
    check_ok(rs_catalog_default_region(TINY, "aws", &region, &err)); /* none is named */
    assert_string_equal(region, "xx-north-1");
    free(region);
    check_fails(rs_catalog_default_region(TINY, "plain", &region, &err), RS_ENODATA, "no region");
    check_fails(rs_catalog_default_region(TINY, "nine", &region, &err), RS_ENODATA, "'nine'");
    check_fails(rs_catalog_providers("tests/fixtures", &names, &err), RS_EIO, "index.json");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_file_of_few_columns_is_a_catalog),
        cmocka_unit_test(refuses_own_catalogs_with_the_reason),
        cmocka_unit_test(own_prices_take_the_place_of_listed_ones),
        cmocka_unit_test(own_limits_stand_behind_the_prices),
        cmocka_unit_test(refuses_own_prices_with_the_line),
        cmocka_unit_test(tells_how_old_prices_are),
        cmocka_unit_test(knows_providers_and_a_default_region),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
