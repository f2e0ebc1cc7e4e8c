/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One value of a machine lies in several of collectd's files: its interfaces, its processors'
 * states. The first of them in order of name is read with all its siblings; the others then hold
 * nothing new.
 */
#include "source/accumulate.h"
#include "source/collectd.h"
#include "source/door.h"
#include "source/head.h"
#include "source/history.h"
#include "source/shown.h"
#include "source/sources.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SUMS 3
#define SLOTS_MAX ((int64_t)1 << 22)

/* Which of the family's sums a part's columns go to, as bits. */
struct place {
    unsigned first, second;
};

struct reader {
    const struct rs_source_request *request;
    struct rs_tally *tally;
    struct rs_collectd_name name;
    struct rs_collectd_parts parts;
    int64_t step, base;   /* base: the slot of index 0, in steps */
    int64_t interval;     /* between rows, at most a step */
    int64_t shift;        /* ms taken off each stamp, see lay_slots() */
    size_t slots;         /* 0: no part had two rows yet */
    double *sum[SUMS];    /* by slot */
    double *part[2];      /* of the part at hand, by slot */
    uint32_t *part_count; /* its rows on the slot */
    uint32_t *present;    /* parts that have the slot */
    bool *torn;           /* a part has rows before and after the slot, but none on it */
    uint32_t with_rows;   /* parts that have any */
    bool percent;         /* the family's values are percentages */
};

static bool any_of(const char *kind, const char *const *words)
{
    const char *dash = strchr(kind, '-');
    for (; dash != NULL && *words != NULL; words++) {
        if (strcmp(dash + 1, *words) == 0) {
            return true;
        }
    }
    return false;
}

/*
 * Processors: 0 all time, 1 time away. Memory: 0 in use, 1 all, 2 available; that the kernel cannot
 * give back its own slab is in use, as CloudWatch's agent counts it. Swap: 0 in use, 1 all.
 */
static struct place place_of(enum rs_collectd_family family, const char *kind)
{
    static const char *const away[] = {"idle", "wait", "steal", NULL};
    static const char *const taken[] = {"used", "slab_unrecl", NULL};
    static const char *const given[] = {"free", "cached", "buffered", "slab_recl", NULL};
    static const char *const used[] = {"used", NULL};
    switch (family) {
    case RS_COLLECTD_CPU: /* guest time is in user time already */
        return (struct place){any_of(kind, away) ? 3 : 1, 0};
    case RS_COLLECTD_MEMORY:
        return (struct place){any_of(kind, taken) ? 3 : any_of(kind, given) ? 6 : 0, 0};
    case RS_COLLECTD_SWAP:
        return (struct place){any_of(kind, used) ? 3 : 2, 0};
    case RS_COLLECTD_OCTETS:
    case RS_COLLECTD_PACKETS:
    case RS_COLLECTD_DISK_OCTETS:
    case RS_COLLECTD_DISK_OPS:
    case RS_COLLECTD_NONE:
        break;
    }
    return (struct place){1, 2};
}

static bool all_parts_needed(enum rs_collectd_family family)
{
    return family == RS_COLLECTD_CPU || family == RS_COLLECTD_MEMORY || family == RS_COLLECTD_SWAP;
}

static void *zeroed(size_t count, size_t size, enum rs_status *rc, struct rs_error *err)
{
    void *array = *rc == RS_OK ? calloc(count, size) : NULL;
    if (array == NULL && *rc == RS_OK) {
        *rc = rs_fail(err, RS_ENOMEM, "out of memory for %zu slots", count);
    }
    return array;
}

/*
 * A day's file rotates at local midnight: siblings may begin and end some time away from it. The
 * siblings' stamps differ by milliseconds: where they lie between two slots, all are moved together
 * to one side.
 */
static enum rs_status lay_slots(struct reader *r, const struct rs_collectd_table *table,
                                struct rs_error *err)
{
    int64_t first = INT64_MAX, last = 0;
    for (size_t i = 0; i < table->count; i++) {
        first = table->rows[i].ms / 1000 < first ? table->rows[i].ms / 1000 : first;
        last = table->rows[i].ms / 1000 > last ? table->rows[i].ms / 1000 : last;
    }
    int64_t slots = (last - first + 2 * (int64_t)RS_DAY_SECONDS) / r->step + 2;
    if (slots > SLOTS_MAX) {
        return rs_fail(err, RS_EINPUT, "its rows span more than %" PRId64 " steps of %" PRId64 " s",
                       (int64_t)SLOTS_MAX, r->step);
    }
    enum rs_status rc = RS_OK;
    int64_t phase = table->rows[0].ms % (r->step * 1000);
    r->shift = phase >= r->step * 400 && phase <= r->step * 600 ? r->step * 250 : 0;
    r->base = (first - RS_DAY_SECONDS) / r->step;
    r->slots = (size_t)slots;
    for (size_t i = 0; i < SUMS; i++) {
        r->sum[i] = zeroed(r->slots, sizeof(double), &rc, err);
    }
    r->part[0] = zeroed(r->slots, sizeof(double), &rc, err);
    r->part[1] = zeroed(r->slots, sizeof(double), &rc, err);
    r->part_count = zeroed(r->slots, sizeof(*r->part_count), &rc, err);
    r->present = zeroed(r->slots, sizeof(*r->present), &rc, err);
    r->torn = zeroed(r->slots, sizeof(*r->torn), &rc, err);
    return rc;
}

