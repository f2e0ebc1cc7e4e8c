/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rightsize/json.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

#define EXACT_INTEGER 9007199254740992.0 /* 2^53 */

static long line_of(const char *text, size_t length, const char *at)
{
    long line = 1;
    if (at == NULL || at < text || at > text + length) {
        return line;
    }
    for (const char *p = text; p < at; p++) {
        line += *p == '\n';
    }
    return line;
}

enum rs_status rs_json_parse(const char *text, size_t length, cJSON **out, struct rs_error *err)
{
    const char *end = NULL;
    cJSON *tree = cJSON_ParseWithLengthOpts(text, length, &end, 0);
    if (tree == NULL) {
        return rs_fail(err, RS_EINPUT, "line %ld: not JSON", line_of(text, length, end));
    }
    while (end < text + length && (*end == ' ' || *end == '\n' || *end == '\r' || *end == '\t')) {
        end++;
    }
    if (end != text + length) {
        cJSON_Delete(tree);
        return rs_fail(err, RS_EINPUT, "line %ld: more text after the JSON value",
                       line_of(text, length, end));
    }
    *out = tree;
    return RS_OK;
}

const cJSON *rs_json_member(const cJSON *object, const char *key)
{
    return cJSON_GetObjectItemCaseSensitive(object, key);
}

static enum rs_status find(const cJSON *object, const char *key, const char *type,
                           cJSON_bool (*is_type)(const cJSON *), const cJSON **out,
                           struct rs_error *err)
{
    const cJSON *member = rs_json_member(object, key);
    if (member == NULL) {
        return rs_fail(err, RS_EINPUT, "'%s' is missing, expected %s", key, type);
    }
    if (!is_type(member)) {
        return rs_fail(err, RS_EINPUT, "'%s' is not %s", key, type);
    }
    *out = member;
    return RS_OK;
}

enum rs_status rs_json_number(const cJSON *object, const char *key, double min, double max,
                              double *out, struct rs_error *err)
{
    const cJSON *member = NULL;
    enum rs_status rc = find(object, key, "a number", cJSON_IsNumber, &member, err);
    if (rc != RS_OK) {
        return rc;
    }
    double value = member->valuedouble;
    if (!isfinite(value) || value < min || value > max) {
        return rs_fail(err, RS_EINPUT, "'%s' is %.15g, outside %.15g..%.15g", key, value, min, max);
    }
    *out = value;
    return RS_OK;
}

enum rs_status rs_json_int(const cJSON *object, const char *key, int64_t min, int64_t max,
                           int64_t *out, struct rs_error *err)
{
    const cJSON *member = NULL;
    enum rs_status rc = find(object, key, "a whole number", cJSON_IsNumber, &member, err);
    if (rc != RS_OK) {
        return rc;
    }
    double value = member->valuedouble;
    if (!(fabs(value) <= EXACT_INTEGER) || value != trunc(value)) {
        return rs_fail(err, RS_EINPUT, "'%s' is %.17g, not a whole number up to 2^53", key, value);
    }
    if ((int64_t)value < min || (int64_t)value > max) {
        return rs_fail(err, RS_EINPUT, "'%s' is %" PRId64 ", outside %" PRId64 "..%" PRId64, key,
                       (int64_t)value, min, max);
    }
    *out = (int64_t)value;
    return RS_OK;
}

enum rs_status rs_json_text(const cJSON *object, const char *key, const char **out,
                            struct rs_error *err)
{
    const cJSON *member = NULL;
    enum rs_status rc = find(object, key, "a text", cJSON_IsString, &member, err);
    if (rc == RS_OK) {
        *out = member->valuestring;
    }
    return rc;
}

enum rs_status rs_json_array(const cJSON *object, const char *key, const cJSON **out,
                             struct rs_error *err)
{
    return find(object, key, "an array", cJSON_IsArray, out, err);
}

enum rs_status rs_json_object(const cJSON *object, const char *key, const cJSON **out,
                              struct rs_error *err)
{
    return find(object, key, "an object", cJSON_IsObject, out, err);
}

const char *rs_json_optional_text(const cJSON *object, const char *key)
{
    const cJSON *member = rs_json_member(object, key);
    return cJSON_IsString(member) ? member->valuestring : NULL;
}
