/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/xxh64.h"

#include "../support/check.h"

#include <stdlib.h>

static void hashes_are_those_of_their_author(void **state)
{
    (void)state;
    assert_true(rs_xxh64("", 0) == UINT64_C(0xef46db3751d8e999));
    assert_true(rs_xxh64("a", 1) == UINT64_C(0xd24ec4f1a98c6e5b));
    assert_true(rs_xxh64("abc", 3) == UINT64_C(0x44bc2cf5ad770999));
    assert_true(rs_xxh64("Nobody inspects the spammish repetition", 39) ==
                UINT64_C(0xfbcea83c8a378bf1));
}

static void texts_side_by_side_have_the_same_checksums(void **state)
{
    (void)state;
    uint64_t random = 8;
    for (int round = 0; round < 4000; round++) {
        struct rs_bytes texts[RS_XXH64_MANY];
        uint64_t hashes[RS_XXH64_MANY];
        const size_t count = 1 + check_random(&random) % RS_XXH64_MANY;
        const size_t longest = 1 + check_random(&random) % (round % 2 == 0 ? 40 : 1300);
        for (size_t i = 0; i < count; i++) {
            const size_t length = check_random(&random) % longest;
            unsigned char *text = malloc(length > 0 ? length : 1); /* nothing else may be read */
            assert_non_null(text);
            for (size_t k = 0; k < length; k++) {
                text[k] = (unsigned char)check_random(&random);
            }
            texts[i] = (struct rs_bytes){text, length};
        }
        rs_xxh64_many(texts, count, hashes);
        for (size_t i = 0; i < count; i++) {
            assert_true(hashes[i] == rs_xxh64(texts[i].at, texts[i].length));
            free((void *)(uintptr_t)texts[i].at);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hashes_are_those_of_their_author),
        cmocka_unit_test(texts_side_by_side_have_the_same_checksums),
    };
    return cmocka_run_group_tests_name("xxh64", tests, NULL, NULL);
}
