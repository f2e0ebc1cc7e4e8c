/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cloud/aws_fault.h"

#include "cloud/aws_xml.h"
#include "rightsize/json.h"

#include <stdio.h>
#include <string.h>

static void keep(char *out, size_t size, const char *text, size_t length)
{
    size_t n = 0;
    while (n < length && n + 1 < size && text[n] != '\n' && text[n] != '\r') {
        out[n] = text[n];
        n++;
    }
    out[n] = '\0';
}

static void read_json(const char *body, size_t length, struct rs_aws_fault *out)
{
    cJSON *tree = NULL;
    struct rs_error unused;
    if (rs_json_parse(body, length, &tree, &unused) != RS_OK) {
        return;
    }
    const char *type = rs_json_optional_text(tree, "__type");
    const char *text = rs_json_optional_text(tree, "message");
    text = text != NULL ? text : rs_json_optional_text(tree, "Message");
    if (type != NULL) {
        const char *hash = strrchr(type, '#'); /* "com.amazon.coral.service#Code" */
        type = hash != NULL ? hash + 1 : type;
        keep(out->code, sizeof(out->code), type, strcspn(type, ":"));
    }
    if (text != NULL) {
        keep(out->message, sizeof(out->message), text, strlen(text));
    }
    cJSON_Delete(tree);
}

static enum rs_status on_close(void *payload, const struct rs_aws_xml *xml, struct rs_error *err)
{
    struct rs_aws_fault *out = payload;
    (void)err;
    bool in_error = xml->depth >= 2 && strcmp(xml->path[xml->depth - 2], "Error") == 0;
    if (in_error && strcmp(xml->path[xml->depth - 1], "Code") == 0) {
        keep(out->code, sizeof(out->code), xml->text, strlen(xml->text));
    } else if (in_error && strcmp(xml->path[xml->depth - 1], "Message") == 0) {
        keep(out->message, sizeof(out->message), xml->text, strlen(xml->text));
    }
    return RS_OK;
}

void rs_aws_fault_read(const char *body, size_t length, struct rs_aws_fault *out)
{
    struct rs_error unused;
    memset(out, 0, sizeof(*out));
    size_t at = 0;
    while (at < length && (body[at] == ' ' || body[at] == '\n' || body[at] == '\r')) {
        at++;
    }
    if (at < length && body[at] == '{') {
        read_json(body + at, length - at, out);
    } else if (at < length && body[at] == '<' &&
               rs_aws_xml_parse(body + at, length - at, on_close, out, &unused) != RS_OK) {
        memset(out, 0, sizeof(*out));
    }
}

static const struct {
    const char *code;
    enum rs_aws_remedy remedy;
} rows[] = {
    {"Throttling", RS_AWS_RETRY},
    {"ThrottlingException", RS_AWS_RETRY},
    {"ThrottledException", RS_AWS_RETRY},
    {"RequestThrottled", RS_AWS_RETRY},
    {"RequestThrottledException", RS_AWS_RETRY},
    {"TooManyRequestsException", RS_AWS_RETRY},
    {"RequestLimitExceeded", RS_AWS_RETRY},
    {"EC2ThrottledException", RS_AWS_RETRY},
    {"LimitExceededException", RS_AWS_RETRY},
    {"BandwidthLimitExceeded", RS_AWS_RETRY},
    {"SlowDown", RS_AWS_RETRY},
    {"PriorRequestNotComplete", RS_AWS_RETRY},
    {"TransactionInProgressException", RS_AWS_RETRY},
    {"RequestTimeout", RS_AWS_RETRY},
    {"RequestTimeoutException", RS_AWS_RETRY},
    {"InternalServiceFault", RS_AWS_RETRY},
    {"InternalFailure", RS_AWS_RETRY},
    {"ExpiredToken", RS_AWS_RENEW},
    {"ExpiredTokenException", RS_AWS_RENEW},
    {"RequestExpired", RS_AWS_RENEW},
    {"AccessDenied", RS_AWS_DENIED},
    {"AccessDeniedException", RS_AWS_DENIED},
    {"UnauthorizedOperation", RS_AWS_DENIED},
    {"UnauthorizedAccess", RS_AWS_DENIED},
    {"NotAuthorized", RS_AWS_DENIED},
    {"OptInRequired", RS_AWS_DENIED},
    {"InvalidClientTokenId", RS_AWS_CREDENTIALS},
    {"UnrecognizedClientException", RS_AWS_CREDENTIALS},
    {"SignatureDoesNotMatch", RS_AWS_CREDENTIALS},
    {"InvalidSignatureException", RS_AWS_CREDENTIALS},
    {"AuthFailure", RS_AWS_CREDENTIALS},
    {"MissingAuthenticationToken", RS_AWS_CREDENTIALS},
    {"MissingAuthenticationTokenException", RS_AWS_CREDENTIALS},
    {"IncompleteSignature", RS_AWS_CREDENTIALS},
    {"IncompleteSignatureException", RS_AWS_CREDENTIALS},
    {"InvalidToken", RS_AWS_CREDENTIALS},
    {"RequestTimeTooSkewed", RS_AWS_CREDENTIALS},
};

enum rs_aws_remedy rs_aws_fault_remedy(long status, const struct rs_aws_fault *fault)
{
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        if (strcmp(rows[i].code, fault->code) == 0) {
            return rows[i].remedy;
        }
    }
    if (status == 429 || status == 500 || (status >= 502 && status <= 504) || status == 509) {
        return RS_AWS_RETRY;
    }
    return status == 401 ? RS_AWS_CREDENTIALS : status == 403 ? RS_AWS_DENIED : RS_AWS_FINAL;
}
