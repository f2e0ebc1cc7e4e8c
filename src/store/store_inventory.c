/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * store_inventory.c - merging what is known of machines. Each field remembers when its value was
 * observed, so that records lead to the same row in whatever order they come.
 */
#include "store/bytes.h"
#include "store/store_private.h"

#include <stdlib.h>
#include <string.h>

#define TEXTS 15
#define FIELDS (TEXTS + 3) /* and then three integers */
#define TAGS FIELDS        /* place of the tags' time in known_at */
#define KNOWN_BYTES ((FIELDS + 1) * 8)

/* In the order of the columns below. */
static const size_t offsets[FIELDS] = {offsetof(struct rs_resource, provider),
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
                                       offsetof(struct rs_resource, launch_time),
                                       offsetof(struct rs_resource, network_interfaces),
                                       offsetof(struct rs_resource, volumes)};

enum { COLUMN_ENA = FIELDS, COLUMN_FIRST, COLUMN_OBSERVED, COLUMN_KNOWN, COLUMNS };

static const char read_sql[] =
    "SELECT provider, account, region, zone, name, type, state, architecture, platform, tenancy, "
    "hypervisor, virtualization, lifecycle, asg, image, launch_time, network_interfaces, volumes, "
    "ena, first_observed_at, observed_at, known_at FROM resource WHERE id = ?1";
static const char write_sql[] =
    "UPDATE resource SET provider = ?1, account = ?2, region = ?3, zone = ?4, name = ?5, type = ?6,"
    " state = ?7, architecture = ?8, platform = ?9, tenancy = ?10, hypervisor = ?11, "
    "virtualization = ?12, lifecycle = ?13, asg = ?14, image = ?15, launch_time = ?16, "
    "network_interfaces = ?17, volumes = ?18, ena = ?19, first_observed_at = ?20, "
    "observed_at = ?21, known_at = ?22 WHERE id = ?23";

static const char *text_of(const struct rs_resource *record, size_t field)
{
    const char *text;
    memcpy(&text, (const char *)record + offsets[field], sizeof(text));
    return text;
}

static int64_t integer_of(const struct rs_resource *record, size_t field)
{
    int64_t value;
    memcpy(&value, (const char *)record + offsets[field], sizeof(value));
    return value;
}

static bool is_known(const struct rs_resource *record, size_t field)
{
    return field < TEXTS ? text_of(record, field) != NULL : integer_of(record, field) >= 0;
}

/* Of two values observed at the same instant the greater one stays: any rule that needs no memory
 * of which came first would do. */
static bool exceeds(const struct rs_resource *record, size_t field, sqlite3_stmt *row)
{
    int column = (int)field;
    if (sqlite3_column_type(row, column) == SQLITE_NULL) {
        return true;
    }
    if (field < TEXTS) {
        return strcmp(text_of(record, field), (const char *)sqlite3_column_text(row, column)) > 0;
    }
    return integer_of(record, field) > sqlite3_column_int64(row, column);
}

static bool wins(const struct rs_resource *record, size_t field, int64_t at, int64_t known,
                 sqlite3_stmt *row)
{
    return is_known(record, field) && (at > known || (at == known && exceeds(record, field, row)));
}

static void bind_field(sqlite3_stmt *write, const struct rs_resource *record, size_t field)
{
    int index = (int)field + 1;
    if (field < TEXTS) {
        rs_store_bind_text(write, index, text_of(record, field));
    } else {
        (void)sqlite3_bind_int64(write, index, integer_of(record, field));
    }
}

static void read_known(sqlite3_stmt *row, int64_t known[static FIELDS + 1])
{
    const unsigned char *blob = sqlite3_column_blob(row, COLUMN_KNOWN);
    size_t length = (size_t)sqlite3_column_bytes(row, COLUMN_KNOWN);
    for (size_t i = 0; i <= FIELDS; i++) {
        known[i] = (i + 1) * 8 <= length ? (int64_t)rs_get64(blob + i * 8) : -1;
    }
}

/* When it was observed first and last; a record that does not know says nothing of it. */
static void merge_span(sqlite3_stmt *row, sqlite3_stmt *write, const struct rs_resource *record,
                       bool *changed)
{
    static const int columns[] = {COLUMN_FIRST, COLUMN_OBSERVED};
    bool ena = sqlite3_column_int(row, COLUMN_ENA) != 0;
    *changed = *changed || (record->ena && !ena);
    (void)sqlite3_bind_int(write, COLUMN_ENA + 1, ena || record->ena);
    for (int i = 0; i < 2; i++) {
        bool empty = sqlite3_column_type(row, columns[i]) == SQLITE_NULL;
        int64_t held = sqlite3_column_int64(row, columns[i]), at = record->observed_at;
        bool beyond = i == 0 ? at < held : at > held;
        if (at >= 0 && (empty || beyond)) {
            (void)sqlite3_bind_int64(write, columns[i] + 1, at);
            *changed = true;
        } else {
            (void)sqlite3_bind_value(write, columns[i] + 1, sqlite3_column_value(row, columns[i]));
        }
    }
}

