/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rightsize/json.h"
#include "source/door.h"
#include "source/head.h"
#include "source/identity.h"
#include "source/record.h"
#include "source/sources.h"
#include "source/walk.h"

#include <inttypes.h>
#include <string.h>

#define SLICE_MAX ((size_t)32 << 20) /* a reservation of a thousand instances has 6 MB */

struct reader {
    const struct rs_source_request *request;
    const struct rs_sink *sink;
    struct rs_tally *tally;
    struct rs_pull pull;
    struct rs_buffer slice;
    struct rs_stamps stamps;
    int64_t line;
};

static enum rs_status hand_on_volumes(struct reader *r, const cJSON *instance, const char *id,
                                      struct rs_error *err)
{
    const cJSON *device = NULL;
    cJSON_ArrayForEach(device, rs_json_member(instance, "BlockDeviceMappings"))
    {
        const cJSON *ebs = rs_json_member(device, "Ebs");
        struct rs_attachment attachment = {
            .volume = rs_json_optional_text(ebs, "VolumeId"),
            .instance = id,
            .device = rs_json_optional_text(device, "DeviceName"),
            .since = rs_record_time(&r->stamps, rs_json_member(ebs, "AttachTime")),
            .observed_at = r->request->observed_at,
        };
        if (attachment.volume == NULL) {
            continue;
        }
        enum rs_status rc = rs_door_check_id(attachment.volume, r->line, err);
        if (rc == RS_OK) {
            rc = r->sink->attachment(r->sink->payload, &attachment, err);
        }
        if (rc != RS_OK) {
            return rc;
        }
        r->tally->attachments++;
    }
    return RS_OK;
}

/* The API answers Platform "windows" or nothing; PlatformDetails is as on the bill. */
static const char *platform_of(const cJSON *instance)
{
    const char *details = rs_json_optional_text(instance, "PlatformDetails");
    const char *platform = rs_json_optional_text(instance, "Platform");
    if (details != NULL) {
        return details;
    }
    return platform != NULL && strcmp(platform, "windows") == 0 ? "Windows" : platform;
}

static enum rs_status take_instance(struct reader *r, const cJSON *instance, const char *owner,
                                    struct rs_error *err)
{
    char region[64];
    const cJSON *placement = rs_json_member(instance, "Placement");
    const char *zone = rs_json_optional_text(placement, "AvailabilityZone");
    struct rs_record_tags tags;
    rs_record_tags(rs_json_member(instance, "Tags"), &tags);
    struct rs_resource resource = {
        .id = rs_json_optional_text(instance, "InstanceId"),
        .provider = "aws",
        .account = owner,
        .region = zone != NULL && rs_region_of_zone(zone, region) ? region : r->request->region,
        .zone = zone,
        .name = rs_record_tag(&tags, "Name"),
        .type = rs_json_optional_text(instance, "InstanceType"),
        .state = rs_json_optional_text(rs_json_member(instance, "State"), "Name"),
        .architecture = rs_json_optional_text(instance, "Architecture"),
        .platform = platform_of(instance),
        .tenancy = rs_json_optional_text(placement, "Tenancy"),
        .hypervisor = NULL, /* the API says "xen" of Nitro instances too */
        .virtualization = rs_json_optional_text(instance, "VirtualizationType"),
        .lifecycle = rs_json_optional_text(instance, "InstanceLifecycle"),
        .group = rs_record_tag(&tags, "aws:autoscaling:groupName"),
        .image = rs_json_optional_text(instance, "ImageId"),
        .tags = tags.tag,
        .tag_count = tags.count,
        .launch_time = rs_record_time(&r->stamps, rs_json_member(instance, "LaunchTime")),
        .observed_at = r->request->observed_at,
        .network_interfaces = rs_record_count(rs_json_member(instance, "NetworkInterfaces")),
        .volumes = rs_record_count(rs_json_member(instance, "BlockDeviceMappings")),
        .ena = cJSON_IsTrue(rs_json_member(instance, "EnaSupport")) != 0,
        .first_seen = -1,
        .last_seen = -1,
    };
    if (resource.id == NULL) {
        return rs_fail(err, RS_EINPUT, "line %" PRId64 ": an instance has no InstanceId", r->line);
    }
    enum rs_status rc = rs_door_check_id(resource.id, r->line, err);
    if (rc == RS_OK) {
        rc = r->sink->resource(r->sink->payload, &resource, err);
    }
    if (rc == RS_OK) {
        r->tally->resources++;
        rc = hand_on_volumes(r, instance, resource.id, err);
    }
    return rc;
}

