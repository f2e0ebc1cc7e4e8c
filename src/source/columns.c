/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "source/columns.h"

#include "rightsize/number.h"
#include "source/head.h"
#include "source/shown.h"

#include <stdint.h>
#include <string.h>
#include <strings.h>

enum role { STAMP, INSTANCE, METRIC, SERIES, STATISTIC, STEP, VALUE, ROLES };

static const struct {
    const char *name;
    enum role role;
} words[] = {
    /* of one role the first that a table has */
    {"timestamp", STAMP}, {"epoch", STAMP},         {"ts", STAMP},
    {"time", STAMP},      {"instance", INSTANCE},   {"resource", INSTANCE},
    {"host", INSTANCE},   {"id", INSTANCE},         {"metric", METRIC},
    {"series", SERIES},   {"statistic", STATISTIC}, {"step", STEP},
    {"value", VALUE},
};
#define WORDS (sizeof(words) / sizeof(words[0]))

struct roles {
    size_t at[ROLES]; /* column, or SIZE_MAX */
    size_t word[ROLES];
    bool twice[ROLES];
};

bool rs_columns_is_long(const struct rs_columns *columns)
{
    return columns->metric != SIZE_MAX || columns->series != SIZE_MAX;
}

static enum rs_status add_value(const struct rs_source_request *request, size_t at,
                                enum rs_metric metric, const enum rs_statistic *said,
                                enum rs_status twice, struct rs_columns *out, struct rs_error *err)
{
    enum rs_statistic statistic = said != NULL ? *said : RS_STATISTIC_AVG;
    enum rs_status rc =
        said == NULL ? rs_columns_statistic(request, metric, &statistic, err) : RS_OK;
    if (rc != RS_OK) {
        return rc;
    }
    for (size_t i = 0; i < out->value_count; i++) {
        if (out->value[i].metric == metric && out->value[i].statistic == statistic) {
            return rs_fail(err, twice, "two columns hold %s", rs_metric_info(metric)->name);
        }
    }
    out->value[out->value_count].at = at;
    out->value[out->value_count].metric = metric;
    out->value[out->value_count].statistic = statistic;
    out->value_count++;
    return RS_OK;
}

/* The column whose metric is named by --metric. */
static enum rs_status add_single(const struct rs_source_request *request, size_t at,
                                 enum rs_status twice, struct rs_columns *out, struct rs_error *err)
{
    char shown[RS_SHOWN];
    enum rs_metric metric = RS_METRIC_CPU_PERCENT;
    if (request->metric == NULL) {
        return rs_fail(err, RS_EUSAGE,
                       "what the column 'value' holds is not said: give --metric, for example "
                       "--metric cpu_percent");
    }
    if (rs_metric_by_name(request->metric, &metric)) {
        return add_value(request, at, metric, NULL, twice, out, err);
    }
    const char *near_miss = rs_columns_nearest(request->metric);
    return rs_fail(err, RS_EUSAGE, "--metric '%s' is not a canonical metric%s%s",
                   rs_shown(request->metric, shown), near_miss != NULL ? ": did you mean " : "",
                   near_miss != NULL ? near_miss : "");
}

static void no_roles(struct roles *roles)
{
    memset(roles, 0, sizeof(*roles));
    for (size_t i = 0; i < ROLES; i++) {
        roles->at[i] = SIZE_MAX;
        roles->word[i] = WORDS;
    }
}

/* The roles' columns; SIZE_MAX for those that only a long table has, if this is none. */
static void assign(const struct roles *roles, bool is_long, struct rs_columns *out)
{
    memset(out, 0, sizeof(*out));
    out->stamp = roles->at[STAMP];
    out->instance = roles->at[INSTANCE];
    out->metric = is_long ? roles->at[METRIC] : SIZE_MAX;
    out->series = is_long && out->metric == SIZE_MAX ? roles->at[SERIES] : SIZE_MAX;
    out->statistic = is_long ? roles->at[STATISTIC] : SIZE_MAX;
    out->step = is_long ? roles->at[STEP] : SIZE_MAX;
    out->long_value = is_long ? roles->at[VALUE] : SIZE_MAX;
}

static bool role_of(const char *key, enum role *out)
{
    for (size_t i = 0; i < WORDS; i++) {
        if (strcmp(key, words[i].name) == 0) {
            *out = words[i].role;
            return true;
        }
    }
    return false;
}

