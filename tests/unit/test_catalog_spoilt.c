/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Files of a catalog that were changed: what is borne, what is refused with file, row and column.
 */
#include "catalog_load.h"

#include "../support/scratch.h"
#include "rightsize/buffer.h"

#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

/* Each row spoils one of the files of the tiny catalog by replacing the first `from` by `to`. */
static const struct {
    const char *file, *from, *to, *text;
} spoilt[] = {
    {"aws/types.json", "1,8192,", "1,-5,",
     "types.json: row 1: 'memory_mib' -5 is outside 1..1e+09"},
    {"aws/types.json", "1,8192,", "1,1e999,", "types.json: "},
    {"aws/types.json", "1,8192,", "1,NaN,", "types.json: "},
    {"aws/types.json", "1,8192,", "1,null,", "row 1: 'memory_mib' must be known, not null"},
    {"aws/types.json", "1,8192,", "1,\"8192\",", "row 1: 'memory_mib' must be a number"},
    {"aws/types.json", "1,8192,", "1,[8192],", "row 1: 'memory_mib' must be a number"},
    {"aws/types.json", "1,8192,", "1,true,", "row 1: 'memory_mib' must be a number"},
    {"aws/types.json", "0,null,null,null],", "0,null,null],",
     "row 1 has fewer than the 45 values declared"},
    {"aws/types.json", "0,null,null,null],", "0,null,null,null,0],",
     "row 1 has more than the 45 values declared"},
    {"aws/types.json", "\"aa1.large\"", "7", "row 1: 'type' must be a text"},
    {"aws/types.json", "\"aa1.large\"", "\"\"", "row 1: 'type' must be a text or null, not empty"},
    {"aws/types.json", "\"aa1.large\"", "\"aa1.\\u001b\"", "row 1: 'type': a text has control"},
    {"aws/types.json", "\"aa1.large\"", "\"aa1\\u0000\"", "types.json: "},
    {"aws/types.json", "\"aa1.large\"", "\"bt3.micro\"", "type 'bt3.micro' is listed twice"},
    {"aws/types.json", "\"general\",1,", "\"general\",1.5,",
     "row 1: 'generation' must be a whole number"},
    {"aws/types.json", "\"x86_64\",0", "\"x86_64\",2", "row 1: 'i386' 2 is outside 0..1"},
    {"aws/types.json", "\"x86_64\",0", "\"x86_64\",0.5", "row 1: 'i386' must be a whole number"},
    {"aws/types.json", "0.8,10", "11,10", "row 1: the network baseline of 'aa1.large' is above"},
    {"aws/types.json", "80,500", "501,500", "row 1: the EBS bandwidth baseline of 'aa1.large'"},
    {"aws/types.json", "3600,18000", "3600,3599", "row 1: the EBS operations baseline of"},
    {"aws/types.json", "\"vcpus\"", "\"cpus\"", "types.json: column 'vcpus' is missing"},
    {"aws/types.json", "\"colour\"", "\"vcpus\"", "column 'vcpus' is named twice"},
    {"aws/types.json", "\"colour\"", "17", "'columns' must hold texts only"},
    {"aws/types.json", "\"version\": 1", "\"version\": 2", "'version' 2 is not 1"},
    {"aws/types.json", "\"version\": 1", "\"version\": \"1\"", "'version' (no number) is not 1"},
    {"aws/types.json", "\"version\"", "\"revision\"", "must stand before 'rows'"},
    {"aws/types.json", "\"kind\": \"types\"", "\"kind\": \"prices\"", "'kind' must be 'types'"},
    {"aws/types.json", "rightsize-catalog", "other", "'format' must be 'rightsize-catalog'"},
    {"aws/types.json", "\"later\"", "\"kind\"", "'kind' is there twice"},
    {"aws/types.json", "{\"unknown\": [true]}", "1, \"version\": 1", "'version' is there twice"},
    {"aws/types.json", "\"rows\"", "\"lines\"", "'rows' is missing"},
    {"aws/types.json", "\"2026-01-02\"", "null", "'date' (missing) is not YYYY-MM-DD"},
    {"aws/types.json", "\"2026-01-02\"", "\"2026-1-02\"", "'date' 2026-1-02 is not YYYY-MM-DD"},
    {"aws/types.json", "\"2026-01-02\"", "2026", "'date' must be a text"},
    {"aws/types.json", "\"provider\": \"aws\"", "\"provider\": \"gcp\"",
     "'provider' is 'gcp', not 'aws'"},
    {"aws/types.json", "\n]}", "\n]} {}", "types.json: "},
    {"aws/types.json", "\n]}", "", "types.json: "},
    {"aws/types.json", "{\"format\"", "[\"format\"", "not a catalog: an object is expected"},
    {"aws/xx-north-1.json", "null,0.2,", "null,-1,", "row 2: 'on_demand' -1 is outside 1e-06"},
    {"aws/xx-north-1.json", "null,0.2,", "null,0,", "row 2: 'on_demand' 0 is outside 1e-06"},
    {"aws/xx-north-1.json", "null,0.2,", "null,null,", "row 2: 'on_demand' must be known"},
    {"aws/xx-north-1.json", "0.05,0.06", "-0.05,0.06", "row 1: 'reserved_3y' -0.05 is outside"},
    {"aws/xx-north-1.json", "\"aa1.xlarge\"", "\"aa1.huge\"",
     "xx-north-1.json: row 2: type 'aa1.huge' has a price but no facts"},
    {"aws/xx-north-1.json", "\"aa1.xlarge\"", "\"aa1.large\"",
     "row 2: type 'aa1.large' is priced twice"},
    {"aws/xx-north-1.json", "\"2025-11\"", "\"soon\"", "row 3: 'price_date' soon is not YYYY"},
    {"aws/xx-north-1.json", "\"USD\"", "\"usd\"", "'currency' 'usd' is not three capitals"},
    {"aws/xx-north-1.json", "\"currency\"", "\"money\"", "'currency' is missing"},
    {"aws/xx-north-1.json", "\"xx-north-1\"", "\"xx-north-2\"",
     "'region' is 'xx-north-2', not 'xx-north-1'"},
    {"aws/xx-north-1.json", "\"estimated\"", "\"guessed\"", "column 'estimated' is missing"},
    {"index.json", "\"version\": 1", "\"version\": 2", "index.json: "},
    {"index.json", "rightsize-catalog", "other", "index.json: not the index of a catalog"},
    {"index.json", "\"index\"", "\"types\"", "index.json: not the index of a catalog"},
    {"index.json", "\"providers\"", "\"vendors\"", "index.json: "},
    {"index.json", "\"aws/types.json\"", "\"/etc/passwd\"", "'types' is not the name of a file"},
    {"index.json", "\"aws/types.json\"", "\"aws/..\"", "'types' is not the name of a file"},
    {"index.json", "\"aws/types.json\"", "\"aws//x\"", "'types' is not the name of a file"},
    {"index.json", "\"aws/types.json\"", "\"\"", "'types' is not the name of a file"},
    {"index.json", "\"aws/types.json\"", "7", "index.json: "},
    {"index.json", "]}\n]}", "]}\n", "index.json: "},
};

