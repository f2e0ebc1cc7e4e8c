/* SPDX-License-Identifier: GPL-3.0-or-later */
/* scan_unpack.c - what a cursor read, into whole series of the window; no store is needed. */
#include "store/chunk_private.h"
#include "store/scan_private.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define SLOTS_LIMIT ((int64_t)1 << 28) /* of one series: 2 GiB */

/* Before the first piece of a column: its memory, void. */
static enum rs_status reserve(struct rs_scan_column *column, struct rs_error *err)
{
    size_t slots = (size_t)(column->end - column->first);
    if (column->end - column->first > SLOTS_LIMIT) {
        return rs_fail(err, RS_EINPUT, "the window is too long for samples every %lld s",
                       (long long)column->step);
    }
    if (slots <= column->capacity) {
        return RS_OK;
    }
    free(column->values);
    column->values = malloc(slots * sizeof(*column->values));
    column->capacity = column->values == NULL ? 0 : slots;
    return column->values != NULL ? RS_OK
                                  : rs_fail(err, RS_ENOMEM, "out of memory for %zu steps of %lld s",
                                            slots, (long long)column->step);
}

/* Gaps in all that is void before `slot`. */
static void fill(struct rs_scan_column *column, size_t slot)
{
    for (; column->filled < slot; column->filled++) {
        column->values[column->filled] = NAN;
    }
}

static enum rs_status need_scratch(struct rs_load *load, struct rs_error *err)
{
    if (load->scratch == NULL) {
        load->scratch = malloc(RS_CHUNK_MAX_SLOTS * sizeof(*load->scratch));
    }
    return load->scratch != NULL ? RS_OK
                                 : rs_fail(err, RS_ENOMEM, "out of memory for a day of samples");
}

static enum rs_status decode(const struct rs_load *load, const struct rs_piece *piece,
                             double *values, int64_t step, struct rs_error *err)
{
    const struct rs_chunk_blob blob = {load->packed.data + piece->offset, piece->length,
                                       load->packed.length - piece->offset, piece->checked};
    enum rs_status rc = rs_chunk_decode_blob(&blob, values, (size_t)(RS_DAY_SECONDS / step), err);
    return rc == RS_OK ? RS_OK : rs_fail_where(err, "%s", load->path);
}

/* The slots of a day that lie within [first, end); false: none. */
static bool cut(int64_t day, int64_t step, int64_t *first, int64_t *end)
{
    int64_t a_day = RS_DAY_SECONDS / step;
    *first = *first > day * a_day ? *first : day * a_day;
    *end = *end < (day + 1) * a_day ? *end : (day + 1) * a_day;
    return *first < *end;
}

static enum rs_status place_day(struct rs_load *load, const struct rs_piece *piece,
                                struct rs_scan_column *column, struct rs_error *err)
{
    int64_t step = column->step, a_day = RS_DAY_SECONDS / step;
    int64_t first = column->first, end = column->end;
    if (!cut(piece->at, step, &first, &end)) {
        return RS_OK;
    }
    size_t at = (size_t)(first - column->first), count = (size_t)(end - first);
    double *values = column->values + at;
    fill(column, at);
    column->filled = at + count;
    if (end - first == a_day) {
        column->any = true; /* a chunk holds a sample at least */
        return decode(load, piece, values, step, err);
    }
    enum rs_status rc = need_scratch(load, err);
    if (rc == RS_OK) {
        rc = decode(load, piece, load->scratch, step, err);
    }
    if (rc == RS_OK) {
        memcpy(values, load->scratch + (first - piece->at * a_day), count * sizeof(*values));
        for (size_t i = 0; !column->any && i < count; i++) {
            column->any = !isnan(values[i]);
        }
    }
    return rc;
}

/* One row of what waits over what its series holds: it will replace that when it moves. */
static enum rs_status place_waiting(struct rs_load *load, const struct rs_piece *piece,
                                    struct rs_scan_column *column, struct rs_error *err)
{
    const char *p = load->packed.data + piece->offset;
    fill(column, (size_t)(column->end - column->first));
    for (int64_t slot = piece->at / column->step; p != NULL; slot++) {
        double value = 0;
        if (!rs_recent_next(&p, &value)) {
            return rs_recent_damaged(load->path, err);
        }
        if (!isnan(value) && slot >= column->first && slot < column->end) {
            column->values[slot - column->first] = value;
            column->any = true;
        }
    }
    return RS_OK;
}

/* One day of one volume or card on top of the sum, while it was attached. */
static enum rs_status add_volume(struct rs_load *load, const struct rs_piece *piece,
                                 struct rs_scan_column *column, bool *used, struct rs_error *err)
{
    int64_t step = column->step, a_day = RS_DAY_SECONDS / step;
    int64_t first = piece->since < 0 ? 0 : piece->since / step + (piece->since % step > 0);
    int64_t end = piece->until / step + (piece->until % step > 0);
    first = first > column->first ? first : column->first;
    end = end < column->end ? end : column->end;
    bool fullest = rs_metric_takes_fullest(column->metric), any = false;
    fill(column, (size_t)(column->end - column->first));
    enum rs_status rc = need_scratch(load, err);
    if (rc == RS_OK) {
        rc = decode(load, piece, load->scratch, step, err);
    }
    if (rc != RS_OK || !cut(piece->at, step, &first, &end)) {
        return rc;
    }
    for (int64_t slot = first; slot < end; slot++) {
        double value = load->scratch[slot - piece->at * a_day];
        double *sum = &column->values[slot - column->first];
        if (!isnan(value)) {
            double both = fullest ? fmax(*sum, value) : *sum + value;
            *sum = isnan(*sum) ? value : both;
            column->any = any = true;
        }
    }
    *used = *used || (any && !rs_metric_is_of_gpu(column->metric));
    return RS_OK;
}

