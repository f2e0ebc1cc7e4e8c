/* SPDX-License-Identifier: GPL-3.0-or-later */
/* metadata_call.h - asking a metadata service and reading its answers (private to cloud). */
#ifndef RIGHTSIZE_CLOUD_METADATA_CALL_H
#define RIGHTSIZE_CLOUD_METADATA_CALL_H

#include "rightsize/buffer.h"
#include "rightsize/exchange.h"
#include "rightsize/metadata.h"

#include <stdbool.h>
#include <stddef.h>

#define RS_METADATA_ADDRESS "http://169.254.169.254"

struct rs_metadata_place { /* borrowed */
    struct rs_exchange *exchange;
    const char *base; /* a slash at its end does not count */
};

/* *out NULL: nobody answers within a second, or with another status than 200. The caller frees. */
RS_CHECKED enum rs_status rs_metadata_call(const struct rs_metadata_place *place,
                                           const char *method, const char *path, const char *header,
                                           struct rs_response **out, struct rs_error *err);
/* Append the header that EC2 demands of each request but this one; nothing: nobody gives a token.
 */
RS_CHECKED enum rs_status rs_metadata_token(const struct rs_metadata_place *place,
                                            struct rs_buffer *out, struct rs_error *err);
/* One word of 1 to 1023 bytes, fit for a path and a header. */
bool rs_metadata_is_word(const struct rs_buffer *text);

enum rs_metadata_field { RS_METADATA_ID, RS_METADATA_TYPE, RS_METADATA_ZONE, RS_METADATA_NAME };
/*
 * One answer of EC2 or Google, whole ("m5.large") or as a path ("projects/1/zones/us-east1-b"); the
 * zone gives the region too. What is no such word is not told.
 */
void rs_metadata_take(struct rs_metadata *out, enum rs_metadata_field field, const char *text);
/* Azure's one document. RS_EINPUT: it is none. */
RS_CHECKED enum rs_status rs_metadata_take_azure(struct rs_metadata *out, const char *text,
                                                 size_t length, struct rs_error *err);

#endif