static enum rs_status take_pair(const struct rs_source_request *request, const char *pair,
                                struct roles *roles, struct rs_columns *values,
                                struct rs_error *err)
{
    char key[64];
    const char *text = NULL;
    int64_t column = 0;
    enum rs_metric metric = RS_METRIC_CPU_PERCENT;
    enum rs_statistic statistic = RS_STATISTIC_AVG;
    enum role role = STAMP;
    bool said = false;
    enum rs_status rc = rs_parse_key_value(pair, key, sizeof(key), &text, err);
    if (rc != RS_OK) {
        return rc;
    }
    if (rs_parse_int(text, 1, RS_COLUMNS_MAX, &column, err) != RS_OK) {
        return rs_fail(err, RS_EUSAGE, "--columns: '%s' is no column from 1 to %d", text,
                       RS_COLUMNS_MAX);
    }
    if (role_of(key, &role)) {
        roles->at[role] = (size_t)column - 1;
        return RS_OK;
    }
    if (rs_columns_metric(key, &metric, &said, &statistic)) {
        return add_value(request, (size_t)column - 1, metric, said ? &statistic : NULL, RS_EUSAGE,
                         values, err);
    }
    return rs_fail(err, RS_EUSAGE,
                   "--columns: '%s' is not ts, value, instance, metric, series, statistic, step or "
                   "a canonical metric",
                   key);
}

/* What the pairs say, put together. */
static enum rs_status settle_option(const struct rs_source_request *request,
                                    const struct roles *roles, const struct rs_columns *values,
                                    struct rs_columns *out, struct rs_error *err)
{
    bool is_long = roles->at[METRIC] != SIZE_MAX || roles->at[SERIES] != SIZE_MAX;
    assign(roles, is_long, out);
    if (!is_long && (roles->at[STATISTIC] != SIZE_MAX || roles->at[STEP] != SIZE_MAX)) {
        return rs_fail(err, RS_EUSAGE, "--columns: statistic and step go with metric or series");
    }
    if (is_long && (request->metric != NULL || values->value_count > 0)) {
        return rs_fail(err, RS_EUSAGE,
                       "--columns: metric or series says what the value is: name no metric beside");
    }
    if (!is_long) {
        memcpy(out->value, values->value, sizeof(out->value));
        out->value_count = values->value_count;
    }
    enum rs_status rc = !is_long && roles->at[VALUE] != SIZE_MAX
                            ? add_single(request, roles->at[VALUE], RS_EUSAGE, out, err)
                            : RS_OK;
    if (rc == RS_OK && (out->stamp == SIZE_MAX ||
                        (is_long ? out->long_value == SIZE_MAX : out->value_count == 0))) {
        return rs_fail(err, RS_EUSAGE, "--columns needs ts=N and a value, like ts=1,value=2");
    }
    return rc;
}

enum rs_status rs_columns_from_option(const struct rs_source_request *request,
                                      struct rs_columns *out, struct rs_error *err)
{
    const char *at = request->columns;
    struct roles roles;
    struct rs_columns values = {.value_count = 0};
    no_roles(&roles);
    for (bool more = true; more;) {
        char pair[128];
        size_t length = strcspn(at, ",");
        if (length >= sizeof(pair)) {
            return rs_fail(err, RS_EUSAGE, "--columns is not like ts=1,value=2");
        }
        memcpy(pair, at, length);
        pair[length] = '\0';
        enum rs_status rc = take_pair(request, pair, &roles, &values, err);
        if (rc != RS_OK) {
            return rc;
        }
        more = at[length] == ',';
        at += length + 1;
    }
    return settle_option(request, &roles, &values, out, err);
}

/* "id" may as well number the rows: it counts only when nothing else says whose they are. */
static void find_roles(const struct rs_source_request *request, char *const *names, size_t count,
                       struct roles *out)
{
    bool told = request->instance != NULL || request->name_template != NULL;
    no_roles(out);
    for (size_t i = 0; i < count && i < RS_COLUMNS_MAX; i++) {
        size_t w = 0;
        while (w < WORDS && strcasecmp(names[i], words[w].name) != 0) {
            w++;
        }
        if (w == WORDS || (told && strcmp(words[w].name, "id") == 0)) {
            continue;
        }
        enum role role = words[w].role;
        if (w < out->word[role]) {
            out->word[role] = w;
            out->at[role] = i;
            out->twice[role] = false;
        } else {
            out->twice[role] = out->twice[role] || w == out->word[role];
        }
    }
}

