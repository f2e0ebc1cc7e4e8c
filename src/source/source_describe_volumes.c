/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rightsize/json.h"
#include "source/door.h"
#include "source/head.h"
#include "source/record.h"
#include "source/sources.h"
#include "source/walk.h"

#include <inttypes.h>
#include <string.h>

#define SLICE_MAX ((size_t)1 << 20)

struct reader {
    const struct rs_source_request *request;
    const struct rs_sink *sink;
    struct rs_tally *tally;
    struct rs_pull pull;
    struct rs_buffer slice;
    struct rs_stamps stamps;
    int64_t line;
};

static bool is_attached(const cJSON *attachment)
{
    const char *state = rs_json_optional_text(attachment, "State");
    return state == NULL || strcmp(state, "attached") == 0 || strcmp(state, "attaching") == 0 ||
           strcmp(state, "busy") == 0;
}

static enum rs_status take_attachment(struct reader *r, const cJSON *item, const char *volume,
                                      struct rs_error *err)
{
    struct rs_attachment attachment = {
        .volume = volume,
        .instance = rs_json_optional_text(item, "InstanceId"),
        .device = rs_json_optional_text(item, "Device"),
        .since = rs_record_time(&r->stamps, rs_json_member(item, "AttachTime")),
        .observed_at = r->request->observed_at,
    };
    if (attachment.instance == NULL || !is_attached(item)) {
        r->tally->ignored++;
        return RS_OK;
    }
    enum rs_status rc = rs_door_check_id(attachment.instance, r->line, err);
    if (rc == RS_OK) {
        rc = r->sink->attachment(r->sink->payload, &attachment, err);
    }
    r->tally->attachments += rc == RS_OK;
    return rc;
}

static enum rs_status take_volume(struct reader *r, const cJSON *volume, struct rs_error *err)
{
    const char *id = rs_json_optional_text(volume, "VolumeId");
    const cJSON *attachments = rs_json_member(volume, "Attachments"), *item = NULL;
    if (id == NULL) {
        return rs_fail(err, RS_EINPUT, "line %" PRId64 ": a volume has no VolumeId", r->line);
    }
    enum rs_status rc = rs_door_check_id(id, r->line, err);
    r->tally->ignored += rc == RS_OK && cJSON_GetArraySize(attachments) == 0;
    cJSON_ArrayForEach(item, attachments)
    {
        if (rc == RS_OK) {
            rc = take_attachment(r, item, id, err);
        }
    }
    return rc;
}

static enum rs_status read_volume(void *payload, enum rs_pull_event event, struct rs_error *err)
{
    struct reader *r = payload;
    cJSON *tree = NULL;
    if (event != RS_PULL_OBJECT) {
        return rs_walk_fault(&r->pull, "expected a volume", err);
    }
    r->line = rs_input_line(r->pull.input);
    rs_buffer_clear(&r->slice);
    enum rs_status rc = rs_pull_rest_slice(&r->pull, SLICE_MAX, &r->slice, err);
    if (rc != RS_OK) {
        return rc;
    }
    rc = rs_json_parse(r->slice.data, r->slice.length, &tree, err);
    if (rc != RS_OK) {
        return rs_fail_where(err, "line %" PRId64, r->line);
    }
    rc = take_volume(r, tree, err);
    cJSON_Delete(tree);
    return rc;
}

static enum rs_status read_volumes(void *payload, struct rs_error *err)
{
    struct reader *r = payload;
    return rs_walk_array(&r->pull, "Volumes", read_volume, r, err);
}

static enum rs_status read_document(struct reader *r, enum rs_pull_event event,
                                    struct rs_error *err)
{
    static const struct rs_walk_member members[] = {{"Volumes", read_volumes}, {NULL, NULL}};
    if (event == RS_PULL_OBJECT) {
        return rs_walk_object(&r->pull, members, r, err);
    }
    if (event != RS_PULL_ARRAY) {
        return rs_walk_fault(&r->pull, "expected volumes", err);
    }
    for (;;) {
        enum rs_status rc = rs_pull_next(&r->pull, &event, err);
        if (rc != RS_OK || event == RS_PULL_ARRAY_END) {
            return rc;
        }
        rc = read_volume(r, event, err);
        if (rc != RS_OK) {
            return rc;
        }
    }
}

static enum rs_status read_inventory(const struct rs_source_request *request,
                                     struct rs_input *input, const struct rs_sink *sink,
                                     struct rs_tally *tally, struct rs_error *err)
{
    struct reader r = {.request = request, .sink = sink, .tally = tally};
    enum rs_pull_event event = RS_PULL_END;
    rs_buffer_init(&r.slice);
    rs_pull_init_many(&r.pull, input);
    enum rs_status rc = rs_pull_next(&r.pull, &event, err);
    while (rc == RS_OK && event != RS_PULL_END) {
        rc = read_document(&r, event, err);
        if (rc == RS_OK) {
            rc = rs_pull_next(&r.pull, &event, err);
        }
    }
    rs_pull_release(&r.pull);
    rs_buffer_release(&r.slice);
    return rc;
}

static int recognise(const char *head, size_t length)
{
    return rs_head_has_member(head, length, "{", "Volumes") ||
                   rs_head_has_member(head, length, "[{", "Attachments")
               ? 85
               : 0;
}

const struct rs_source rs_source_describe_volumes = {
    "describe-volumes", "inventory: answers of aws ec2 describe-volumes", recognise, read_inventory,
    false};
