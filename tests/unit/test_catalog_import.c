/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rightsize/catalog_import.h"

#include "../support/check.h"
#include "rightsize/json.h"

#include <stdlib.h>

#define TINY "tests/fixtures/catalog-tiny"
#define FIXTURE "tests/fixtures/catalog-import/"
#define MAX_FILES 8

struct written { /* what an import would have written */
    char names[MAX_FILES][64];
    cJSON *files[MAX_FILES];
    size_t count;
    bool refuse;
};

static enum rs_status take_file(void *payload, const char *name, const struct rs_buffer *text,
                                struct rs_error *err)
{
    struct written *w = payload;
    if (w->refuse) {
        return rs_fail(err, RS_EIO, "the disk is full");
    }
    assert_true(w->count < MAX_FILES);
    snprintf(w->names[w->count], sizeof(w->names[0]), "%s", name);
    return rs_json_parse(text->data, text->length, &w->files[w->count++], err);
}

static void release(struct written *w)
{
    for (size_t i = 0; i < w->count; i++) {
        cJSON_Delete(w->files[i]);
    }
}

static const cJSON *file(const struct written *w, const char *name)
{
    for (size_t i = 0; i < w->count; i++) {
        if (strcmp(w->names[i], name) == 0) {
            return w->files[i];
        }
    }
    print_error("%s was not written\n", name);
    fail();
    return NULL;
}

/* The cell of a row and column of a written file; a failed test where it is not there. */
static const cJSON *cell(const cJSON *document, const char *type, const char *column)
{
    const cJSON *name = NULL, *row = NULL;
    int at = 0, key = 0, found = -1;
    cJSON_ArrayForEach(name, rs_json_member(document, "columns"))
    {
        key = strcmp(name->valuestring, "type") == 0 ? at : key;
        found = strcmp(name->valuestring, column) == 0 ? at : found;
        at++;
    }
    cJSON_ArrayForEach(row, rs_json_member(document, "rows"))
    {
        if (found >= 0 && strcmp(cJSON_GetArrayItem(row, key)->valuestring, type) == 0) {
            return cJSON_GetArrayItem(row, found);
        }
    }
    print_error("no %s of %s\n", column, type);
    fail();
    return NULL;
}

static double number(const cJSON *document, const char *type, const char *column)
{
    const cJSON *item = cell(document, type, column);
    return cJSON_IsNumber(item) ? item->valuedouble : NAN;
}

static enum rs_status read_text(struct rs_catalog_patch *patch, const char *text,
                                const char *region, struct rs_catalog_read *read,
                                struct rs_error *err)
{
    const struct rs_catalog_import import = {region, "2026-11-24"};
    struct rs_input *input = NULL;
    assert_int_equal(rs_input_open_memory(text, strlen(text), &input, err), RS_OK);
    enum rs_status rc = rs_catalog_patch_read(patch, input, &import, read, err);
    rs_input_close(input);
    return rc;
}

static void read_fixture(struct rs_catalog_patch *patch, const char *path, const char *format,
                         size_t taken)
{
    struct rs_error err = {RS_OK, ""};
    struct rs_catalog_read read;
    struct rs_buffer text;
    rs_buffer_init(&text);
    check_ok(rs_buffer_read_file(&text, path, 1 << 20, &err));
    check_ok(read_text(patch, text.data, NULL, &read, &err));
    assert_string_equal(read.format, format);
    assert_int_equal(read.taken, taken);
    rs_buffer_release(&text);
}

static struct rs_catalog_patch *new_patch(void)
{
    struct rs_error err = {RS_OK, ""};
    struct rs_catalog_patch *patch = NULL;
    check_ok(rs_catalog_patch_new(&patch, &err));
    return patch;
}

