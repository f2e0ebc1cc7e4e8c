/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rightsize/queries.h"

#include "rightsize/cloudwatch.h"
#include "rightsize/series.h"
#include "rightsize/text.h"
#include "source/shown.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define DELIMITER "RIGHTSIZE_QUERIES"
#define SEARCHES_MAX 5 /* in a call */

enum subject { INSTANCE, BURSTABLE, VOLUME, LINUX_AGENT, WINDOWS_AGENT, CARDS };

/* What is asked for of every target, in this order. */
static const struct ask {
    enum subject subject;
    const char *name_space, *metric, *statistic;
} asks[] = {
    {INSTANCE, "AWS/EC2", "CPUUtilization", "Average"},
    {INSTANCE, "AWS/EC2", "CPUUtilization", "Maximum"},
    {INSTANCE, "AWS/EC2", "NetworkIn", "Sum"},
    {INSTANCE, "AWS/EC2", "NetworkOut", "Sum"},
    {INSTANCE, "AWS/EC2", "NetworkPacketsIn", "Sum"},
    {INSTANCE, "AWS/EC2", "NetworkPacketsOut", "Sum"},
    {INSTANCE, "AWS/EC2", "EBSReadBytes", "Sum"},
    {INSTANCE, "AWS/EC2", "EBSWriteBytes", "Sum"},
    {INSTANCE, "AWS/EC2", "EBSReadOps", "Sum"},
    {INSTANCE, "AWS/EC2", "EBSWriteOps", "Sum"},
    {INSTANCE, "AWS/EC2", "DiskReadBytes", "Sum"},
    {INSTANCE, "AWS/EC2", "DiskWriteBytes", "Sum"},
    {INSTANCE, "AWS/EC2", "DiskReadOps", "Sum"},
    {INSTANCE, "AWS/EC2", "DiskWriteOps", "Sum"},
    {LINUX_AGENT, "CWAgent", "mem_used_percent", "Average"},
    {LINUX_AGENT, "CWAgent", "mem_used_percent", "Maximum"},
    {WINDOWS_AGENT, "CWAgent", "Memory Available MBytes", "Average"},
    {WINDOWS_AGENT, "CWAgent", "Memory Available MBytes", "Minimum"},
    {WINDOWS_AGENT, "CWAgent", "Memory % Committed Bytes In Use", "Average"},
    {WINDOWS_AGENT, "CWAgent", "Memory % Committed Bytes In Use", "Maximum"},
    {BURSTABLE, "AWS/EC2", "CPUCreditBalance", "Minimum"},
    {VOLUME, "AWS/EBS", "VolumeReadBytes", "Sum"},
    {VOLUME, "AWS/EBS", "VolumeWriteBytes", "Sum"},
    {VOLUME, "AWS/EBS", "VolumeReadOps", "Sum"},
    {VOLUME, "AWS/EBS", "VolumeWriteOps", "Sum"},
    {CARDS, "CWAgent", "nvidia_smi_utilization_gpu", "Average"},
    {CARDS, "CWAgent", "nvidia_smi_utilization_gpu", "Maximum"},
    {CARDS, "CWAgent", "nvidia_smi_memory_used", "Maximum"},
};

struct script {
    const struct rs_query_plan *plan;
    struct rs_buffer *out;
    struct rs_window window;
    int64_t batch; /* queries a call */
    const char *region;
    int64_t file;    /* number of the region's query file at hand, 0 before the first */
    int64_t in_file; /* queries in it */
    bool searching;  /* they are searches */
    int64_t id;      /* of the last query of all */
};

