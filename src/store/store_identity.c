/* SPDX-License-Identifier: GPL-3.0-or-later */
/* store_identity.c - the rows that samples hang on: resources and their series. */
#include "store/store_private.h"

#include "rightsize/text.h"

#include <stdlib.h>
#include <string.h>

static enum rs_status add_resource(struct rs_store *store, const char *provider_id,
                                   enum rs_resource_kind kind, int64_t *out, struct rs_error *err)
{
    size_t length = strlen(provider_id);
    if (length < 1 || length > 255) {
        return rs_fail(err, RS_EINPUT, "the name of a resource has 1 to 255 bytes, not %zu",
                       length);
    }
    enum rs_status rc = rs_store_int(store, "SELECT max(id) FROM resource", out, err);
    if (rc != RS_OK) {
        return rc;
    }
    if (*out >= RS_STORE_RESOURCES) {
        return rs_fail(err, RS_EINPUT, "%s: holds %d resources, the most it can", store->path,
                       RS_STORE_RESOURCES);
    }
    ++*out;
    sqlite3_stmt *add = NULL;
    rc = rs_store_statement(store, RS_STATEMENT_ADD_RESOURCE,
                            "INSERT INTO resource(id, kind, provider_id) VALUES (?1, ?2, ?3)", &add,
                            err);
    if (rc == RS_OK) {
        (void)sqlite3_bind_int64(add, 1, *out);
        (void)sqlite3_bind_int(add, 2, kind != RS_KIND_INSTANCE);
        rs_store_bind_text(add, 3, provider_id);
        rc = rs_store_run(store, add, err);
    }
    return rc;
}

enum rs_status rs_store_resource_id(struct rs_store *store, const char *provider_id,
                                    enum rs_resource_kind kind, int64_t *out, bool *created,
                                    struct rs_error *err)
{
    static const char *const words[] = {"an instance", "a volume", "a GPU"};
    sqlite3_stmt *find = NULL;
    bool row = false;
    int64_t id = 0;
    *created = false;
    enum rs_status rc =
        rs_store_statement(store, RS_STATEMENT_FIND_RESOURCE,
                           "SELECT id, kind FROM resource WHERE provider_id = ?1", &find, err);
    if (rc == RS_OK) {
        rs_store_bind_text(find, 1, provider_id);
        rc = rs_store_step(store, find, &row, err);
    }
    if (rc == RS_OK && row) {
        id = sqlite3_column_int64(find, 0);
        if (sqlite3_column_int(find, 1) != (kind != RS_KIND_INSTANCE)) {
            rc = rs_fail(err, RS_EINPUT, "'%s' is %s in the store, but %s in this input",
                         provider_id, words[kind == RS_KIND_INSTANCE], words[kind]);
        }
        (void)sqlite3_reset(find);
    } else if (rc == RS_OK) {
        rc = add_resource(store, provider_id, kind, &id, err);
        *created = rc == RS_OK;
    }
    if (rc == RS_OK) {
        *out = id;
    }
    return rc;
}

/* Not entered in known_at: whatever an inventory says later is better founded. */
static enum rs_status fill_resource(struct rs_store *store, const struct rs_batch *batch,
                                    int64_t id, struct rs_error *err)
{
    if (batch->provider == NULL && batch->account == NULL && batch->region == NULL) {
        return RS_OK;
    }
    sqlite3_stmt *fill = NULL;
    enum rs_status rc = rs_store_statement(
        store, RS_STATEMENT_FILL_RESOURCE,
        "UPDATE resource SET provider = coalesce(provider, ?2), account = coalesce(account, ?3), "
        "region = coalesce(region, ?4) WHERE id = ?1 AND "
        "(provider IS NULL AND ?2 IS NOT NULL OR account IS NULL AND ?3 IS NOT NULL OR "
        "region IS NULL AND ?4 IS NOT NULL)",
        &fill, err);
    if (rc == RS_OK) {
        (void)sqlite3_bind_int64(fill, 1, id);
        rs_store_bind_text(fill, 2, batch->provider);
        rs_store_bind_text(fill, 3, batch->account);
        rs_store_bind_text(fill, 4, batch->region);
        rc = rs_store_run(store, fill, err);
    }
    return rc;
}

/* No inventory tells of the cards of an instance: their names do. */
static enum rs_status attach_card(struct rs_store *store, const char *card, struct rs_error *err)
{
    char instance[256];
    bool changed = false;
    size_t length = rs_gpu_owner(card);
    if (length == 0 || length >= sizeof(instance)) {
        return rs_fail(err, RS_EINPUT, "'%s' does not name a GPU: INSTANCE/gpu-NUMBER", card);
    }
    memcpy(instance, card, length);
    instance[length] = '\0';
    struct rs_attachment attachment = {
        .volume = card, .instance = instance, .device = card + length + 1, .since = -1};
    return rs_store_put_attachment(store, &attachment, &changed, err);
}

