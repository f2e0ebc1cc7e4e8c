/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rightsize/resource.h"

#include "../support/check.h"

static void a_gpu_is_named_by_its_instance_and_number(void **state)
{
    char long_name[256];
    memset(long_name, 'x', 255);
    long_name[255] = '\0';
    const struct {
        const char *instance, *index, *name; /* NULL: refused */
    } rows[] = {
        {"i-1", "0", "i-1/gpu-0"}, {"rack/7", "15", "rack/7/gpu-15"},
        {"i-1", "", NULL},         {"i-1", "GPU-1", NULL},
        {"i-1", "-1", NULL},       {"i-1", "1000", NULL},
        {"", "0", NULL},           {long_name, "0", NULL},
    };
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        char name[256];
        assert_int_equal(rs_gpu_name(rows[i].instance, rows[i].index, name), rows[i].name != NULL);
        if (rows[i].name != NULL) {
            assert_string_equal(name, rows[i].name);
            assert_int_equal(rs_gpu_owner(name), strlen(rows[i].instance));
        }
    }
}

static void other_names_are_no_gpus(void **state)
{
    static const char *const names[] = {"",         "i-1",       "vol-1",       "i-1/gpu-",
                                        "/gpu-0",   "i-1/gpu-x", "i-1/gpu-0/a", "i-1/gpu-0000",
                                        "i-1gpu-0", "i-1/GPU-0", "i-1/gpu-0 "};
    (void)state;
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        assert_int_equal(rs_gpu_owner(names[i]), 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_gpu_is_named_by_its_instance_and_number),
        cmocka_unit_test(other_names_are_no_gpus),
    };
    return cmocka_run_group_tests_name("resource", tests, NULL, NULL);
}