/* Bind the merged row; *changed is set when it differs from the one read. */
static void merge(sqlite3_stmt *row, sqlite3_stmt *write, const struct rs_resource *record,
                  int64_t at, int64_t known[static FIELDS + 1], bool *changed)
{
    for (size_t field = 0; field < FIELDS; field++) {
        if (wins(record, field, at, known[field], row)) {
            bind_field(write, record, field);
            known[field] = at;
            *changed = true;
        } else {
            (void)sqlite3_bind_value(write, (int)field + 1, sqlite3_column_value(row, (int)field));
        }
    }
    merge_span(row, write, record, changed);
}

static enum rs_status clear_tags(struct rs_store *store, int64_t id, struct rs_error *err)
{
    sqlite3_stmt *clear = NULL;
    enum rs_status rc = rs_store_statement(store, RS_STATEMENT_CLEAR_TAGS,
                                           "DELETE FROM tag WHERE resource_id = ?1", &clear, err);
    if (rc == RS_OK) {
        (void)sqlite3_bind_int64(clear, 1, id);
        rc = rs_store_run(store, clear, err);
    }
    return rc;
}

/* A newer set replaces the older one; two sets of the same instant are united. */
static enum rs_status put_tags(struct rs_store *store, int64_t id, const struct rs_resource *record,
                               int64_t at, int64_t *known, bool *changed, struct rs_error *err)
{
    if (record->tag_count == 0 || at < *known) {
        return RS_OK;
    }
    enum rs_status rc = RS_OK;
    if (at > *known) {
        rc = clear_tags(store, id, err);
        *changed = true;
        *known = at;
    }
    for (size_t i = 0; rc == RS_OK && i < record->tag_count; i++) {
        sqlite3_stmt *add = NULL;
        rc = rs_store_statement(store, RS_STATEMENT_ADD_TAG,
                                "INSERT INTO tag(resource_id, key, value) VALUES (?1, ?2, ?3) "
                                "ON CONFLICT DO UPDATE SET value = excluded.value "
                                "WHERE excluded.value > value",
                                &add, err);
        if (rc == RS_OK) {
            (void)sqlite3_bind_int64(add, 1, id);
            rs_store_bind_text(add, 2, record->tags[i].key);
            rs_store_bind_text(add, 3, record->tags[i].value);
            rc = rs_store_run(store, add, err);
        }
        if (rc == RS_OK && sqlite3_changes(store->db) > 0) {
            *changed = true;
        }
    }
    return rc;
}

static enum rs_status merge_row(struct rs_store *store, int64_t id,
                                const struct rs_resource *record, int64_t at, bool *changed,
                                struct rs_error *err)
{
    sqlite3_stmt *read = NULL, *write = NULL;
    bool row = false;
    int64_t known[FIELDS + 1];
    unsigned char blob[KNOWN_BYTES];
    enum rs_status rc =
        rs_store_statement(store, RS_STATEMENT_READ_INVENTORY, read_sql, &read, err);
    if (rc == RS_OK) {
        rc = rs_store_statement(store, RS_STATEMENT_WRITE_INVENTORY, write_sql, &write, err);
    }
    if (rc != RS_OK) {
        return rc;
    }
    (void)sqlite3_bind_int64(read, 1, id);
    rc = rs_store_step(store, read, &row, err);
    if (rc != RS_OK || !row) {
        return rc;
    }
    read_known(read, known);
    merge(read, write, record, at, known, changed);
    rc = put_tags(store, id, record, at, &known[TAGS], changed, err);
    for (size_t i = 0; i <= FIELDS; i++) {
        rs_put64(blob + i * 8, (uint64_t)known[i]);
    }
    (void)sqlite3_bind_blob(write, COLUMN_KNOWN + 1, blob, sizeof(blob), SQLITE_STATIC);
    (void)sqlite3_bind_int64(write, COLUMNS + 1, id);
    (void)sqlite3_reset(read); /* bound values are copies */
    if (rc == RS_OK && *changed) {
        rc = rs_store_run(store, write, err);
    }
    (void)sqlite3_clear_bindings(write);
    return rc;
}

/*
 * First and last observation of each type on each day. Keeping only the changes would make the
 * history depend on the order of records: A, A, then B between them must read A, B, A.
 */
static enum rs_status see_type(struct rs_store *store, int64_t id, const char *type, int64_t at,
                               bool *changed, struct rs_error *err)
{
    if (type == NULL || at < 0) {
        return RS_OK;
    }
    sqlite3_stmt *see = NULL;
    enum rs_status rc =
        rs_store_statement(store, RS_STATEMENT_SEE_TYPE,
                           "INSERT INTO type_seen(resource_id, day, type, first_at, last_at) "
                           "VALUES (?1, ?2 / 86400, ?3, ?2, ?2) ON CONFLICT DO UPDATE SET "
                           "first_at = min(first_at, ?2), last_at = max(last_at, ?2) "
                           "WHERE ?2 < first_at OR ?2 > last_at",
                           &see, err);
    if (rc == RS_OK) {
        (void)sqlite3_bind_int64(see, 1, id);
        (void)sqlite3_bind_int64(see, 2, at);
        rs_store_bind_text(see, 3, type);
        rc = rs_store_run(store, see, err);
    }
    if (rc == RS_OK && sqlite3_changes(store->db) > 0) {
        *changed = true;
    }
    return rc;
}

