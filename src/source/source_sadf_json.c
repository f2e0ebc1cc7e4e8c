/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rightsize/json.h"
#include "source/cells.h"
#include "source/head.h"
#include "source/shown.h"
#include "source/sources.h"
#include "source/sysstat.h"
#include "source/walk.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define STATISTIC_LIMIT ((size_t)1 << 20) /* bytes of one record */

struct reader {
    const struct rs_source_request *request;
    const struct rs_sink *sink;
    struct rs_tally *tally;
    struct rs_pull pull;
    struct rs_history history;
    struct rs_sysstat_record *record;
    struct rs_buffer host, machine, slice;
    struct rs_zone zone;
    int64_t line;       /* where the record at hand begins */
    bool seen;          /* a record of the host at hand */
    double vcpus;       /* 0: not known */
    double memory;      /* KiB, of its last record; NaN: not known */
    int64_t statistics; /* records seen */
    bool single_cpus;   /* a record had rows of single processors, but none of all */
};

static void take_numbers(struct reader *r, const cJSON *object, double *device)
{
    const cJSON *item = NULL;
    cJSON_ArrayForEach(item, object)
    {
        if (cJSON_IsNumber(item) && item->string != NULL) {
            rs_sysstat_set(r->record, rs_sysstat_by_key(item->string), item->valuedouble, device);
        }
    }
}

static void take_cpus(struct reader *r, const cJSON *array)
{
    const cJSON *item = NULL;
    bool all = false;
    cJSON_ArrayForEach(item, array)
    {
        const char *cpu = rs_json_optional_text(item, "cpu");
        if (cpu != NULL && (strcmp(cpu, "all") == 0 || strcmp(cpu, "-1") == 0) && !all) {
            all = true;
            take_numbers(r, item, NULL);
        }
    }
    r->single_cpus = r->single_cpus || (!all && cJSON_GetArraySize(array) > 0);
}

static void take_devices(struct reader *r, const cJSON *array, const char *key,
                         struct rs_devices *devices)
{
    const cJSON *item = NULL;
    cJSON_ArrayForEach(item, array)
    {
        const char *name = rs_json_optional_text(item, key);
        if (name != NULL) {
            take_numbers(r, item, rs_devices_add(devices, name));
        }
    }
}

/* `utc` of 1 or a `tz` of UTC; otherwise the time is local and --tz must say where. */
static enum rs_status instant_of(struct reader *r, const cJSON *stamp, int64_t *at, bool *usable,
                                 struct rs_error *err)
{
    const char *date = rs_json_optional_text(stamp, "date");
    const char *time = rs_json_optional_text(stamp, "time");
    const char *zone = rs_json_optional_text(stamp, "tz");
    const cJSON *utc = rs_json_member(stamp, "utc");
    struct rs_civil civil;
    struct rs_error why = {RS_OK, ""};
    char text[48], shown[RS_SHOWN];
    bool zoned = false;
    *usable = false;
    if (date == NULL || time == NULL || strlen(date) > 20 || strlen(time) > 20) {
        return rs_fail(err, RS_EINPUT, "line %" PRId64 ": a record has no timestamp", r->line);
    }
    snprintf(text, sizeof(text), "%s %s", date, time);
    if (rs_when_parse_parts(text, strlen(text), &civil, at, &zoned, &why) != RS_OK) {
        rs_tally_reject(r->tally, 1, "line %" PRId64 ": '%s' is no time stamp", r->line,
                        rs_shown(text, shown));
        return RS_OK;
    }
    bool is_utc = (zone != NULL && strcmp(zone, "UTC") == 0) || cJSON_IsTrue(utc) ||
                  (cJSON_IsNumber(utc) && utc->valuedouble > 0.0);
    if (!is_utc && r->request->zone == NULL) {
        return rs_fail(err, RS_EINPUT,
                       "line %" PRId64 ": the time stamp '%s' is local: write the file without -t "
                       "and -T, or give --tz ZONE",
                       r->line, text);
    }
    *usable = is_utc || rs_zone_to_utc(&r->zone, &civil, at, &why) == RS_OK;
    if (!*usable) {
        rs_tally_reject(r->tally, 1, "line %" PRId64 ": %s", r->line, why.text);
    }
    return RS_OK;
}