static void apply(struct rs_catalog_patch *patch, const char *base, struct written *out)
{
    struct rs_error err = {RS_OK, ""};
    struct rs_buffer told;
    const char *const folders[] = {"tests/fixtures/absent", base};
    rs_buffer_init(&told);
    *out = (struct written){.count = 0};
    check_ok(rs_catalog_patch_apply(patch, folders, 2, "2026-11-24", take_file, out, &told, &err));
    rs_buffer_release(&told);
}

static void instance_types_come_over_what_is_known(void **state)
{
    (void)state;
    struct written w;
    struct rs_catalog_patch *patch = new_patch();
    read_fixture(patch, FIXTURE "instance-types.json", "aws-instance-types", 2);
    apply(patch, "catalog", &w);
    assert_string_equal(w.names[w.count - 1], "index.json"); /* the last one, so that it is whole */
    const cJSON *types = file(&w, "aws/types.json");
    static const struct {
        const char *type, *column;
        double want; /* NaN: null */
    } cases[] = {
        {"zz9i.large", "vcpus", 2},
        {"zz9i.large", "cores", 1},
        {"zz9i.large", "memory_mib", 8192},
        {"zz9i.large", "generation", 9},
        {"zz9i.large", "i386", 1},
        {"zz9i.large", "clock_ghz", 3.9},
        {"zz9i.large", "net_baseline_gbps", 0.937},
        {"zz9i.large", "net_peak_gbps", 12.5},
        {"zz9i.large", "max_enis", 3},
        {"zz9i.large", "ena_required", 1},
        {"zz9i.large", "nvme_ebs", 1},
        {"zz9i.large", "ebs_baseline_mbytes_per_s", 81.25},
        {"zz9i.large", "ebs_peak_iops", 40000},
        {"zz9i.large", "disk_count", 1},
        {"zz9i.large", "disk_gb", 118},
        {"zz9i.large", "gpu_count", 0},
        {"zz9i.large", "max_attachments", 32},
        {"zz9i.large", "cpu_score", NAN},
        {"zz9i.large", "watts_idle", NAN},
        {"m5.large", "max_attachments", 99},
        {"m5.large", "cpu_score", 1},      /* not said, so kept */
        {"m5.large", "net_peak_gbps", 200} /* two cards of 200 in a machine of 200 */
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        double got = number(types, cases[i].type, cases[i].column);
        assert_true(isnan(got) == isnan(cases[i].want));
        assert_true(isnan(got) || fabs(got - cases[i].want) <= 1e-12);
    }
    assert_string_equal(cell(types, "zz9i.large", "architecture")->valuestring, "x86_64");
    assert_string_equal(cell(types, "zz9i.large", "facts_date")->valuestring, "2026-11-24");
    assert_true(cJSON_IsNull(cell(types, "m5.xlarge", "facts_date")));
    release(&w);
    rs_catalog_patch_free(patch);
}

static void a_spot_price_is_the_mean_of_the_newest_of_each_zone(void **state)
{
    (void)state;
    struct written w;
    struct rs_catalog_patch *patch = new_patch();
    read_fixture(patch, FIXTURE "spot.json", "aws-spot-price-history", 3);
    apply(patch, "catalog", &w);
    const cJSON *prices = file(&w, "aws/us-east-1.json");
    check_near(number(prices, "m5.large", "spot_saving_pct"), 50, 1e-9); /* (0.04 + 0.056) / 2 */
    check_near(number(prices, "m5.large", "on_demand"), 0.096, 0);
    release(&w);
    rs_catalog_patch_free(patch);
}

static void azure_meters_become_prices_an_hour(void **state)
{
    (void)state;
    struct written w;
    struct rs_catalog_patch *patch = new_patch();
    read_fixture(patch, FIXTURE "azure-prices.json", "azure-retail-prices", 5);
    apply(patch, "catalog", &w);
    const cJSON *prices = file(&w, "azure/eastus.json");
    check_near(number(prices, "Standard_D2s_v3", "on_demand"), 0.5, 0);
    check_near(number(prices, "Standard_D2s_v3", "reserved_1y"), 0.3, 1e-12);
    check_near(number(prices, "Standard_D2s_v3", "reserved_3y"), 0.2, 1e-12);
    check_near(number(prices, "Standard_D2s_v3", "spot_saving_pct"), 80, 1e-9);
    assert_string_equal(cell(prices, "Standard_D2s_v3", "price_date")->valuestring, "2026-11-24");
    release(&w);
    rs_catalog_patch_free(patch);
}