/* Batches of one resource mostly follow each other. */
enum rs_status rs_store_resource_of(struct rs_store *store, const struct rs_batch *batch,
                                    int64_t *id, struct rs_error *err)
{
    bool created = false;
    if (store->resource != NULL && strcmp(store->resource, batch->resource) == 0 &&
        store->resource_kind == batch->kind) {
        *id = store->resource_id;
        return fill_resource(store, batch, *id, err);
    }
    enum rs_status rc =
        rs_store_resource_id(store, batch->resource, batch->kind, id, &created, err);
    if (rc == RS_OK && created && batch->kind == RS_KIND_GPU) {
        rc = attach_card(store, batch->resource, err);
    }
    if (rc != RS_OK) {
        return rc;
    }
    free(store->resource);
    store->resource = NULL;
    store->resource_id = *id;
    store->resource_kind = batch->kind;
    rc = rs_text_copy(batch->resource, &store->resource, err);
    return rc == RS_OK ? fill_resource(store, batch, *id, err) : rc;
}

/* RS_EINPUT: the resource has all the series it can. */
static enum rs_status next_series_id(struct rs_store *store, const struct rs_batch *batch,
                                     int64_t resource_id, int64_t *id, struct rs_error *err)
{
    sqlite3_stmt *last = NULL;
    const int64_t first = resource_id << RS_STORE_SERIES_BITS;
    const int64_t most = (int64_t)1 << RS_STORE_SERIES_BITS;
    bool row = false;
    enum rs_status rc = rs_store_statement(
        store, RS_STATEMENT_LAST_SERIES,
        "SELECT ifnull(max(id), ?1 - 1) FROM series WHERE id BETWEEN ?1 AND ?2", &last, err);
    if (rc != RS_OK) {
        return rc;
    }
    (void)sqlite3_bind_int64(last, 1, first);
    (void)sqlite3_bind_int64(last, 2, first + most - 1);
    rc = rs_store_step(store, last, &row, err);
    if (rc != RS_OK) {
        return rc;
    }
    *id = sqlite3_column_int64(last, 0) + 1;
    (void)sqlite3_reset(last);
    return *id < first + most ? RS_OK
                              : rs_fail(err, RS_EINPUT, "'%s' has %d series, the most it can",
                                        batch->resource, 1 << RS_STORE_SERIES_BITS);
}

/* Not INSERT ... SELECT: it would go through a table of its own for each series. */
static enum rs_status add_series(struct rs_store *store, const struct rs_batch *batch,
                                 int64_t resource_id, struct rs_store_target *out,
                                 struct rs_error *err)
{
    sqlite3_stmt *add = NULL;
    int64_t id = 0;
    enum rs_status rc = next_series_id(store, batch, resource_id, &id, err);
    if (rc == RS_OK) {
        rc = rs_store_statement(store, RS_STATEMENT_ADD_SERIES,
                                "INSERT INTO series(id, resource_id, metric, statistic, step) "
                                "VALUES (?1, ?2, ?3, ?4, ?5)",
                                &add, err);
    }
    if (rc != RS_OK) {
        return rc;
    }
    (void)sqlite3_bind_int64(add, 1, id);
    (void)sqlite3_bind_int64(add, 2, resource_id);
    rs_store_bind_text(add, 3, rs_metric_info(batch->metric)->name);
    rs_store_bind_text(add, 4, rs_statistic_name(batch->statistic));
    (void)sqlite3_bind_int64(add, 5, batch->step);
    *out = (struct rs_store_target){id, -1, -1};
    return rs_store_run(store, add, err);
}

enum rs_status rs_store_series_of(struct rs_store *store, const struct rs_batch *batch,
                                  int64_t resource_id, struct rs_store_target *out,
                                  struct rs_error *err)
{
    sqlite3_stmt *find = NULL;
    bool row = false;
    enum rs_status rc = rs_store_statement(
        store, RS_STATEMENT_FIND_SERIES,
        "SELECT id, ifnull(first_at, -1), ifnull(last_at, -1) FROM series "
        "WHERE resource_id = ?1 AND metric = ?2 AND statistic = ?3 AND step = ?4",
        &find, err);
    if (rc != RS_OK) {
        return rc;
    }
    (void)sqlite3_bind_int64(find, 1, resource_id);
    rs_store_bind_text(find, 2, rs_metric_info(batch->metric)->name);
    rs_store_bind_text(find, 3, rs_statistic_name(batch->statistic));
    (void)sqlite3_bind_int64(find, 4, batch->step);
    rc = rs_store_step(store, find, &row, err);
    if (rc != RS_OK || !row) {
        return rc == RS_OK ? add_series(store, batch, resource_id, out, err) : rc;
    }
    *out = (struct rs_store_target){sqlite3_column_int64(find, 0), sqlite3_column_int64(find, 1),
                                    sqlite3_column_int64(find, 2)};
    (void)sqlite3_reset(find);
    return RS_OK;
}
