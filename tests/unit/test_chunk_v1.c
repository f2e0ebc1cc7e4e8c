/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Chunks that programs before schema 4 wrote. */
#include "chunk_reference.h"

#define ROOM (V1_HEADER + 64 + V1_FRAME + 8 * 2 * DAY_SLOTS)

static void every_encoding_is_read(void **state)
{
    (void)state;
    static const struct {
        double base, divisor;
        uint64_t highest;
        unsigned width;
        unsigned char scale;
    } rows[] = {
        {42, 1, 0, 0, 0},
        {-7, 1, 255, 1, 0},
        {100, 100, 65535, 2, 4},
        {5, 300, 4294967295, 4, 5},
        {0, 1000000, 99999999, 4, 10},
        {0, 7, 100000, 8, 0},
    };
    struct rs_error err = {RS_OK, ""};
    uint64_t random = 1;
    unsigned char blob[ROOM];
    for (size_t r = 0; r < COUNT_OF(rows); r++) {
        for (size_t slots = 1; slots <= DAY_SLOTS; slots += slots == 1    ? 62
                                                            : slots == 65 ? 223
                                                                          : 1) {
            for (unsigned gaps = 0; gaps < 3; gaps++) {
                double values[DAY_SLOTS], back[DAY_SLOTS];
                size_t said = 0;
                for (size_t i = 0; i < slots; i++) {
                    double u = (double)(check_random(&random) % (rows[r].highest + 1));
                    bool gap = gaps > 0 && i > 0 && check_random(&random) % (gaps * 5) == 0;
                    values[i] = gap ? NAN : (rows[r].base + u) / rows[r].divisor;
                }
                size_t length = encode_v1(values, slots, rows[r].width, (int64_t)rows[r].base,
                                          rows[r].scale, rows[r].divisor, blob);
                check_ok(decode_copy(blob, length, slots, back, &err));
                assert_true(same_values(values, back, slots));
                check_ok(rs_chunk_slots(blob, length, &said, &err));
                assert_int_equal(said, slots);
            }
        }
    }
}

static void every_damage_is_refused(void **state)
{
    (void)state;
    struct rs_error err = {RS_OK, ""};
    for (unsigned width = 1; width <= 8; width *= 2) {
        double values[70], back[70];
        unsigned char blob[ROOM];
        for (size_t i = 0; i < 70; i++) {
            values[i] = i % 6 == 1 ? NAN : (double)i;
        }
        size_t length = encode_v1(values, 70, width, 0, 0, 1, blob);
        for (size_t n = 0; n < length; n++) {
            assert_int_equal(decode_copy(blob, n, 70, back, &err), RS_EIO);
        }
        for (size_t i = 0; i < length * 8; i++) {
            blob[i / 8] ^= (unsigned char)(1 << i % 8);
            assert_int_equal(decode_copy(blob, length, 70, back, &err), RS_EIO);
            blob[i / 8] ^= (unsigned char)(1 << i % 8);
        }
        blob[length] = 0;
        assert_int_equal(decode_copy(blob, length + 1, 70, back, &err), RS_EIO);
    }
}

static void forged_chunks_are_refused(void **state)
{
    (void)state;
    enum { SLOTS = 6, LENGTH = V1_HEADER + 8 + V1_FRAME + 4 };
    static const struct {
        size_t at;
        unsigned char byte;
        const char *text;
    } rows[] = {
        {0, 3, "version 3"},
        {1, 2, "encoding"},
        {2, 2, "flags"},
        {2, 0, "slots and values"},
        {3, 1, "flags"},
        {4, 0, "slots and values"},
        {6, 2, "slots and values"},
        {8, 0, "slots and values"},
        {8, 7, "slots and values"},
        {8, 3, "wrong length"},
        {V1_HEADER, 0x0e, "bitmap and count"},
        {V1_HEADER, 0x1f, "bitmap and count"},
        {V1_HEADER, 0x47, "bitmap and count"},
        {V1_HEADER + 7, 0x80, "bitmap and count"},
        {V1_HEADER + 8 + 7, 0x7f, "frame of reference"},
        {V1_HEADER + 8 + 8, 11, "frame of reference"},
        {V1_HEADER + 8 + 9, 3, "frame of reference"},
        {V1_HEADER + 8 + 9, 2, "wrong length"},
        {V1_HEADER + 8 + 9, 255, "frame of reference"},
    };
    const double values[SLOTS] = {1, 2, 3, NAN, NAN, 9};
    double back[SLOTS + 1];
    struct rs_error err = {RS_OK, ""};
    unsigned char blob[ROOM], bytes[LENGTH];
    assert_int_equal(encode_v1(values, SLOTS, 1, 1, 0, 1, blob), LENGTH);
    for (size_t r = 0; r < COUNT_OF(rows); r++) {
        memcpy(bytes, blob, LENGTH);
        bytes[rows[r].at] = rows[r].byte;
        sign_v1(bytes, LENGTH);
        err = (struct rs_error){RS_OK, ""};
        enum rs_status rc = decode_copy(bytes, LENGTH, SLOTS, back, &err);
        if (rc != RS_EIO || strstr(err.text, rows[r].text) == NULL) {
            fail_msg("row %zu: status %d, '%s'", r, (int)rc, err.text);
        }
    }
    check_fails(rs_chunk_decode(blob, LENGTH, back, SLOTS + 1, &err), RS_EIO, "6 slots, not 7");
}

