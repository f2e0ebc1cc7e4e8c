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
    memset((char *)grown + *capacity * size, 0, (wanted - *capacity) * size);
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

static const size_t text_fields[] = {
    /* in order of the columns, from 1 on */
    offsetof(struct rs_resource, id),
    offsetof(struct rs_resource, provider),
    offsetof(struct rs_resource, account),
    offsetof(struct rs_resource, region),
    offsetof(struct rs_resource, zone),
    offsetof(struct rs_resource, name),
    offsetof(struct rs_resource, type),
    offsetof(struct rs_resource, state),
    offsetof(struct rs_resource, architecture),
    offsetof(struct rs_resource, platform),
    offsetof(struct rs_resource, tenancy),
    offsetof(struct rs_resource, hypervisor),
    offsetof(struct rs_resource, virtualization),
    offsetof(struct rs_resource, lifecycle),
    offsetof(struct rs_resource, group),
    offsetof(struct rs_resource, image),
};
#define TEXT_FIELDS (sizeof(text_fields) / sizeof(text_fields[0]))

static const char **text_field(struct rs_resource *resource, size_t i)
{
    return (const char **)(void *)((char *)resource + text_fields[i]);
}

/* The texts lie first in the buffer, and are found again there when it has moved. */
static void place_row(struct rs_load *load)
{
    const char *p = load->texts.data;
    for (size_t i = 0; i < TEXT_FIELDS; i++) {
        const char **field = text_field(&load->resource, i);
        if (*field != NULL) {
            *field = p;
            p += strlen(p) + 1;
        }
    }
}

enum rs_status rs_scan_resource(const struct rs_cursor *cursor, struct rs_load *load,
                                struct rs_error *err)
{
    sqlite3_stmt *row = cursor->resources;
    load->resource = (struct rs_resource){
        .launch_time = integer_at(row, 17),
        .network_interfaces = integer_at(row, 18),
        .volumes = integer_at(row, 19),
        .ena = sqlite3_column_int(row, 20) != 0,
        .observed_at = integer_at(row, 21),
        .first_seen = integer_at(row, 22),
        .last_seen = integer_at(row, 23),
    };
    rs_buffer_clear(&load->texts);
    for (size_t i = 0; i < TEXT_FIELDS; i++) {
        const char *text = text_at(row, 1 + (int)i);
        if (text != NULL) {
            rs_buffer_append(&load->texts, text, strlen(text) + 1);
            *text_field(&load->resource, i) = text;
        }
    }
    enum rs_status rc = rs_buffer_status(&load->texts, err);
    if (rc == RS_OK) {
        place_row(load);
    }
    return rc;
}

static enum rs_status read_tags(struct rs_cursor *cursor, struct rs_load *load, int64_t id,
                                size_t *count, struct rs_error *err)
{
    bool row = false;
    (void)sqlite3_bind_int64(cursor->tags, 1, id);
    enum rs_status rc = rs_store_step(cursor->store, cursor->tags, &row, err);
    while (rc == RS_OK && row) {
        void *list = load->tags;
        rc = rs_scan_grow(&list, &load->tag_capacity, *count, sizeof(*load->tags), err);
        load->tags = list;
        if (rc == RS_OK) {
            struct rs_tag *tag = &load->tags[(*count)++];
            tag->key = keep(&load->texts, text_at(cursor->tags, 0));
            tag->value = keep(&load->texts, text_at(cursor->tags, 1));
            rc = rs_store_step(cursor->store, cursor->tags, &row, err);
        }
    }
    (void)sqlite3_reset(cursor->tags);
    return rc;
}

static enum rs_status read_types(struct rs_cursor *cursor, struct rs_load *load, int64_t id,
                                 size_t *count, struct rs_error *err)
{
    bool row = false;
    (void)sqlite3_bind_int64(cursor->types, 1, id);
    enum rs_status rc = rs_store_step(cursor->store, cursor->types, &row, err);
    while (rc == RS_OK && row) {
        const char *type = text_at(cursor->types, 1);
        const struct rs_type_change *last = *count > 0 ? &load->changes[*count - 1] : NULL;
        if (last == NULL || strcmp(kept(&load->texts, last->type), type) != 0) {
            void *list = load->changes;
            rc = rs_scan_grow(&list, &load->change_capacity, *count, sizeof(*load->changes), err);
            load->changes = list;
            if (rc != RS_OK) {
                break;
            }
            struct rs_type_change *change = &load->changes[(*count)++];
            change->at = sqlite3_column_int64(cursor->types, 0);
            change->type = keep(&load->texts, type);
        }
        rc = rs_store_step(cursor->store, cursor->types, &row, err);
    }
    (void)sqlite3_reset(cursor->types);
    return rc;
}

