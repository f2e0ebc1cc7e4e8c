/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/crc.h"

#include "../support/check.h"

/* A bit at a time, from the definition: polynomial 0xEDB88320, reflected, inverted at both ends. */
static uint32_t by_definition(uint32_t crc, const unsigned char *p, size_t length)
{
    crc = ~crc;
    for (size_t i = 0; i < length; i++) {
        crc ^= p[i];
        for (int bit = 0; bit < 8; bit++) {
            crc = (crc >> 1) ^ ((crc & 1) != 0 ? 0xEDB88320U : 0);
        }
    }
    return ~crc;
}

static void the_check_value_is_the_published_one(void **state)
{
    (void)state;
    assert_true(rs_crc_update(0, "123456789", 9) == 0xCBF43926U);
    assert_true(rs_crc_update(0, "", 0) == 0);
}

static void every_length_and_cut_gives_the_crc_of_the_whole(void **state)
{
    (void)state;
    unsigned char bytes[1300];
    uint64_t seed = 3;
    for (size_t i = 0; i < sizeof(bytes); i++) {
        bytes[i] = (unsigned char)check_random(&seed);
    }
    for (size_t from = 0; from < 17; from++) {
        for (size_t length = 0; length + from <= 600; length++) {
            uint32_t start = (uint32_t)check_random(&seed);
            assert_true(rs_crc_update(start, bytes + from, length) ==
                        by_definition(start, bytes + from, length));
        }
    }
    uint32_t whole = by_definition(0, bytes, sizeof(bytes));
    for (size_t cut = 0; cut <= sizeof(bytes); cut++) {
        uint32_t crc = rs_crc_update(0, bytes, cut);
        assert_true(rs_crc_update(crc, bytes + cut, sizeof(bytes) - cut) == whole);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_check_value_is_the_published_one),
        cmocka_unit_test(every_length_and_cut_gives_the_crc_of_the_whole),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
