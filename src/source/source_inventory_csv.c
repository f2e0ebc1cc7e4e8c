/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "source/cells.h"
#include "source/door.h"
#include "source/head.h"
#include "source/shown.h"
#include "source/sources.h"

#include <inttypes.h>
#include <stddef.h>
#include <string.h>

#define TAGS_MAX 64
#define TEXTS_MAX 16

static const struct {
    const char *column;
    size_t member; /* offset of a text in struct rs_resource */
} fields[] = {
    {"instance", offsetof(struct rs_resource, id)},
    {"instance_type", offsetof(struct rs_resource, type)},
    {"type", offsetof(struct rs_resource, type)},
    {"name", offsetof(struct rs_resource, name)},
    {"region", offsetof(struct rs_resource, region)},
    {"provider", offsetof(struct rs_resource, provider)},
    {"account", offsetof(struct rs_resource, account)},
    {"state", offsetof(struct rs_resource, state)},
    {"zone", offsetof(struct rs_resource, zone)},
    {"architecture", offsetof(struct rs_resource, architecture)},
    {"platform", offsetof(struct rs_resource, platform)},
    {"tenancy", offsetof(struct rs_resource, tenancy)},
};

struct reader {
    const struct rs_source_request *request;
    const struct rs_sink *sink;
    struct rs_tally *tally;
    struct rs_cells cells;
    struct {
        size_t at, member;
    } text[TEXTS_MAX];
    size_t text_count;
    size_t tag_at[TAGS_MAX];
    char tag_key[TAGS_MAX][128];
    size_t tag_count;
};

static void set_text(struct rs_resource *resource, size_t member, const char *value)
{
    memcpy((char *)resource + member, &value, sizeof(value));
}

static bool take_tag(struct reader *r, const char *name, size_t at)
{
    if (strncmp(name, "tag:", 4) != 0 || name[4] == '\0' || strlen(name + 4) > 127 ||
        r->tag_count == TAGS_MAX) {
        return false;
    }
    memcpy(r->tag_key[r->tag_count], name + 4, strlen(name + 4) + 1);
    r->tag_at[r->tag_count++] = at;
    return true;
}

static bool take_field(struct reader *r, const char *name, size_t at)
{
    for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++) {
        if (strcmp(fields[i].column, name) == 0 && r->text_count < TEXTS_MAX) {
            r->text[r->text_count].at = at;
            r->text[r->text_count].member = fields[i].member;
            r->text_count++;
            return true;
        }
    }
    return false;
}

static enum rs_status read_header(struct reader *r, struct rs_error *err)
{
    bool more = false;
    char shown[RS_SHOWN];
    enum rs_status rc = rs_csv_next(&r->cells.csv, &more, err);
    if (rc == RS_OK && !more) {
        return rs_fail(err, RS_EINPUT, "the table is empty");
    }
    bool named = false, typed = false;
    for (size_t i = 0; rc == RS_OK && i < r->cells.csv.count; i++) {
        const char *name = rs_cell(&r->cells, i);
        named = named || strcmp(name, "instance") == 0;
        typed = typed || strcmp(name, "instance_type") == 0 || strcmp(name, "type") == 0;
        if (!take_field(r, name, i) && !take_tag(r, name, i)) {
            rs_tally_note(r->tally, "column '%s' is not read", rs_shown(name, shown));
        }
    }
    if (rc == RS_OK && (!named || !typed)) {
        return rs_fail(err, RS_EINPUT, "line %" PRId64 ": no columns instance and instance_type",
                       r->cells.csv.line);
    }
    return rc;
}

static enum rs_status take_row(struct reader *r, struct rs_error *err)
{
    struct rs_tag tags[TAGS_MAX];
    struct rs_resource resource = {
        .region = r->request->region,
        .tags = tags,
        .launch_time = -1,
        .observed_at = r->request->observed_at,
        .network_interfaces = -1,
        .volumes = -1,
        .first_seen = -1,
        .last_seen = -1,
    };
    for (size_t i = 0; i < r->text_count; i++) {
        const char *value = rs_cell(&r->cells, r->text[i].at);
        if (value[0] != '\0') {
            set_text(&resource, r->text[i].member, value);
        }
    }
    for (size_t i = 0; i < r->tag_count; i++) {
        const char *value = rs_cell(&r->cells, r->tag_at[i]);
        if (value[0] != '\0') {
            tags[resource.tag_count++] = (struct rs_tag){r->tag_key[i], value};
        }
    }
    enum rs_status rc =
        rs_door_check_id(resource.id != NULL ? resource.id : "", r->cells.csv.line, err);
    if (rc == RS_OK) {
        rc = r->sink->resource(r->sink->payload, &resource, err);
    }
    r->tally->resources += rc == RS_OK;
    return rc;
}

static enum rs_status read_table(const struct rs_source_request *request, struct rs_input *input,
                                 const struct rs_sink *sink, struct rs_tally *tally,
                                 struct rs_error *err)
{
    struct reader r = {.request = request, .sink = sink, .tally = tally};
    bool more = true;
    enum rs_status rc = rs_cells_open(&r.cells, request, input, tally, NULL, err);
    if (rc == RS_OK) {
        rc = read_header(&r, err);
    }
    while (rc == RS_OK) {
        rc = rs_csv_next(&r.cells.csv, &more, err);
        if (rc != RS_OK || !more) {
            break;
        }
        rc = take_row(&r, err);
    }
    rs_cells_close(&r.cells);
    return rc;
}

static int recognise(const char *head, size_t length)
{
    return rs_head_is_table(head, length) && rs_head_has_field(head, length, "instance") &&
                   (rs_head_has_field(head, length, "instance_type") ||
                    rs_head_has_field(head, length, "type")) &&
                   !rs_head_has_field(head, length, "timestamp")
               ? 70
               : 0;
}

const struct rs_source rs_source_inventory_csv = {
    "inventory-csv", "inventory: tables with the columns instance and instance_type", recognise,
    read_table, false};