/* Of the pieces from `first` on: what is found wrong here, or is no chunk, is looked at later. */
static void check_some(struct rs_load *load, size_t first)
{
    struct rs_bytes blobs[RS_XXH64_MANY];
    const size_t left = load->piece_count - first;
    const size_t count = left < RS_XXH64_MANY ? left : RS_XXH64_MANY;
    for (size_t i = 0; i < count; i++) {
        const struct rs_piece *piece = &load->pieces[first + i];
        bool chunk = piece->kind != RS_PIECE_WAITING;
        blobs[i] = (struct rs_bytes){load->packed.data + piece->offset, chunk ? piece->length : 0};
    }
    const unsigned sound = rs_chunk_check(blobs, count);
    for (size_t i = 0; i < count; i++) {
        load->pieces[first + i].checked = (sound >> i & 1) != 0;
    }
}

static enum rs_status place_all(struct rs_load *load, struct rs_error *err)
{
    int64_t volume = -1;
    bool used = false;
    enum rs_status rc = RS_OK;
    load->stored.volume_count = 0;
    for (size_t i = 0; rc == RS_OK && i < load->piece_count; i++) {
        if (i % RS_XXH64_MANY == 0) {
            check_some(load, i);
        }
        const struct rs_piece *piece = &load->pieces[i];
        struct rs_scan_column *column = &load->columns[piece->column];
        rc = reserve(column, err);
        if (rc != RS_OK) {
            break;
        }
        if (piece->kind == RS_PIECE_DAY) {
            rc = place_day(load, piece, column, err);
        } else if (piece->kind == RS_PIECE_WAITING) {
            rc = place_waiting(load, piece, column, err);
        } else {
            bool counted = piece->volume == volume && used; /* they come in order of volume */
            used = counted;
            volume = piece->volume;
            rc = add_volume(load, piece, column, &used, err);
            load->stored.volume_count += used && !counted ? 1 : 0;
        }
    }
    return rc;
}

static int compare_series(const void *a, const void *b)
{
    const struct rs_series *x = a, *y = b;
    if (x->metric != y->metric) {
        return x->metric < y->metric ? -1 : 1;
    }
    if (x->statistic != y->statistic) {
        return x->statistic < y->statistic ? -1 : 1;
    }
    return x->step < y->step ? -1 : x->step > y->step;
}

static struct rs_series show(struct rs_scan_column *c, bool span)
{
    size_t slots = (size_t)(c->end - c->first);
    if (!span) {
        fill(c, slots);
    }
    return (struct rs_series){
        c->metric, c->statistic, c->step, c->first * c->step, span ? NULL : c->values, slots};
}

/* The series with a sample, in an order that does not depend on who came first. */
static enum rs_status show_series(struct rs_load *load, struct rs_error *err)
{
    size_t count = 0;
    for (size_t i = 0; i < load->column_count; i++) {
        struct rs_scan_column *c = &load->columns[i];
        if (!c->any && !load->spans) {
            continue;
        }
        void *list = load->shown;
        enum rs_status rc =
            rs_scan_grow(&list, &load->shown_capacity, count, sizeof(*load->shown), err);
        load->shown = list;
        if (rc != RS_OK) {
            return rc;
        }
        load->shown[count++] = show(c, load->spans);
    }
    if (count > 1) {
        qsort(load->shown, count, sizeof(*load->shown), compare_series);
    }
    load->stored.series = load->shown;
    load->stored.series_count = count;
    return RS_OK;
}

enum rs_status rs_load_unpack(struct rs_load *load, const struct rs_stored **out,
                              struct rs_error *err)
{
    for (size_t i = 0; i < load->column_count; i++) {
        load->columns[i].filled = 0;
        load->columns[i].any = false;
    }
    enum rs_status rc = place_all(load, err);
    if (rc == RS_OK) {
        rc = show_series(load, err);
    }
    *out = rc == RS_OK ? &load->stored : NULL;
    return rc;
}

enum rs_status rs_load_create(struct rs_load **out, struct rs_error *err)
{
    struct rs_load *load = calloc(1, sizeof(*load));
    if (load == NULL) {
        return rs_fail(err, RS_ENOMEM, "out of memory for a resource");
    }
    rs_buffer_init(&load->texts);
    rs_buffer_init(&load->packed);
    *out = load;
    return RS_OK;
}

void rs_load_release(struct rs_load *load)
{
    if (load == NULL) {
        return;
    }
    for (size_t i = 0; i < load->column_capacity; i++) {
        free(load->columns[i].values);
    }
    rs_buffer_release(&load->texts);
    rs_buffer_release(&load->packed);
    free(load->tags);
    free(load->changes);
    free(load->peaks);
    free(load->pieces);
    free(load->columns);
    free(load->shown);
    free(load->scratch);
    free(load);
}

int64_t rs_load_ordinal(const struct rs_load *load)
{
    return load->ordinal;
}
