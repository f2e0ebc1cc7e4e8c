/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rightsize/metadata.h"

#include "cloud/metadata_call.h"

#include "rightsize/json.h"
#include "rightsize/secret.h"

#include <string.h>

#define EC2 "/latest/meta-data/"
#define GOOGLE "/computeMetadata/v1/instance/"
#define PATHS 4

static const struct cloud {
    const char *provider;
    const char *header;       /* NULL: a token */
    const char *paths[PATHS]; /* by enum rs_metadata_field */
} clouds[] = {
    {"aws", NULL, {EC2 "instance-id", EC2 "instance-type", EC2 "placement/availability-zone"}},
    {"gcp",
     "Metadata-Flavor: Google",
     {GOOGLE "id", GOOGLE "machine-type", GOOGLE "zone", GOOGLE "name"}},
    {"azure", "Metadata: true", {"/metadata/instance?api-version=2021-02-01"}},
};

static void keep(char *out, size_t size, const char *text)
{
    size_t length = text == NULL ? 0 : strlen(text);
    bool good = length < size;
    for (size_t i = 0; good && i < length; i++) {
        good = text[i] > 0x20 && text[i] < 0x7F;
    }
    length = good ? length : 0;
    if (length > 0) {
        memcpy(out, text, length);
    }
    out[length] = '\0';
}

/* "us-east-1a" and the local zone "us-west-2-lax-1a" are of the region that ends with their first
 * number; "europe-west1-b" is of "europe-west1". */
static void set_region(struct rs_metadata *m)
{
    size_t end = strcspn(m->zone, "0123456789");
    end += strspn(m->zone + end, "0123456789");
    memcpy(m->region, m->zone, end);
    m->region[end] = '\0';
}

void rs_metadata_take(struct rs_metadata *out, enum rs_metadata_field field, const char *text)
{
    const char *slash = strrchr(text, '/');
    text = slash == NULL ? text : slash + 1;
    switch (field) {
    case RS_METADATA_ID:
        keep(out->id, sizeof(out->id), text);
        break;
    case RS_METADATA_TYPE:
        keep(out->type, sizeof(out->type), text);
        break;
    case RS_METADATA_NAME:
        keep(out->name, sizeof(out->name), text);
        break;
    case RS_METADATA_ZONE:
        keep(out->zone, sizeof(out->zone), text);
        set_region(out);
        break;
    }
}

enum rs_status rs_metadata_take_azure(struct rs_metadata *out, const char *text, size_t length,
                                      struct rs_error *err)
{
    cJSON *root = NULL;
    const cJSON *compute = NULL;
    enum rs_status rc = rs_json_parse(text, length, &root, err);
    if (rc == RS_OK) {
        rc = rs_json_object(root, "compute", &compute, err);
    }
    if (rc == RS_OK) {
        keep(out->id, sizeof(out->id), rs_json_optional_text(compute, "vmId"));
        keep(out->type, sizeof(out->type), rs_json_optional_text(compute, "vmSize"));
        keep(out->region, sizeof(out->region), rs_json_optional_text(compute, "location"));
        keep(out->name, sizeof(out->name), rs_json_optional_text(compute, "name"));
    }
    cJSON_Delete(root);
    return rc;
}

static enum rs_status ask_all(const struct cloud *cloud, const struct rs_metadata_place *place,
                              struct rs_buffer *token, struct rs_metadata *out,
                              struct rs_error *err)
{
    enum rs_status rc = cloud->header != NULL ? RS_OK : rs_metadata_token(place, token, err);
    const char *header = cloud->header != NULL ? cloud->header : token->data;
    if (rc == RS_OK && cloud->header == NULL && token->length == 0) {
        return RS_OK;
    }
    for (size_t i = 0; rc == RS_OK && i < PATHS && cloud->paths[i] != NULL; i++) {
        struct rs_response *response = NULL;
        rc = rs_metadata_call(place, "GET", cloud->paths[i], header, &response, err);
        if (rc != RS_OK || response == NULL) {
            return rc;
        }
        if (strcmp(cloud->provider, "azure") == 0) {
            rc = rs_metadata_take_azure(out, response->body.data, response->body.length, err);
        } else if (rs_metadata_is_word(&response->body)) {
            rs_metadata_take(out, (enum rs_metadata_field)i, response->body.data);
        }
        rs_response_free(response);
    }
    return rc;
}

enum rs_status rs_metadata_read(const char *provider, const char *base, struct rs_metadata *out,
                                struct rs_error *err)
{
    const struct cloud *cloud = NULL;
    struct rs_exchange_settings settings = {.stall = 1};
    struct rs_metadata_place place = {NULL, base != NULL ? base : RS_METADATA_ADDRESS};
    struct rs_buffer token;
    memset(out, 0, sizeof(*out));
    for (size_t i = 0; i < sizeof(clouds) / sizeof(clouds[0]); i++) {
        cloud = strcmp(clouds[i].provider, provider) == 0 ? &clouds[i] : cloud;
    }
    if (cloud == NULL) {
        return rs_fail(err, RS_ENODATA, "provider '%s' has no metadata service", provider);
    }
    enum rs_status rc = rs_exchange_open(&settings, &place.exchange, err);
    if (rc != RS_OK) {
        return rc;
    }
    rs_buffer_init(&token);
    rc = ask_all(cloud, &place, &token, out, err);
    rs_secret_release(&token);
    rs_exchange_close(place.exchange);
    if (rc == RS_EINPUT || (rc == RS_OK && out->id[0] == '\0')) {
        return rs_fail(err, RS_ENODATA, "the metadata service of %s does not say who we are",
                       provider);
    }
    return rc;
}
