/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "chunk_reference.h"

#include "store/bits.h"
#include "store/chunk_private.h"

#include <float.h>

static void assert_round_trip(const double *values, size_t slots, int model, int width)
{
    struct rs_error err = {RS_OK, ""};
    struct rs_buffer blob;
    size_t said = 0;
    double *back = calloc(slots, sizeof(*back)), *plain = calloc(slots, sizeof(*plain));
    assert_non_null(back);
    assert_non_null(plain);
    rs_buffer_init(&blob);
    check_ok(rs_chunk_encode(values, slots, &blob, &err));
    check_ok(rs_chunk_slots(blob.data, blob.length, &said, &err));
    assert_int_equal(said, slots);
    check_ok(decode_copy(blob.data, blob.length, slots, back, &err));
    assert_true(same_values(values, back, slots));
    reference_decode((const unsigned char *)blob.data, plain, slots);
    assert_true(same_values(values, plain, slots));
    if (width >= 0) {
        assert_int_equal(blob.data[V2_MODEL_AT], model);
        assert_int_equal(blob.data[V2_WIDTH_AT], width);
    }
    rs_buffer_release(&blob);
    free(back);
    free(plain);
}

static void checksums_are_those_of_their_authors(void **state)
{
    (void)state;
    unsigned char zeros[100] = {0};
    assert_int_equal(rs_crc32(0, "123456789", 9), 0xcbf43926);
    assert_int_equal(rs_crc32(rs_crc32(0, "1234", 4), "56789", 5), 0xcbf43926);
    assert_int_equal(rs_crc32(0, "The quick brown fox jumps over the lazy dog", 43), 0x414fa339);
    assert_int_equal(rs_crc32(0, zeros, 32), 0x190a55ad);
    assert_int_equal(rs_crc32(0, "", 0), 0);
}

static void only_right_checksums_are_told_to_be_right(void **state)
{
    (void)state;
    struct rs_error err = {RS_OK, ""};
    double values[DAY_SLOTS];
    struct rs_buffer chunks[RS_XXH64_MANY];
    struct rs_bytes blobs[RS_XXH64_MANY];
    for (size_t i = 0; i < RS_XXH64_MANY; i++) {
        for (size_t k = 0; k < DAY_SLOTS; k++) {
            values[k] = (double)(k * (i + 1)) / 100;
        }
        rs_buffer_init(&chunks[i]);
        check_ok(rs_chunk_encode(values, DAY_SLOTS, &chunks[i], &err));
        blobs[i] = (struct rs_bytes){chunks[i].data, chunks[i].length};
    }
    assert_int_equal(rs_chunk_check(blobs, RS_XXH64_MANY), 0xff);
    chunks[2].data[100] ^= 1;                  /* a value */
    chunks[3].data[chunks[3].length - 1] ^= 1; /* the checksum */
    chunks[4].data[0] = RS_CHUNK_V1;           /* of another kind */
    blobs[5].length -= 1;                      /* cut off */
    blobs[6].length = 3;                       /* all of it */
    assert_int_equal(rs_chunk_check(blobs, RS_XXH64_MANY), 0x83);
    assert_int_equal(rs_chunk_check(blobs + 1, 2), 1);
    assert_int_equal(rs_chunk_check(blobs, 0), 0);
    for (size_t i = 0; i < RS_XXH64_MANY; i++) {
        rs_buffer_release(&chunks[i]);
    }
}

static void integers_of_every_width_come_back(void **state)
{
    (void)state;
    uint64_t random = 5;
    for (unsigned width = 0; width <= 64; width++) {
        unsigned char packed[64 * 8 + RS_BITS_BEYOND];
        uint64_t want[RS_BITS_BLOCK], got[RS_BITS_BLOCK];
        if (rs_bits_round(width) != width) {
            continue;
        }
        struct rs_bit_writer w = {packed, 0, 0};
        for (size_t i = 0; i < RS_BITS_BLOCK; i++) {
            want[i] = check_random(&random) & rs_bits_mask(width);
            rs_bits_put(&w, want[i], width);
        }
        rs_bits_end(&w);
        assert_int_equal(w.out - packed, rs_bits_bytes(RS_BITS_BLOCK, width));
        rs_bits_unpack(packed, width, got);
        assert_memory_equal(want, got, sizeof(want));
    }
}

