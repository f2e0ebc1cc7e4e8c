/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "source/points.h"

#include "source/names.h"
#include "source/walk.h"

#include <math.h>
#include <stdlib.h>

#define POINTS_MAX ((size_t)4 << 20) /* of one result; the service answers 100800 a call */
#define BULK 512                     /* elements for which there is room before each short cut */
#define REPEATED_MAX ((size_t)256 << 10)

void rs_points_init(struct rs_points *p)
{
    *p = (struct rs_points){.at = NULL};
    rs_buffer_init(&p->stamps_text);
}

void rs_points_release(struct rs_points *p)
{
    free(p->at);
    free(p->values);
    rs_buffer_release(&p->stamps_text);
}

void rs_points_clear(struct rs_points *p)
{
    p->at_count = p->value_count = 0;
}

/* All that follow and are plain; what is not comes as an event. */
static enum rs_status take_plain_stamps(struct rs_points *p, struct rs_error *err)
{
    for (size_t n = 1; n > 0;) {
        enum rs_status rc =
            rs_array_reserve(&p->at, &p->at_capacity, p->at_count + BULK, sizeof(*p->at), err);
        if (rc != RS_OK) {
            return rc;
        }
        size_t room = p->at_capacity < POINTS_MAX ? p->at_capacity : POINTS_MAX;
        n = rs_pull_instants(p->pull, p->at + p->at_count, room - p->at_count);
        p->at_count += n;
    }
    return RS_OK;
}

static enum rs_status read_stamp(void *payload, enum rs_pull_event event, struct rs_error *err)
{
    struct rs_points *p = payload;
    int64_t at = 0;
    enum rs_status rc = rs_stamp_event(&p->stamps, p->pull, event, &at, err);
    if (rc == RS_OK && p->at_count == POINTS_MAX) {
        return rs_walk_fault(p->pull, "more than 4194304 time stamps in one result", err);
    }
    if (rc == RS_OK) {
        rc = rs_array_reserve(&p->at, &p->at_capacity, p->at_count + 1, sizeof(*p->at), err);
    }
    if (rc == RS_OK) {
        p->at[p->at_count++] = at;
        rc = take_plain_stamps(p, err);
    }
    return rc;
}

/* Copying is not free: where arrays were unlike so far, one in sixteen is kept to see if it lasts.
 */
static enum rs_status remember_stamps(struct rs_points *p, int64_t offset, struct rs_error *err)
{
    size_t length = 0;
    const char *text = rs_pull_since(p->pull, offset, &length);
    p->unlike++;
    p->repeated = 0;
    rs_buffer_clear(&p->stamps_text);
    if (text == NULL || length > REPEATED_MAX || (p->unlike > 4 && p->unlike % 16 != 0)) {
        return RS_OK;
    }
    rs_buffer_append(&p->stamps_text, text, length);
    p->repeated = p->at_count;
    return rs_buffer_status(&p->stamps_text, err);
}

enum rs_status rs_points_read_stamps(struct rs_points *p, struct rs_pull *pull,
                                     struct rs_error *err)
{
    p->pull = pull;
    bool only = p->at_count == 0;
    int64_t offset = rs_input_offset(p->pull->input);
    /* The series of one answer mostly have the same instants, written the same way. */
    if (only && rs_pull_repeats(p->pull, p->stamps_text.data, p->stamps_text.length)) {
        p->at_count = p->repeated;
        p->unlike = 0;
        return RS_OK;
    }
    enum rs_status rc = rs_walk_array(p->pull, "Timestamps", read_stamp, p, err);
    return rc == RS_OK && only ? remember_stamps(p, offset, err) : rc;
}

static enum rs_status take_plain_values(struct rs_points *p, struct rs_error *err)
{
    for (size_t n = 1; n > 0;) {
        enum rs_status rc = rs_array_reserve(&p->values, &p->value_capacity, p->value_count + BULK,
                                             sizeof(*p->values), err);
        if (rc != RS_OK) {
            return rc;
        }
        size_t room = p->value_capacity < POINTS_MAX ? p->value_capacity : POINTS_MAX;
        n = rs_pull_numbers(p->pull, p->values + p->value_count, room - p->value_count);
        p->value_count += n;
    }
    return RS_OK;
}

static enum rs_status read_value(void *payload, enum rs_pull_event event, struct rs_error *err)
{
    struct rs_points *p = payload;
    if (event != RS_PULL_NUMBER && event != RS_PULL_NULL) {
        return rs_walk_fault(p->pull, "expected a number in Values", err);
    }
    if (p->value_count == POINTS_MAX) {
        return rs_walk_fault(p->pull, "more than 4194304 values in one result", err);
    }
    enum rs_status rc = rs_array_reserve(&p->values, &p->value_capacity, p->value_count + 1,
                                         sizeof(*p->values), err);
    if (rc == RS_OK) {
        p->values[p->value_count++] = event == RS_PULL_NUMBER ? p->pull->number : (double)NAN;
        rc = take_plain_values(p, err);
    }
    return rc;
}

enum rs_status rs_points_read_values(struct rs_points *p, struct rs_pull *pull,
                                     struct rs_error *err)
{
    p->pull = pull;
    return rs_walk_array(p->pull, "Values", read_value, p, err);
}