static enum rs_status check_name(const char *what, const char *name, struct rs_error *err)
{
    static const char allowed[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                  "0123456789._:/-";
    char shown[RS_SHOWN];
    if (name == NULL || (name[0] != '\0' && name[0] != '-' && strlen(name) <= 255 &&
                         name[strspn(name, allowed)] == '\0')) {
        return RS_OK;
    }
    return rs_fail(err, RS_EINPUT, "%s '%s' has other characters than A-Z a-z 0-9 . _ : / -", what,
                   rs_shown(name, shown));
}

static enum rs_status check_target(const struct rs_query_target *target, struct rs_error *err)
{
    enum rs_status rc = check_name("instance", target->id, err);
    if (rc == RS_OK) {
        rc = check_name("region", target->region, err);
    }
    if (rc == RS_OK && target->region != NULL && strchr(target->region, '/') != NULL) {
        rc = rs_fail(err, RS_EINPUT, "region '%s' has a '/'", target->region);
    }
    if (rc == RS_OK) {
        rc = check_name("type", target->type, err);
    }
    if (rc == RS_OK) {
        rc = check_name("image", target->image, err);
    }
    for (size_t i = 0; rc == RS_OK && i < target->volume_count; i++) {
        rc = check_name("volume", target->volumes[i], err);
    }
    return rc;
}

static void put_quoted(struct rs_buffer *out, const char *text)
{
    rs_buffer_char(out, '\'');
    for (const char *p = text; *p != '\0'; p++) {
        if (*p == '\'') {
            rs_buffer_text(out, "'\\''");
        } else {
            rs_buffer_char(out, *p);
        }
    }
    rs_buffer_char(out, '\'');
}

static const char *region_name(const struct script *s)
{
    return s->region != NULL ? s->region : "default";
}

static void close_file(struct script *s)
{
    char from[RS_WHEN_TEXT], to[RS_WHEN_TEXT];
    if (s->in_file == 0) {
        return;
    }
    rs_when_format(s->window.from, from);
    rs_when_format(s->window.to, to);
    rs_buffer_text(s->out, "\n]\n" DELIMITER "\naws cloudwatch get-metric-data");
    if (s->plan->profile != NULL) {
        rs_buffer_text(s->out, " --profile ");
        put_quoted(s->out, s->plan->profile);
    }
    if (s->region != NULL) {
        rs_buffer_printf(s->out, " --region %s", s->region);
    }
    rs_buffer_printf(s->out,
                     " \\\n    --start-time %s --end-time %s \\\n"
                     "    --metric-data-queries file://queries-%s-%03" PRId64 ".json \\\n"
                     "    --output json > metrics-%s-%03" PRId64 ".json\n\n",
                     from, to, region_name(s), s->file, region_name(s), s->file);
    s->in_file = 0;
}

static void open_query(struct script *s, bool search)
{
    if (s->in_file == (s->searching ? SEARCHES_MAX : s->batch) || s->searching != search) {
        close_file(s);
    }
    s->searching = search;
    if (s->in_file == 0) {
        s->file++;
        rs_buffer_printf(s->out, "cat > queries-%s-%03" PRId64 ".json <<'" DELIMITER "'\n[\n",
                         region_name(s), s->file);
    } else {
        rs_buffer_text(s->out, ",\n");
    }
    s->in_file++;
    s->id++;
}

static void put_dimension(struct rs_buffer *out, const char *name, const char *value)
{
    rs_buffer_printf(
        out, "%s{\"Name\":\"%s\",\"Value\":", out->data[out->length - 1] == '[' ? "" : ",", name);
    rs_text_json(out, value); /* a group's name is free text; here-documents take it as it is */
    rs_buffer_char(out, '}');
}

/* The wizard's configuration of the agent adds all four; a query must name each one. */
static void put_agent_dimensions(struct rs_buffer *out, const struct rs_query_target *target,
                                 bool windows)
{
    if (target->image != NULL && target->type != NULL) {
        put_dimension(out, "ImageId", target->image);
        put_dimension(out, "InstanceType", target->type);
        if (target->group != NULL) {
            put_dimension(out, "AutoScalingGroupName", target->group);
        }
    }
    if (windows) {
        put_dimension(out, "objectname", "Memory");
    }
}

static void put_query(struct script *s, const struct rs_query_target *target, const struct ask *ask,
                      const char *resource)
{
    const char *dimension = ask->subject == VOLUME ? "VolumeId" : "InstanceId";
    open_query(s, false);
    rs_buffer_printf(s->out,
                     "{\"Id\":\"q%" PRId64 "\",\"Label\":\"${PROP('Dim.%s')} ${PROP('Namespace')} "
                     "${PROP('MetricName')} ${PROP('Stat')} ${PROP('Period')}\",\"MetricStat\":"
                     "{\"Metric\":{\"Namespace\":\"%s\",\"MetricName\":\"%s\",\"Dimensions\":[",
                     s->id, dimension, ask->name_space, ask->metric);
    put_dimension(s->out, dimension, resource);
    if (ask->subject == LINUX_AGENT || ask->subject == WINDOWS_AGENT) {
        put_agent_dimensions(s->out, target, ask->subject == WINDOWS_AGENT);
    }
    rs_buffer_printf(s->out, "]},\"Period\":%" PRId64 ",\"Stat\":\"%s\"}}", s->plan->period,
                     ask->statistic);
}

/* The agent adds the model of the card as a dimension, which only a search can leave open. */
static void put_search(struct script *s, const struct rs_query_target *target,
                       const struct ask *ask)
{
    open_query(s, true);
    rs_buffer_printf(s->out,
                     "{\"Id\":\"q%" PRId64 "\",\"Label\":\"${PROP('Dim.InstanceId')}/gpu-"
                     "${PROP('Dim.index')} %s %s %s %" PRId64 "\",\"Expression\":\"SEARCH('"
                     "Namespace=\\\"%s\\\" MetricName=\\\"%s\\\" InstanceId=\\\"%s\\\"', '%s', "
                     "%" PRId64 ")\"}",
                     s->id, ask->name_space, ask->metric, ask->statistic, s->plan->period,
                     ask->name_space, ask->metric, target->id, ask->statistic, s->plan->period);
}

static bool is_burstable(const char *type)
{
    return type != NULL && type[0] == 't' && type[1] >= '0' && type[1] <= '9';
}

static bool is_windows(const char *platform)
{
    return platform != NULL &&
           (strncmp(platform, "Windows", 7) == 0 || strncmp(platform, "windows", 7) == 0);
}

static bool applies(const struct rs_query_target *target, enum subject subject)
{
    switch (subject) {
    case BURSTABLE:
        return is_burstable(target->type);
    case LINUX_AGENT:
        return !is_windows(target->platform);
    case WINDOWS_AGENT:
        return is_windows(target->platform);
    case CARDS:
        return target->type != NULL && rs_cw_may_have_gpus(target->type);
    case INSTANCE:
    case VOLUME:
        break;
    }
    return true;
}

static void put_target(struct script *s, const struct rs_query_target *target)
{
    for (size_t i = 0; i < sizeof(asks) / sizeof(asks[0]); i++) {
        if (asks[i].subject == VOLUME) {
            for (size_t v = 0; v < target->volume_count; v++) {
                put_query(s, target, &asks[i], target->volumes[v]);
            }
        } else if (asks[i].subject != CARDS && applies(target, asks[i].subject)) {
            put_query(s, target, &asks[i], target->id);
        }
    }
}

static void put_searches(struct script *s, const struct rs_query_target *target)
{
    for (size_t i = 0; i < sizeof(asks) / sizeof(asks[0]); i++) {
        if (asks[i].subject == CARDS && applies(target, CARDS)) {
            put_search(s, target, &asks[i]);
        }
    }
}

static int by_region(const void *left, const void *right)
{
    const struct rs_query_target *a = *(const struct rs_query_target *const *)left;
    const struct rs_query_target *b = *(const struct rs_query_target *const *)right;
    int order = strcmp(a->region != NULL ? a->region : "", b->region != NULL ? b->region : "");
    return order != 0 ? order : strcmp(a->id, b->id);
}

static bool same_region(const struct rs_query_target *a, const struct rs_query_target *b)
{
    return strcmp(a->region != NULL ? a->region : "", b->region != NULL ? b->region : "") == 0;
}

/* Searches come last, for they may not share a call with many others. */
static void put_regions(struct script *s, const struct rs_query_target *const *sorted)
{
    size_t count = s->plan->target_count;
    for (size_t first = 0, end = 0; first < count; first = end) {
        s->region = sorted[first]->region;
        s->file = 0;
        for (end = first; end < count && same_region(sorted[first], sorted[end]); end++) {
            put_target(s, sorted[end]);
        }
        for (size_t i = first; i < end; i++) {
            put_searches(s, sorted[i]);
        }
        close_file(s);
    }
}

static enum rs_status plan_window(struct script *s, struct rs_error *err)
{
    int64_t period = s->plan->period;
    struct rs_window window = s->plan->window;
    if (period < 60 || period % 60 != 0 || !rs_step_is_valid(period)) {
        return rs_fail(err, RS_EUSAGE,
                       "period %" PRId64 " s: whole minutes that divide a day are expected",
                       period);
    }
    if (window.from < 0 || window.to <= window.from || window.to > INT64_C(253402300799) - period) {
        return rs_fail(err, RS_EUSAGE, "the window to ask for is empty");
    }
    s->window.from = window.from - window.from % period;
    s->window.to = window.to + (period - window.to % period) % period;
    int64_t points = (s->window.to - s->window.from) / period;
    if (points > RS_POINTS_MAX) {
        return rs_fail(err, RS_EUSAGE,
                       "%" PRId64 " points a metric: one call gives %d, take a shorter window or a "
                       "longer period",
                       points, RS_POINTS_MAX);
    }
    s->batch = RS_POINTS_MAX / points < RS_QUERY_MAX ? RS_POINTS_MAX / points : RS_QUERY_MAX;
    return RS_OK;
}

enum rs_status rs_queries_script(const struct rs_query_plan *plan, struct rs_buffer *out,
                                 struct rs_error *err)
{
    struct script s = {.plan = plan, .out = out};
    const struct rs_query_target **sorted = NULL;
    if (plan->target_count == 0) {
        return rs_fail(err, RS_ENODATA, "no instance to ask for");
    }
    enum rs_status rc = plan_window(&s, err);
    for (size_t i = 0; rc == RS_OK && i < plan->target_count; i++) {
        rc = check_target(&plan->targets[i], err);
    }
    if (rc != RS_OK) {
        return rc;
    }
    sorted = calloc(plan->target_count, sizeof(*sorted));
    if (sorted == NULL) {
        return rs_fail(err, RS_ENOMEM, "out of memory for %zu targets", plan->target_count);
    }
    for (size_t i = 0; i < plan->target_count; i++) {
        sorted[i] = &plan->targets[i];
    }
    qsort(sorted, plan->target_count, sizeof(*sorted), by_region);
    rs_buffer_text(out,
                   "#!/bin/sh\n# Writes query files and fetches their answers into the current "
                   "folder.\nset -eu\n\n");
    put_regions(&s, sorted);
    rs_buffer_text(out, "echo 'now run: rightsize collect metrics-*.json'\n");
    free(sorted);
    return rs_buffer_status(out, err);
}