static enum rs_status take_record(struct reader *r, const cJSON *record, struct rs_error *err)
{
    const cJSON *stamp = rs_json_member(record, "timestamp");
    const cJSON *interval = stamp != NULL ? rs_json_member(stamp, "interval") : NULL;
    int64_t at = 0, seconds = 0;
    bool usable = false;
    if (stamp == NULL) {
        return RS_OK; /* a comment or a restart among the records */
    }
    enum rs_status rc = instant_of(r, stamp, &at, &usable, err);
    if (rc != RS_OK || !usable) {
        return rc;
    }
    if (cJSON_IsNumber(interval) && interval->valuedouble >= 1.0 && interval->valuedouble < 1e9) {
        seconds = (int64_t)interval->valuedouble;
    }
    rc = rs_history_record(&r->history, r->host.data, at, seconds, r->line, err);
    if (rc != RS_OK) {
        return rc;
    }
    const cJSON *io = rs_json_member(record, "io"), *network = rs_json_member(record, "network");
    rs_sysstat_clear(r->record);
    take_cpus(r, rs_json_member(record, "cpu-load"));
    take_cpus(r, rs_json_member(record, "cpu-load-all"));
    take_numbers(r, rs_json_member(record, "memory"), NULL);
    take_numbers(r, io != NULL ? rs_json_member(io, "io-reads") : NULL, NULL);
    take_numbers(r, io != NULL ? rs_json_member(io, "io-writes") : NULL, NULL);
    take_devices(r, rs_json_member(record, "disk"), "disk-device", &r->record->disks);
    take_devices(r, network != NULL ? rs_json_member(network, "net-dev") : NULL, "iface",
                 &r->record->interfaces);
    double memory = rs_sysstat_memory(r->record);
    r->memory = isnan(memory) ? r->memory : memory;
    r->seen = true;
    return rs_sysstat_hand_on(r->record, &r->history, err);
}

static enum rs_status read_statistic(void *payload, enum rs_pull_event event, struct rs_error *err)
{
    struct reader *r = payload;
    cJSON *record = NULL;
    if (event != RS_PULL_OBJECT) {
        return rs_walk_pass(&r->pull, event, err);
    }
    rs_buffer_clear(&r->slice);
    r->line = rs_input_line(r->pull.input);
    r->statistics++;
    enum rs_status rc = rs_pull_rest_slice(&r->pull, STATISTIC_LIMIT, &r->slice, err);
    if (rc == RS_OK) {
        rc = rs_json_parse(r->slice.data, r->slice.length, &record, err);
    }
    if (rc == RS_OK) {
        rc = take_record(r, record, err);
    }
    cJSON_Delete(record);
    return rc;
}

static enum rs_status read_nodename(void *payload, struct rs_error *err)
{
    struct reader *r = payload;
    return rs_walk_text(&r->pull, "nodename", &r->host, err);
}

static enum rs_status read_machine(void *payload, struct rs_error *err)
{
    struct reader *r = payload;
    return rs_walk_text(&r->pull, "machine", &r->machine, err);
}

static enum rs_status read_statistics(void *payload, struct rs_error *err)
{
    struct reader *r = payload;
    if (r->host.length == 0 && r->request->instance == NULL) {
        return rs_walk_fault(&r->pull, "no nodename before the statistics: give --instance ID",
                             err);
    }
    return rs_walk_array(&r->pull, "statistics", read_statistic, r, err);
}

static enum rs_status read_processors(void *payload, struct rs_error *err)
{
    struct reader *r = payload;
    double count = 0.0;
    enum rs_status rc = rs_walk_number(&r->pull, "number-of-cpus", &count, err);
    r->vcpus = rc == RS_OK && count >= 1.0 && count <= 65536.0 ? count : 0.0;
    return rc;
}

static enum rs_status tell_machine(struct reader *r, struct rs_error *err)
{
    struct rs_sysstat_machine machine = {r->host.data, r->machine.data, r->vcpus, r->memory};
    return r->seen ? rs_sysstat_tell(r->request, r->sink, r->tally, &machine, err) : RS_OK;
}