static enum rs_status read_peaks(struct rs_cursor *cursor, struct rs_load *load, int64_t id,
                                 size_t *count, struct rs_error *err)
{
    bool row = false;
    (void)sqlite3_bind_int64(cursor->peaks, 1, id);
    enum rs_status rc = rs_store_step(cursor->store, cursor->peaks, &row, err);
    while (rc == RS_OK && row) {
        void *list = load->peaks;
        rc = rs_scan_grow(&list, &load->peak_capacity, *count, sizeof(*load->peaks), err);
        load->peaks = list;
        if (rc == RS_OK) {
            const char *unit = text_at(cursor->peaks, 3);
            load->peaks[(*count)++] =
                (struct rs_peak_cause){.at = sqlite3_column_int64(cursor->peaks, 0),
                                       .cpu_percent = sqlite3_column_double(cursor->peaks, 1),
                                       .name = keep(&load->texts, text_at(cursor->peaks, 2)),
                                       .unit = keep(&load->texts, unit == NULL ? "" : unit),
                                       .share = sqlite3_column_double(cursor->peaks, 4)};
            rc = rs_store_step(cursor->store, cursor->peaks, &row, err);
        }
    }
    (void)sqlite3_reset(cursor->peaks);
    return rc;
}

static void place_peaks(struct rs_load *load, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct rs_peak_cause *peak = &load->peaks[i];
        peak->name = kept(&load->texts, peak->name);
        peak->unit = kept(&load->texts, peak->unit);
        peak->unit = peak->unit[0] == '\0' ? NULL : peak->unit;
    }
    load->stored.peaks = load->peaks;
    load->stored.peak_count = count;
}

/*
 * A machine must stop to change its type, so it has had the present one since it last started,
 * where that start lies between the last sight of the type before and the first of this one.
 */
static void date_last_change(struct rs_load *load, size_t count)
{
    if (count < 2) {
        return;
    }
    const int64_t launched = load->resource.launch_time;
    struct rs_type_change *last = &load->changes[count - 1];
    if (launched > load->changes[count - 2].at && launched < last->at) {
        last->at = launched;
    }
}

static void place_all(struct rs_load *load, size_t tags, size_t changes, size_t peaks)
{
    place_row(load);
    for (size_t i = 0; i < tags; i++) {
        load->tags[i].key = kept(&load->texts, load->tags[i].key);
        load->tags[i].value = kept(&load->texts, load->tags[i].value);
    }
    for (size_t i = 0; i < changes; i++) {
        load->changes[i].type = kept(&load->texts, load->changes[i].type);
    }
    place_peaks(load, peaks);
    load->resource.tags = load->tags;
    load->resource.tag_count = tags;
    load->stored.resource = &load->resource;
    load->stored.changes = load->changes;
    load->stored.change_count = changes;
}

enum rs_status rs_scan_inventory(struct rs_cursor *cursor, struct rs_load *load,
                                 struct rs_error *err)
{
    int64_t id = sqlite3_column_int64(cursor->resources, 0);
    size_t tags = 0, changes = 0, peaks = 0;
    enum rs_status rc = read_tags(cursor, load, id, &tags, err);
    if (rc == RS_OK) {
        rc = read_types(cursor, load, id, &changes, err);
    }
    if (rc == RS_OK && cursor->request.samples) {
        rc = read_peaks(cursor, load, id, &peaks, err);
    }
    if (rc == RS_OK) {
        rc = rs_buffer_status(&load->texts, err);
    }
    if (rc == RS_OK) {
        place_all(load, tags, changes, peaks);
        date_last_change(load, changes);
    }
    return rc;
}
