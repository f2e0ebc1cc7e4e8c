/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * merge_inventory.c - what another store knows of machines. Each field goes over with the instant
 * at which it was observed, so that the result is that of having collected everything into one
 * store.
 */
#include "store/bytes.h"
#include "store/merge.h"
#include "store/store_private.h"

#include <stdlib.h>
#include <string.h>

#define TEXTS 15
#define FIELDS 18
#define TAGS FIELDS
#define TAGS_MAX 256 /* of one machine; EC2 allows 50 */

enum {
    COLUMN_ID,
    COLUMN_NAME,
    COLUMN_KIND,
    COLUMN_FIELDS,
    COLUMN_ENA = COLUMN_FIELDS + FIELDS,
    COLUMN_FIRST,
    COLUMN_OBSERVED,
    COLUMN_KNOWN
};

static const char all_resources[] =
    "SELECT id, provider_id, kind, provider, account, region, zone, name, type, state, "
    "architecture, platform, tenancy, hypervisor, virtualization, lifecycle, asg, image, "
    "launch_time, network_interfaces, volumes, ena, first_observed_at, observed_at, known_at "
    "FROM resource ORDER BY id";

struct tags {
    struct rs_tag tag[TAGS_MAX];
    size_t count;
    struct rs_buffer texts;
};

static void read_known(sqlite3_stmt *row, int64_t known[static FIELDS + 1])
{
    const unsigned char *blob = sqlite3_column_blob(row, COLUMN_KNOWN);
    size_t length = (size_t)sqlite3_column_bytes(row, COLUMN_KNOWN);
    for (size_t i = 0; i <= FIELDS; i++) {
        known[i] = (i + 1) * 8 <= length ? (int64_t)rs_get64(blob + i * 8) : -1;
    }
}

static enum rs_status read_tags(struct rs_store *other, int64_t id, struct tags *out,
                                struct rs_error *err)
{
    sqlite3_stmt *rows = NULL;
    bool row = false;
    size_t place[TAGS_MAX][2];
    out->count = 0;
    rs_buffer_clear(&out->texts);
    enum rs_status rc = rs_store_prepare(
        other, "SELECT key, value FROM tag WHERE resource_id = ?1 ORDER BY key", &rows, err);
    if (rc == RS_OK) {
        (void)sqlite3_bind_int64(rows, 1, id);
    }
    while (rc == RS_OK && out->count < TAGS_MAX &&
           (rc = rs_store_step(other, rows, &row, err)) == RS_OK && row) {
        for (int i = 0; i < 2; i++) {
            const char *text = (const char *)sqlite3_column_text(rows, i);
            place[out->count][i] = out->texts.length;
            rs_buffer_append(&out->texts, text != NULL ? text : "",
                             (text != NULL ? strlen(text) : 0) + 1);
        }
        out->count++;
    }
    sqlite3_finalize(rows);
    if (rc == RS_OK) {
        rc = rs_buffer_status(&out->texts, err);
    }
    for (size_t i = 0; rc == RS_OK && i < out->count; i++) {
        out->tag[i] = (struct rs_tag){out->texts.data + place[i][0], out->texts.data + place[i][1]};
    }
    return rc;
}

/* A record of those fields that were observed at `at`; -1 where that says nothing. */
static struct rs_resource record_of(sqlite3_stmt *row, const int64_t known[static FIELDS + 1],
                                    int64_t at, const struct tags *tags)
{
    const char *text[TEXTS] = {NULL};
    int64_t number[FIELDS - TEXTS] = {0};
    for (int i = 0; i < FIELDS; i++) {
        int column = COLUMN_FIELDS + i;
        bool has = known[i] == at && sqlite3_column_type(row, column) != SQLITE_NULL;
        if (i < TEXTS) {
            text[i] = has ? (const char *)sqlite3_column_text(row, column) : NULL;
        } else {
            number[i - TEXTS] = has ? sqlite3_column_int64(row, column) : -1;
        }
    }
    bool tagged = known[TAGS] == at;
    return (struct rs_resource){
        .id = (const char *)sqlite3_column_text(row, COLUMN_NAME),
        .provider = text[0],
        .account = text[1],
        .region = text[2],
        .zone = text[3],
        .name = text[4],
        .type = text[5],
        .state = text[6],
        .architecture = text[7],
        .platform = text[8],
        .tenancy = text[9],
        .hypervisor = text[10],
        .virtualization = text[11],
        .lifecycle = text[12],
        .group = text[13],
        .image = text[14],
        .launch_time = number[0],
        .network_interfaces = number[1],
        .volumes = number[2],
        .ena = sqlite3_column_int(row, COLUMN_ENA) != 0,
        .tags = tagged ? tags->tag : NULL,
        .tag_count = tagged ? tags->count : 0,
        .observed_at = at > 0 ? at : -1, /* 0 stands for a record that does not know */
        .first_seen = -1,
        .last_seen = -1,
    };
}

