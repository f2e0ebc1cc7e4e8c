/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "source/subjects.h"

#include "rightsize/number.h"
#include "rightsize/resource.h"
#include "source/door.h"
#include "source/names.h"
#include "source/shown.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define SLOTS_MIN 256

struct rs_subject_entry {
    struct rs_subject subject;
    size_t key, length; /* in `keys` */
    uint32_t hash;
    uint32_t next; /* the subject that came behind this one the last time */
};

void rs_subjects_init(struct rs_subjects *subjects)
{
    *subjects = (struct rs_subjects){.keys_max = RS_SUBJECT_KEYS};
    rs_buffer_init(&subjects->keys);
}

void rs_subjects_release(struct rs_subjects *subjects)
{
    rs_buffer_release(&subjects->keys);
    free(subjects->entries);
    free(subjects->slots);
    *subjects = (struct rs_subjects){.keys = subjects->keys};
}

/* The bytes of the cells that tell it, each with a NUL behind it, which no cell holds. */
static enum rs_status make_key(const struct rs_subjects *s, const struct rs_cells *cells,
                               char key[RS_SUBJECT_KEY], size_t *length, struct rs_error *err)
{
    const struct rs_csv *csv = &cells->csv;
    const struct rs_columns *c = s->columns;
    const size_t columns[] = {c->instance, c->metric, c->series, c->statistic,
                              s->step > 0 ? SIZE_MAX : c->step};
    char *to = key, *end = key + RS_SUBJECT_KEY;
    for (size_t i = 0; i < sizeof(columns) / sizeof(columns[0]); i++) {
        size_t at = columns[i];
        if (at == SIZE_MAX) {
            continue;
        }
        size_t width = at >= csv->count      ? 0
                       : at + 1 < csv->count ? (size_t)(csv->fields[at + 1] - csv->fields[at]) - 1
                                             : (size_t)(csv->end - csv->fields[at]);
        if (width >= (size_t)(end - to)) {
            return rs_fail(err, RS_EINPUT,
                           "line %" PRId64 ": the names of instance and metric are longer than %d "
                           "bytes",
                           csv->line, RS_SUBJECT_KEY - 1);
        }
        if (width > 0) {
            memcpy(to, csv->fields[at], width);
        }
        to[width] = '\0';
        to += width + 1;
    }
    *length = (size_t)(to - key);
    return RS_OK;
}

/* "avg" and its like, or as CloudWatch says it; a total there is none by the second. */
static bool statistic_of(const char *text, enum rs_metric metric, enum rs_statistic *out)
{
    static const struct {
        const char *name;
        enum rs_statistic statistic;
    } rows[] = {
        {"average", RS_STATISTIC_AVG}, {"mean", RS_STATISTIC_AVG},
        {"maximum", RS_STATISTIC_MAX}, {"minimum", RS_STATISTIC_MIN},
        {"avg", RS_STATISTIC_AVG},     {"max", RS_STATISTIC_MAX},
        {"min", RS_STATISTIC_MIN},     {"sum_rate", RS_STATISTIC_SUM_RATE},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        if (strcasecmp(text, rows[i].name) == 0) {
            *out = rows[i].statistic;
            return *out != RS_STATISTIC_SUM_RATE || rs_columns_has_total(metric);
        }
    }
    return false;
}

