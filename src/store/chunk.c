/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/chunk_model.h"
#include "store/chunk_private.h"
#include "store/xxh64.h"

#include <assert.h>
#include <math.h>
#include <string.h>

enum { VERSION = 2, KIND_AT = 1, FLAGS_AT = 2, WIDTH_AT = 3, SLOTS_AT = 4, DETAIL_AT = 7 };
enum { BASE_AT = 8, DIVISOR_AT = 16, FACTOR_AT = 20, REST_AT = 24 };
enum { HEADER = 16, RATIO_HEADER = 26, STAGE = 32, CHECK = 4 };

struct header {
    struct rs_model model;
    size_t size, slots;
    bool gaps;
};

static size_t header_size(enum rs_model_kind kind)
{
    return kind == RS_MODEL_RATIO ? RATIO_HEADER : HEADER;
}

static void put_header(unsigned char *p, const struct rs_model *m, size_t slots, bool gaps)
{
    bool ratio = m->kind == RS_MODEL_RATIO;
    rs_put32(p + SLOTS_AT, (uint32_t)slots); /* its upper byte is the next one */
    p[0] = VERSION;
    p[KIND_AT] = (unsigned char)m->kind;
    p[FLAGS_AT] = gaps;
    p[WIDTH_AT] = (unsigned char)m->width;
    p[DETAIL_AT] = (unsigned char)(ratio ? m->rest_width : m->shift);
    rs_put64(p + BASE_AT, ratio ? (uint64_t)m->base : m->lowest);
    if (ratio) {
        rs_put32(p + DIVISOR_AT, m->divisor);
        rs_put32(p + FACTOR_AT, m->factor);
        rs_put16(p + REST_AT, (uint16_t)m->rest_low);
    }
}

static void append_bitmap(struct rs_buffer *out, const double *values, size_t slots)
{
    for (size_t i = 0; i < slots; i += 64) {
        uint64_t word = 0;
        for (size_t k = 0; k < 64 && i + k < slots; k++) {
            word |= (uint64_t)(isnan(values[i + k]) ? 0 : 1) << k;
        }
        unsigned char bytes[8];
        rs_put64(bytes, word);
        rs_buffer_append(out, (const char *)bytes, sizeof(bytes));
    }
}

static void append_present(struct rs_buffer *out, const double *values, size_t slots)
{
    double block[RS_BITS_BLOCK];
    for (size_t i = 0; i < slots;) {
        size_t used = 0;
        for (size_t end = i + RS_BITS_BLOCK; i < end && i < slots; i++) {
            block[used] = values[i];
            used += isnan(values[i]) ? 0 : 1;
        }
        rs_buffer_append(out, (const char *)block, used * sizeof(block[0]));
    }
}

/* The values lie at the end of the buffer, and are packed where they are: no writing overtakes the
 * reading, as none is wider than a double. */
static void pack(struct rs_buffer *out, size_t at, size_t count, const struct rs_model *model)
{
    struct rs_bit_writer w = {(unsigned char *)out->data + at, 0, 0};
    for (size_t i = 0; i < count; i += RS_BITS_BLOCK) {
        double values[RS_BITS_BLOCK];
        uint64_t integers[RS_BITS_BLOCK];
        size_t part = count - i < RS_BITS_BLOCK ? count - i : RS_BITS_BLOCK;
        memcpy(values, out->data + at + i * sizeof(values[0]), part * sizeof(values[0]));
        rs_model_pack(model, values, part, integers);
        for (size_t k = 0; k < part; k++) {
            rs_bits_put(&w, integers[k], model->width);
        }
    }
    rs_bits_end(&w);
    out->length = (size_t)((char *)w.out - out->data);
}

