/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cloud/aws_ec2.h"

#include "cloud/aws_call.h"
#include "cloud/aws_xml.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TAGS_MAX 64 /* EC2 allows 50 and a few of its own */
#define VOLUMES_MAX 128
#define PAGE "1000"
#define INSTANCE "reservationSet/item/instancesSet/item"

enum rs_status rs_aws_instances_body(const struct rs_aws_filter *filter, const char *token,
                                     struct rs_buffer *out, struct rs_error *err)
{
    char name[64];
    size_t number = 0;
    rs_aws_form(out, "Action", "DescribeInstances");
    rs_aws_form(out, "Version", "2016-11-15");
    rs_aws_form(out, "MaxResults", PAGE);
    if (filter->state_count > 0) {
        number++;
        rs_aws_form(out, "Filter.1.Name", "instance-state-name");
        for (size_t i = 0; i < filter->state_count; i++) {
            snprintf(name, sizeof(name), "Filter.1.Value.%zu", i + 1);
            rs_aws_form(out, name, filter->states[i]);
        }
    }
    for (size_t i = 0; i < filter->tag_count; i++) {
        const char *cut = strchr(filter->tags[i], '=');
        if (cut == NULL || cut == filter->tags[i]) {
            return rs_fail(err, RS_EUSAGE, "--tag '%.100s' is not KEY=VALUE", filter->tags[i]);
        }
        struct rs_buffer key;
        rs_buffer_init(&key);
        rs_buffer_text(&key, "tag:");
        rs_buffer_append(&key, filter->tags[i], (size_t)(cut - filter->tags[i]));
        number++;
        snprintf(name, sizeof(name), "Filter.%zu.Name", number);
        rs_aws_form(out, name, key.data);
        snprintf(name, sizeof(name), "Filter.%zu.Value.1", number);
        rs_aws_form(out, name, cut + 1);
        out->failed = out->failed || key.failed;
        rs_buffer_release(&key);
    }
    if (token != NULL) {
        rs_aws_form(out, "NextToken", token);
    }
    return rs_buffer_status(out, err);
}

enum field {
    ID,
    TYPE,
    IMAGE,
    STATE,
    ZONE,
    TENANCY,
    ARCHITECTURE,
    PLATFORM,
    DETAILS,
    VIRTUALIZATION,
    LIFECYCLE,
    LAUNCHED,
    ENA,
    KEY,
    VALUE,
    DEVICE,
    VOLUME,
    ATTACHED,
    OWNER,
    FIELDS
};

/* Where each stands; those of an instance below INSTANCE. */
static const char *const paths[FIELDS] = {
    [ID] = INSTANCE "/instanceId",
    [TYPE] = INSTANCE "/instanceType",
    [IMAGE] = INSTANCE "/imageId",
    [STATE] = INSTANCE "/instanceState/name",
    [ZONE] = INSTANCE "/placement/availabilityZone",
    [TENANCY] = INSTANCE "/placement/tenancy",
    [ARCHITECTURE] = INSTANCE "/architecture",
    [PLATFORM] = INSTANCE "/platform",
    [DETAILS] = INSTANCE "/platformDetails",
    [VIRTUALIZATION] = INSTANCE "/virtualizationType",
    [LIFECYCLE] = INSTANCE "/instanceLifecycle",
    [LAUNCHED] = INSTANCE "/launchTime",
    [ENA] = INSTANCE "/enaSupport",
    [KEY] = INSTANCE "/tagSet/item/key",
    [VALUE] = INSTANCE "/tagSet/item/value",
    [DEVICE] = INSTANCE "/blockDeviceMapping/item/deviceName",
    [VOLUME] = INSTANCE "/blockDeviceMapping/item/ebs/volumeId",
    [ATTACHED] = INSTANCE "/blockDeviceMapping/item/ebs/attachTime",
    [OWNER] = "reservationSet/item/ownerId",
};

struct volume {
    char *id, *device;
    int64_t since;
};

struct page {
    const char *region;
    int64_t observed_at;
    const struct rs_sink *sink;
    struct rs_buffer *token;
    char *fields[FIELDS]; /* of the instance at hand */
    struct rs_tag tags[TAGS_MAX];
    size_t tag_count;
    struct volume volumes[VOLUMES_MAX];
    size_t volume_count;
    int64_t interfaces;
};

static int64_t time_of(const char *text)
{
    struct rs_civil civil;
    struct rs_error unused;
    int64_t at = -1;
    bool zoned = false;
    return text != NULL &&
                   rs_when_parse_parts(text, strlen(text), &civil, &at, &zoned, &unused) == RS_OK &&
                   zoned
               ? at
               : -1;
}

static void forget_instance(struct page *p)
{
    for (int i = 0; i < FIELDS; i++) {
        if (i != OWNER) {
            free(p->fields[i]);
            p->fields[i] = NULL;
        }
    }
    for (size_t i = 0; i < p->tag_count; i++) {
        free((char *)p->tags[i].key);
        free((char *)p->tags[i].value);
    }
    for (size_t i = 0; i < p->volume_count; i++) {
        free(p->volumes[i].id);
        free(p->volumes[i].device);
    }
    p->tag_count = p->volume_count = 0;
    p->interfaces = 0;
}

static void end_tag(struct page *p)
{
    if (p->fields[KEY] != NULL && p->tag_count < TAGS_MAX) {
        p->tags[p->tag_count++] = (struct rs_tag){p->fields[KEY], p->fields[VALUE]};
        p->fields[KEY] = p->fields[VALUE] = NULL;
    }
    free(p->fields[KEY]);
    free(p->fields[VALUE]);
    p->fields[KEY] = p->fields[VALUE] = NULL;
}