static enum rs_status take_reservation(struct reader *r, const cJSON *reservation,
                                       struct rs_error *err)
{
    const char *owner = rs_json_optional_text(reservation, "OwnerId");
    enum rs_status rc = RS_OK;
    const cJSON *instance = NULL;
    cJSON_ArrayForEach(instance, rs_json_member(reservation, "Instances"))
    {
        if (rc == RS_OK) {
            rc = take_instance(r, instance, owner, err);
        }
    }
    return rc;
}

/* A reservation, or an instance when the answer was flattened by --query. */
static enum rs_status take_slice(struct reader *r, struct rs_error *err)
{
    cJSON *tree = NULL;
    enum rs_status rc = rs_json_parse(r->slice.data, r->slice.length, &tree, err);
    if (rc != RS_OK) {
        return rs_fail_where(err, "line %" PRId64, r->line);
    }
    rc = rs_json_member(tree, "Instances") != NULL ? take_reservation(r, tree, err)
                                                   : take_instance(r, tree, NULL, err);
    cJSON_Delete(tree);
    return rc;
}

static enum rs_status read_object(struct reader *r, struct rs_error *err)
{
    r->line = rs_input_line(r->pull.input);
    rs_buffer_clear(&r->slice);
    enum rs_status rc = rs_pull_rest_slice(&r->pull, SLICE_MAX, &r->slice, err);
    return rc == RS_OK ? take_slice(r, err) : rc;
}

/* The rest of an array; --query 'Reservations[*].Instances' answers arrays in an array. */
static enum rs_status read_array(struct reader *r, bool nested, struct rs_error *err)
{
    for (;;) {
        enum rs_pull_event event = RS_PULL_END;
        enum rs_status rc = rs_pull_next(&r->pull, &event, err);
        if (rc != RS_OK || event == RS_PULL_ARRAY_END) {
            return rc;
        }
        if (event == RS_PULL_OBJECT) {
            rc = read_object(r, err);
        } else if (event == RS_PULL_ARRAY && !nested) {
            rc = read_array(r, true, err);
        } else {
            rc = rs_walk_fault(&r->pull, "expected a reservation or an instance", err);
        }
        if (rc != RS_OK) {
            return rc;
        }
    }
}

static enum rs_status read_reservations(void *payload, struct rs_error *err)
{
    struct reader *r = payload;
    enum rs_pull_event event = RS_PULL_END;
    enum rs_status rc = rs_pull_next(&r->pull, &event, err);
    if (rc == RS_OK && event != RS_PULL_ARRAY) {
        return rs_walk_fault(&r->pull, "Reservations is no array", err);
    }
    return rc == RS_OK ? read_array(r, true, err) : rc;
}

static enum rs_status read_documents(struct reader *r, struct rs_error *err)
{
    static const struct rs_walk_member members[] = {
        {"Reservations", read_reservations}, {"Instances", read_reservations}, {NULL, NULL}};
    enum rs_pull_event event = RS_PULL_END;
    enum rs_status rc = rs_pull_next(&r->pull, &event, err);
    while (rc == RS_OK && event != RS_PULL_END) {
        rc = event == RS_PULL_OBJECT  ? rs_walk_object(&r->pull, members, r, err)
             : event == RS_PULL_ARRAY ? read_array(r, false, err)
                                      : rs_walk_fault(&r->pull, "expected instances", err);
        if (rc == RS_OK) {
            rc = rs_pull_next(&r->pull, &event, err);
        }
    }
    return rc;
}

static enum rs_status read_inventory(const struct rs_source_request *request,
                                     struct rs_input *input, const struct rs_sink *sink,
                                     struct rs_tally *tally, struct rs_error *err)
{
    struct reader r = {.request = request, .sink = sink, .tally = tally};
    rs_buffer_init(&r.slice);
    rs_pull_init_many(&r.pull, input);
    enum rs_status rc = read_documents(&r, err);
    rs_pull_release(&r.pull);
    rs_buffer_release(&r.slice);
    return rc;
}

static int recognise(const char *head, size_t length)
{
    return rs_head_has_member(head, length, "{", "Reservations") ||
                   rs_head_has_member(head, length, "[{", "InstanceId") ||
                   rs_head_has_member(head, length, "[[{", "InstanceId") ||
                   rs_head_has_member(head, length, "[{", "Instances")
               ? 90
               : 0;
}

const struct rs_source rs_source_describe_instances = {
    "describe-instances", "inventory: answers of aws ec2 describe-instances", recognise,
    read_inventory, false};
