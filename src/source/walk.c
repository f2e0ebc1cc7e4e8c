/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "source/walk.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

enum rs_status rs_walk_fault(const struct rs_pull *p, const char *what, struct rs_error *err)
{
    return rs_fail(err, RS_EINPUT, "line %" PRId64 ": %s", rs_input_line(p->input), what);
}

enum rs_status rs_walk_object(struct rs_pull *p, const struct rs_walk_member *members,
                              void *payload, struct rs_error *err)
{
    for (;;) {
        enum rs_pull_event event = RS_PULL_END;
        enum rs_status rc = rs_pull_next(p, &event, err);
        if (rc != RS_OK || event == RS_PULL_OBJECT_END) {
            return rc;
        }
        const struct rs_walk_member *member = members;
        while (member->key != NULL && strcmp(member->key, p->text) != 0) {
            member++;
        }
        rc = member->key != NULL ? member->read(payload, err) : rs_pull_skip(p, err);
        if (rc != RS_OK) {
            return rc;
        }
    }
}

enum rs_status rs_walk_array(struct rs_pull *p, const char *what, rs_walk_element_fn *fn,
                             void *payload, struct rs_error *err)
{
    enum rs_pull_event event = RS_PULL_END;
    enum rs_status rc = rs_pull_next(p, &event, err);
    if (rc != RS_OK || event == RS_PULL_NULL) {
        return rc;
    }
    if (event != RS_PULL_ARRAY) {
        return rs_fail(err, RS_EINPUT, "line %" PRId64 ": %s is no array", rs_input_line(p->input),
                       what);
    }
    for (;;) {
        rc = rs_pull_next(p, &event, err);
        if (rc != RS_OK || event == RS_PULL_ARRAY_END) {
            return rc;
        }
        rc = fn(payload, event, err);
        if (rc != RS_OK) {
            return rc;
        }
    }
}

enum rs_status rs_walk_text(struct rs_pull *p, const char *what, struct rs_buffer *out,
                            struct rs_error *err)
{
    enum rs_pull_event event = RS_PULL_END;
    enum rs_status rc = rs_pull_next(p, &event, err);
    rs_buffer_clear(out);
    if (rc != RS_OK) {
        return rc;
    }
    if (event != RS_PULL_TEXT && event != RS_PULL_NULL) {
        return rs_fail(err, RS_EINPUT, "line %" PRId64 ": %s is no text", rs_input_line(p->input),
                       what);
    }
    if (event == RS_PULL_TEXT) {
        rs_buffer_append(out, p->text, p->length);
    }
    return rs_buffer_status(out, err);
}

enum rs_status rs_walk_number(struct rs_pull *p, const char *what, double *out,
                              struct rs_error *err)
{
    enum rs_pull_event event = RS_PULL_END;
    enum rs_status rc = rs_pull_next(p, &event, err);
    if (rc != RS_OK) {
        return rc;
    }
    if (event != RS_PULL_NUMBER && event != RS_PULL_NULL) {
        return rs_fail(err, RS_EINPUT, "line %" PRId64 ": %s is no number", rs_input_line(p->input),
                       what);
    }
    *out = event == RS_PULL_NUMBER ? p->number : (double)NAN;
    return RS_OK;
}

enum rs_status rs_walk_pass(struct rs_pull *p, enum rs_pull_event event, struct rs_error *err)
{
    return event == RS_PULL_OBJECT || event == RS_PULL_ARRAY ? rs_pull_skip_rest(p, err) : RS_OK;
}
