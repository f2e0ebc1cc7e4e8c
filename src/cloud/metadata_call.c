/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cloud/metadata_call.h"

#include <string.h>

#define TIMEOUT_MS 1000
#define ANSWER_MAX ((size_t)64 << 10)

enum rs_status rs_metadata_call(const struct rs_metadata_place *place, const char *method,
                                const char *path, const char *header, struct rs_response **out,
                                struct rs_error *err)
{
    size_t length = strlen(place->base);
    struct rs_buffer url;
    rs_buffer_init(&url);
    rs_buffer_append(&url, place->base,
                     length > 0 && place->base[length - 1] == '/' ? length - 1 : length);
    rs_buffer_text(&url, path);
    struct rs_request request = {.method = method,
                                 .url = url.data,
                                 .headers = &header,
                                 .header_count = 1,
                                 .link_local = true,
                                 .timeout_ms = TIMEOUT_MS,
                                 .limit = ANSWER_MAX};
    *out = NULL;
    enum rs_status rc = rs_buffer_status(&url, err);
    if (rc == RS_OK) {
        rc = rs_exchange_ask(place->exchange, &request, out, err);
    }
    if (rc == RS_OK && (*out)->status != 200) {
        rs_response_free(*out);
        *out = NULL;
    }
    rs_buffer_release(&url);
    return rc;
}

enum rs_status rs_metadata_token(const struct rs_metadata_place *place, struct rs_buffer *out,
                                 struct rs_error *err)
{
    struct rs_response *response = NULL;
    enum rs_status rc =
        rs_metadata_call(place, "PUT", "/latest/api/token",
                         "x-aws-ec2-metadata-token-ttl-seconds: 21600", &response, err);
    if (rc == RS_OK && response != NULL && rs_metadata_is_word(&response->body)) {
        rs_buffer_printf(out, "x-aws-ec2-metadata-token: %s", response->body.data);
        rc = rs_buffer_status(out, err);
    }
    rs_response_free(response);
    return rc;
}

bool rs_metadata_is_word(const struct rs_buffer *text)
{
    for (size_t i = 0; i < text->length; i++) {
        if ((unsigned char)text->data[i] <= 0x20 || (unsigned char)text->data[i] == 0x7F) {
            return false;
        }
    }
    return text->length > 0 && text->length < 1024;
}