static void every_kind_of_value_takes_the_bits_it_needs(void **state)
{
    (void)state;
    enum { BITS, RATIO };
    static const struct {
        double base, factor, divisor;
        uint64_t highest; /* of the integers */
        int model, width;
    } rows[] = {
        {42, 1, 1, 0, BITS, 0},
        {0, 1, 1, 1000, RATIO, 10},
        {-5, 1, 1, 255, RATIO, 8},
        {0, 4096, 1, 1000, RATIO, 10},
        {1e6, 512, 300, 70000, RATIO, 17},
        {0, 1, 100, 10000, RATIO, 14},
        {0, 1, 300, 30000, RATIO, 15},
        {0, 1, 305, 30500, RATIO, 15},
        {0, 100, 59, 59, RATIO, 6},
        {0, 1, 1e6, 99999999, RATIO, 27},
        {0, 100, 4026368, 3000000, BITS, 64}, /* a divisor that is not found by chance */
        {0, 1, 1, UINT64_C(1) << 40, RATIO, 41},
        {1e15, 1, 1, 7, BITS, 3},
        {-2251799813685247.0, 1, 1, 100, BITS, 7},
        {-9e15, 1, 1, 100, BITS, 7},
        {1e300, 1e285, 1, 100, BITS, 10},
    };
    for (size_t r = 0; r < COUNT_OF(rows); r++) {
        double values[DAY_SLOTS];
        uint64_t random = r;
        for (size_t i = 0; i < DAY_SLOTS; i++) {
            uint64_t u = i == 0   ? 0
                         : i == 1 ? rows[r].highest
                                  : check_random(&random) % (rows[r].highest + 1);
            values[i] = (rows[r].base + rows[r].factor * (double)u) / rows[r].divisor;
        }
        assert_round_trip(values, DAY_SLOTS, rows[r].model, rows[r].width);
    }
}

static void digits_cut_off_in_a_text_cost_few_bits(void **state)
{
    (void)state;
    static const int digits[] = {17, 16, 15};
    static const int widths[] = {13, 16, 19};
    for (size_t d = 0; d < COUNT_OF(digits); d++) {
        double values[DAY_SLOTS];
        uint64_t random = 3;
        for (size_t i = 0; i < DAY_SLOTS; i++) {
            char text[64];
            snprintf(text, sizeof(text), "%.*g", digits[d],
                     (3000 + (double)(check_random(&random) % 8000)) / 300);
            values[i] = strtod(text, NULL);
        }
        assert_round_trip(values, DAY_SLOTS, 1, widths[d]);
    }
}

static void extreme_values_come_back_bit_for_bit(void **state)
{
    (void)state;
    static const double extremes[] = {0.0,
                                      -0.0,
                                      1,
                                      -1,
                                      DBL_MAX,
                                      -DBL_MAX,
                                      DBL_MIN,
                                      -DBL_MIN / 2,
                                      4.9406564584124654e-324,
                                      -4.9406564584124654e-324,
                                      9007199254740991.0,
                                      -9007199254740993.0,
                                      2251799813685248.0,
                                      2251799813685247.5,
                                      18446744073709551616.0,
                                      1.0 / 3,
                                      1e-300,
                                      99.99999999999999};
    for (size_t a = 0; a < COUNT_OF(extremes); a++) {
        for (size_t b = 0; b < COUNT_OF(extremes); b++) {
            double values[DAY_SLOTS];
            for (size_t i = 0; i < DAY_SLOTS; i++) {
                values[i] = i % 3 == 0 ? extremes[a] : extremes[b];
            }
            assert_round_trip(values, DAY_SLOTS, -1, -1);
            values[7] = NAN;
            assert_round_trip(values, 8 + a + b, -1, -1);
            assert_round_trip(values, 1, -1, -1);
        }
    }
}