static enum rs_status put(struct rs_merge_run *run, const struct rs_resource *record, bool *changed,
                          struct rs_error *err)
{
    bool now = false;
    enum rs_status rc = rs_store_put_resource(run->into, record, &now, err);
    *changed = *changed || now;
    return rc;
}

/* When it was observed first and last, should no field be left of those times. */
static enum rs_status put_span(struct rs_merge_run *run, sqlite3_stmt *row, bool *changed,
                               struct rs_error *err)
{
    static const int columns[] = {COLUMN_FIRST, COLUMN_OBSERVED};
    enum rs_status rc = RS_OK;
    for (int i = 0; rc == RS_OK && i < 2; i++) {
        if (sqlite3_column_type(row, columns[i]) != SQLITE_NULL) {
            struct rs_resource record = {
                .id = (const char *)sqlite3_column_text(row, COLUMN_NAME),
                .launch_time = -1,
                .network_interfaces = -1,
                .volumes = -1,
                .observed_at = sqlite3_column_int64(row, columns[i]),
            };
            rc = put(run, &record, changed, err);
        }
    }
    return rc;
}

/* Two stores that name two types for one instant cannot both be right: the greater name stays. */
static enum rs_status note_conflicts(struct rs_merge_run *run, const char *name, int64_t id,
                                     struct rs_error *err)
{
    sqlite3_stmt *theirs = NULL, *ours = NULL;
    bool row = false, found = false;
    enum rs_status rc =
        rs_store_prepare(run->other,
                         "SELECT type, first_at AS at FROM type_seen WHERE resource_id = ?1 UNION "
                         "SELECT type, last_at FROM type_seen WHERE resource_id = ?1 ORDER BY 2, 1",
                         &theirs, err);
    if (rc == RS_OK) {
        (void)sqlite3_bind_int64(theirs, 1, id);
        rc = rs_store_prepare(
            run->into,
            "SELECT t.type FROM type_seen t JOIN resource r ON r.id = t.resource_id "
            "WHERE r.provider_id = ?1 AND ?2 IN (t.first_at, t.last_at) AND t.type <> ?3",
            &ours, err);
    }
    while (rc == RS_OK && (rc = rs_store_step(run->other, theirs, &row, err)) == RS_OK && row) {
        const char *type = (const char *)sqlite3_column_text(theirs, 0);
        char when[RS_WHEN_TEXT];
        rs_store_bind_text(ours, 1, name);
        (void)sqlite3_bind_int64(ours, 2, sqlite3_column_int64(theirs, 1));
        rs_store_bind_text(ours, 3, type);
        rc = rs_store_step(run->into, ours, &found, err);
        if (rc == RS_OK && found) {
            rs_when_format(sqlite3_column_int64(theirs, 1), when);
            run->tally->type_conflicts++;
            rs_merge_note(run->tally, "%s: %s here, but %s in %s, both observed at %s", name,
                          (const char *)sqlite3_column_text(ours, 0), type, run->other->path, when);
        }
        (void)sqlite3_reset(ours);
    }
    sqlite3_finalize(theirs);
    sqlite3_finalize(ours);
    return rc;
}

