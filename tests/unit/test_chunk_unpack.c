/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/chunk_model.h"
#include "store/chunk_private.h"

#include "../support/check.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* One of any kind, also such as no encoder finds. */
static struct rs_model random_model(uint64_t *random)
{
    uint64_t r = check_random(random);
    struct rs_model model = {.kind = r % 4 == 0 ? RS_MODEL_BITS : RS_MODEL_RATIO,
                             .width = (unsigned)(r >> 8) % 57};
    if (model.kind == RS_MODEL_BITS) {
        model.lowest = check_random(random);
        model.shift = (unsigned)(r >> 16) % 64;
        return model;
    }
    model.base = (int64_t)check_random(random) >> (11 + r % 53);
    model.factor = (uint32_t)check_random(random) >> (r >> 24) % 32 | 1;
    model.divisor = (uint32_t)check_random(random) >> (r >> 32) % 32 | 1;
    model.rest_width = (unsigned)(r >> 40) % 11;
    model.rest_low = (int)(r >> 48) % 1024 - 512;
    model.rest_width = model.rest_width > model.width ? 0 : model.rest_width;
    model.rest_width = model.width - model.rest_width > 52 ? model.width - 52 : model.rest_width;
    if (r >> 63 != 0) { /* a quotient of nothing, from which rests are taken */
        model.base = 0;
        model.width = model.rest_width + (unsigned)(r >> 50) % 4;
    }
    return model;
}

/* Any share of the slots, from none to all. */
static size_t random_bitmap(uint64_t *random, size_t slots, unsigned char *bitmap)
{
    size_t count = 0;
    uint64_t dense = check_random(random) % 65;
    memset(bitmap, 0, rs_bitmap_bytes(slots));
    for (size_t i = 0; i < slots; i++) {
        if (check_random(random) % 64 < dense) {
            bitmap[i / 8] = (unsigned char)(bitmap[i / 8] | 1 << i % 8);
            count++;
        }
    }
    return count;
}

static void each_processor_unpacks(const struct rs_model *model, const struct rs_packed *packed,
                                   bool sound, const double *want)
{
    double values[5 * RS_BITS_BLOCK + 1];
    for (int most = RS_UNPACK_WIDE; most <= RS_UNPACK_WIDEST; most++) {
        values[packed->slots] = 4711;
        assert_int_equal(rs_model_unpack(model, packed, (enum rs_unpack_width)most, values), sound);
        assert_true(values[packed->slots] == 4711);
        if (sound) {
            assert_memory_equal(values, want, packed->slots * sizeof(values[0]));
        }
    }
}

static void every_processor_unpacks_the_same_bits(void **state)
{
    (void)state;
    enum { SLOTS = 5 * RS_BITS_BLOCK };
    uint64_t random = 17;
    int finite = 0, strange = 0;
    for (int round = 0; round < 20000; round++) {
        double dense[SLOTS], plain[SLOTS];
        unsigned char bitmap[SLOTS / 8];
        const struct rs_model model = random_model(&random);
        const size_t slots = 1 + check_random(&random) % SLOTS;
        const bool gaps = check_random(&random) % 4 > 0;
        const size_t count = gaps ? random_bitmap(&random, slots, bitmap) : slots;
        const size_t length = rs_bits_bytes(count, model.width);
        const size_t room = check_random(&random) % 2 * 400;
        unsigned char *bytes =
            malloc(length + room > 0 ? length + room : 1); /* nothing behind may be read */
        assert_non_null(bytes);
        for (size_t i = 0; i < length + room; i++) {
            bytes[i] = (unsigned char)check_random(&random);
        }
        struct rs_packed packed = {bytes, NULL, length, length + room, count, count};
        bool sound = count == 0 || rs_model_unpack(&model, &packed, RS_UNPACK_PLAIN, dense);
        for (size_t i = 0, k = 0; i < slots; i++) {
            bool present = !gaps || (bitmap[i / 8] >> i % 8 & 1) != 0;
            plain[i] = present ? dense[k++] : NAN;
        }
        packed.bitmap = gaps && count > 0 ? bitmap : NULL;
        packed.slots = packed.bitmap != NULL ? slots : count;
        if (count > 0) {
            each_processor_unpacks(&model, &packed, sound, plain);
        }
        finite += sound ? 1 : 0;
        strange += sound ? 0 : 1;
        free(bytes);
    }
    assert_true(finite > 5000 && strange > 1000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_processor_unpacks_the_same_bits),
    };
    return cmocka_run_group_tests_name("chunk_unpack", tests, NULL, NULL);
}
