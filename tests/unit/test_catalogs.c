/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What --catalog, --prices and --match-region choose. */
#include "cli/catalogs.h"

#include "../support/check.h"

#include <stdlib.h>

#define OWN "tests/fixtures/catalog-import/own.json"

static struct rs_context context_of(const char *catalog, const char *prices, const char *match)
{
    struct rs_context context = {
        .globals = {.catalog = catalog, .prices = prices}, .out = stdout, .notes = stderr};
    if (match != NULL) {
        context.globals.match_region.items[context.globals.match_region.count++] = match;
    }
    return context;
}

static enum rs_status note(void *payload, const struct rs_catalog *catalog,
                           enum rs_region_basis basis, struct rs_error *err)
{
    const struct rs_catalog_info *info = rs_catalog_info(catalog);
    (void)err;
    rs_buffer_printf(payload, "%s %s%s;", info->provider,
                     info->region != NULL ? info->region : "anywhere",
                     basis == RS_REGION_DEFAULT ? " (default)" : "");
    return RS_OK;
}

static void check_each(const char *catalog, const char *match, bool all, const char *want)
{
    struct rs_error err = {RS_OK, ""};
    struct rs_catalogs *catalogs = NULL;
    struct rs_buffer got;
    const struct rs_context context = context_of(catalog, NULL, match);
    rs_buffer_init(&got);
    check_ok(rs_catalogs_open(&context, &catalogs, &err));
    check_ok(rs_catalogs_each(catalogs, all, note, &got, &err));
    assert_string_equal(got.data, want);
    rs_catalogs_close(catalogs);
    rs_buffer_release(&got);
}

static void compares_with_the_clouds_that_are_named(void **state)
{
    (void)state;
    check_each(NULL, NULL, false, "");
    check_each(NULL, NULL, true,
               "aws us-east-1 (default);azure eastus (default);gcp us-central1 (default);");
    check_each("gcp,aws", NULL, false, "gcp us-central1 (default);aws us-east-1 (default);");
    check_each("gcp,gcp", "gcp=europe-west3", true, "gcp europe-west3;");
    check_each("aws," OWN, "gcp=europe-west3", false, "aws us-east-1 (default);acme anywhere;");
    check_each("tests/fixtures/catalog-tiny", NULL, false, "");
}

static void serves_what_is_asked_for_whoever_is_named(void **state)
{
    struct rs_error err = {RS_OK, ""};
    struct rs_catalogs *catalogs = NULL;
    const struct rs_catalog *got = NULL, *again = NULL;
    const struct rs_context context = context_of("azure," OWN, NULL, NULL);
    (void)state;
    check_ok(rs_catalogs_open(&context, &catalogs, &err));
    check_ok(rs_catalogs_get(catalogs, "aws", "eu-west-1", &got, &err));
    assert_non_null(rs_catalog_find(got, "m5.large"));
    check_ok(rs_catalogs_get(catalogs, "aws", "eu-west-1", &again, &err));
    assert_true(got == again); /* loaded once */
    check_ok(rs_catalogs_get(catalogs, "acme", "hall-7", &got, &err));
    assert_non_null(rs_catalog_find(got, "rack.small"));
    check_ok(rs_catalogs_get(catalogs, "acme", NULL, &got, &err));
    assert_non_null(got);
    static const char *const absent[][2] = {
        {"aws", "eu-nowhere-1"}, {"nobody", "x"}, {"aws", NULL}, {NULL, "x"}};
    for (size_t i = 0; i < COUNT_OF(absent); i++) {
        for (int twice = 0; twice < 2; twice++) {
            got = again;
            check_ok(rs_catalogs_get(catalogs, absent[i][0], absent[i][1], &got, &err));
            assert_null(got);
        }
    }
    check_fails(rs_catalogs_load(catalogs, "gcp", "europe-west33", &got, &err), RS_ENODATA,
                "near it: europe-west3");
    rs_catalogs_close(catalogs);
    rs_catalogs_close(NULL);
}

static void own_prices_hold_in_every_catalog(void **state)
{
    struct rs_error err = {RS_OK, ""};
    struct rs_catalogs *catalogs = NULL;
    const struct rs_catalog *got = NULL;
    const struct rs_context context =
        context_of(OWN, "tests/fixtures/catalog-import/prices.csv", NULL);
    (void)state;
    check_ok(rs_catalogs_open(&context, &catalogs, &err));
    check_ok(rs_catalogs_get(catalogs, "aws", "eu-west-1", &got, &err));
    check_near(rs_catalog_find(got, "m5.large")->price, 0.05, 0);
    check_ok(rs_catalogs_get(catalogs, "acme", NULL, &got, &err));
    check_near(rs_catalog_find(got, "rack.large")->price, 0.7, 0);
    rs_catalogs_close(catalogs);
}

static void refuses_what_names_nothing(void **state)
{
    static const struct {
        const char *catalog, *prices, *match;
        enum rs_status status;
        const char *says;
    } cases[] = {
        {"aws,awz", NULL, NULL, RS_EUSAGE, "'awz' is no provider"},
        {"./none", NULL, NULL, RS_EIO, "./none"},
        {"tests/fixtures/catalog-import/spot.json", NULL, NULL, RS_EINPUT, "spot.json"},
        {"aws", "tests/fixtures/none.csv", NULL, RS_EIO, "none.csv"},
        {"aws", OWN, NULL, RS_EINPUT, "own.json"},
        {"aws", NULL, "gcp", RS_EUSAGE, "--match-region"},
        {"tests", NULL, NULL, RS_EUSAGE, "'tests' is no provider"},
    };
    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct rs_error err;
        struct rs_catalogs *catalogs = NULL;
        const struct rs_context context =
            context_of(cases[i].catalog, cases[i].prices, cases[i].match);
        check_fails(rs_catalogs_open(&context, &catalogs, &err), cases[i].status, cases[i].says);
    }
}

static void the_users_folder_is_looked_into_first(void **state)
{
    struct rs_error err = {RS_OK, ""};
    struct rs_catalogs *catalogs = NULL;
    const struct rs_context context =
        context_of("gcp,catalog,tests/fixtures/catalog-tiny", NULL, NULL);
    struct rs_buffer folder;
    size_t count = 0;
    (void)state;
    check_ok(rs_catalogs_open(&context, &catalogs, &err));
    const char *const *folders = rs_catalogs_folders(catalogs, &count);
    assert_int_equal(count, 2);
    assert_string_equal(folders[0], "catalog");
    rs_catalogs_close(catalogs);
    rs_buffer_init(&folder);
    assert_int_equal(setenv("XDG_DATA_HOME", "/somewhere", 1), 0);
    check_ok(rs_catalogs_user_folder(&folder, &err));
    assert_string_equal(folder.data, "/somewhere/rightsize/catalog");
    rs_buffer_clear(&folder);
    assert_int_equal(setenv("XDG_DATA_HOME", "relative", 1), 0);
    assert_int_equal(setenv("HOME", "/home/me", 1), 0);
    check_ok(rs_catalogs_user_folder(&folder, &err));
    assert_string_equal(folder.data, "/home/me/.local/share/rightsize/catalog");
    rs_buffer_release(&folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(compares_with_the_clouds_that_are_named),
        cmocka_unit_test(serves_what_is_asked_for_whoever_is_named),
        cmocka_unit_test(own_prices_hold_in_every_catalog),
        cmocka_unit_test(refuses_what_names_nothing),
        cmocka_unit_test(the_users_folder_is_looked_into_first),
    };
    setenv("RIGHTSIZE_CATALOG", "catalog", 1);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