static enum rs_status merge_types(struct rs_merge_run *run, const char *name, int64_t id,
                                  bool *changed, struct rs_error *err)
{
    sqlite3_stmt *rows = NULL, *see = NULL;
    bool row = false;
    enum rs_status rc = rs_store_prepare(
        run->other,
        "SELECT day, type, first_at, last_at FROM type_seen WHERE resource_id = ?1 ORDER BY 1, 2",
        &rows, err);
    if (rc == RS_OK) {
        (void)sqlite3_bind_int64(rows, 1, id);
        rc = rs_store_prepare(
            run->into,
            "INSERT INTO type_seen(resource_id, day, type, first_at, last_at) "
            "SELECT id, ?2, ?3, ?4, ?5 FROM resource WHERE provider_id = ?1 "
            "ON CONFLICT DO UPDATE SET first_at = min(first_at, excluded.first_at), "
            "last_at = max(last_at, excluded.last_at) "
            "WHERE excluded.first_at < first_at OR excluded.last_at > last_at",
            &see, err);
    }
    while (rc == RS_OK && (rc = rs_store_step(run->other, rows, &row, err)) == RS_OK && row) {
        rs_store_bind_text(see, 1, name);
        for (int i = 0; i < 4; i++) {
            (void)sqlite3_bind_value(see, i + 2, sqlite3_column_value(rows, i));
        }
        rc = rs_store_run(run->into, see, err);
        *changed = *changed || (rc == RS_OK && sqlite3_changes(run->into->db) > 0);
    }
    sqlite3_finalize(rows);
    sqlite3_finalize(see);
    return rc;
}

static enum rs_status merge_instance(struct rs_merge_run *run, sqlite3_stmt *row, struct tags *tags,
                                     struct rs_error *err)
{
    const char *name = (const char *)sqlite3_column_text(row, COLUMN_NAME);
    int64_t known[FIELDS + 1], id = sqlite3_column_int64(row, COLUMN_ID);
    bool changed = false;
    read_known(row, known);
    enum rs_status rc = read_tags(run->other, id, tags, err);
    if (rc == RS_OK) { /* before anything of theirs is here */
        rc = note_conflicts(run, name, id, err);
    }
    for (size_t i = 0; rc == RS_OK && i <= FIELDS; i++) {
        bool done = known[i] < 0;
        for (size_t k = 0; k < i; k++) {
            done = done || known[k] == known[i];
        }
        if (!done) {
            struct rs_resource record = record_of(row, known, known[i], tags);
            rc = put(run, &record, &changed, err);
        }
    }
    if (rc == RS_OK) {
        rc = put_span(run, row, &changed, err);
    }
    if (rc == RS_OK) {
        rc = merge_types(run, name, id, &changed, err);
    }
    run->tally->resources_changed += changed ? 1 : 0;
    return rc;
}

static enum rs_status merge_resource(struct rs_merge_run *run, sqlite3_stmt *row, struct tags *tags,
                                     struct rs_error *err)
{
    enum rs_resource_kind kind = (enum rs_resource_kind)sqlite3_column_int(row, COLUMN_KIND);
    const char *name = (const char *)sqlite3_column_text(row, COLUMN_NAME);
    int64_t id = 0;
    bool created = false;
    run->tally->resources++;
    struct rs_batch known = {.resource = name,
                             .kind = kind,
                             .provider = (const char *)sqlite3_column_text(row, COLUMN_FIELDS),
                             .account = (const char *)sqlite3_column_text(row, COLUMN_FIELDS + 1),
                             .region = (const char *)sqlite3_column_text(row, COLUMN_FIELDS + 2)};
    enum rs_status rc = rs_store_resource_id(run->into, name, kind, &id, &created, err);
    if (rc == RS_OK && kind == RS_KIND_INSTANCE) {
        rc = merge_instance(run, row, tags, err);
    }
    if (rc == RS_OK) { /* what only samples told, where nothing better is known */
        rc = rs_store_resource_of(run->into, &known, &id, err);
    }
    return rc == RS_EINPUT ? rs_fail_where(err, "%s", run->other->path) : rc;
}

enum rs_status rs_merge_inventory(struct rs_merge_run *run, struct rs_error *err)
{
    sqlite3_stmt *rows = NULL;
    bool row = false;
    struct tags *tags = calloc(1, sizeof(*tags));
    if (tags == NULL) {
        return rs_fail(err, RS_ENOMEM, "out of memory for tags");
    }
    rs_buffer_init(&tags->texts);
    enum rs_status rc = rs_store_prepare(run->other, all_resources, &rows, err);
    while (rc == RS_OK && (rc = rs_store_step(run->other, rows, &row, err)) == RS_OK && row) {
        rc = merge_resource(run, rows, tags, err);
    }
    sqlite3_finalize(rows);
    rs_buffer_release(&tags->texts);
    free(tags);
    return rc;
}