enum rs_status rs_chunk_encode(const double *values, size_t slots, struct rs_buffer *out,
                               struct rs_error *err)
{
    assert(slots > 0 && slots <= RS_CHUNK_MAX_SLOTS);
    static const char room[STAGE];
    size_t count = 0;
    for (size_t i = 0; i < slots; i++) {
        assert(!isinf(values[i]));
        count += isnan(values[i]) ? 0 : 1;
    }
    assert(count > 0);
    bool gaps = count < slots;
    rs_buffer_clear(out);
    rs_buffer_append(out, room, sizeof(room));
    if (gaps) {
        append_bitmap(out, values, slots);
    }
    size_t at = out->length; /* a multiple of 8: doubles may lie there */
    append_present(out, values, slots);
    rs_buffer_append(out, room, sizeof(room));
    enum rs_status rc = rs_buffer_status(out, err);
    if (rc != RS_OK) {
        return rc;
    }
    struct rs_model model;
    rs_model_find((const double *)(const void *)(out->data + at), count, &model);
    size_t head = header_size(model.kind);
    pack(out, at, count, &model);
    memmove(out->data + head, out->data + STAGE, out->length - STAGE);
    out->length -= STAGE - head;
    unsigned char *blob = (unsigned char *)out->data;
    put_header(blob, &model, slots, gaps);
    rs_put32(blob + out->length, (uint32_t)rs_xxh64(blob, out->length));
    out->length += CHECK;
    out->data[out->length] = '\0';
    return RS_OK;
}

enum rs_status rs_chunk_damaged(struct rs_error *err, const char *what)
{
    return rs_fail(err, RS_EIO, "damaged chunk: %s", what);
}

static enum rs_status read_ratio(const unsigned char *blob, struct rs_model *m,
                                 struct rs_error *err)
{
    m->base = (int64_t)rs_get64(blob + BASE_AT);
    m->divisor = rs_get32(blob + DIVISOR_AT);
    m->factor = rs_get32(blob + FACTOR_AT);
    m->rest_width = blob[DETAIL_AT];
    m->rest_low = (int16_t)rs_get16(blob + REST_AT);
    bool sound = m->divisor > 0 && m->factor > 0 && m->rest_width <= RS_MODEL_REST_WIDTH &&
                 m->rest_width <= m->width && m->width - m->rest_width <= 52 &&
                 fabs((double)m->base) <= 9007199254740992.0;
    return sound ? RS_OK : rs_chunk_damaged(err, "ratio out of range");
}

static enum rs_status read_header(const unsigned char *blob, size_t length, struct header *out,
                                  struct rs_error *err)
{
    if (length < HEADER + CHECK || (blob[KIND_AT] == RS_MODEL_RATIO && length < RATIO_HEADER)) {
        return rs_chunk_damaged(err, "cut off");
    }
    if (blob[KIND_AT] > RS_MODEL_RATIO || blob[FLAGS_AT] > 1) {
        return rs_chunk_damaged(err, "unknown model or flags");
    }
    *out = (struct header){.model = {.kind = (enum rs_model_kind)blob[KIND_AT],
                                     .width = blob[WIDTH_AT],
                                     .lowest = rs_get64(blob + BASE_AT),
                                     .shift = blob[DETAIL_AT]},
                           .size = header_size((enum rs_model_kind)blob[KIND_AT]),
                           .slots = rs_get32(blob + SLOTS_AT) & 0xffffff,
                           .gaps = blob[FLAGS_AT] == 1};
    if (out->slots == 0 || out->slots > RS_CHUNK_MAX_SLOTS) {
        return rs_chunk_damaged(err, "impossible number of slots");
    }
    if (out->model.width > 64 || rs_bits_round(out->model.width) != out->model.width) {
        return rs_chunk_damaged(err, "impossible width");
    }
    if (out->model.kind == RS_MODEL_RATIO) {
        return read_ratio(blob, &out->model, err);
    }
    return out->model.shift < 64 ? RS_OK : rs_chunk_damaged(err, "shift out of range");
}

/* Everything that can be known before a value is written. */
static enum rs_status verify(const struct rs_chunk_blob *chunk, const struct header *h,
                             size_t *count, struct rs_error *err)
{
    const unsigned char *blob = chunk->at;
    const size_t length = chunk->length;
    size_t bitmap = h->gaps ? rs_bitmap_bytes(h->slots) : 0, fixed = h->size + bitmap + CHECK;
    if (length < fixed) {
        return rs_chunk_damaged(err, "cut off");
    }
    if (!chunk->checked &&
        rs_get32(blob + length - CHECK) != (uint32_t)rs_xxh64(blob, length - CHECK)) {
        return rs_chunk_damaged(err, "checksum differs");
    }
    *count = h->slots;
    if (h->gaps) {
        *count = rs_bitmap_count(blob + h->size, h->slots);
        if (*count == 0 || *count >= h->slots) {
            return rs_chunk_damaged(err, "impossible bitmap");
        }
    }
    return length - fixed == rs_bits_bytes(*count, h->model.width)
               ? RS_OK
               : rs_chunk_damaged(err, "wrong length");
}