static void end_volume(struct page *p)
{
    if (p->fields[VOLUME] != NULL && p->volume_count < VOLUMES_MAX) {
        p->volumes[p->volume_count++] =
            (struct volume){p->fields[VOLUME], p->fields[DEVICE], time_of(p->fields[ATTACHED])};
        p->fields[VOLUME] = p->fields[DEVICE] = NULL;
    }
    free(p->fields[VOLUME]);
    free(p->fields[DEVICE]);
    free(p->fields[ATTACHED]);
    p->fields[VOLUME] = p->fields[DEVICE] = p->fields[ATTACHED] = NULL;
}

static const char *tag_of(const struct page *p, const char *key)
{
    for (size_t i = 0; i < p->tag_count; i++) {
        if (strcmp(p->tags[i].key, key) == 0 && p->tags[i].value != NULL &&
            p->tags[i].value[0] != '\0') {
            return p->tags[i].value;
        }
    }
    return NULL;
}

static enum rs_status hand_on(const struct page *p, struct rs_error *err)
{
    char *const *f = p->fields;
    struct rs_resource resource = {
        .id = f[ID],
        .provider = "aws",
        .account = f[OWNER],
        .region = p->region,
        .zone = f[ZONE],
        .name = tag_of(p, "Name"),
        .type = f[TYPE],
        .state = f[STATE],
        .architecture = f[ARCHITECTURE],
        .platform = f[DETAILS] != NULL                                           ? f[DETAILS]
                    : f[PLATFORM] != NULL && strcmp(f[PLATFORM], "windows") == 0 ? "Windows"
                                                                                 : f[PLATFORM],
        .tenancy = f[TENANCY],
        .hypervisor = NULL, /* the API says "xen" of Nitro instances too */
        .virtualization = f[VIRTUALIZATION],
        .lifecycle = f[LIFECYCLE],
        .group = tag_of(p, "aws:autoscaling:groupName"),
        .image = f[IMAGE],
        .tags = p->tags,
        .tag_count = p->tag_count,
        .launch_time = time_of(f[LAUNCHED]),
        .observed_at = p->observed_at,
        .network_interfaces = p->interfaces,
        .volumes = (int64_t)p->volume_count,
        .ena = f[ENA] != NULL && strcmp(f[ENA], "true") == 0,
        .first_seen = -1,
        .last_seen = -1,
    };
    if (f[ID] == NULL || f[ID][0] == '\0' || strlen(f[ID]) > 255) {
        return rs_fail(err, RS_EINPUT, "an instance has no instanceId");
    }
    enum rs_status rc = p->sink->resource(p->sink->payload, &resource, err);
    for (size_t i = 0; rc == RS_OK && i < p->volume_count; i++) {
        struct rs_attachment attachment = {.volume = p->volumes[i].id,
                                           .instance = f[ID],
                                           .device = p->volumes[i].device,
                                           .since = p->volumes[i].since,
                                           .observed_at = p->observed_at};
        rc = strlen(attachment.volume) <= 255
                 ? p->sink->attachment(p->sink->payload, &attachment, err)
                 : rs_fail(err, RS_EINPUT, "a volume's id is too long");
    }
    return rc;
}

static enum rs_status keep(struct page *p, enum field field, const struct rs_aws_xml *xml,
                           struct rs_error *err)
{
    free(p->fields[field]);
    p->fields[field] = NULL;
    if (xml->text[0] == '\0' && field != VALUE) {
        return RS_OK;
    }
    p->fields[field] = strdup(xml->text);
    return p->fields[field] != NULL ? RS_OK : rs_fail(err, RS_ENOMEM, "out of memory");
}

static enum rs_status take(void *payload, const struct rs_aws_xml *xml, struct rs_error *err)
{
    struct page *p = payload;
    for (int i = 0; i < FIELDS; i++) {
        if (rs_aws_xml_at(xml, paths[i])) {
            return keep(p, (enum field)i, xml, err);
        }
    }
    if (rs_aws_xml_at(xml, INSTANCE "/tagSet/item")) {
        end_tag(p);
    } else if (rs_aws_xml_at(xml, INSTANCE "/blockDeviceMapping/item")) {
        end_volume(p);
    } else if (rs_aws_xml_at(xml, INSTANCE "/networkInterfaceSet/item")) {
        p->interfaces++;
    } else if (rs_aws_xml_at(xml, INSTANCE)) {
        enum rs_status rc = hand_on(p, err);
        forget_instance(p);
        return rc;
    } else if (rs_aws_xml_at(xml, "reservationSet/item")) {
        free(p->fields[OWNER]);
        p->fields[OWNER] = NULL;
    } else if (rs_aws_xml_at(xml, "nextToken")) {
        rs_buffer_text(p->token, xml->text);
        return rs_buffer_status(p->token, err);
    } else if (xml->depth == 1 && strcmp(xml->path[0], "DescribeInstancesResponse") != 0) {
        return rs_fail(err, RS_EINPUT, "'%.60s' is not what was asked for", xml->path[0]);
    }
    return RS_OK;
}

enum rs_status rs_aws_instances_read(const char *text, size_t length, const char *region,
                                     int64_t observed_at, const struct rs_sink *sink,
                                     struct rs_buffer *token, struct rs_error *err)
{
    struct page *p = calloc(1, sizeof(*p));
    if (p == NULL) {
        return rs_fail(err, RS_ENOMEM, "out of memory");
    }
    p->region = region;
    p->observed_at = observed_at;
    p->sink = sink;
    p->token = token;
    rs_buffer_clear(token);
    enum rs_status rc = rs_aws_xml_parse(text, length, take, p, err);
    forget_instance(p);
    free(p->fields[OWNER]);
    free(p);
    return rc;
}
