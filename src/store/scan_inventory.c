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

/* Of a column that is NOT NULL, which a damaged file may not heed. */
static const char *required_at(sqlite3_stmt *row, int column)
{
    const char *text = text_at(row, column);
    return text != NULL ? text : "";
}

static int64_t integer_at(sqlite3_stmt *row, int column)
{
    return sqlite3_column_type(row, column) == SQLITE_NULL ? -1 : sqlite3_column_int64(row, column);
}

/* Where a text lies is kept as an offset until all are there: the buffer moves as it grows. */
static const char *keep(struct rs_buffer *texts, const char *text)
{
    const char *offset = (const char *)(uintptr_t)(texts->length + 1); /* NULL stays: no text */
    rs_buffer_append(texts, text, strlen(text) + 1);
    return offset;
}

static const char *kept(const struct rs_buffer *texts, const char *offset)
{
    return offset != NULL ? texts->data + ((uintptr_t)offset - 1) : NULL;
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

static enum rs_status read_row(struct rs_cursor *cursor, struct rs_load *load, struct rs_error *err)
{
    sqlite3_stmt *row = cursor->resources.rows;
    load->resource = (struct rs_resource){
        .launch_time = integer_at(row, 17),
        .network_interfaces = integer_at(row, 18),
        .volumes = integer_at(row, 19),
        .ena = sqlite3_column_int(row, 20) != 0,
        .observed_at = integer_at(row, 21),
        .first_seen = integer_at(row, 22),
        .last_seen = integer_at(row, 21),
    };
    for (size_t i = 0; i < TEXT_FIELDS; i++) {
        const char *text = text_at(row, 1 + (int)i);
        if (text != NULL) {
            *text_field(&load->resource, i) = keep(&load->texts, text);
        }
    }
    return rs_walk_next(cursor->store, &cursor->resources, err);
}

static enum rs_status read_tags(struct rs_cursor *cursor, struct rs_load *load, int64_t id,
                                struct rs_error *err)
{
    struct rs_walk *walk = &cursor->tags;
    size_t count = 0;
    enum rs_status rc = rs_walk_to(cursor, walk, id, err);
    for (; rc == RS_OK && walk->row && walk->at == id; count++) {
        void *list = load->tags;
        rc = rs_scan_grow(&list, &load->tag_capacity, count, sizeof(*load->tags), err);
        load->tags = list;
        if (rc == RS_OK) {
            load->tags[count].key = keep(&load->texts, required_at(walk->rows, 1));
            load->tags[count].value = keep(&load->texts, required_at(walk->rows, 2));
            rc = rs_walk_next(cursor->store, walk, err);
        }
    }
    load->resource.tag_count = count;
    return rc;
}

static enum rs_status add_sight(struct rs_load *load, int64_t at, const char *type,
                                struct rs_error *err)
{
    size_t count = load->stored.change_count;
    void *list = load->changes;
    enum rs_status rc =
        rs_scan_grow(&list, &load->change_capacity, count, sizeof(*load->changes), err);
    load->changes = list;
    if (rc == RS_OK) {
        load->changes[count] = (struct rs_type_change){at, type};
        load->stored.change_count++;
    }
    return rc;
}

/* Of each day and type the first sight and the last one. */
static enum rs_status read_types(struct rs_cursor *cursor, struct rs_load *load, int64_t id,
                                 struct rs_error *err)
{
    struct rs_walk *walk = &cursor->types;
    const char *type = NULL;
    enum rs_status rc = rs_walk_to(cursor, walk, id, err);
    while (rc == RS_OK && walk->row && walk->at == id) {
        const char *text = required_at(walk->rows, 3);
        if (type == NULL || strcmp(kept(&load->texts, type), text) != 0) {
            type = keep(&load->texts, text);
        }
        rc = add_sight(load, sqlite3_column_int64(walk->rows, 1), type, err);
        if (rc == RS_OK) {
            rc = add_sight(load, sqlite3_column_int64(walk->rows, 2), type, err);
        }
        if (rc == RS_OK) {
            rc = rs_walk_next(cursor->store, walk, err);
        }
    }
    return rc;
}

static enum rs_status read_peaks(struct rs_cursor *cursor, struct rs_load *load, int64_t id,
                                 struct rs_error *err)
{
    struct rs_walk *walk = &cursor->peaks;
    size_t count = 0;
    enum rs_status rc = rs_walk_to(cursor, walk, id, err);
    for (; rc == RS_OK && walk->row && walk->at == id; count++) {
        void *list = load->peaks;
        rc = rs_scan_grow(&list, &load->peak_capacity, count, sizeof(*load->peaks), err);
        load->peaks = list;
        if (rc == RS_OK) {
            const char *unit = text_at(walk->rows, 4);
            load->peaks[count] = (struct rs_peak_cause){
                .at = sqlite3_column_int64(walk->rows, 1),
                .cpu_percent = sqlite3_column_double(walk->rows, 2),
                .name = keep(&load->texts, required_at(walk->rows, 3)),
                .unit = unit != NULL && *unit != '\0' ? keep(&load->texts, unit) : NULL,
                .share = sqlite3_column_double(walk->rows, 5)};
            rc = rs_walk_next(cursor->store, walk, err);
        }
    }
    load->stored.peak_count = count;
    return rc;
}

static int compare_sights(const void *a, const void *b)
{
    const struct rs_type_change *x = a, *y = b;
    return x->at != y->at ? (x->at < y->at ? -1 : 1) : strcmp(x->type, y->type);
}

/* Sights to changes: in order of time, those of the type before left out. */
static void merge_sights(struct rs_type_change *list, size_t *count)
{
    size_t kept_count = 0;
    bool ordered = true;
    for (size_t i = 1; i < *count; i++) {
        ordered = ordered && compare_sights(&list[i - 1], &list[i]) <= 0;
    }
    if (!ordered) { /* one day knew several types */
        qsort(list, *count, sizeof(*list), compare_sights);
    }
    for (size_t i = 0; i < *count; i++) {
        if (kept_count == 0 || strcmp(list[kept_count - 1].type, list[i].type) != 0) {
            list[kept_count++] = list[i];
        }
    }
    *count = kept_count;
}

static int compare_peaks(const void *a, const void *b)
{
    const struct rs_peak_cause *x = a, *y = b;
    if (x->cpu_percent != y->cpu_percent) {
        return x->cpu_percent > y->cpu_percent ? -1 : 1;
    }
    return x->at < y->at ? -1 : x->at > y->at;
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

static void place_all(struct rs_load *load)
{
    const struct rs_buffer *texts = &load->texts;
    for (size_t i = 0; i < TEXT_FIELDS; i++) {
        const char **field = text_field(&load->resource, i);
        *field = kept(texts, *field);
    }
    for (size_t i = 0; i < load->resource.tag_count; i++) {
        load->tags[i].key = kept(texts, load->tags[i].key);
        load->tags[i].value = kept(texts, load->tags[i].value);
    }
    for (size_t i = 0; i < load->stored.change_count; i++) {
        load->changes[i].type = kept(texts, load->changes[i].type);
    }
    for (size_t i = 0; i < load->stored.peak_count; i++) {
        load->peaks[i].name = kept(texts, load->peaks[i].name);
        load->peaks[i].unit = kept(texts, load->peaks[i].unit);
    }
    load->resource.tags = load->tags;
    load->stored.resource = &load->resource;
    load->stored.changes = load->changes;
    load->stored.peaks = load->peaks;
}

enum rs_status rs_scan_inventory(struct rs_cursor *cursor, struct rs_load *load,
                                 struct rs_error *err)
{
    int64_t id = cursor->resources.at;
    rs_buffer_clear(&load->texts);
    enum rs_status rc = read_row(cursor, load, err);
    if (rc == RS_OK && cursor->tags.rows != NULL) {
        rc = read_tags(cursor, load, id, err);
    }
    if (rc == RS_OK) {
        rc = read_types(cursor, load, id, err);
    }
    if (rc == RS_OK && cursor->request.samples) {
        rc = read_peaks(cursor, load, id, err);
    }
    if (rc == RS_OK) {
        rc = rs_buffer_status(&load->texts, err);
    }
    if (rc != RS_OK) {
        return rc;
    }
    place_all(load);
    merge_sights(load->changes, &load->stored.change_count);
    date_last_change(load, load->stored.change_count);
    if (load->stored.peak_count > 1) {
        qsort(load->peaks, load->stored.peak_count, sizeof(*load->peaks), compare_peaks);
    }
    return RS_OK;
}

enum rs_status rs_scan_open_inventory(struct rs_cursor *cursor, struct rs_error *err)
{
    const struct {
        struct rs_walk *out;
        const char *sql;
    } rows[] = {
        {&cursor->resources,
         "SELECT id, provider_id, provider, account, region, zone, name, type, state, "
         "architecture, platform, tenancy, hypervisor, virtualization, lifecycle, asg, image, "
         "launch_time, network_interfaces, volumes, ena, observed_at, first_observed_at "
         "FROM resource WHERE kind = 0 AND id BETWEEN ?1 AND ?2 AND (?3 IS NULL OR region = ?3) "
         "ORDER BY id"},
        {&cursor->types, "SELECT resource_id, first_at, last_at, type FROM type_seen "
                         "WHERE resource_id >= ?1 ORDER BY resource_id, day, type"},
        {&cursor->tags, "SELECT resource_id, key, value FROM tag "
                        "WHERE resource_id >= ?1 ORDER BY resource_id, key"},
        {&cursor->peaks, "SELECT resource_id, at, cpu_percent, name, unit, share FROM peak "
                         "WHERE resource_id >= ?1 AND at >= ?2 AND at < ?3 "
                         "AND kind = 'cpu' AND rank = 1 ORDER BY resource_id, at"},
    };
    const size_t count = cursor->request.samples ? 4 : cursor->request.metrics == 0 ? 3 : 2;
    enum rs_status rc = RS_OK;
    for (size_t i = 0; rc == RS_OK && i < count; i++) {
        rc = rs_walk_prepare(cursor->store, rows[i].sql, cursor->only, rows[i].out, err);
    }
    if (rc == RS_OK) {
        (void)sqlite3_bind_int64(cursor->resources.rows, 2,
                                 cursor->only != 0 ? cursor->only : INT64_MAX);
        rs_store_bind_text(cursor->resources.rows, 3, cursor->request.region);
    }
    if (rc == RS_OK && cursor->request.samples) {
        (void)sqlite3_bind_int64(cursor->peaks.rows, 2, cursor->request.window.from);
        (void)sqlite3_bind_int64(cursor->peaks.rows, 3, cursor->request.window.to);
    }
    for (size_t i = 0; rc == RS_OK && i < count; i++) {
        rc = rs_walk_next(cursor->store, rows[i].out, err);
    }
    return rc;
}

void rs_scan_close_inventory(struct rs_cursor *cursor)
{
    rs_walk_close(&cursor->resources);
    rs_walk_close(&cursor->tags);
    rs_walk_close(&cursor->types);
    rs_walk_close(&cursor->peaks);
}