/* Which series of the resource, or that none is read: *known. */
static enum rs_status tell_metric(const struct rs_subjects *s, const struct rs_cells *cells,
                                  const char *name, enum rs_metric *metric,
                                  enum rs_statistic *statistic, bool *known, struct rs_error *err)
{
    char shown[RS_SHOWN], wrong[RS_SHOWN];
    bool said = false, column = s->columns->statistic != SIZE_MAX;
    const char *text = column ? rs_cell(cells, s->columns->statistic) : "";
    *known = column ? rs_metric_by_name(name, metric)
                    : rs_columns_metric(name, metric, &said, statistic);
    if (!*known) {
        const char *near_miss = rs_columns_nearest(name);
        rs_tally_note(s->tally, "metric '%s' is not read%s%s%s", rs_shown(name, shown),
                      near_miss != NULL ? ": did you mean " : "",
                      near_miss != NULL ? near_miss : "", near_miss != NULL ? "?" : "");
        return RS_OK;
    }
    if (text[0] != '\0') {
        *known = statistic_of(text, *metric, statistic);
        if (!*known) {
            rs_tally_note(s->tally,
                          "statistic '%s' of %s is not read: there are avg, max, min and, of rates "
                          "and counts, sum_rate",
                          rs_shown(text, wrong), rs_metric_info(*metric)->name);
        }
        return RS_OK;
    }
    return said ? RS_OK : rs_columns_statistic(s->request, *metric, statistic, err);
}

static int64_t tell_step(const struct rs_subjects *s, const struct rs_cells *cells,
                         const char **refused)
{
    int64_t step = s->step;
    struct rs_error unused = {RS_OK, ""};
    if (step > 0 || s->columns->step == SIZE_MAX) {
        return step;
    }
    const char *text = rs_cell(cells, s->columns->step);
    if (text[0] != '\0' &&
        (rs_parse_int(text, 1, 86400, &step, &unused) != RS_OK || !rs_step_is_valid(step))) {
        *refused = "the step is not whole seconds that divide a day";
    }
    return step;
}

enum rs_resource_kind rs_subject_kind(const char *id, enum rs_metric metric)
{
    if (strncmp(id, "vol-", 4) == 0) {
        return RS_KIND_VOLUME;
    }
    return rs_metric_is_of_gpu(metric) && rs_gpu_owner(id) > 0 ? RS_KIND_GPU : RS_KIND_INSTANCE;
}

/* From the cells of the row at hand. */
static enum rs_status tell(const struct rs_subjects *s, const struct rs_cells *cells,
                           struct rs_subject *out, struct rs_error *err)
{
    const struct rs_columns *c = s->columns;
    enum rs_statistic statistic = RS_STATISTIC_AVG;
    char own[RS_SUBJECT_KEY];
    bool known = false;
    const char *cell = rs_cell(cells, c->series != SIZE_MAX ? c->series : c->metric);
    memcpy(own, cell, strlen(cell) + 1); /* no longer than the key that it is a part of */
    char *slash = c->series != SIZE_MAX ? strrchr(own, '/') : NULL;
    const char *id = slash != NULL             ? own
                     : c->instance != SIZE_MAX ? rs_cell(cells, c->instance)
                                               : s->instance;
    *out = (struct rs_subject){.series = NULL};
    enum rs_status rc = tell_metric(s, cells, slash != NULL ? slash + 1 : own, &out->metric,
                                    &statistic, &known, err);
    if (rc == RS_OK && slash != NULL) {
        *slash = '\0';
    }
    if (rc == RS_OK) {
        rc = rs_door_check_id(id, cells->csv.line, err);
    }
    if (rc != RS_OK || !known) {
        return rc;
    }
    int64_t step = tell_step(s, cells, &out->refused);
    if (out->refused != NULL) {
        return RS_OK;
    }
    struct rs_origin origin = {id, rs_subject_kind(id, out->metric), NULL, s->request->region};
    return rs_accumulate_series(s->acc, &origin, out->metric, statistic, step, &out->series, err);
}

static uint32_t hash_of(const char *key, size_t length)
{
    const uint64_t odd = 0x9E3779B97F4A7C15U;
    uint64_t hash = length, word = 0;
    for (; length >= sizeof(word); key += sizeof(word), length -= sizeof(word)) {
        memcpy(&word, key, sizeof(word));
        hash = (hash ^ word) * odd;
        hash ^= hash >> 32;
    }
    word = 0;
    memcpy(&word, key, length);
    hash = (hash ^ word) * odd;
    return (uint32_t)(hash >> 32);
}