static void machines_of_gcloud_and_az_are_told_apart(void **state)
{
    (void)state;
    struct written w;
    struct rs_catalog_patch *patch = new_patch();
    read_fixture(patch, FIXTURE "gcloud.json", "gcloud-machine-types", 3);
    read_fixture(patch, FIXTURE "az-sizes.json", "az-vm-sizes", 2);
    apply(patch, "catalog", &w);
    check_near(number(file(&w, "gcp/types.json"), "z9-standard-4", "memory_mib"), 15360, 0);
    check_near(number(file(&w, "gcp/types.json"), "z9-tiny", "burstable"), 1, 0);
    check_near(number(file(&w, "gcp/types.json"), "z9-tiny", "gpu_count"), 1, 0);
    assert_string_equal(cell(file(&w, "gcp/types.json"), "z9-tiny", "architecture")->valuestring,
                        "arm64");
    check_near(number(file(&w, "azure/types.json"), "Standard_Z4s_v9", "memory_mib"), 16384, 0);
    check_near(number(file(&w, "azure/types.json"), "Standard_Z2s_v9", "max_attachments"), 4, 0);
    release(&w);
    rs_catalog_patch_free(patch);
}

#define PRODUCT(sku, type, system, tenancy, software, capacity)                                    \
    "\"" sku "\": {\"sku\": \"" sku                                                                \
    "\", \"productFamily\": \"Compute Instance\", \"attributes\": {"                               \
    "\"instanceType\": \"" type "\", \"operatingSystem\": \"" system "\", \"tenancy\": \"" tenancy \
    "\", \"preInstalledSw\": \"" software "\", \"capacitystatus\": \"" capacity                    \
    "\", \"regionCode\": \"xx-north-1\", \"vcpu\": \"2\", \"memory\": \"1,024.5 GiB\"}}"
#define TERM(sku, price)                                                                           \
    "\"" sku "\": {\"t\": {\"priceDimensions\": {\"d\": {\"unit\": \"Hrs\", \"pricePerUnit\": "    \
    "{\"USD\": \"" price "\"}}}, \"termAttributes\": {}}}"
#define LIST(products, terms)                                                                      \
    "{\"offerCode\": \"AmazonEC2\", \"publicationDate\": \"2026-11-20T01:02:03Z\", \"products\": " \
    "{" products "}, \"terms\": {\"Savings\": [1], \"OnDemand\": {" terms "}}}"

