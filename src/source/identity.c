/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "source/identity.h"

#include "rightsize/number.h"
#include "source/shown.h"

#include <string.h>

static bool read_period(const char *text, int64_t *out)
{
    struct rs_error unused = {RS_OK, ""};
    return rs_parse_int(text, 1, 86400, out, &unused) == RS_OK;
}

/* Cut the last word off `text`; NULL when there is only one. */
static char *cut_last_word(char *text)
{
    char *blank = strrchr(text, ' ');
    if (blank == NULL || blank[1] == '\0') {
        return NULL;
    }
    *blank = '\0';
    return blank + 1;
}

bool rs_label_parse(const char *text, struct rs_label *out)
{
    size_t length = strlen(text);
    if (length >= sizeof(out->text)) {
        return false;
    }
    memcpy(out->text, text, length + 1);
    char *name_space = strchr(out->text, ' ');
    char *metric = name_space != NULL ? strchr(name_space + 1, ' ') : NULL;
    if (metric == NULL) {
        return false;
    }
    *name_space++ = '\0';
    *metric++ = '\0';
    char *period = cut_last_word(metric);
    char *statistic = period != NULL ? cut_last_word(metric) : NULL;
    out->resource = out->text;
    out->name_space = name_space;
    out->metric = metric;
    out->statistic = statistic;
    return statistic != NULL && out->resource[0] != '\0' && name_space[0] != '\0' &&
           metric[0] != '\0' && read_period(period, &out->period);
}

/* Dimensions that split a metric by part, and the value that stands for all parts. */
static bool is_part(const struct rs_dimension *dimension)
{
    static const struct {
        const char *name, *total;
    } parts[] = {
        {"cpu", "cpu-total"}, {"instance", "_Total"}, {"interface", NULL}, {"device", NULL},
        {"name", NULL},       {"path", NULL},         {"fstype", NULL},    {"index", NULL},
    };
    for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
        if (strcmp(dimension->name, parts[i].name) == 0) {
            return parts[i].total == NULL || strcmp(dimension->value, parts[i].total) != 0;
        }
    }
    return false;
}

static const char *value_of(const struct rs_dimension *dimensions, size_t count, const char *name)
{
    for (size_t i = 0; i < count; i++) {
        if (strcmp(dimensions[i].name, name) == 0) {
            return dimensions[i].value;
        }
    }
    return NULL;
}

static const char *name_card(const struct rs_dimension *dimensions, size_t count,
                             char card[static RS_CARD_TEXT])
{
    const char *instance = value_of(dimensions, count, "InstanceId");
    const char *index = value_of(dimensions, count, "index");
    return instance != NULL && index != NULL && rs_gpu_name(instance, index, card) ? card : NULL;
}

const char *rs_dimensions_resource(const char *name_space, const char *metric,
                                   const struct rs_dimension *dimensions, size_t count,
                                   char card[static RS_CARD_TEXT], const char **dimension)
{
    bool volumes = strcmp(name_space, "AWS/EBS") == 0;
    bool exact = volumes || strcmp(name_space, "AWS/EC2") == 0;
    bool whole = exact || strncmp(metric, "mem_", 4) == 0 || strncmp(metric, "Memory", 6) == 0;
    const char *wanted = volumes ? "VolumeId" : "InstanceId", *found = NULL;
    if (exact && count != 1) {
        return NULL;
    }
    if (strncmp(metric, "nvidia_smi_", 11) == 0) {
        found = name_card(dimensions, count, card);
        count = 0;
    }
    for (size_t i = 0; i < count; i++) {
        if (strcmp(dimensions[i].name, wanted) == 0) {
            found = dimensions[i].value;
        } else if (!whole && is_part(&dimensions[i])) {
            return NULL;
        }
    }
    if (dimension != NULL) {
        *dimension = found != NULL ? wanted : NULL;
    }
    return found;
}