static void a_raw_value_that_is_no_number_is_refused(void **state)
{
    (void)state;
    static const double strange[] = {NAN, INFINITY, -INFINITY};
    const double values[] = {1.0 / 11, 1.0 / 7};
    double back[2];
    struct rs_error err = {RS_OK, ""};
    unsigned char blob[ROOM];
    for (size_t i = 0; i < COUNT_OF(strange); i++) {
        size_t length = encode_v1(values, 2, 8, 0, 0, 1, blob);
        memcpy(blob + V1_HEADER + 8, &strange[i], sizeof(double));
        sign_v1(blob, length);
        assert_int_equal(decode_copy(blob, length, 2, back, &err), RS_EIO);
    }
}

/* A day of a fleet, as the program of schema 3 stored it: operations in 300 s as a rate. */
static void a_chunk_of_the_older_program_is_read(void **state)
{
    (void)state;
    /* clang-format off */
    static const char blob[] =
        "\x01\x01\x01\x00\x20\x01\x00\x00\x71\x00\x00\x00\x67\xe5\x0c\x2d\x00\x00\x00\x00\x00\x00"
        "\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\xb0\x7f\xff\xff\xaf\xf7\x7f\xdf\xff"
        "\x38\x7d\xfd\xbf\xff\xfd\xf7\xfe\x00\x00\x00\x00\x0a\x27\x00\x00\x00\x00\x00\x00\x05\x02"
        "\x00\x00\x5d\x01\x84\x00\x74\x03\x55\x05\x16\x02\xe4\x02\x4a\x04\xc1\x07\x46\x08\xc0\x06"
        "\xf7\x06\x9d\x0b\x2d\x0a\x54\x0d\xe0\x09\x76\x0b\x07\x10\x6d\x0e\x28\x0d\x18\x0e\x80\x11"
        "\xe4\x10\xb7\x0f\x4b\x10\xfb\x10\x29\x15\x53\x15\x75\x15\xcd\x14\x57\x15\xdf\x19\xa6\x19"
        "\x26\x18\x5f\x17\x4b\x1c\xeb\x19\x46\x19\x14\x1c\xf2\x19\x12\x1e\x2f\x22\xf4\x1f\x14\x1c"
        "\x1b\x1d\x06\x21\x3c\x1f\x26\x21\x31\x27\x58\x22\xae\x25\xe6\x23\x8c\x28\x08\x21\xbb\x27"
        "\x50\x20\xcd\x21\xf7\x1f\x5f\x25\x8b\x28\x77\x20\xf8\x25\xa2\x21\xd0\x25\x59\x24\x9d\x1c"
        "\x9f\x1f\xbe\x1b\x48\x22\x32\x1d\x3f\x1e\x82\x1d\x87\x19\xb9\x1d\x05\x1b\xff\x16\x52\x1b"
        "\x09\x15\x8e\x16\x1a\x1a\x77\x16\x3c\x15\xe3\x15\x85\x17\xa4\x18\xb8\x12\x72\x16\x76\x15"
        "\xb6\x11\x1c\x17\xc8\x14\xec\x12\x2c\x14\xee\x13\xfb\x16\x87\x10\x67\x15\x2e\x16\x0f\x15"
        "\x75\x0e\xfe\x0f\x32\x13\xdc\x0e\xbc\x0f\x00\x10\xb6\x10\xc7\x0b\xca\x0f\x2c\x0d\x88\x0e"
        "\xab\x0d\xe4\x09\xba\x0a";
    /* clang-format on */
    double values[DAY_SLOTS];
    struct rs_error err = {RS_OK, ""};
    int count = 0;
    int64_t sum = 0;
    check_ok(decode_copy(blob, sizeof(blob) - 1, DAY_SLOTS, values, &err));
    for (size_t i = 0; i < DAY_SLOTS; i++) {
        if (!isnan(values[i])) {
            int64_t total = llrint(values[i] * 300);
            check_same_double(values[i], (double)total / 300);
            sum += total;
            count++;
        }
    }
    assert_int_equal(count, 113);
    assert_int_equal(sum, 631912 + 113 * 9994);
    check_same_double(values[156], 9994.0 / 300);
    check_same_double(values[287], 12740.0 / 300);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_chunk_of_the_older_program_is_read),
        cmocka_unit_test(every_encoding_is_read),
        cmocka_unit_test(every_damage_is_refused),
        cmocka_unit_test(forged_chunks_are_refused),
        cmocka_unit_test(a_raw_value_that_is_no_number_is_refused),
    };
    return cmocka_run_group_tests_name("chunk_v1", tests, NULL, NULL);
}