static void the_price_list_gives_linux_on_shared_machines(void **state)
{
    static const char list[] = LIST(
        PRODUCT("A", "aa1.large", "Linux", "Shared", "NA", "Used") "," PRODUCT(
            "B", "aa1.large", "Windows", "Shared", "NA",
            "Used") "," PRODUCT("C", "aa1.large", "Linux", "Dedicated", "NA",
                                "Used") "," PRODUCT("D", "aa1.large", "Linux", "Shared", "SQL Web",
                                                    "Used") "," PRODUCT("E", "aa1.large", "Linux",
                                                                        "Shared", "NA",
                                                                        "UnusedCapacityReservat"
                                                                        "ion") "," PRODUCT("F",
                                                                                           "new"
                                                                                           "7."
                                                                                           "lar"
                                                                                           "ge",
                                                                                           "Lin"
                                                                                           "ux",
                                                                                           "Sha"
                                                                                           "re"
                                                                                           "d",
                                                                                           "NA",
                                                                                           "Use"
                                                                                           "d") "," PRODUCT("G",
                                                                                                            "aa1.xlarge",
                                                                                                            "Linux",
                                                                                                            "Shared",
                                                                                                            "NA",
                                                                                                            "Used"),
        TERM("A", "0.1500000000") "," TERM("B", "9") "," TERM("C", "9") "," TERM("D", "9") "," TERM(
            "E", "9") "," TERM("F", "0.2") "," TERM("G", "0.0000000000"));
    struct rs_error err = {RS_OK, ""};
    struct rs_catalog_read read;
    struct written w;
    (void)state;
    struct rs_catalog_patch *patch = new_patch();
    check_ok(read_text(patch, list, NULL, &read, &err));
    assert_int_equal(read.records, 7);
    assert_int_equal(read.taken, 2);
    apply(patch, TINY, &w);
    const cJSON *prices = file(&w, "aws/xx-north-1.json"), *types = file(&w, "aws/types.json");
    check_near(number(prices, "aa1.large", "on_demand"), 0.15, 0);
    check_near(number(prices, "aa1.large", "reserved_1y"), 0.06, 0); /* not said, so kept */
    check_near(number(prices, "aa1.xlarge", "on_demand"), 0.2, 0);   /* 0 is no price */
    check_near(number(prices, "aa1.xlarge", "estimated"), 1, 0);
    assert_string_equal(rs_json_optional_text(prices, "date"), "2026-11-20"); /* the commonest */
    assert_true(cJSON_IsNull(cell(prices, "aa1.large", "price_date")));
    assert_string_equal(cell(prices, "bt3.micro", "price_date")->valuestring, "2026-01-05");
    check_near(number(types, "new7.large", "memory_mib"), 1024.5 * 1024, 0);
    check_near(number(types, "aa1.large", "memory_mib"), 8192, 0); /* the list knows it less well */
    check_near(number(prices, "aa1.large", "colour"), 1, 0);       /* unknown columns stay */
    release(&w);
    rs_catalog_patch_free(patch);
}

static void says_what_cannot_be_read(void **state)
{
    static const struct {
        const char *text, *region;
        enum rs_status status;
        const char *says;
    } cases[] = {
        {"", NULL, RS_EINPUT, "not a price list"},
        {"a,b\n1,2\n", NULL, RS_EINPUT, "no line begins with SKU"},
        {"SKU,b\n1,2\n", NULL, RS_EINPUT, "is missing"},
        {"{}", NULL, RS_EINPUT, "no format"},
        {"17", NULL, RS_EINPUT, "not a price list"},
        {"{\"a\": 1} x", NULL, RS_EINPUT, "line 1"},
        {"[1]", NULL, RS_EINPUT, "record 1 is no object"},
        {"[{\"name\": \"x\"}]", NULL, RS_EINPUT, "neither 'guestCpus' nor"},
        {"[{\"name\": \"a/b\", \"guestCpus\": 1, \"memoryMb\": 1}]", NULL, RS_EINPUT, "record 1"},
        {"[]", NULL, RS_ENODATA, "nothing among 0 records"},
        {"{\"InstanceTypes\": {}}", NULL, RS_EINPUT, "must be an array"},
        {"{\"InstanceTypes\": [{\"InstanceType\": \"m5.large\"}]}", NULL, RS_EINPUT, "record 1"},
        {"{\"SpotPriceHistory\": [{}]}", NULL, RS_EINPUT, "record 1 is no spot price"},
        {"{\"offerCode\": \"AmazonS3\"}", NULL, RS_EINPUT, "AmazonS3"},
        {"{\"terms\": {}, \"products\": {}}", NULL, RS_EINPUT, "before 'products'"},
        {"{\"Items\": [{\"armRegionName\": \"types\", \"armSkuName\": \"a\", \"retailPrice\": 1, "
         "\"serviceName\": \"Virtual Machines\", \"unitOfMeasure\": \"1 Hour\", \"type\": "
         "\"Consumption\"}]}",
         NULL, RS_EINPUT, "'types' is no region"},
        {"{\"products\": []}", NULL, RS_EINPUT, "'products' is not as expected"},
        {LIST(PRODUCT("A", "aa1.large", "Linux", "Shared", "NA", "Used"), TERM("A", "0.1")),
         "yy-south-1", RS_ENODATA, "nothing among 1 records"},
        {LIST(PRODUCT("A", "aa1.large", "Linux", "Shared", "NA", "Used"), "\"A\": {"), NULL,
         RS_EINPUT, "line 1"},
    };
    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct rs_error err;
        struct rs_catalog_read read;
        struct rs_catalog_patch *patch = new_patch();
        check_fails(read_text(patch, cases[i].text, cases[i].region, &read, &err), cases[i].status,
                    cases[i].says);
        rs_catalog_patch_free(patch);
    }
    rs_catalog_patch_free(NULL);
}