static const char *const tiny_files[] = {"index.json", "aws/types.json", "aws/xx-north-1.json",
                                         "aws/xx-north-2.json"};

static void write_file(const char *directory, const char *name, const char *bytes, size_t length)
{
    char path[512];
    snprintf(path, sizeof(path), "%s/%s", directory, name);
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, length, file), length);
    assert_int_equal(fclose(file), 0);
}

static void copy_tiny(const char *directory, const char *spoil, const char *from, const char *to)
{
    struct rs_error err = {RS_OK, ""};
    for (size_t i = 0; i < COUNT_OF(tiny_files); i++) {
        struct rs_buffer text, changed;
        char path[512];
        rs_buffer_init(&text);
        rs_buffer_init(&changed);
        snprintf(path, sizeof(path), "%s/%s", TINY, tiny_files[i]);
        assert_int_equal(rs_buffer_read_file(&text, path, 1 << 20, &err), RS_OK);
        const char *at = strcmp(spoil, tiny_files[i]) == 0 ? strstr(text.data, from) : text.data;
        assert_non_null(at);
        rs_buffer_append(&changed, text.data, (size_t)(at - text.data));
        if (strcmp(spoil, tiny_files[i]) == 0) {
            rs_buffer_text(&changed, to);
            at += strlen(from);
        }
        rs_buffer_text(&changed, at);
        write_file(directory, tiny_files[i], changed.data, changed.length);
        rs_buffer_release(&text);
        rs_buffer_release(&changed);
    }
}