static enum rs_status tell_step(struct reader *r, const struct rs_collectd_table *table,
                                struct rs_error *err)
{
    struct rs_gaps *gaps = calloc(1, sizeof(*gaps));
    if (gaps == NULL) {
        return rs_fail(err, RS_ENOMEM, "out of memory for gaps");
    }
    for (size_t i = 1; i < table->count; i++) {
        rs_gaps_add(gaps, (table->rows[i].ms - table->rows[i - 1].ms + 500) / 1000);
    }
    enum rs_status rc = RS_OK;
    struct rs_error unused = {RS_OK, ""};
    if (r->request->step == 0) {
        rc = rs_history_step(gaps, &r->step, err);
        r->interval = r->step;
    } else if (rs_step_is_valid(r->request->step)) {
        r->step = r->interval = r->request->step;
        if (rs_history_step(gaps, &r->interval, &unused) != RS_OK) {
            r->interval = r->step;
        }
    } else {
        rc = rs_fail(err, RS_EUSAGE, "--step %" PRId64 " does not divide a day", r->request->step);
    }
    free(gaps);
    return rc;
}

/* The part's own sums and counts by slot. */
static void spread(struct reader *r, const struct rs_collectd_table *table, bool two)
{
    int64_t end = -1, slot = -1;
    memset(r->part[0], 0, r->slots * sizeof(double));
    memset(r->part[1], 0, r->slots * sizeof(double));
    memset(r->part_count, 0, r->slots * sizeof(*r->part_count));
    for (size_t i = 0; i < table->count; i++) {
        const struct rs_collectd_row *row = &table->rows[i];
        int64_t now = (row->ms - r->shift + 500) / 1000;
        slot = rs_history_slot(now, r->interval, r->step, end, slot);
        end = now;
        int64_t index = slot / r->step - r->base;
        if (isnan(row->value[0]) || (two && isnan(row->value[1])) || index < 0 ||
            index >= (int64_t)r->slots) {
            continue;
        }
        r->part[0][index] += row->value[0];
        r->part[1][index] += two ? row->value[1] : 0.0;
        r->part_count[index]++;
    }
}

static void add_up(struct reader *r, struct place place)
{
    size_t first = SIZE_MAX, last = 0;
    for (size_t i = 0; i < r->slots; i++) {
        if (r->part_count[i] > 0) {
            first = first == SIZE_MAX ? i : first;
            last = i;
        }
    }
    r->with_rows += first != SIZE_MAX ? 1 : 0;
    for (size_t i = first; first != SIZE_MAX && i <= last; i++) {
        if (r->part_count[i] == 0) {
            r->torn[i] = true;
            continue;
        }
        r->present[i]++;
        for (unsigned k = 0; k < SUMS; k++) {
            double rows = (double)r->part_count[i];
            r->sum[k][i] += (place.first >> k & 1U) != 0 ? r->part[0][i] / rows : 0.0;
            r->sum[k][i] += (place.second >> k & 1U) != 0 ? r->part[1][i] / rows : 0.0;
        }
    }
}

static enum rs_status take_table(struct reader *r, const struct rs_collectd_part *part,
                                 struct rs_collectd_table *table, struct rs_error *err)
{
    char shown[RS_SHOWN];
    struct place place = place_of(r->name.family, part->kind);
    if (table->bad > 0) {
        rs_tally_reject(r->tally, table->bad, "%s line %" PRId64 ": no time stamp and values",
                        rs_shown(part->kind, shown), table->bad_line);
    }
    if (table->count < 2 || (place.first | place.second) == 0) {
        return RS_OK; /* just begun: the next run will see more */
    }
    if (place.second != 0 && table->columns != 2) {
        return rs_fail(err, RS_EINPUT, "line 1: expected two columns after epoch");
    }
    enum rs_status rc = r->slots == 0 ? tell_step(r, table, err) : RS_OK;
    if (rc == RS_OK && r->slots == 0) {
        rc = lay_slots(r, table, err);
    }
    if (rc != RS_OK) {
        return rc;
    }
    bool gauge = r->name.family == RS_COLLECTD_MEMORY || r->name.family == RS_COLLECTD_SWAP;
    if (!gauge && strncmp(part->kind, "percent-", 8) != 0) {
        rs_collectd_rates(table, r->interval);
    }
    spread(r, table, place.second != 0);
    add_up(r, place);
    return RS_OK;
}

