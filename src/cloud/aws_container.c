/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cloud/aws_session.h"

#include "rightsize/secret.h"

#include <string.h>

#define TOKEN_MAX ((size_t)64 << 10)
#define ANSWER_MAX ((size_t)64 << 10)
#define ORIGIN "the container's credentials"

static enum rs_status address(struct rs_aws *aws, struct rs_buffer *out, struct rs_error *err)
{
    const char *relative = rs_aws_variable(aws, "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI");
    const char *full = rs_aws_variable(aws, "AWS_CONTAINER_CREDENTIALS_FULL_URI");
    if (relative != NULL) {
        rs_buffer_printf(out, "http://169.254.170.2%s", relative);
    } else if (full != NULL) {
        rs_buffer_text(out, full);
    }
    return rs_buffer_status(out, err);
}

static enum rs_status authorization(struct rs_aws *aws, struct rs_buffer *out, struct rs_error *err)
{
    const char *file = rs_aws_variable(aws, "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE");
    const char *token = rs_aws_variable(aws, "AWS_CONTAINER_AUTHORIZATION_TOKEN");
    if (file == NULL && token == NULL) {
        return RS_OK;
    }
    rs_buffer_text(out, "Authorization: ");
    enum rs_status rc = RS_OK;
    if (file != NULL) {
        rc = rs_buffer_read_file(out, file, TOKEN_MAX, err);
        while (rc == RS_OK && out->length > 0 &&
               (out->data[out->length - 1] == '\n' || out->data[out->length - 1] == '\r')) {
            out->data[--out->length] = '\0';
        }
    } else {
        rs_buffer_text(out, token);
    }
    if (rc == RS_OK && (strchr(out->data, '\n') != NULL || strchr(out->data, '\r') != NULL)) {
        return rs_fail(err, RS_ECREDENTIALS, ORIGIN ": the authorization token has line breaks");
    }
    return rc == RS_OK ? rs_buffer_status(out, err) : rc;
}

enum rs_status rs_aws_credentials_container(struct rs_aws *aws, bool *found,
                                            struct rs_aws_credentials *out, struct rs_error *err)
{
    struct rs_buffer url, header;
    struct rs_response *response = NULL;
    rs_buffer_init(&url);
    rs_buffer_init(&header);
    *found = false;
    enum rs_status rc = address(aws, &url, err);
    if (rc != RS_OK || url.length == 0) {
        goto out;
    }
    if ((rc = authorization(aws, &header, err)) != RS_OK) {
        goto out;
    }
    const char *headers[] = {header.data};
    struct rs_request request = {.method = "GET",
                                 .url = url.data,
                                 .headers = headers,
                                 .header_count = header.length > 0 ? 1 : 0,
                                 .link_local = true,
                                 .timeout_ms = 5000,
                                 .limit = ANSWER_MAX};
    rc = rs_exchange_ask(aws->aside, &request, &response, err);
    if (rc == RS_OK && response->status != 200) {
        rc = rs_fail(err, RS_ECREDENTIALS, ORIGIN ": the service answers %ld %s", response->status,
                     response->fault);
    }
    if (rc == RS_OK) {
        *found = true;
        rc = rs_aws_credentials_parse(out, response->body.data, response->body.length, "Token",
                                      ORIGIN, err);
    }
out:
    rs_response_free(response);
    rs_secret_release(&header);
    rs_buffer_release(&url);
    return rc;
}