static void note_unknown(const char *name, bool metrics, struct rs_tally *tally)
{
    char shown[RS_SHOWN];
    const char *near_miss = metrics ? rs_columns_nearest(name) : NULL;
    rs_tally_note(tally, "column '%s' is not read%s%s%s", rs_shown(name, shown),
                  near_miss != NULL ? ": did you mean " : "", near_miss != NULL ? near_miss : "",
                  near_miss != NULL ? "?" : "");
}

static bool has_role(const struct rs_columns *c, size_t at)
{
    return at == c->stamp || at == c->instance || at == c->metric || at == c->series ||
           at == c->statistic || at == c->step || at == c->long_value;
}

static enum rs_status take_column(const struct rs_source_request *request, const char *name,
                                  size_t at, bool single, struct rs_tally *tally,
                                  struct rs_columns *out, struct rs_error *err)
{
    enum rs_metric metric = RS_METRIC_CPU_PERCENT;
    enum rs_statistic statistic = RS_STATISTIC_AVG;
    bool said = false, wide = !rs_columns_is_long(out);
    if (has_role(out, at)) {
        return RS_OK;
    }
    if (wide && rs_columns_metric(name, &metric, &said, &statistic)) {
        return add_value(request, at, metric, said ? &statistic : NULL, RS_EINPUT, out, err);
    }
    if (wide && single) {
        return add_single(request, at, RS_EINPUT, out, err);
    }
    if (request->metric == NULL && name[0] != '\0') { /* else the rest is comment */
        note_unknown(name, wide, tally);
    }
    return RS_OK;
}

static enum rs_status check_header(const struct roles *roles, const struct rs_columns *out,
                                   const struct rs_tally *tally, struct rs_error *err)
{
    for (size_t role = 0; role < ROLES; role++) {
        if (roles->twice[role] && has_role(out, roles->at[role])) {
            return rs_fail(err, RS_EINPUT, "two columns are named %s",
                           words[roles->word[role]].name);
        }
    }
    if (out->stamp == SIZE_MAX) {
        return rs_fail(err, RS_EINPUT,
                       "no column is named timestamp: name it so, or say --columns ts=1,value=2 "
                       "--metric cpu_percent");
    }
    if (out->value_count == 0 && !rs_columns_is_long(out)) {
        return rs_fail(err, RS_EINPUT,
                       "no column bears the name of a metric, like cpu_percent or "
                       "mem_used_bytes%s%s",
                       tally->note_count > 0 ? ": " : "",
                       tally->note_count > 0 ? tally->note[0] : "");
    }
    return RS_OK;
}

enum rs_status rs_columns_from_header(const struct rs_source_request *request, char *const *names,
                                      size_t count, struct rs_tally *tally, struct rs_columns *out,
                                      struct rs_error *err)
{
    struct roles roles;
    enum rs_status rc = RS_OK;
    find_roles(request, names, count, &roles);
    bool is_long = request->metric == NULL && roles.at[VALUE] != SIZE_MAX &&
                   (roles.at[METRIC] != SIZE_MAX || roles.at[SERIES] != SIZE_MAX);
    assign(&roles, is_long, out);
    for (size_t i = 0; rc == RS_OK && i < count && i < RS_COLUMNS_MAX; i++) {
        rc = take_column(request, names[i], i, strcasecmp(names[i], "value") == 0, tally, out, err);
    }
    return rc == RS_OK ? check_header(&roles, out, tally, err) : rc;
}

static bool has_role_named(const char *head, size_t length, enum role role)
{
    bool found = false;
    for (size_t i = 0; i < WORDS; i++) {
        found = found || (words[i].role == role && rs_head_has_field(head, length, words[i].name));
    }
    return found;
}

/* Any table may be meant, with --columns; certain only of the headers we define. */
int rs_columns_recognise(const char *head, size_t length)
{
    if (!rs_head_is_table(head, length)) {
        return 0;
    }
    bool is_long = has_role_named(head, length, STAMP) && has_role_named(head, length, VALUE) &&
                   (has_role_named(head, length, METRIC) || has_role_named(head, length, SERIES));
    return is_long || rs_head_has_field(head, length, "timestamp") ? 80 : 5;
}
