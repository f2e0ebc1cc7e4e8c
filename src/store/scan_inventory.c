/* SPDX-License-Identifier: GPL-3.0-or-later */
/* scan_inventory.c - a resource's row with its tags, its history of types and its peaks. */
#include "store/scan_private.h"

#include <stdlib.h>
#include <string.h>

enum rs_status rs_scan_grow(void **list, size_t *capacity, size_t count, size_t size,
                            struct rs_error *err)
{
    if (count < *capacity) {
        return RS_OK;
    }
    size_t wanted = *capacity == 0 ? 16 : *capacity * 2;
    void *grown = wanted > SIZE_MAX / size ? NULL : realloc(*list, wanted * size);
    if (grown == NULL) {
        return rs_fail(err, RS_ENOMEM, "out of memory for %zu records", wanted);
    }
    *list = grown;
    *capacity = wanted;
    return RS_OK;
}

static const char *text_at(sqlite3_stmt *row, int column)
{
    return (const char *)sqlite3_column_text(row, column);
}

static int64_t integer_at(sqlite3_stmt *row, int column)
{
    return sqlite3_column_type(row, column) == SQLITE_NULL ? -1 : sqlite3_column_int64(row, column);
}

static void read_row(sqlite3_stmt *row, struct rs_resource *out)
{
    *out = (struct rs_resource){
        .id = text_at(row, 1),
        .provider = text_at(row, 2),
        .account = text_at(row, 3),
        .region = text_at(row, 4),
        .zone = text_at(row, 5),
        .name = text_at(row, 6),
        .type = text_at(row, 7),
        .state = text_at(row, 8),
        .architecture = text_at(row, 9),
        .platform = text_at(row, 10),
        .tenancy = text_at(row, 11),
        .hypervisor = text_at(row, 12),
        .virtualization = text_at(row, 13),
        .lifecycle = text_at(row, 14),
        .group = text_at(row, 15),
        .image = text_at(row, 16),
        .launch_time = integer_at(row, 17),
        .network_interfaces = integer_at(row, 18),
        .volumes = integer_at(row, 19),
        .ena = sqlite3_column_int(row, 20) != 0,
        .observed_at = integer_at(row, 21),
        .first_seen = integer_at(row, 22),
        .last_seen = integer_at(row, 23),
    };
}

/* Where a text lies is kept as an offset until all are there: the buffer moves as it grows. */
static const char *keep(struct rs_buffer *texts, const char *text)
{
    const char *offset = (const char *)(uintptr_t)texts->length;
    rs_buffer_append(texts, text, strlen(text) + 1);
    return offset;
}

static const char *kept(const struct rs_buffer *texts, const char *offset)
{
    return texts->data + (uintptr_t)offset;
}

static enum rs_status read_tags(struct rs_scan_run *run, int64_t id, size_t *count,
                                struct rs_error *err)
{
    bool row = false;
    (void)sqlite3_bind_int64(run->tags, 1, id);
    enum rs_status rc = rs_store_step(run->store, run->tags, &row, err);
    while (rc == RS_OK && row) {
        void *list = run->tag_list;
        rc = rs_scan_grow(&list, &run->tag_capacity, *count, sizeof(*run->tag_list), err);
        run->tag_list = list;
        if (rc == RS_OK) {
            struct rs_tag *tag = &run->tag_list[(*count)++];
            tag->key = keep(&run->texts, text_at(run->tags, 0));
            tag->value = keep(&run->texts, text_at(run->tags, 1));
            rc = rs_store_step(run->store, run->tags, &row, err);
        }
    }
    (void)sqlite3_reset(run->tags);
    return rc;
}

