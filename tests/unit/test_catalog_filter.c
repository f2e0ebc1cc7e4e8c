/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which types of a catalog a filter lets through. */
#include "catalog_load.h"

static void the_filter_asks_only_what_is_set(void **state)
{
    (void)state;
    enum member {
        PATTERN,
        ARCHITECTURE,
        MIN_VCPUS,
        MAX_VCPUS,
        MIN_MEMORY,
        MAX_MEMORY,
        MAX_PRICE,
        BURSTABLE,
        GPU,
        CURRENT,
        BARE_METAL,
        NOTHING
    };
    static const struct {
        enum member member;
        const char *text;
        double number;
        const char *accepted;
    } rows[] = {
        {NOTHING, NULL, 0, "aa1.large aa1.xlarge bare bb2.metal bt3.micro "},
        {PATTERN, "?a*.*large", 0, "aa1.large aa1.xlarge "},
        {ARCHITECTURE, "arm64", 0, "bb2.metal "},
        {MIN_VCPUS, NULL, 4, "aa1.xlarge bb2.metal "},
        {MAX_VCPUS, NULL, 1, "bare "},
        {MIN_MEMORY, NULL, 16384 * MIB, "aa1.xlarge bb2.metal "},
        {MAX_MEMORY, NULL, 1024 * MIB, "bare bt3.micro "},
        {MAX_PRICE, NULL, 0.1, "aa1.large bb2.metal bt3.micro "},
        {BURSTABLE, NULL, 1, "bt3.micro "},
        {BURSTABLE, NULL, 0, "aa1.large aa1.xlarge bare bb2.metal "},
        {GPU, NULL, 1, "bb2.metal "},
        {GPU, NULL, 0, "aa1.large aa1.xlarge bare bt3.micro "},
        {CURRENT, NULL, 1, "aa1.large aa1.xlarge bt3.micro "},
        {BARE_METAL, NULL, 0, "aa1.large aa1.xlarge bare bt3.micro "},
        {BARE_METAL, NULL, 1, "bb2.metal "},
    };
    struct rs_catalog *catalog = load(TINY, "aws", "xx-north-1");
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct rs_catalog_filter filter;
        char accepted[256] = "";
        rs_catalog_filter_init(&filter);
        double *const numbers[] = {
            [MIN_VCPUS] = &filter.min_vcpus,         [MAX_VCPUS] = &filter.max_vcpus,
            [MIN_MEMORY] = &filter.min_memory_bytes, [MAX_MEMORY] = &filter.max_memory_bytes,
            [MAX_PRICE] = &filter.max_price,
        };
        int *const answers[] = {
            [BURSTABLE] = &filter.burstable,
            [GPU] = &filter.gpu,
            [CURRENT] = &filter.current_generation,
            [BARE_METAL] = &filter.bare_metal,
        };
        if (rows[i].member == PATTERN) {
            filter.pattern = rows[i].text;
        } else if (rows[i].member == ARCHITECTURE) {
            filter.architecture = rows[i].text;
        } else if (rows[i].member < BURSTABLE) {
            *numbers[rows[i].member] = rows[i].number;
        } else if (rows[i].member != NOTHING) {
            *answers[rows[i].member] = (int)rows[i].number;
        }
        for (size_t k = 0; k < rs_catalog_count(catalog); k++) {
            const struct rs_offer *offer = rs_catalog_at(catalog, k);
            if (rs_catalog_filter_accepts(&filter, offer)) {
                size_t used = strlen(accepted);
                snprintf(accepted + used, sizeof(accepted) - used, "%s ", offer->type);
            }
        }
        assert_string_equal(accepted, rows[i].accepted);
    }
    rs_catalog_free(catalog);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_filter_asks_only_what_is_set),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
