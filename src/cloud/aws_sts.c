/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cloud/aws_call.h"
#include "cloud/aws_xml.h"
#include "rightsize/number.h"
#include "rightsize/secret.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TOKEN_MAX ((size_t)64 << 10)

struct answer {
    char *key, *secret, *token, *expires;
};

static enum rs_status take(void *payload, const struct rs_aws_xml *xml, struct rs_error *err)
{
    struct answer *a = payload;
    const struct {
        const char *name;
        char **out;
    } rows[] = {{"AccessKeyId", &a->key},
                {"SecretAccessKey", &a->secret},
                {"SessionToken", &a->token},
                {"Expiration", &a->expires}};
    if (xml->depth < 2 || strcmp(xml->path[xml->depth - 2], "Credentials") != 0) {
        return RS_OK;
    }
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        if (strcmp(xml->path[xml->depth - 1], rows[i].name) == 0 && *rows[i].out == NULL) {
            *rows[i].out = strdup(xml->text);
            return *rows[i].out != NULL ? RS_OK : rs_fail(err, RS_ENOMEM, "out of memory");
        }
    }
    return RS_OK;
}

static enum rs_status read_answer(const struct rs_buffer *text, const char *arn,
                                  struct rs_aws_credentials *out, struct rs_error *err)
{
    struct answer a = {NULL, NULL, NULL, NULL};
    struct rs_civil civil;
    struct rs_error unused;
    int64_t expires = -1;
    bool zoned = false;
    char origin[160];
    snprintf(origin, sizeof(origin), "role '%.120s'", arn);
    enum rs_status rc = rs_aws_xml_parse(text->data, text->length, take, &a, err);
    if (rc != RS_OK) {
        rc = rs_fail(err, RS_ECREDENTIALS, "%s: the answer is no credentials", origin);
    } else if (a.expires != NULL && rs_when_parse_parts(a.expires, strlen(a.expires), &civil,
                                                        &expires, &zoned, &unused) != RS_OK) {
        rc = rs_fail(err, RS_ECREDENTIALS, "%s: its Expiration is no time", origin);
    } else {
        rc = rs_aws_credentials_set(out, a.key, a.secret, a.token, expires, origin, err);
    }
    rs_secret_free(a.key);
    rs_secret_free(a.secret);
    rs_secret_free(a.token);
    free(a.expires);
    return rc;
}

static enum rs_status add_identity_token(struct rs_buffer *body, const char *file,
                                         struct rs_error *err)
{
    struct rs_buffer token;
    rs_buffer_init(&token);
    enum rs_status rc = rs_buffer_read_file(&token, file, TOKEN_MAX, err);
    if (rc == RS_OK) {
        while (token.length > 0 && strchr(" \r\n", token.data[token.length - 1]) != NULL) {
            token.data[--token.length] = '\0';
        }
        rs_aws_form(body, "WebIdentityToken", token.data);
    } else {
        err->code = rc = RS_ECREDENTIALS;
    }
    rs_secret_release(&token);
    return rc;
}

static enum rs_status write_body(const struct rs_aws_role *role, struct rs_buffer *body,
                                 struct rs_error *err)
{
    int64_t seconds = 0;
    rs_aws_form(body, "Action",
                role->token_file != NULL ? "AssumeRoleWithWebIdentity" : "AssumeRole");
    rs_aws_form(body, "Version", "2011-06-15");
    rs_aws_form(body, "RoleArn", role->arn);
    rs_aws_form(body, "RoleSessionName", role->session != NULL ? role->session : "rightsize");
    if (role->external_id != NULL) {
        rs_aws_form(body, "ExternalId", role->external_id);
    }
    if (role->duration != NULL) {
        if (rs_parse_int(role->duration, 900, 43200, &seconds, err) != RS_OK) {
            err->code = RS_EUSAGE;
            return rs_fail_where(err, "duration_seconds");
        }
        rs_aws_form(body, "DurationSeconds", role->duration);
    }
    return role->token_file != NULL ? add_identity_token(body, role->token_file, err) : RS_OK;
}

enum rs_status rs_aws_credentials_role(struct rs_aws *aws, const struct rs_aws_role *role,
                                       const struct rs_aws_credentials *with,
                                       struct rs_aws_credentials *out, struct rs_error *err)
{
    struct rs_aws_call call;
    rs_aws_call_init(&call);
    call.service = "sts";
    call.region = aws->region[0] != '\0' ? aws->region : "us-east-1";
    call.with = with;
    call.anonymous = with == NULL;
    enum rs_status rc = write_body(role, &call.body, err);
    if (rc == RS_OK && (rc = rs_aws_call_wait(aws, &call, err)) != RS_OK) {
        rc = rs_fail_where(err, "role '%.120s'", role->arn);
    }
    if (rc == RS_OK) {
        rc = read_answer(&call.answer, role->arn, out, err);
    }
    if (call.body.capacity > 0) {
        rs_secret_wipe(call.body.data, call.body.capacity); /* it may hold an identity token */
    }
    rs_aws_call_release(&call);
    return rc;
}