bool rs_identity_fits(const struct rs_cw_mapping *mapping, const char *resource,
                      struct rs_tally *tally)
{
    if (mapping->kind != RS_KIND_GPU || rs_gpu_owner(resource) > 0) {
        return true;
    }
    char shown[RS_SHOWN];
    rs_tally_note(tally,
                  "%s of '%s' does not say which GPU: file it under INSTANCE/gpu-0, /gpu-1 ...",
                  mapping->metric, rs_shown(resource, shown));
    return false;
}

static bool keep_part(char out[static 256], const char *from, size_t length)
{
    if (length == 0 || length > 255) {
        return false;
    }
    memcpy(out, from, length);
    out[length] = '\0';
    return true;
}

/* `end` is the end of `name`. Shortest part first, longer ones when the rest does not match. */
static bool match_from(const char *pattern, const char *name, const char *end,
                       struct rs_file_identity *out)
{
    static const char *const places[] = {"{instance}", "{metric}", "{period}"};
    if (*pattern == '\0') {
        return name == end;
    }
    for (size_t place = 0; place < 3; place++) {
        size_t width = strlen(places[place]);
        if (strncmp(pattern, places[place], width) != 0) {
            continue;
        }
        for (size_t length = 1; length <= (size_t)(end - name); length++) {
            char part[256];
            if (!keep_part(part, name, length)) {
                return false;
            }
            bool fits = place != 2 || read_period(part, &out->period);
            if (fits && match_from(pattern + width, name + length, end, out)) {
                if (place < 2) {
                    memcpy(place == 0 ? out->instance : out->metric, part, sizeof(part));
                } else { /* a deeper attempt may have left its own */
                    fits = read_period(part, &out->period);
                }
                return fits;
            }
        }
        return false;
    }
    return name < end && *pattern == *name && match_from(pattern + 1, name + 1, end, out);
}

/* More placeholders than a name needs would make the search long. */
static bool too_many_places(const char *pattern)
{
    size_t places = 0;
    for (const char *p = pattern; *p != '\0'; p++) {
        places += *p == '{';
    }
    return places > 4 || strlen(pattern) > 255;
}

bool rs_name_matches(const char *name_template, const char *path, struct rs_file_identity *out)
{
    const char *slash = strrchr(path, '/'), *name = slash != NULL ? slash + 1 : path;
    size_t length = strlen(name);
    memset(out, 0, sizeof(*out));
    if (length > 255 || too_many_places(name_template)) {
        return false;
    }
    if (match_from(name_template, name, name + length, out)) {
        return true;
    }
    bool packed = length > 3 && strcmp(name + length - 3, ".gz") == 0;
    memset(out, 0, sizeof(*out));
    return packed && match_from(name_template, name, name + length - 3, out);
}

enum rs_status rs_file_identity_of(const struct rs_source_request *request,
                                   struct rs_file_identity *out, struct rs_error *err)
{
    char shown[RS_SHOWN];
    memset(out, 0, sizeof(*out));
    if (request->name_template != NULL &&
        !rs_name_matches(request->name_template, request->name != NULL ? request->name : "", out)) {
        return rs_fail(err, RS_EINPUT, "the name '%s' does not match --name-template '%s'",
                       rs_shown(request->name, shown), request->name_template);
    }
    if (request->instance != NULL) {
        size_t length = strlen(request->instance);
        if (!keep_part(out->instance, request->instance, length)) {
            return rs_fail(err, RS_EUSAGE, "--instance takes a name of 1 to 255 bytes");
        }
    }
    if (request->step > 0) {
        out->period = request->step;
    }
    return RS_OK;
}

bool rs_region_of_zone(const char *zone, char out[static 64])
{
    out[0] = '\0';
    for (size_t i = 0; zone[i] != '\0'; i++) {
        if (i == 0 || zone[i - 1] != '-' || zone[i] < '0' || zone[i] > '9') {
            continue;
        }
        size_t end = i;
        while (zone[end] >= '0' && zone[end] <= '9') {
            end++;
        }
        if (end >= 64) {
            return false;
        }
        memcpy(out, zone, end);
        out[end] = '\0';
        return true;
    }
    return false;
}