static enum rs_status read_part(struct reader *r, const struct rs_collectd_part *part,
                                struct rs_input *own, struct rs_error *err)
{
    struct rs_collectd_table table = {.count = 0};
    struct rs_input *input = own;
    enum rs_status rc = part->own ? RS_OK : rs_input_open(part->path, &input, err);
    if (rc == RS_OK) {
        rc = rs_collectd_read(input, &table, err);
    }
    if (rc == RS_OK) {
        rc = take_table(r, part, &table, err);
    }
    rs_collectd_table_release(&table);
    if (!part->own) {
        rs_input_close(input);
        rc = rc == RS_EINPUT ? rs_fail_where(err, "%s", part->path) : rc;
    }
    return rc;
}

struct output {
    enum rs_metric metric;
    enum rs_statistic statistic;
    double (*value)(const double *sum);
};

static double sum_first(const double *sum)
{
    return sum[0];
}

static double sum_second(const double *sum)
{
    return sum[1];
}

static double sum_third(const double *sum)
{
    return sum[2];
}

static double share_of_second(const double *sum)
{
    return sum[1] > 0.0 ? fmin(100.0 * sum[0] / sum[1], 100.0) : (double)NAN;
}

static double busy_share(const double *sum)
{
    return sum[0] > 0.0 ? fmin(fmax(100.0 * (sum[0] - sum[1]) / sum[0], 0.0), 100.0) : (double)NAN;
}

static const struct output outputs[RS_COLLECTD_NONE][SUMS] = {
    [RS_COLLECTD_CPU] = {{RS_METRIC_CPU_PERCENT, RS_STATISTIC_AVG, busy_share}},
    [RS_COLLECTD_MEMORY] = {{RS_METRIC_MEM_PERCENT, RS_STATISTIC_AVG, share_of_second},
                            {RS_METRIC_MEM_USED_BYTES, RS_STATISTIC_AVG, sum_first},
                            {RS_METRIC_MEM_AVAILABLE_BYTES, RS_STATISTIC_AVG, sum_third}},
    [RS_COLLECTD_SWAP] = {{RS_METRIC_SWAP_USED_PERCENT, RS_STATISTIC_AVG, share_of_second}},
    [RS_COLLECTD_OCTETS] = {{RS_METRIC_NET_IN_BYTES, RS_STATISTIC_SUM_RATE, sum_first},
                            {RS_METRIC_NET_OUT_BYTES, RS_STATISTIC_SUM_RATE, sum_second}},
    [RS_COLLECTD_PACKETS] = {{RS_METRIC_NET_IN_PACKETS, RS_STATISTIC_SUM_RATE, sum_first},
                             {RS_METRIC_NET_OUT_PACKETS, RS_STATISTIC_SUM_RATE, sum_second}},
    [RS_COLLECTD_DISK_OCTETS] = {{RS_METRIC_EBS_READ_BYTES, RS_STATISTIC_SUM_RATE, sum_first},
                                 {RS_METRIC_EBS_WRITE_BYTES, RS_STATISTIC_SUM_RATE, sum_second}},
    [RS_COLLECTD_DISK_OPS] = {{RS_METRIC_EBS_READ_OPS, RS_STATISTIC_SUM_RATE, sum_first},
                              {RS_METRIC_EBS_WRITE_OPS, RS_STATISTIC_SUM_RATE, sum_second}},
};

static bool is_whole(const struct reader *r, size_t slot)
{
    return all_parts_needed(r->name.family) ? r->present[slot] == r->with_rows
                                            : r->present[slot] > 0 && !r->torn[slot];
}

static enum rs_status hand_on(struct reader *r, const struct output *output,
                              struct rs_accumulator *acc, struct rs_error *err)
{
    struct rs_origin origin = {r->request->instance != NULL ? r->request->instance : r->name.host,
                               RS_KIND_INSTANCE, NULL, r->request->region};
    struct rs_held_series *series = NULL;
    enum rs_status rc = rs_accumulate_series(acc, &origin, output->metric, output->statistic,
                                             r->step, &series, err);
    for (size_t i = 0; rc == RS_OK && i < r->slots; i++) {
        double sum[SUMS] = {r->sum[0][i], r->sum[1][i], r->sum[2][i]};
        int64_t at = (r->base + (int64_t)i) * r->step;
        double value = is_whole(r, i) ? output->value(sum) : (double)NAN;
        if (!isnan(value) && rs_door_admits(r->request, r->tally, 1, output->metric, at, value)) {
            rc = rs_accumulate_add(acc, series, at, value, 0.0F, err);
        }
    }
    return rc;
}

