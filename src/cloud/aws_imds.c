/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The instance metadata service, version 2. */
#include "cloud/aws_session.h"
#include "cloud/metadata_call.h"

#include "rightsize/secret.h"

#include <string.h>
#include <strings.h>

#define ROLES "/latest/meta-data/iam/security-credentials/"
#define ORIGIN "the instance's role"

struct metadata {
    struct rs_metadata_place place;
    struct rs_buffer token; /* the header with it */
};

/* *there false: this is no instance. */
static enum rs_status open_metadata(struct metadata *m, struct rs_aws *aws, bool *there,
                                    struct rs_error *err)
{
    const char *off = rs_aws_variable(aws, "AWS_EC2_METADATA_DISABLED");
    const char *base = rs_aws_variable(aws, "AWS_EC2_METADATA_SERVICE_ENDPOINT");
    m->place = (struct rs_metadata_place){aws->aside, base != NULL ? base : RS_METADATA_ADDRESS};
    rs_buffer_init(&m->token);
    *there = false;
    if (off != NULL && strcasecmp(off, "true") == 0) {
        return RS_OK;
    }
    enum rs_status rc = rs_metadata_token(&m->place, &m->token, err);
    *there = rc == RS_OK && m->token.length > 0;
    return rc;
}

static enum rs_status fetch_role(struct metadata *m, bool *found, struct rs_aws_credentials *out,
                                 struct rs_error *err)
{
    struct rs_response *names = NULL, *keys = NULL;
    struct rs_buffer path;
    rs_buffer_init(&path);
    enum rs_status rc = rs_metadata_call(&m->place, "GET", ROLES, m->token.data, &names, err);
    if (rc == RS_OK && names != NULL) {
        names->body.length = strcspn(names->body.data, "\r\n"); /* one a line; the first counts */
        names->body.data[names->body.length] = '\0';
    }
    if (rc == RS_OK && names != NULL && rs_metadata_is_word(&names->body)) {
        rs_buffer_printf(&path, ROLES "%s", names->body.data);
        rc = rs_buffer_status(&path, err);
        if (rc == RS_OK) {
            rc = rs_metadata_call(&m->place, "GET", path.data, m->token.data, &keys, err);
        }
    }
    if (rc == RS_OK && keys != NULL) {
        *found = true;
        rc =
            rs_aws_credentials_parse(out, keys->body.data, keys->body.length, "Token", ORIGIN, err);
    }
    rs_response_free(names);
    rs_response_free(keys);
    rs_buffer_release(&path);
    return rc;
}

enum rs_status rs_aws_credentials_instance(struct rs_aws *aws, bool *found,
                                           struct rs_aws_credentials *out, struct rs_error *err)
{
    struct metadata m;
    bool there = false;
    *found = false;
    enum rs_status rc = open_metadata(&m, aws, &there, err);
    if (rc == RS_OK && there) {
        rc = fetch_role(&m, found, out, err);
    }
    rs_secret_release(&m.token);
    return rc;
}

bool rs_aws_instance_region(struct rs_aws *aws, char *out, size_t size)
{
    struct metadata m;
    struct rs_error unused;
    struct rs_response *response = NULL;
    bool there = false;
    bool known = open_metadata(&m, aws, &there, &unused) == RS_OK && there &&
                 rs_metadata_call(&m.place, "GET", "/latest/meta-data/placement/region",
                                  m.token.data, &response, &unused) == RS_OK &&
                 response != NULL && rs_metadata_is_word(&response->body) &&
                 response->body.length < size;
    if (known) {
        memcpy(out, response->body.data, response->body.length + 1);
    }
    rs_response_free(response);
    rs_secret_release(&m.token);
    return known;
}
