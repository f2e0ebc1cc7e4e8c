/* SPDX-License-Identifier: GPL-3.0-or-later */
/* record.h - the parts that inventory answers of EC2 have in common (private to source). */
#ifndef RIGHTSIZE_SOURCE_RECORD_H
#define RIGHTSIZE_SOURCE_RECORD_H

#include "rightsize/json.h"
#include "rightsize/resource.h"
#include "source/stamp.h"

#define RS_RECORD_TAGS 64 /* EC2 allows 50 and a few of its own */

struct rs_record_tags { /* texts borrowed from the tree */
    struct rs_tag tag[RS_RECORD_TAGS];
    size_t count;
};

/* [{"Key": ..., "Value": ...}]; anything else is no tag. */
void rs_record_tags(const cJSON *array, struct rs_record_tags *out);
/* The value of a tag, or NULL when there is none or it is empty. */
const char *rs_record_tag(const struct rs_record_tags *tags, const char *key);

/* A time stamp, text or seconds; -1: absent or unreadable. */
int64_t rs_record_time(struct rs_stamps *stamps, const cJSON *item);
/* The elements of an array; -1: no array. */
int64_t rs_record_count(const cJSON *array);

#endif