static void make_directory(char *directory, size_t size)
{
    char path[512];
    assert_non_null(mkdtemp(scratch_name(directory, size, "catalog")));
    snprintf(path, sizeof(path), "%s/aws", directory);
    assert_int_equal(mkdir(path, 0700), 0);
}

static void remove_directory(const char *directory)
{
    char path[512];
    for (size_t i = 0; i < COUNT_OF(tiny_files); i++) {
        snprintf(path, sizeof(path), "%s/%s", directory, tiny_files[i]);
        unlink(path);
    }
    snprintf(path, sizeof(path), "%s/aws", directory);
    rmdir(path);
    rmdir(directory);
}

static void refuses_spoilt_files_with_file_row_and_column(void **state)
{
    (void)state;
    char directory[256], wrong[1024] = "";
    make_directory(directory, sizeof(directory));
    for (size_t i = 0; i < COUNT_OF(spoilt) && wrong[0] == '\0'; i++) {
        struct rs_error err = {RS_OK, ""};
        struct rs_catalog *catalog = NULL;
        copy_tiny(directory, spoilt[i].file, spoilt[i].from, spoilt[i].to);
        enum rs_status rc = rs_catalog_load(directory, "aws", "xx-north-1", &catalog, &err);
        rs_catalog_free(catalog);
        if (rc != RS_EINPUT || strstr(err.text, spoilt[i].text) == NULL) {
            snprintf(wrong, sizeof(wrong), "case %zu: status %d, '%.300s' lacks '%s'", i, (int)rc,
                     err.text, spoilt[i].text);
        }
    }
    remove_directory(directory);
    if (wrong[0] != '\0') {
        fail_msg("%s", wrong);
    }
}

static void rows_out_of_order_are_sorted(void **state)
{
    (void)state;
    char directory[256];
    make_directory(directory, sizeof(directory));
    copy_tiny(directory, "aws/types.json", "\"bare\"", "\"zz9.last\"");
    struct rs_catalog *catalog = load(directory, "aws", "xx-north-1");
    remove_directory(directory);
    for (size_t i = 1; i < rs_catalog_count(catalog); i++) {
        assert_true(strcmp(rs_catalog_at(catalog, i - 1)->type, rs_catalog_at(catalog, i)->type) <
                    0);
    }
    assert_string_equal(rs_catalog_find(catalog, "zz9.last")->family, "zz9");
    rs_catalog_free(catalog);
}

static void refuses_a_file_beyond_the_limits(void **state)
{
    (void)state;
    static const struct {
        const char *head, *filler, *tail;
        size_t times;
        const char *text;
    } cases[] = {
        {"{\"kind\": \"types\", \"x\": [", "0,                              ", "0]}", 2200000,
         "longer than 67108864 bytes"},
        {"{\"format\": \"rightsize-catalog\", \"version\": 1, \"columns\": [", "\"x\",", "\"y\"]}",
         300, "more than 256 columns"},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        char directory[256];
        struct rs_error err = {RS_OK, ""};
        struct rs_catalog *catalog = NULL;
        struct rs_buffer text;
        make_directory(directory, sizeof(directory));
        copy_tiny(directory, "", "", "");
        rs_buffer_init(&text);
        rs_buffer_text(&text, cases[i].head);
        for (size_t n = 0; n < cases[i].times; n++) {
            rs_buffer_text(&text, cases[i].filler);
        }
        rs_buffer_text(&text, cases[i].tail);
        write_file(directory, "aws/types.json", text.data, text.length);
        rs_buffer_release(&text);
        enum rs_status rc = rs_catalog_load(directory, "aws", NULL, &catalog, &err);
        remove_directory(directory);
        assert_int_equal(rc, RS_EINPUT);
        assert_non_null(strstr(err.text, cases[i].text));
    }
}

