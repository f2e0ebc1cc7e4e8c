/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/parcel.h"

#include "rightsize/chunk.h"

#include <stdlib.h>
#include <string.h>

struct rs_packer { /* what one batch after the other is packed in */
    double *given;
    size_t slots;
    struct rs_buffer blob, blobs, days;
};

enum rs_status rs_packer_create(struct rs_packer **out, struct rs_error *err)
{
    struct rs_packer *p = calloc(1, sizeof(*p));
    if (p == NULL) {
        return rs_fail(err, RS_ENOMEM, "out of memory for packing samples");
    }
    rs_buffer_init(&p->blob);
    rs_buffer_init(&p->blobs);
    rs_buffer_init(&p->days);
    *out = p;
    return RS_OK;
}

void rs_packer_free(struct rs_packer *p)
{
    if (p != NULL) {
        rs_buffer_release(&p->blob);
        rs_buffer_release(&p->blobs);
        rs_buffer_release(&p->days);
        free(p->given);
        free(p);
    }
}

static bool reserve(struct rs_packer *p, size_t slots)
{
    if (slots > p->slots) {
        free(p->given);
        p->given = calloc(slots, sizeof(*p->given));
        p->slots = p->given != NULL ? slots : 0;
    }
    return p->slots >= slots;
}

/* False: out of memory, or it takes more than the samples themselves, as days of few samples do. */
static bool pack_days(struct rs_packer *p, struct rs_lay *lay, size_t slots)
{
    const size_t most = lay->batch->count * (sizeof(int64_t) + sizeof(double));
    struct rs_error unused;
    struct rs_parcel_day day;
    memset(&day, 0, sizeof(day));
    rs_buffer_clear(&p->days);
    rs_buffer_clear(&p->blobs);
    while (rs_lay_next(lay, p->given, &day.laid)) {
        if (rs_chunk_encode(p->given, slots, &p->blob, &unused) != RS_OK) {
            return false;
        }
        rs_chunk_sums_of(p->given, slots, &day.sums);
        day.length = p->blob.length;
        rs_buffer_append(&p->blobs, p->blob.data, p->blob.length);
        rs_buffer_append(&p->days, (const char *)&day, sizeof(day));
        if (p->days.length + p->blobs.length > most) {
            return false;
        }
    }
    return !p->days.failed && !p->blobs.failed;
}

static struct rs_parcel *assemble(const struct rs_packer *p, const struct rs_batch *batch)
{
    size_t bytes =
        sizeof(struct rs_parcel) + p->days.length + p->blobs.length + rs_batch_names_size(batch);
    struct rs_parcel *out = malloc(bytes);
    if (out == NULL) {
        return NULL;
    }
    *out = (struct rs_parcel){.batch = *batch,
                              .days = (struct rs_parcel_day *)(out + 1),
                              .day_count = p->days.length / sizeof(struct rs_parcel_day),
                              .bytes = bytes};
    memcpy(out->days, p->days.data, p->days.length);
    out->blobs = (unsigned char *)(out->days + out->day_count);
    memcpy(out->blobs, p->blobs.data, p->blobs.length);
    out->batch.at = NULL;
    out->batch.values = NULL;
    rs_batch_names_move(&out->batch, (char *)out->blobs + p->blobs.length);
    return out;
}

struct rs_parcel *rs_packer_pack(struct rs_packer *p, const struct rs_batch *batch)
{
    struct rs_lay lay;
    struct rs_error unused;
    if (batch->count == 0 || rs_lay_begin(&lay, batch, &unused) != RS_OK) {
        return NULL; /* who puts it in the store says what is wrong */
    }
    size_t slots = (size_t)(RS_DAY_SECONDS / batch->step);
    bool packed = reserve(p, slots) && pack_days(p, &lay, slots);
    rs_lay_end(&lay);
    return packed ? assemble(p, batch) : NULL;
}

size_t rs_parcel_bytes(const struct rs_parcel *packed)
{
    return packed->bytes;
}

const struct rs_batch *rs_parcel_batch(const struct rs_parcel *packed)
{
    return &packed->batch;
}

void rs_parcel_free(struct rs_parcel *packed)
{
    free(packed);
}
