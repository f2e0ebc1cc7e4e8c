/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The instance metadata service, version 2. */
#include "cloud/aws_session.h"

#include "rightsize/secret.h"

#include <string.h>
#include <strings.h>

#define TIMEOUT_MS 1000
#define ANSWER_MAX ((size_t)64 << 10)
#define ROLES "/latest/meta-data/iam/security-credentials/"
#define ORIGIN "the instance's role"

struct metadata {
    struct rs_aws *aws;
    const char *base;
    size_t base_length;
    struct rs_buffer token; /* the header with it */
};

/* NULL *out: nobody answers there, or with another status than 200. */
static enum rs_status ask(struct metadata *m, const char *method, const char *path,
                          const char *header, struct rs_response **out, struct rs_error *err)
{
    struct rs_buffer url;
    rs_buffer_init(&url);
    rs_buffer_append(&url, m->base, m->base_length);
    rs_buffer_text(&url, path);
    struct rs_request request = {.method = method,
                                 .url = url.data,
                                 .headers = &header,
                                 .header_count = 1,
                                 .link_local = true,
                                 .timeout_ms = TIMEOUT_MS,
                                 .limit = ANSWER_MAX};
    enum rs_status rc = rs_buffer_status(&url, err);
    if (rc == RS_OK) {
        rc = rs_exchange_ask(m->aws->aside, &request, out, err);
    }
    if (rc == RS_OK && (*out)->status != 200) {
        rs_response_free(*out);
        *out = NULL;
    }
    rs_buffer_release(&url);
    return rc;
}

static bool one_line(const struct rs_buffer *text)
{
    for (size_t i = 0; i < text->length; i++) {
        if ((unsigned char)text->data[i] <= 0x20 || (unsigned char)text->data[i] == 0x7F) {
            return false;
        }
    }
    return text->length > 0 && text->length < 1024;
}

/* *there false: this is no instance. */
static enum rs_status open_metadata(struct metadata *m, struct rs_aws *aws, bool *there,
                                    struct rs_error *err)
{
    const char *off = rs_aws_variable(aws, "AWS_EC2_METADATA_DISABLED");
    const char *base = rs_aws_variable(aws, "AWS_EC2_METADATA_SERVICE_ENDPOINT");
    struct rs_response *response = NULL;
    m->aws = aws;
    m->base = base != NULL ? base : "http://169.254.169.254";
    m->base_length = strlen(m->base);
    m->base_length -= m->base[m->base_length - 1] == '/' ? 1 : 0;
    rs_buffer_init(&m->token);
    *there = false;
    if (off != NULL && strcasecmp(off, "true") == 0) {
        return RS_OK;
    }
    enum rs_status rc = ask(m, "PUT", "/latest/api/token",
                            "x-aws-ec2-metadata-token-ttl-seconds: 21600", &response, err);
    if (rc == RS_OK && response != NULL && one_line(&response->body)) {
        rs_buffer_printf(&m->token, "x-aws-ec2-metadata-token: %s", response->body.data);
        rc = rs_buffer_status(&m->token, err);
        *there = true;
    }
    rs_response_free(response);
    return rc;
}

static enum rs_status fetch_role(struct metadata *m, bool *found, struct rs_aws_credentials *out,
                                 struct rs_error *err)
{
    struct rs_response *names = NULL, *keys = NULL;
    struct rs_buffer path;
    rs_buffer_init(&path);
    enum rs_status rc = ask(m, "GET", ROLES, m->token.data, &names, err);
    if (rc == RS_OK && names != NULL) {
        names->body.length = strcspn(names->body.data, "\r\n"); /* one a line; the first counts */
        names->body.data[names->body.length] = '\0';
    }
    if (rc == RS_OK && names != NULL && one_line(&names->body)) {
        rs_buffer_printf(&path, ROLES "%s", names->body.data);
        rc = rs_buffer_status(&path, err);
        if (rc == RS_OK) {
            rc = ask(m, "GET", path.data, m->token.data, &keys, err);
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
                 ask(&m, "GET", "/latest/meta-data/placement/region", m.token.data, &response,
                     &unused) == RS_OK &&
                 response != NULL && one_line(&response->body) && response->body.length < size;
    if (known) {
        memcpy(out, response->body.data, response->body.length + 1);
    }
    rs_response_free(response);
    rs_secret_release(&m.token);
    return known;
}