static enum rs_status read_types(struct rs_scan_run *run, int64_t id, size_t *count,
                                 struct rs_error *err)
{
    bool row = false;
    (void)sqlite3_bind_int64(run->types, 1, id);
    enum rs_status rc = rs_store_step(run->store, run->types, &row, err);
    while (rc == RS_OK && row) {
        const char *type = text_at(run->types, 1);
        const struct rs_type_change *last = *count > 0 ? &run->change_list[*count - 1] : NULL;
        if (last == NULL || strcmp(kept(&run->texts, last->type), type) != 0) {
            void *list = run->change_list;
            rc = rs_scan_grow(&list, &run->change_capacity, *count, sizeof(*run->change_list), err);
            run->change_list = list;
            if (rc != RS_OK) {
                break;
            }
            struct rs_type_change *change = &run->change_list[(*count)++];
            change->at = sqlite3_column_int64(run->types, 0);
            change->type = keep(&run->texts, type);
        }
        rc = rs_store_step(run->store, run->types, &row, err);
    }
    (void)sqlite3_reset(run->types);
    return rc;
}

static enum rs_status read_peaks(struct rs_scan_run *run, int64_t id, size_t *count,
                                 struct rs_error *err)
{
    bool row = false;
    (void)sqlite3_bind_int64(run->peaks, 1, id);
    enum rs_status rc = rs_store_step(run->store, run->peaks, &row, err);
    while (rc == RS_OK && row) {
        void *list = run->peak_list;
        rc = rs_scan_grow(&list, &run->peak_capacity, *count, sizeof(*run->peak_list), err);
        run->peak_list = list;
        if (rc == RS_OK) {
            const char *unit = text_at(run->peaks, 3);
            run->peak_list[(*count)++] =
                (struct rs_peak_cause){.at = sqlite3_column_int64(run->peaks, 0),
                                       .cpu_percent = sqlite3_column_double(run->peaks, 1),
                                       .name = keep(&run->texts, text_at(run->peaks, 2)),
                                       .unit = keep(&run->texts, unit == NULL ? "" : unit),
                                       .share = sqlite3_column_double(run->peaks, 4)};
            rc = rs_store_step(run->store, run->peaks, &row, err);
        }
    }
    (void)sqlite3_reset(run->peaks);
    return rc;
}

static void place_peaks(struct rs_scan_run *run, size_t count, struct rs_stored *stored)
{
    for (size_t i = 0; i < count; i++) {
        struct rs_peak_cause *peak = &run->peak_list[i];
        peak->name = kept(&run->texts, peak->name);
        peak->unit = kept(&run->texts, peak->unit);
        peak->unit = peak->unit[0] == '\0' ? NULL : peak->unit;
    }
    stored->peaks = run->peak_list;
    stored->peak_count = count;
}

/*
 * A machine must stop to change its type, so it has had the present one since it last started,
 * where that start lies between the last sight of the type before and the first of this one.
 */
static void date_last_change(struct rs_scan_run *run, size_t count, int64_t launched)
{
    if (count < 2) {
        return;
    }
    struct rs_type_change *last = &run->change_list[count - 1];
    if (launched > run->change_list[count - 2].at && launched < last->at) {
        last->at = launched;
    }
}

enum rs_status rs_scan_inventory(struct rs_scan_run *run, struct rs_resource *resource,
                                 struct rs_stored *stored, struct rs_error *err)
{
    int64_t id = sqlite3_column_int64(run->resources, 0);
    size_t tags = 0, changes = 0, peaks = 0;
    rs_buffer_clear(&run->texts);
    read_row(run->resources, resource);
    enum rs_status rc = read_tags(run, id, &tags, err);
    if (rc == RS_OK) {
        rc = read_types(run, id, &changes, err);
    }
    if (rc == RS_OK && run->request->samples) {
        rc = read_peaks(run, id, &peaks, err);
    }
    if (rc == RS_OK) {
        rc = rs_buffer_status(&run->texts, err);
    }
    if (rc != RS_OK) {
        return rc;
    }
    for (size_t i = 0; i < tags; i++) {
        run->tag_list[i].key = kept(&run->texts, run->tag_list[i].key);
        run->tag_list[i].value = kept(&run->texts, run->tag_list[i].value);
    }
    date_last_change(run, changes, resource->launch_time);
    for (size_t i = 0; i < changes; i++) {
        run->change_list[i].type = kept(&run->texts, run->change_list[i].type);
    }
    place_peaks(run, peaks, stored);
    resource->tags = run->tag_list;
    resource->tag_count = tags;
    stored->resource = resource;
    stored->changes = run->change_list;
    stored->change_count = changes;
    return RS_OK;
}