static void says_what_cannot_be_applied(void **state)
{
    struct rs_error err = {RS_OK, ""};
    struct rs_catalog_read read;
    struct rs_buffer told;
    struct written w = {.refuse = true};
    const char *const folders[] = {TINY};
    (void)state;
    rs_buffer_init(&told);
    struct rs_catalog_patch *patch = new_patch();
    check_fails(rs_catalog_patch_apply(patch, folders, 1, "2026-11-24", take_file, &w, &told, &err),
                RS_ENODATA, "nothing was read");
    check_ok(read_text(
        patch, LIST(PRODUCT("A", "aa1.large", "Linux", "Shared", "NA", "Used"), TERM("A", "0.1")),
        NULL, &read, &err));
    check_fails(rs_catalog_patch_apply(patch, folders, 1, "2026-11-24", take_file, &w, &told, &err),
                RS_EIO, "the disk is full");
    rs_catalog_patch_free(patch);
    rs_buffer_release(&told);
}

/* No byte of a file may do harm: cut and flipped fixtures end in a status. */
static void spoilt_bytes_end_in_a_status(void **state)
{
    static const char *const names[] = {"instance-types.json", "spot.json", "gcloud.json",
                                        "az-sizes.json", "azure-prices.json"};
    uint64_t seed = 7;
    (void)state;
    for (size_t f = 0; f < COUNT_OF(names); f++) {
        struct rs_error err = {RS_OK, ""};
        struct rs_buffer text, spoilt;
        char path[256];
        snprintf(path, sizeof(path), FIXTURE "%s", names[f]);
        rs_buffer_init(&text);
        rs_buffer_init(&spoilt);
        check_ok(rs_buffer_read_file(&text, path, 1 << 20, &err));
        for (int round = 0; round < 300; round++) {
            struct rs_catalog_read read;
            struct rs_catalog_patch *patch = new_patch();
            rs_buffer_clear(&spoilt);
            rs_buffer_append(&spoilt, text.data,
                             round % 3 == 0 ? check_random(&seed) % text.length : text.length);
            for (int k = 0; k < round % 4 && spoilt.length > 0; k++) {
                spoilt.data[check_random(&seed) % spoilt.length] =
                    "\"{}[],:0-9e.\\x"[check_random(&seed) % 14];
            }
            enum rs_status rc = read_text(patch, spoilt.data, NULL, &read, &err);
            assert_true(rc == RS_OK || rc == RS_EINPUT || rc == RS_ENODATA);
            rs_catalog_patch_free(patch);
        }
        rs_buffer_release(&text);
        rs_buffer_release(&spoilt);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(instance_types_come_over_what_is_known),
        cmocka_unit_test(a_spot_price_is_the_mean_of_the_newest_of_each_zone),
        cmocka_unit_test(azure_meters_become_prices_an_hour),
        cmocka_unit_test(machines_of_gcloud_and_az_are_told_apart),
        cmocka_unit_test(the_price_list_gives_linux_on_shared_machines),
        cmocka_unit_test(says_what_cannot_be_read),
        cmocka_unit_test(says_what_cannot_be_applied),
        cmocka_unit_test(spoilt_bytes_end_in_a_status),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
