/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * json.h - typed, range-checked reads from a cJSON tree, for documents that are small (level 0).
 * The only header that includes cJSON. Large arrays of numbers go through pull.h.
 */
#ifndef RIGHTSIZE_JSON_H
#define RIGHTSIZE_JSON_H

#include "rightsize/status.h"

#include <cjson/cJSON.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Whole text, trailing bytes refused; the caller frees with cJSON_Delete. RS_EINPUT says where. */
RS_CHECKED enum rs_status rs_json_parse(const char *text, size_t length, cJSON **out,
                                        struct rs_error *err);
/* Keys are case-sensitive. RS_EINPUT: missing, wrong type, or outside [min, max]; names the key. */
RS_CHECKED enum rs_status rs_json_number(const cJSON *object, const char *key, double min,
                                         double max, double *out, struct rs_error *err);
RS_CHECKED enum rs_status rs_json_int(const cJSON *object, const char *key, int64_t min,
                                      int64_t max, int64_t *out, struct rs_error *err);
RS_CHECKED enum rs_status rs_json_text(const cJSON *object, const char *key, const char **out,
                                       struct rs_error *err); /* borrowed from object */
RS_CHECKED enum rs_status rs_json_array(const cJSON *object, const char *key, const cJSON **out,
                                        struct rs_error *err);
RS_CHECKED enum rs_status rs_json_object(const cJSON *object, const char *key, const cJSON **out,
                                         struct rs_error *err);

/* The member's text, or NULL where it is absent, null or no string. Borrowed. */
const char *rs_json_optional_text(const cJSON *object, const char *key);
/* The member, case-sensitive, or NULL. */
const cJSON *rs_json_member(const cJSON *object, const char *key);

#endif