#define RULES                                                                                      \
    "{\"format\": \"rightsize-catalog\", \"version\": 1, \"kind\": \"custom\", \"provider\": "     \
    "\"gcp\", \"columns\": [\"series\", \"vcpus\", \"min_gib_per_vcpu\", \"max_gib_per_vcpu\", "   \
    "\"max_memory_gib\", \"memory_step_mib\", \"price_multiplier\"], \"rows\": ["

static void refuses_rules_that_make_no_shapes(void **state)
{
    (void)state;
    static const struct {
        const char *text, *says; /* NULL: it loads */
    } cases[] = {
        {RULES "[\"e2\", \"2-4/2\", 1, 2, 8, 256, 1.05]]}", NULL},
        {RULES "[\"none\", \"2\", 1, 2, 8, 256, 1.05]]}", NULL}, /* a series not sold here */
        {RULES "[\"e2\", \"2-4\", 1, 2, 8, 256, 1.05]]}", "is not N or N-M/STEP"},
        {RULES "[\"e2\", \"4-2/1\", 1, 2, 8, 256, 1.05]]}", "is not N or N-M/STEP"},
        {RULES "[\"e2\", \"2,,4\", 1, 2, 8, 256, 1.05]]}", "is not N or N-M/STEP"},
        {RULES "[\"e2\", \"2-4/0\", 1, 2, 8, 256, 1.05]]}", "is not N or N-M/STEP"},
        {RULES "[\"e2\", \"2\", 0, 2, 8, 256, 1.05]]}", "'min_gib_per_vcpu'"},
        {RULES "[\"e2\", \"2\", 1, 2, 8, 256, null]]}", "'price_multiplier'"},
        {RULES "[\"e2\", \"1-1024/1\", 0.01, 1000, 1000000, 1, 1.05]]}", "more than 50000"},
        {RULES "[\"e2\", \"6\", 1, 2, 64, 256, 1], [\"e2\", \"6\", 1, 2, 64, 256, 1]]}", "twice"},
    };
    char directory[256], path[512];
    make_directory(directory, sizeof(directory));
    static const char index[] =
        "{\"format\": \"rightsize-catalog\", \"version\": 1, \"kind\": \"index\", \"providers\": ["
        "{\"provider\": \"gcp\", \"types\": \"types.json\", \"custom\": \"aws/custom.json\", "
        "\"regions\": [{\"region\": \"us-central1\", \"prices\": \"prices.json\"}]}]}";
    write_file(directory, "index.json", index, strlen(index));
    static const char *const copies[][2] = {{"types.json", "catalog/gcp/types.json"},
                                            {"prices.json", "catalog/gcp/us-central1.json"}};
    for (size_t i = 0; i < COUNT_OF(copies); i++) {
        struct rs_error err = {RS_OK, ""};
        struct rs_buffer text;
        rs_buffer_init(&text);
        assert_int_equal(rs_buffer_read_file(&text, copies[i][1], 1 << 24, &err), RS_OK);
        write_file(directory, copies[i][0], text.data, text.length);
        rs_buffer_release(&text);
    }
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct rs_error err = {RS_OK, ""};
        struct rs_catalog *catalog = NULL;
        write_file(directory, "aws/custom.json", cases[i].text, strlen(cases[i].text));
        enum rs_status rc = rs_catalog_load(directory, "gcp", "us-central1", &catalog, &err);
        assert_int_equal(rc, cases[i].says == NULL ? RS_OK : RS_EINPUT);
        assert_true(cases[i].says == NULL || strstr(err.text, cases[i].says) != NULL);
        assert_true(cases[i].says == NULL || strstr(err.text, "custom.json") != NULL);
        rs_catalog_free(catalog);
    }
    static const char *const made[] = {"aws/custom.json", "types.json", "prices.json"};
    for (size_t i = 0; i < COUNT_OF(made); i++) {
        snprintf(path, sizeof(path), "%s/%s", directory, made[i]);
        unlink(path);
    }
    remove_directory(directory);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(refuses_spoilt_files_with_file_row_and_column),
        cmocka_unit_test(rows_out_of_order_are_sorted),
        cmocka_unit_test(refuses_a_file_beyond_the_limits),
        cmocka_unit_test(refuses_rules_that_make_no_shapes),
    };
    return cmocka_run_group_tests_name("catalog_spoilt", tests, NULL, NULL);
}
