/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rightsize/chunk.h"

#include "store/bytes.h"
#include "store/crc32.h"

#include <float.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define DAY 288
#define HEADER 16
#define ENCODING_AT 1

static uint64_t next_random(uint64_t *state)
{
    *state = *state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return *state >> 11;
}

/* Bit for bit; a gap is any NaN. */
static bool same_values(const double *a, const double *b, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (isnan(a[i]) != isnan(b[i]) ||
            (!isnan(a[i]) && memcmp(&a[i], &b[i], sizeof(a[i])) != 0)) {
            return false;
        }
    }
    return true;
}

static void assert_round_trip(const double *values, size_t slots, int encoding, size_t length)
{
    struct rs_error err = {RS_OK, ""};
    struct rs_buffer blob;
    size_t said = 0;
    double *back = calloc(slots, sizeof(*back));
    assert_non_null(back);
    rs_buffer_init(&blob);
    assert_int_equal(rs_chunk_encode(values, slots, &blob, &err), RS_OK);
    assert_int_equal(rs_chunk_slots(blob.data, blob.length, &said, &err), RS_OK);
    assert_int_equal(said, slots);
    assert_int_equal(rs_chunk_decode(blob.data, blob.length, back, slots, &err), RS_OK);
    assert_true(same_values(values, back, slots));
    if (encoding >= 0) {
        assert_int_equal(blob.data[ENCODING_AT], encoding);
        assert_int_equal(blob.length, length);
    }
    rs_buffer_release(&blob);
    free(back);
}

static void crc_is_that_of_zlib(void **state)
{
    (void)state;
    unsigned char zeros[100] = {0};
    assert_int_equal(rs_crc32(0, "123456789", 9), 0xcbf43926);
    assert_int_equal(rs_crc32(rs_crc32(0, "1234", 4), "56789", 5), 0xcbf43926);
    assert_int_equal(rs_crc32(0, "The quick brown fox jumps over the lazy dog", 43), 0x414fa339);
    assert_int_equal(rs_crc32(0, zeros, 32), 0x190a55ad);
    assert_int_equal(rs_crc32(0, "", 0), 0);
}

static void every_kind_of_value_comes_back_bit_for_bit(void **state)
{
    (void)state;
    static const struct {
        double a, b; /* taken in turn */
        int encoding;
        size_t payload;
    } rows[] = {
        {42, 42, 1, 10},
        {0, 0, 1, 10},
        {0, 255, 1, 10 + DAY},
        {-5, 251, 1, 10 + 2 * DAY},
        {1000, 1255, 1, 10 + DAY},
        {0, 65535, 1, 10 + 2 * DAY},
        {0, 65536, 1, 10 + 4 * DAY},
        {0, 4294967295.0, 1, 10 + 4 * DAY},
        {0, 4294967296.0, 0, 8 * DAY},
        {0.2, 0.4, 1, 10 + DAY},
        {12.5, 13.7, 1, 10 + DAY},
        {0.25, 0.26, 1, 10 + DAY},
        {0.000001, 0.000002, 1, 10 + DAY},
        {99.999999, 0.1, 1, 10 + 4 * DAY},
        {9007199254740991.0, 9007199254740990.0, 1, 10 + DAY},
        {-9007199254740991.0, -9007199254740990.0, 1, 10 + DAY},
        {9007199254740992.0, 9007199254740992.0, 0, 8 * DAY},
        {1.0 / 3, 2.0 / 3, 1, 10 + DAY},
        {1.0 / 300, 1e9 / 300, 1, 10 + 4 * DAY},
        {7.0 / 3600, 11.0 / 3600, 1, 10 + DAY},
        {1.0 / 7, 2.0 / 7, 0, 8 * DAY},
        {-0.0, 0.0, 0, 8 * DAY},
        {-0.0, -0.0, 0, 8 * DAY},
        {DBL_MAX, -DBL_MAX, 0, 8 * DAY},
        {DBL_MIN / 2, 4.9406564584124654e-324, 0, 8 * DAY},
        {1e300, 1, 0, 8 * DAY},
    };
    for (size_t r = 0; r < sizeof(rows) / sizeof(rows[0]); r++) {
        double values[DAY];
        for (size_t i = 0; i < DAY; i++) {
            values[i] = i % 2 == 0 ? rows[r].a : rows[r].b;
        }
        assert_round_trip(values, DAY, rows[r].encoding, HEADER + rows[r].payload);
    }
}