static const struct rs_walk_member host_members[] = {
    {"nodename", read_nodename},
    {"machine", read_machine},
    {"number-of-cpus", read_processors},
    {"statistics", read_statistics},
    {NULL, NULL},
};

static enum rs_status read_host(void *payload, enum rs_pull_event event, struct rs_error *err)
{
    struct reader *r = payload;
    if (event != RS_PULL_OBJECT) {
        return rs_walk_pass(&r->pull, event, err);
    }
    rs_buffer_clear(&r->host);
    rs_buffer_clear(&r->machine);
    r->seen = false;
    r->vcpus = 0.0;
    r->memory = (double)NAN;
    enum rs_status rc = rs_walk_object(&r->pull, host_members, r, err);
    return rc == RS_OK ? tell_machine(r, err) : rc;
}

static enum rs_status read_hosts(void *payload, struct rs_error *err)
{
    struct reader *r = payload;
    return rs_walk_array(&r->pull, "hosts", read_host, r, err);
}

static const struct rs_walk_member sysstat_members[] = {{"hosts", read_hosts}, {NULL, NULL}};

static enum rs_status read_sysstat(void *payload, struct rs_error *err)
{
    struct reader *r = payload;
    enum rs_pull_event event = RS_PULL_END;
    enum rs_status rc = rs_pull_next(&r->pull, &event, err);
    if (rc == RS_OK && event != RS_PULL_OBJECT) {
        return rs_walk_fault(&r->pull, "sysstat is no object", err);
    }
    return rc == RS_OK ? rs_walk_object(&r->pull, sysstat_members, r, err) : rc;
}

static const struct rs_walk_member top_members[] = {{"sysstat", read_sysstat}, {NULL, NULL}};

/* One document, or several in a row: `for f in sa*; do sadf -j $f; done`. */
static enum rs_status read_documents(struct reader *r, struct rs_error *err)
{
    for (;;) {
        enum rs_pull_event event = RS_PULL_END;
        enum rs_status rc = rs_pull_next(&r->pull, &event, err);
        if (rc == RS_OK && event == RS_PULL_OBJECT) {
            rc = rs_walk_object(&r->pull, top_members, r, err);
        } else if (rc == RS_OK && event != RS_PULL_END) {
            rc = rs_walk_fault(&r->pull, "expected the object of sadf -j", err);
        }
        if (rc != RS_OK || event == RS_PULL_END) {
            return rc;
        }
    }
}

static enum rs_status read_answer(const struct rs_source_request *request, struct rs_input *input,
                                  const struct rs_sink *sink, struct rs_tally *tally,
                                  struct rs_error *err)
{
    struct reader r = {.request = request, .sink = sink, .tally = tally};
    rs_buffer_init(&r.host);
    rs_buffer_init(&r.machine);
    rs_buffer_init(&r.slice);
    rs_pull_init_many(&r.pull, input);
    enum rs_status rc = rs_history_open(&r.history, request, sink, tally, err);
    if (rc == RS_OK && request->zone != NULL) {
        rc = rs_zone_open(request->zone, &r.zone, err);
    }
    r.record = calloc(1, sizeof(*r.record));
    if (rc == RS_OK && r.record == NULL) {
        rc = rs_fail(err, RS_ENOMEM, "out of memory for a record");
    }
    if (rc == RS_OK) {
        rc = read_documents(&r, err);
    }
    if (rc == RS_OK) {
        rc = rs_history_finish(&r.history, err);
    }
    if (rc == RS_OK && r.statistics == 0) {
        rs_tally_note(tally, "no record is in it: was the day's file empty?");
    }
    if (rc == RS_OK && r.single_cpus) {
        rs_tally_note(tally, "rows of single processors do not make the machine's: ask sadf for "
                             "-u without -P");
    }
    rs_history_close(&r.history);
    rs_pull_release(&r.pull);
    rs_buffer_release(&r.host);
    rs_buffer_release(&r.machine);
    rs_buffer_release(&r.slice);
    free(r.record);
    return rc;
}

static int recognise(const char *head, size_t length)
{
    return rs_head_has_member(head, length, "{", "sysstat") ? 90 : 0;
}

const struct rs_source rs_source_sadf_json = {"sadf-json", "sysstat's history as JSON (sadf -j)",
                                              recognise, read_answer, false};