static void a_gap_at_any_position_comes_back(void **state)
{
    (void)state;
    static const size_t sizes[] = {1, 2, 24, 63, 64, 65, 127, 128, 129, 192, 288};
    for (size_t s = 0; s < COUNT_OF(sizes); s++) {
        for (size_t at = 0; at < sizes[s]; at++) {
            double values[DAY_SLOTS], single[DAY_SLOTS], first[DAY_SLOTS], last[DAY_SLOTS];
            for (size_t i = 0; i < sizes[s]; i++) {
                values[i] = i == at ? NAN : (double)i / 7;
                single[i] = i == at ? 3.25 : NAN;
                first[i] = i > at ? NAN : sqrt((double)i);
                last[i] = i < at ? NAN : sqrt((double)i);
            }
            if (sizes[s] > 1) {
                assert_round_trip(values, sizes[s], -1, -1);
            }
            assert_round_trip(single, sizes[s], -1, -1);
            assert_round_trip(first, sizes[s], -1, -1);
            assert_round_trip(last, sizes[s], -1, -1);
        }
    }
}

static double random_value(uint64_t *random, uint64_t kind)
{
    double any = double_of(check_random(random));
    double whole = (double)(check_random(random) % 100000);
    switch (kind) {
    case 0:
        return isfinite(any) ? any : 1.0;
    case 1:
        return whole;
    case 2:
        return whole / 100;
    case 3:
        return 50 + whole / 1e5 * sqrt(2);
    case 4:
        return -whole / 496 * 100;
    case 5:
        return double_of(check_bits(whole / 300) + check_random(random) % 1000);
    default:
        return whole / 305;
    }
}

static void random_days_come_back_bit_for_bit(void **state)
{
    (void)state;
    uint64_t random = 7;
    static const size_t sizes[] = {1, 24, 96, 288, 1440};
    double values[1440];
    for (int round = 0; round < 700; round++) {
        size_t slots = sizes[check_random(&random) % 5];
        uint64_t kind = check_random(&random) % 7, gaps = check_random(&random) % 4;
        for (size_t i = 0; i < slots; i++) {
            values[i] = random_value(&random, kind);
            if (gaps > 0 && i > 0 && check_random(&random) % (gaps * gaps + 1) == 0) {
                values[i] = NAN;
            }
        }
        assert_round_trip(values, slots, -1, -1);
    }
}

static void a_day_of_seconds_is_the_largest(void **state)
{
    (void)state;
    double *values = calloc(RS_CHUNK_MAX_SLOTS, sizeof(*values));
    assert_non_null(values);
    for (size_t i = 0; i < RS_CHUNK_MAX_SLOTS; i++) {
        values[i] = i % 1000 == 3 ? NAN : sqrt((double)i);
    }
    assert_round_trip(values, RS_CHUNK_MAX_SLOTS, -1, -1);
    free(values);
}

static void equal_values_give_equal_bytes(void **state)
{
    (void)state;
    struct rs_error err = {RS_OK, ""};
    struct rs_buffer a, b;
    double values[DAY_SLOTS], other[DAY_SLOTS];
    for (size_t i = 0; i < DAY_SLOTS; i++) {
        values[i] = i % 5 == 0 ? NAN : (double)i * 0.1;
        other[i] = i % 5 == 0 ? -NAN : (double)i * 0.1;
    }
    rs_buffer_init(&a);
    rs_buffer_init(&b);
    rs_buffer_text(&b, "what was here before");
    check_ok(rs_chunk_encode(values, DAY_SLOTS, &a, &err));
    check_ok(rs_chunk_encode(other, DAY_SLOTS, &b, &err));
    assert_int_equal(a.length, b.length);
    assert_memory_equal(a.data, b.data, a.length);
    rs_buffer_release(&a);
    rs_buffer_release(&b);
}

