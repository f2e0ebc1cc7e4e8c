/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "source/record.h"

#include <string.h>

void rs_record_tags(const cJSON *array, struct rs_record_tags *out)
{
    const cJSON *item = NULL;
    out->count = 0;
    cJSON_ArrayForEach(item, array)
    {
        const char *key = rs_json_optional_text(item, "Key");
        const char *value = rs_json_optional_text(item, "Value");
        if (key != NULL && key[0] != '\0' && out->count < RS_RECORD_TAGS) {
            out->tag[out->count++] = (struct rs_tag){key, value != NULL ? value : ""};
        }
    }
}

const char *rs_record_tag(const struct rs_record_tags *tags, const char *key)
{
    for (size_t i = 0; i < tags->count; i++) {
        if (strcmp(tags->tag[i].key, key) == 0 && tags->tag[i].value[0] != '\0') {
            return tags->tag[i].value;
        }
    }
    return NULL;
}

int64_t rs_record_time(struct rs_stamps *stamps, const cJSON *item)
{
    struct rs_error unused = {RS_OK, ""};
    struct rs_civil civil;
    int64_t at = -1;
    bool zoned = true;
    enum rs_status rc = RS_EINPUT;
    if (cJSON_IsNumber(item)) {
        rc = rs_stamp_number(item->valuedouble, &at, &unused);
    } else if (cJSON_IsString(item)) {
        rc = rs_stamp_text(stamps, item->valuestring, strlen(item->valuestring), &civil, &at,
                           &zoned, &unused);
    }
    return rc == RS_OK && zoned && at >= 0 ? at : -1;
}

int64_t rs_record_count(const cJSON *array)
{
    return cJSON_IsArray(array) ? (int64_t)cJSON_GetArraySize(array) : -1;
}