static void a_gap_at_any_position_comes_back(void **state)
{
    (void)state;
    static const size_t sizes[] = {1, 2, 24, 63, 64, 65, 127, 128, 288};
    for (size_t s = 0; s < sizeof(sizes) / sizeof(sizes[0]); s++) {
        for (size_t at = 0; at < sizes[s]; at++) {
            double values[DAY], single[DAY];
            for (size_t i = 0; i < sizes[s]; i++) {
                values[i] = i == at ? NAN : (double)i / 7;
                single[i] = i == at ? 3.25 : NAN;
            }
            if (sizes[s] > 1) {
                assert_round_trip(values, sizes[s], -1, 0);
            }
            assert_round_trip(single, sizes[s], -1, 0);
        }
    }
}

static void random_days_come_back_bit_for_bit(void **state)
{
    (void)state;
    uint64_t random = 7;
    static const size_t sizes[] = {1, 24, 96, 288, 1440};
    double values[1440];
    for (int round = 0; round < 400; round++) {
        size_t slots = sizes[next_random(&random) % 5];
        uint64_t kind = next_random(&random) % 4, gaps = next_random(&random) % 4;
        for (size_t i = 0; i < slots; i++) {
            uint64_t bits = next_random(&random) << 11 | next_random(&random) % 2048;
            double any;
            memcpy(&any, &bits, sizeof(any));
            double whole = (double)(next_random(&random) % 100000);
            values[i] = kind == 0   ? (isfinite(any) ? any : 1.0)
                        : kind == 1 ? whole
                        : kind == 2 ? whole / 100
                                    : whole / 305;
            if (gaps > 0 && i > 0 && next_random(&random) % (gaps * gaps + 1) == 0) {
                values[i] = NAN;
            }
        }
        assert_round_trip(values, slots, -1, 0);
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
    assert_round_trip(values, RS_CHUNK_MAX_SLOTS, -1, 0);
    free(values);
}

static void equal_values_give_equal_bytes(void **state)
{
    (void)state;
    struct rs_error err = {RS_OK, ""};
    struct rs_buffer a, b;
    double values[DAY], other[DAY];
    for (size_t i = 0; i < DAY; i++) {
        values[i] = i % 5 == 0 ? NAN : (double)i * 0.1;
        other[i] = i % 5 == 0 ? -NAN : (double)i * 0.1;
    }
    rs_buffer_init(&a);
    rs_buffer_init(&b);
    rs_buffer_text(&b, "what was here before");
    assert_int_equal(rs_chunk_encode(values, DAY, &a, &err), RS_OK);
    assert_int_equal(rs_chunk_encode(other, DAY, &b, &err), RS_OK);
    assert_int_equal(a.length, b.length);
    assert_memory_equal(a.data, b.data, a.length);
    rs_buffer_release(&a);
    rs_buffer_release(&b);
}

/* In memory of exactly its size, so that the sanitizers see a read beyond it. */
static enum rs_status decode_copy(const void *bytes, size_t length, size_t slots, double *out)
{
    struct rs_error err = {RS_OK, ""};
    unsigned char *copy = malloc(length > 0 ? length : 1);
    assert_non_null(copy);
    memcpy(copy, bytes, length);
    enum rs_status rc = rs_chunk_decode(copy, length, out, slots, &err);
    assert_true(rc == RS_OK || (rc == RS_EIO && strstr(err.text, "damaged chunk") != NULL));
    free(copy);
    return rc;
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
        assert_int_equal(rs_chunk_encode(values, 70, &blob, &err), RS_OK);
        for (size_t n = 0; n < blob.length; n++) {
            assert_int_equal(decode_copy(blob.data, n, 70, back), RS_EIO);
        }
        for (size_t i = 0; i < blob.length * 8; i++) {
            char bit = (char)(1 << (i % 8));
            blob.data[i / 8] = (char)(blob.data[i / 8] ^ bit);
            assert_int_equal(decode_copy(blob.data, blob.length, 70, back), RS_EIO);
            blob.data[i / 8] = (char)(blob.data[i / 8] ^ bit);
        }
        rs_buffer_char(&blob, 0);
        assert_int_equal(decode_copy(blob.data, blob.length, 70, back), RS_EIO);
        rs_buffer_release(&blob);
    }
    assert_int_equal(rs_chunk_decode(NULL, 0, NULL, 1, &err), RS_EIO);
}

static void sign(unsigned char *blob, size_t length)
{
    rs_put32(blob + 12, rs_crc32(rs_crc32(0, blob, 12), blob + HEADER, length - HEADER));
}