static void every_damage_is_refused(void **state)
{
    (void)state;
    static const double factors[] = {1, 0.01, 1.0 / 3, 0};
    struct rs_error err = {RS_OK, ""};
    for (size_t f = 0; f < 8; f++) {
        double values[70], back[70];
        struct rs_buffer blob;
        rs_buffer_init(&blob);
        for (size_t i = 0; i < 70; i++) {
            values[i] = f >= 4 && i % 6 == 1 ? NAN : (double)(i * i) * factors[f % 4];
        }
        check_ok(rs_chunk_encode(values, 70, &blob, &err));
        for (size_t n = 0; n < blob.length; n++) {
            assert_int_equal(decode_copy(blob.data, n, 70, back, &err), RS_EIO);
        }
        for (size_t i = 0; i < blob.length * 8; i++) {
            char bit = (char)(1 << (i % 8));
            blob.data[i / 8] = (char)(blob.data[i / 8] ^ bit);
            assert_int_equal(decode_copy(blob.data, blob.length, 70, back, &err), RS_EIO);
            blob.data[i / 8] = (char)(blob.data[i / 8] ^ bit);
        }
        rs_buffer_char(&blob, 0);
        assert_int_equal(decode_copy(blob.data, blob.length, 70, back, &err), RS_EIO);
        rs_buffer_release(&blob);
    }
    assert_int_equal(rs_chunk_decode(NULL, 0, NULL, 1, &err), RS_EIO);
}

struct forgery {
    size_t at;
    unsigned char byte;
    const char *text;
};

static void expect_forgeries_refused(const double *values, size_t slots, int model,
                                     const struct forgery *rows, size_t count)
{
    double back[DAY_SLOTS];
    struct rs_error err = {RS_OK, ""};
    struct rs_buffer blob;
    unsigned char bytes[DAY_SLOTS * 8];
    rs_buffer_init(&blob);
    check_ok(rs_chunk_encode(values, slots, &blob, &err));
    assert_int_equal(blob.data[V2_MODEL_AT], model);
    for (size_t r = 0; r < count; r++) {
        memcpy(bytes, blob.data, blob.length);
        bytes[rows[r].at] = rows[r].byte;
        sign_v2(bytes, blob.length);
        err = (struct rs_error){RS_OK, ""};
        enum rs_status rc = decode_copy(bytes, blob.length, slots, back, &err);
        if (rc != RS_EIO || strstr(err.text, rows[r].text) == NULL) {
            fail_msg("row %zu: status %d, '%s'", r, (int)rc, err.text);
        }
    }
    assert_int_equal(decode_copy(blob.data, blob.length, slots + 1, back, &err), RS_EIO);
    assert_non_null(strstr(err.text, "slots, not"));
    rs_buffer_release(&blob);
}

/* A forger knows the checksum too; what it lets through must still be within bounds. */
static void forged_chunks_are_refused(void **state)
{
    (void)state;
    static const struct forgery ratio[] = {
        {0, 3, "version 3"},
        {0, 0, "version 0"},
        {0, 1, "damaged"}, /* read as the old version */
        {1, 2, "model"},
        {2, 2, "flags"},
        {2, 0, "wrong length"},
        {3, 57, "width"},
        {3, 63, "width"},
        {3, 65, "width"},
        {3, 255, "width"},
        {3, 64, "ratio out of range"},
        {3, 5, "wrong length"},
        {4, 0, "number of slots"},
        {6, 2, "number of slots"},
        {7, 11, "ratio out of range"},
        {7, 5, "ratio out of range"}, /* more of the rest than the width holds */
        {8 + 7, 0x7f, "ratio out of range"},
        {16, 0, "ratio out of range"},
        {20, 0, "ratio out of range"},
        {25, 0x80, "not a finite number"}, /* a rest that takes 0 below itself */
        {26, 0, "bitmap"},
        {26, 0x3f, "bitmap"},
        {26, 0x1f, "wrong length"},
        {26, 0x67, "bitmap"}, /* a bit behind the last slot */
        {33, 0x80, "bitmap"},
    };
    static const struct forgery bits[] = {
        {1, 1, "ratio out of range"},
        {3, 55, "wrong length"},
        {7, 64, "shift out of range"},
        {8 + 7, 0xff, "not a finite number"},
    };
    const double framed[] = {0, 1, 2, NAN, NAN, 9};
    double any[70];
    for (int i = 0; i < 70; i++) {
        any[i] = i == 0 ? 1 : exp(-700 + 20.0 * i) * sqrt(2);
    }
    expect_forgeries_refused(framed, 6, 1, ratio, COUNT_OF(ratio));
    expect_forgeries_refused(any, 70, 0, bits, 3);
    for (int i = 0; i < 70; i++) {
        any[i] = sqrt(2 + i * 1e-9);
    }
    expect_forgeries_refused(any, 70, 0, bits + 2, 2);
}