unsigned rs_chunk_check(const struct rs_bytes *blobs, size_t count)
{
    struct rs_bytes bodies[RS_XXH64_MANY] = {{NULL, 0}};
    uint64_t hashes[RS_XXH64_MANY];
    unsigned sound = 0;
    for (size_t i = 0; i < count; i++) {
        const unsigned char *bytes = blobs[i].at;
        bool known = blobs[i].length >= HEADER + CHECK && bytes[0] == VERSION;
        bodies[i] = (struct rs_bytes){bytes, known ? blobs[i].length - CHECK : 0};
    }
    rs_xxh64_many(bodies, count, hashes);
    for (size_t i = 0; i < count; i++) {
        const unsigned char *check = (const unsigned char *)bodies[i].at + bodies[i].length;
        bool right = bodies[i].length > 0 && rs_get32(check) == (uint32_t)hashes[i];
        sound |= (right ? 1U : 0U) << i;
    }
    return sound;
}

enum rs_status rs_chunk_decode_blob(const struct rs_chunk_blob *blob, double *values, size_t slots,
                                    struct rs_error *err)
{
    const unsigned char *bytes = blob->at;
    const size_t length = blob->length;
    struct header h = {0};
    size_t count = 0;
    if (bytes == NULL || length == 0) {
        return rs_chunk_damaged(err, "cut off");
    }
    if (bytes[0] == RS_CHUNK_V1) {
        return rs_chunk_v1_decode(bytes, length, values, slots, err);
    }
    if (bytes[0] != VERSION) {
        return rs_fail(err, RS_EIO, "damaged chunk: version %u is not known", bytes[0]);
    }
    enum rs_status rc = read_header(bytes, length, &h, err);
    if (rc == RS_OK && h.slots != slots) {
        rc = rs_fail(err, RS_EIO, "damaged chunk: %zu slots, not %zu", h.slots, slots);
    }
    if (rc == RS_OK) {
        rc = verify(blob, &h, &count, err);
    }
    if (rc != RS_OK) {
        return rc;
    }
    const size_t fixed = h.size + (h.gaps ? rs_bitmap_bytes(slots) : 0);
    const struct rs_packed packed = {.bytes = bytes + fixed,
                                     .bitmap = h.gaps ? bytes + h.size : NULL,
                                     .length = length - fixed - CHECK,
                                     .readable = blob->readable - fixed,
                                     .count = count,
                                     .slots = slots};
    return rs_model_unpack(&h.model, &packed, RS_UNPACK_WIDEST, values)
               ? RS_OK
               : rs_chunk_damaged(err, "a value is not a finite number");
}

enum rs_status rs_chunk_decode(const void *blob, size_t length, double *values, size_t slots,
                               struct rs_error *err)
{
    const struct rs_chunk_blob whole = {blob, length, length, false};
    return rs_chunk_decode_blob(&whole, values, slots, err);
}

enum rs_status rs_chunk_slots(const void *blob, size_t length, size_t *slots, struct rs_error *err)
{
    const unsigned char *bytes = blob;
    struct header h = {0};
    if (blob == NULL || length == 0) {
        return rs_chunk_damaged(err, "cut off");
    }
    if (bytes[0] == RS_CHUNK_V1) {
        return rs_chunk_v1_slots(bytes, length, slots, err);
    }
    if (bytes[0] != VERSION) {
        return rs_fail(err, RS_EIO, "damaged chunk: version %u is not known", bytes[0]);
    }
    enum rs_status rc = read_header(bytes, length, &h, err);
    if (rc == RS_OK) {
        *slots = h.slots;
    }
    return rc;
}
