/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * source.h - where samples come from (level 2). A source knows nothing of the store: it fills a
 * sink, in canonical units.
 */
#ifndef RIGHTSIZE_SOURCE_H
#define RIGHTSIZE_SOURCE_H

#include "rightsize/input.h"
#include "rightsize/resource.h"
#include "rightsize/series.h"
#include "rightsize/status.h"
#include "rightsize/when.h"

#include <stdbool.h>

struct rs_sink { /* the CLI binds it to the store; tests to an array */
    enum rs_status (*samples)(void *payload, const struct rs_batch *batch, struct rs_error *err);
    enum rs_status (*resource)(void *payload, const struct rs_resource *resource,
                               struct rs_error *err);
    enum rs_status (*attachment)(void *payload, const struct rs_attachment *attachment,
                                 struct rs_error *err);
    void *payload;
};

struct rs_queries; /* what Id means in get-metric-data answers: queries.h */

struct rs_source_request {
    const char *name;     /* of the input, for messages and for the template */
    const char *instance; /* --instance: name to file under, or NULL to take it from the input */
    const char *name_template; /* --name-template "{instance}_{metric}.json", or NULL */
    const char *metric;        /* --metric: canonical metric of a two-column CSV, or NULL */
    const char *columns;       /* --columns "ts=1,value=2" (1-based), or NULL */
    const char *statistic;     /* --statistic avg|max|min|sum_rate for generic CSV, or NULL = avg */
    const char *zone;   /* --tz, or NULL = stamps without zone are refused, console CSV is UTC */
    const char *region; /* --region for inputs that do not name it, or NULL */
    int64_t step;       /* --step: seconds, or 0 = from the input */
    const struct rs_queries *queries; /* or NULL */
    int64_t now;                      /* samples later than now + 1 h are rejected */
    int64_t observed_at;              /* for inventory: file time or --as-of */
};

#define RS_TALLY_NOTES 16

struct rs_tally {
    int64_t series;                 /* batches handed on, counted once a series */
    int64_t samples;                /* handed on */
    int64_t rejected;               /* samples refused: NaN, out of range, future ... */
    char first_rejected[256];       /* "line 17: cpu_percent 140 is outside 0..100.5" */
    int64_t resources, attachments; /* inventory records handed on */
    int64_t ignored; /* well-formed, but not about an instance (other dimensions, namespaces) */
    char note[RS_TALLY_NOTES][256]; /* near misses, each with its remedy; no two alike */
    size_t note_count, notes_dropped;
};

/* Add a near miss unless it is there already. */
RS_PRINTF(2, 3) void rs_tally_note(struct rs_tally *tally, const char *format, ...);
/* Count `n` refused samples and keep the first reason. */
RS_PRINTF(3, 4) void rs_tally_reject(struct rs_tally *tally, int64_t n, const char *format, ...);

struct rs_source {
    const char *name, *summary; /* "get-metric-data", "answers of aws cloudwatch get-metric-data" */
    /*
     * How sure, from the first bytes (up to 64 KiB, inflated): 0 not mine, 100 certain. The source
     * with the highest answer reads the input.
     */
    int (*recognise)(const char *head, size_t length);
    /*
     * RS_EINPUT: nothing sensible can follow (not this format, cut off, identity missing); the text
     * names the place ("line 17: ...") and the remedy. Bad samples are tallied, not failures.
     */
    enum rs_status (*read)(const struct rs_source_request *request, struct rs_input *input,
                           const struct rs_sink *sink, struct rs_tally *tally,
                           struct rs_error *err);
    /* read() only says what the input is for: in a folder such files may be passed over. */
    bool refuses;
};

extern const struct rs_source *const rs_sources[]; /* NULL-terminated: source_table.c */
const struct rs_source *rs_source_by_name(const char *name);

/* The source for an input by its first bytes. RS_EINPUT: none, with what the bytes look like. */
RS_CHECKED enum rs_status rs_source_recognise(struct rs_input *input, const struct rs_source **out,
                                              struct rs_error *err);

#endif