/* Percentages of memory say nothing of bytes; without all its states a processor's say nothing. */
static bool can_tell(const struct reader *r, const struct output *output)
{
    bool bytes = output->metric == RS_METRIC_MEM_USED_BYTES ||
                 output->metric == RS_METRIC_MEM_AVAILABLE_BYTES;
    return output->value != NULL && !(bytes && r->percent);
}

static enum rs_status hand_all_on(struct reader *r, const struct rs_sink *sink,
                                  struct rs_error *err)
{
    struct rs_accumulator acc;
    enum rs_status rc = RS_OK;
    rs_accumulate_init(&acc, sink, r->tally);
    acc.provider = "local";
    acc.rule = RS_STEP_GIVEN;
    for (size_t i = 0; rc == RS_OK && i < SUMS; i++) {
        const struct output *output = &outputs[r->name.family][i];
        if (can_tell(r, output)) {
            rc = hand_on(r, output, &acc, err);
        }
    }
    if (rc == RS_OK) {
        rc = rs_accumulate_flush(&acc, err);
    }
    rs_accumulate_release(&acc);
    return rc;
}

static bool has_kind(const struct rs_collectd_parts *parts, const char *ending)
{
    for (size_t i = 0; i < parts->count; i++) {
        const char *dash = strchr(parts->items[i].kind, '-');
        if (dash != NULL && strcmp(dash + 1, ending) == 0) {
            return true;
        }
    }
    return false;
}

/* A share needs its whole: without these files the others are not believed. */
static bool is_complete(struct reader *r)
{
    enum rs_collectd_family family = r->name.family;
    if (family == RS_COLLECTD_CPU && !has_kind(&r->parts, "idle")) {
        rs_tally_note(r->tally, "no file of idle time: the processors' load cannot be told");
        return false;
    }
    if ((family == RS_COLLECTD_MEMORY || family == RS_COLLECTD_SWAP) &&
        (!has_kind(&r->parts, "used") || !has_kind(&r->parts, "free"))) {
        rs_tally_note(r->tally, "no files of both used and free: the share in use cannot be told");
        return false;
    }
    return true;
}

static enum rs_status read_parts(struct reader *r, struct rs_input *input,
                                 const struct rs_sink *sink, struct rs_error *err)
{
    enum rs_status rc = rs_collectd_gather(&r->name, r->request->name, &r->parts, err);
    if (rc != RS_OK) {
        return rc;
    }
    if (r->parts.count == 0 || !r->parts.items[0].own) { /* virtual, or read with another */
        r->tally->ignored += r->parts.count == 0;
        return rs_collectd_pass_over(input, err);
    }
    if (!is_complete(r)) {
        return rs_collectd_pass_over(input, err);
    }
    r->percent = strncmp(r->parts.items[0].kind, "percent-", 8) == 0;
    for (size_t i = 0; rc == RS_OK && i < r->parts.count; i++) {
        rc = read_part(r, &r->parts.items[i], input, err);
    }
    return rc == RS_OK && r->slots > 0 ? hand_all_on(r, sink, err) : rc;
}

static enum rs_status read_file(const struct rs_source_request *request, struct rs_input *input,
                                const struct rs_sink *sink, struct rs_tally *tally,
                                struct rs_error *err)
{
    struct reader r = {.request = request, .tally = tally};
    const char *path = request->name != NULL ? request->name : "";
    if (!rs_collectd_name_of(path, &r.name)) {
        return rs_fail(err, RS_EINPUT,
                       "the path says what a file of collectd holds: expected "
                       "HOST/PLUGIN/TYPE-YYYY-MM-DD");
    }
    if (r.name.family == RS_COLLECTD_NONE) {
        tally->ignored++;
        return rs_collectd_pass_over(input, err);
    }
    if (r.name.host[0] == '\0' && request->instance == NULL) {
        return rs_fail(err, RS_EINPUT,
                       "the path does not name the host: give the tree from above "
                       "HOST/PLUGIN/TYPE-DATE, or --instance ID");
    }
    enum rs_status rc =
        rs_door_check_id(request->instance != NULL ? request->instance : r.name.host, 1, err);
    if (rc == RS_OK) {
        rc = read_parts(&r, input, sink, err);
    }
    rs_collectd_parts_release(&r.parts);
    for (size_t i = 0; i < SUMS; i++) {
        free(r.sum[i]);
    }
    free(r.part[0]);
    free(r.part[1]);
    free(r.part_count);
    free(r.present);
    free(r.torn);
    return rc;
}

static int recognise(const char *head, size_t length)
{
    static const char begin[] = "epoch,";
    return length > sizeof(begin) && memcmp(head, begin, sizeof(begin) - 1) == 0 ? 90 : 0;
}

const struct rs_source rs_source_collectd = {
    "collectd", "files of collectd's csv plug-in (give the tree: the path names the machine)",
    recognise, read_file, false};