enum rs_status rs_store_put_resource(struct rs_store *store, const struct rs_resource *resource,
                                     bool *changed, struct rs_error *err)
{
    int64_t id = 0, at = resource->observed_at < 0 ? 0 : resource->observed_at;
    bool touched = false;
    enum rs_status rc = rs_store_need_transaction(store, err);
    if (rc == RS_OK) {
        rc = rs_store_resource_id(store, resource->id, RS_KIND_INSTANCE, &id, &touched, err);
    }
    if (rc == RS_OK) {
        rc = merge_row(store, id, resource, at, &touched, err);
    }
    if (rc == RS_OK) {
        rc = see_type(store, id, resource->type, resource->observed_at, &touched, err);
    }
    if (rc == RS_OK) {
        *changed = touched;
    }
    return rc;
}

/* An unknown start says nothing once a start is known. */
static enum rs_status write_attachment(struct rs_store *store,
                                       const struct rs_attachment *attachment, int64_t instance,
                                       int64_t volume, bool *changed, struct rs_error *err)
{
    static const char *const sql[] = {
        "DELETE FROM attachment WHERE instance_id = ?1 AND volume_id = ?2 AND since = -1 "
        "AND ?3 >= 0",
        "INSERT INTO attachment(instance_id, volume_id, since, device, observed_at) "
        "SELECT ?1, ?2, ?3, ?4, ?5 WHERE ?3 >= 0 OR NOT EXISTS (SELECT 1 FROM attachment "
        "WHERE instance_id = ?1 AND volume_id = ?2 AND since >= 0) "
        "ON CONFLICT DO UPDATE SET device = coalesce(excluded.device, device), "
        "observed_at = excluded.observed_at WHERE excluded.observed_at > observed_at"};
    enum rs_status rc = RS_OK;
    for (size_t i = 0; rc == RS_OK && i < sizeof(sql) / sizeof(sql[0]); i++) {
        sqlite3_stmt *statement = NULL;
        rc = rs_store_prepare(store, sql[i], &statement, err);
        if (rc == RS_OK) {
            (void)sqlite3_bind_int64(statement, 1, instance);
            (void)sqlite3_bind_int64(statement, 2, volume);
            (void)sqlite3_bind_int64(statement, 3, attachment->since < 0 ? -1 : attachment->since);
            if (i == 1) {
                rs_store_bind_text(statement, 4, attachment->device);
                (void)sqlite3_bind_int64(statement, 5, attachment->observed_at);
            }
            rc = rs_store_run(store, statement, err);
        }
        if (rc == RS_OK && sqlite3_changes(store->db) > 0) {
            *changed = true;
        }
        sqlite3_finalize(statement);
    }
    return rc;
}

enum rs_status rs_store_put_attachment(struct rs_store *store,
                                       const struct rs_attachment *attachment, bool *changed,
                                       struct rs_error *err)
{
    int64_t instance = 0, volume = 0;
    bool new_instance = false, touched = false;
    enum rs_status rc = rs_store_need_transaction(store, err);
    if (rc == RS_OK) {
        rc = rs_store_resource_id(store, attachment->instance, RS_KIND_INSTANCE, &instance,
                                  &new_instance, err);
    }
    if (rc == RS_OK) {
        rc =
            rs_store_resource_id(store, attachment->volume, RS_KIND_VOLUME, &volume, &touched, err);
    }
    if (rc == RS_OK) {
        touched = touched || new_instance;
        rc = write_attachment(store, attachment, instance, volume, &touched, err);
    }
    if (rc == RS_OK) {
        *changed = touched;
    }
    return rc;
}

enum rs_status rs_store_log(struct rs_store *store, const struct rs_collection *entry,
                            struct rs_error *err)
{
    sqlite3_stmt *add = NULL;
    enum rs_status rc =
        rs_store_prepare(store,
                         "INSERT INTO collection(source, format, at, bytes, crc32, series, "
                         "fresh, replaced, unchanged, rejected, first_rejected) "
                         "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11) "
                         "ON CONFLICT (source, bytes, crc32) DO NOTHING",
                         &add, err);
    if (rc != RS_OK) {
        return rc;
    }
    const int64_t numbers[] = {entry->at,    entry->bytes,    entry->crc32,     entry->series,
                               entry->fresh, entry->replaced, entry->unchanged, entry->rejected};
    rs_store_bind_text(add, 1, entry->source);
    rs_store_bind_text(add, 2, entry->format);
    for (int i = 0; i < 8; i++) {
        (void)sqlite3_bind_int64(add, 3 + i, numbers[i]);
    }
    rs_store_bind_text(add, 11, entry->first_rejected);
    rc = rs_store_run(store, add, err);
    sqlite3_finalize(add);
    return rc;
}