/* A forger knows the checksum too; what it lets through must still be within bounds. */
static void forged_chunks_are_refused(void **state)
{
    (void)state;
    enum { SLOTS = 6, LENGTH = HEADER + 8 + 10 + 4 };
    static const struct {
        size_t at;
        unsigned char byte;
        const char *text;
    } rows[] = {
        {0, 2, "version 2"},
        {1, 2, "encoding"},
        {2, 2, "flags"},
        {2, 0, "slots and values"},
        {3, 1, "flags"},
        {4, 0, "slots and values"},
        {6, 2, "slots and values"},
        {8, 0, "slots and values"},
        {8, 7, "slots and values"},
        {8, 3, "wrong length"},
        {HEADER, 0x0e, "bitmap and count"},
        {HEADER, 0x1f, "bitmap and count"},
        {HEADER, 0x47, "bitmap and count"},
        {HEADER + 7, 0x80, "bitmap and count"},
        {HEADER + 8 + 7, 0x7f, "frame of reference"},
        {HEADER + 8 + 8, 11, "frame of reference"},
        {HEADER + 8 + 9, 3, "frame of reference"},
        {HEADER + 8 + 9, 2, "wrong length"},
        {HEADER + 8 + 9, 255, "frame of reference"},
    };
    const double values[SLOTS] = {1, 2, 3, NAN, NAN, 9};
    double back[SLOTS];
    struct rs_error err = {RS_OK, ""};
    struct rs_buffer blob;
    rs_buffer_init(&blob);
    assert_int_equal(rs_chunk_encode(values, SLOTS, &blob, &err), RS_OK);
    assert_int_equal(blob.length, LENGTH);
    unsigned char bytes[LENGTH];
    for (size_t r = 0; r < sizeof(rows) / sizeof(rows[0]); r++) {
        memcpy(bytes, blob.data, LENGTH);
        bytes[rows[r].at] = rows[r].byte;
        sign(bytes, LENGTH);
        err = (struct rs_error){RS_OK, ""};
        enum rs_status rc = rs_chunk_decode(bytes, LENGTH, back, SLOTS, &err);
        if (rc != RS_EIO || strstr(err.text, rows[r].text) == NULL) {
            fail_msg("row %zu: status %d, '%s'", r, (int)rc, err.text);
        }
    }
    memcpy(bytes, blob.data, LENGTH);
    assert_int_equal(rs_chunk_decode(bytes, LENGTH, back, SLOTS + 1, &err), RS_EIO);
    assert_non_null(strstr(err.text, "6 slots, not 7"));
    rs_buffer_release(&blob);
}

static void a_raw_value_that_is_no_number_is_refused(void **state)
{
    (void)state;
    static const double strange[] = {NAN, INFINITY, -INFINITY};
    const double values[] = {1.0 / 11, 1.0 / 7};
    double back[2];
    struct rs_error err = {RS_OK, ""};
    struct rs_buffer blob;
    rs_buffer_init(&blob);
    for (size_t i = 0; i < 3; i++) {
        assert_int_equal(rs_chunk_encode(values, 2, &blob, &err), RS_OK);
        unsigned char *bytes = (unsigned char *)blob.data;
        memcpy(bytes + HEADER + 8, &strange[i], sizeof(double));
        sign(bytes, blob.length);
        assert_int_equal(rs_chunk_decode(bytes, blob.length, back, 2, &err), RS_EIO);
    }
    rs_buffer_release(&blob);
}

static void slots_of_a_damaged_header_are_not_told(void **state)
{
    (void)state;
    struct rs_error err = {RS_OK, ""};
    size_t slots = 99;
    assert_int_equal(rs_chunk_slots("", 0, &slots, &err), RS_EIO);
    assert_int_equal(rs_chunk_slots("0123456789abcdef", 16, &slots, &err), RS_EIO);
    assert_int_equal(slots, 99);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(crc_is_that_of_zlib),
        cmocka_unit_test(every_kind_of_value_comes_back_bit_for_bit),
        cmocka_unit_test(a_gap_at_any_position_comes_back),
        cmocka_unit_test(random_days_come_back_bit_for_bit),
        cmocka_unit_test(a_day_of_seconds_is_the_largest),
        cmocka_unit_test(equal_values_give_equal_bytes),
        cmocka_unit_test(every_damage_is_refused),
        cmocka_unit_test(forged_chunks_are_refused),
        cmocka_unit_test(a_raw_value_that_is_no_number_is_refused),
        cmocka_unit_test(slots_of_a_damaged_header_are_not_told),
    };
    return cmocka_run_group_tests_name("chunk", tests, NULL, NULL);
}