static void any_bytes_under_a_right_checksum_do_no_harm(void **state)
{
    (void)state;
    uint64_t random = 11;
    int decoded = 0;
    double values[DAY_SLOTS], back[DAY_SLOTS];
    struct rs_error err = {RS_OK, ""};
    struct rs_buffer blob;
    rs_buffer_init(&blob);
    for (int round = 0; round < 3000; round++) {
        for (size_t i = 0; i < DAY_SLOTS; i++) {
            values[i] = i % 9 == 4 && round % 2 == 0 ? NAN : (double)(i * i) / (1.0 + round % 400);
        }
        check_ok(rs_chunk_encode(values, DAY_SLOTS, &blob, &err));
        for (int k = 0; k < 3; k++) {
            size_t at = check_random(&random) % (k == 0 ? blob.length : (size_t)26);
            blob.data[at] = (char)check_random(&random);
        }
        sign_v2((unsigned char *)blob.data, blob.length);
        if (decode_copy(blob.data, blob.length, DAY_SLOTS, back, &err) == RS_OK) {
            decoded++;
            for (size_t i = 0; i < DAY_SLOTS; i++) {
                assert_true(isnan(back[i]) || isfinite(back[i]));
            }
        }
    }
    assert_true(decoded > 30);
    rs_buffer_release(&blob);
}

static void slots_of_a_damaged_header_are_not_told(void **state)
{
    (void)state;
    struct rs_error err = {RS_OK, ""};
    size_t slots = 99;
    static const unsigned char none[24] = {2}, model[24] = {2, 9};
    assert_int_equal(rs_chunk_slots("", 0, &slots, &err), RS_EIO);
    assert_int_equal(rs_chunk_slots(NULL, 0, &slots, &err), RS_EIO);
    assert_int_equal(rs_chunk_slots("0123456789abcdef0123456789", 26, &slots, &err), RS_EIO);
    assert_int_equal(rs_chunk_slots(none, 19, &slots, &err), RS_EIO);
    assert_int_equal(rs_chunk_slots(none, 24, &slots, &err), RS_EIO);
    assert_int_equal(rs_chunk_slots(model, 24, &slots, &err), RS_EIO);
    assert_int_equal(slots, 99);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(checksums_are_those_of_their_authors),
        cmocka_unit_test(only_right_checksums_are_told_to_be_right),
        cmocka_unit_test(integers_of_every_width_come_back),
        cmocka_unit_test(every_kind_of_value_takes_the_bits_it_needs),
        cmocka_unit_test(digits_cut_off_in_a_text_cost_few_bits),
        cmocka_unit_test(extreme_values_come_back_bit_for_bit),
        cmocka_unit_test(a_gap_at_any_position_comes_back),
        cmocka_unit_test(random_days_come_back_bit_for_bit),
        cmocka_unit_test(a_day_of_seconds_is_the_largest),
        cmocka_unit_test(equal_values_give_equal_bytes),
        cmocka_unit_test(every_damage_is_refused),
        cmocka_unit_test(forged_chunks_are_refused),
        cmocka_unit_test(any_bytes_under_a_right_checksum_do_no_harm),
        cmocka_unit_test(slots_of_a_damaged_header_are_not_told),
    };
    return cmocka_run_group_tests_name("chunk", tests, NULL, NULL);
}
