/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Whatever the bytes of a chunk, decoding stays within them, also under a right checksum; and
 * whatever the doubles, they come back bit for bit.
 */
#include "fuzz.h"

#include "rightsize/chunk.h"

#include "store/bytes.h"
#include "store/xxh64.h"

#include <math.h>
#include <string.h>

#define SLOTS_MAX 1440

static void decode(const uint8_t *data, size_t size)
{
    struct rs_error err = {RS_OK, ""};
    double values[SLOTS_MAX];
    size_t slots = 0;
    if (rs_chunk_slots(data, size, &slots, &err) == RS_OK && slots <= SLOTS_MAX &&
        rs_chunk_decode(data, size, values, slots, &err) == RS_OK) {
        for (size_t i = 0; i < slots; i++) {
            FUZZ_HOLDS(!isinf(values[i]));
        }
    }
}

static void decode_signed(const uint8_t *data, size_t size)
{
    uint8_t *copy = malloc(size);
    if (copy != NULL && size > 4) {
        memcpy(copy, data, size);
        rs_put32(copy + size - 4, (uint32_t)rs_xxh64(copy, size - 4));
        decode(copy, size);
    }
    free(copy);
}

static void round_trip(const uint8_t *data, size_t size)
{
    struct rs_error err = {RS_OK, ""};
    struct rs_buffer blob;
    double values[SLOTS_MAX], back[SLOTS_MAX];
    size_t slots = size / sizeof(double) < SLOTS_MAX ? size / sizeof(double) : SLOTS_MAX;
    bool any = false;
    memcpy(values, data, slots * sizeof(double));
    for (size_t i = 0; i < slots; i++) {
        values[i] = isfinite(values[i]) ? values[i] : NAN;
        any = any || !isnan(values[i]);
    }
    if (!any) {
        return;
    }
    rs_buffer_init(&blob);
    if (rs_chunk_encode(values, slots, &blob, &err) == RS_OK) {
        FUZZ_HOLDS(rs_chunk_decode(blob.data, blob.length, back, slots, &err) == RS_OK);
        for (size_t i = 0; i < slots; i++) {
            FUZZ_HOLDS(isnan(values[i]) ? isnan(back[i])
                                        : memcmp(&values[i], &back[i], sizeof(double)) == 0);
        }
    }
    rs_buffer_release(&blob);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    decode(data, size);
    decode_signed(data, size);
    round_trip(data, size);
    return 0;
}