static bool is(const struct rs_subjects *s, size_t number, const char *key, size_t length)
{
    const struct rs_subject_entry *e = &s->entries[number];
    return e->length == length && memcmp(s->keys.data + e->key, key, length) == 0;
}

/* The slot that holds the key, or the free one where it belongs. */
static size_t slot_of(const struct rs_subjects *s, const char *key, size_t length, uint32_t hash)
{
    size_t mask = s->slot_count - 1, slot = hash & mask;
    while (s->slots[slot] != 0 && (s->entries[s->slots[slot] - 1].hash != hash ||
                                   !is(s, s->slots[slot] - 1, key, length))) {
        slot = (slot + 1) & mask;
    }
    return slot;
}

static enum rs_status grow_slots(struct rs_subjects *s, struct rs_error *err)
{
    size_t wanted = s->slot_count == 0 ? SLOTS_MIN : s->slot_count * 2;
    uint32_t *slots = calloc(wanted, sizeof(*slots));
    if (slots == NULL) {
        return rs_fail(err, RS_ENOMEM, "out of memory for %zu series", s->count);
    }
    free(s->slots);
    s->slots = slots;
    s->slot_count = wanted;
    for (size_t i = 0; i < s->count; i++) {
        const struct rs_subject_entry *e = &s->entries[i];
        slots[slot_of(s, s->keys.data + e->key, e->length, e->hash)] = (uint32_t)(i + 1);
    }
    return RS_OK;
}

/* Room for one more and its key. */
static enum rs_status make_room(struct rs_subjects *s, size_t length, struct rs_error *err)
{
    if (s->count > 0 && s->keys.length + length > s->keys_max) {
        rs_buffer_clear(&s->keys);
        memset(s->slots, 0, s->slot_count * sizeof(*s->slots));
        s->count = s->last = 0;
    }
    enum rs_status rc =
        rs_array_reserve(&s->entries, &s->capacity, s->count + 1, sizeof(*s->entries), err);
    return rc == RS_OK && 2 * (s->count + 1) > s->slot_count ? grow_slots(s, err) : rc;
}

static enum rs_status add(struct rs_subjects *s, const struct rs_cells *cells, const char *key,
                          size_t length, uint32_t hash, size_t *number, struct rs_error *err)
{
    struct rs_subject_entry e = {.length = length, .hash = hash};
    enum rs_status rc = tell(s, cells, &e.subject, err);
    if (rc == RS_OK) {
        rc = make_room(s, length, err);
    }
    if (rc != RS_OK) {
        return rc;
    }
    e.key = s->keys.length;
    rs_buffer_append(&s->keys, key, length);
    rc = rs_buffer_status(&s->keys, err);
    if (rc == RS_OK) {
        *number = s->count++;
        s->entries[*number] = e;
        s->slots[slot_of(s, key, length, hash)] = (uint32_t)(*number + 1);
    }
    return rc;
}

enum rs_status rs_subjects_find(struct rs_subjects *subjects, const struct rs_cells *cells,
                                const struct rs_subject **out, struct rs_error *err)
{
    char key[RS_SUBJECT_KEY];
    size_t length = 0, number = subjects->last;
    enum rs_status rc = make_key(subjects, cells, key, &length, err);
    if (rc != RS_OK) {
        return rc;
    }
    if (subjects->count > 0 && !is(subjects, number, key, length)) {
        number = subjects->entries[number].next;
    }
    if (subjects->count == 0 || !is(subjects, number, key, length)) {
        uint32_t hash = hash_of(key, length);
        size_t slot = subjects->slot_count > 0 ? slot_of(subjects, key, length, hash) : 0;
        if (subjects->slot_count > 0 && subjects->slots[slot] != 0) {
            number = subjects->slots[slot] - 1;
        } else if ((rc = add(subjects, cells, key, length, hash, &number, err)) != RS_OK) {
            return rc;
        }
        subjects->entries[subjects->last].next = (uint32_t)number;
    }
    subjects->last = number;
    *out = &subjects->entries[number].subject;
    return RS_OK;
}
