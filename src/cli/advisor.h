/* SPDX-License-Identifier: GPL-3.0-or-later */
/* advisor.h - from the store to a finished report: what report, export and explain share (level 5).
 */
#ifndef RIGHTSIZE_CLI_ADVISOR_H
#define RIGHTSIZE_CLI_ADVISOR_H

#include "cli/command.h"
#include "rightsize/commitment.h"
#include "rightsize/format.h"

struct rs_advise_options { /* the options of every command that advises */
    const char *policy, *policy_file, *region, *tag, *finding, *sort, *output, *output_file;
    struct rs_option_list set, commitments;
    double min_saving;
    int64_t until;
    bool confidence, curve;
};

struct rs_advisor { /* what a report borrows from, so it stays where it is */
    struct rs_context *context;
    struct rs_policy policy;
    struct rs_catalogs *catalogs;
    struct rs_groups *groups; /* or NULL; its answers are borrowed by the report */
    char tag_key[256];        /* of the filter */
    struct rs_report_filter filter;
    enum rs_report_order order;
    struct rs_commitments commitments;
    struct rs_report report;
    bool curve; /* draw it for every entry */
};

#define RS_ADVISE_ROWS(type)                                                                        \
    {"policy",       'p',                                                                           \
     RS_OPTION_TEXT, offsetof(type, advise.policy),                                                 \
     "NAME",         "the policy to start from ('rightsize policy list')"},                         \
        {"policy-file",  0,                                                                         \
         RS_OPTION_TEXT, offsetof(type, advise.policy_file),                                        \
         "FILE",         "your own policies (RIGHTSIZE_POLICY_FILE; else below $XDG_CONFIG_HOME)"}, \
        {"set",          0,                                                                         \
         RS_OPTION_LIST, offsetof(type, advise.set),                                                \
         "KEY=VALUE",    "change one key of the policy ('rightsize policy show')"},                 \
    {                                                                                               \
        "until", 0, RS_OPTION_INSTANT, offsetof(type, advise.until), "TIME",                        \
            "end of the window (else the newest sample)"                                            \
    }

#define RS_DEPTH_ROWS(type)                                                                        \
    {                                                                                              \
        "confidence", 0, RS_OPTION_FLAG, offsetof(type, advise.confidence), NULL,                  \
            "how sure each answer is: confidence.resamples=200"                                    \
    }

#define RS_FILTER_ROWS(type)                                                                       \
    {"commitments",                                                                                \
     0,                                                                                            \
     RS_OPTION_LIST,                                                                               \
     offsetof(type, advise.commitments),                                                           \
     "[REGION=]FILE",                                                                              \
     "what is paid for already: answers of aws ec2 describe-reserved-instances or aws "            \
     "savingsplans describe-savings-plans"},                                                       \
        {"region",          'r', RS_OPTION_TEXT, offsetof(type, advise.region), "REGION",          \
         "only this region"},                                                                      \
        {"tag", 't', RS_OPTION_TEXT, offsetof(type, advise.tag), "K[=V]", "only with this tag"},   \
        {"finding",      'f',                                                                      \
         RS_OPTION_TEXT, offsetof(type, advise.finding),                                           \
         "FINDING",      "only UNDER_PROVISIONED, OVER_PROVISIONED, OPTIMIZED, IDLE or UNKNOWN"},  \
        {"min-saving",                                                                             \
         0,                                                                                        \
         RS_OPTION_NUMBER,                                                                         \
         offsetof(type, advise.min_saving),                                                        \
         "USD",                                                                                    \
         "only if it saves at least this a month"},                                                \
    {                                                                                              \
        "sort", 's', RS_OPTION_TEXT, offsetof(type, advise.sort), "ORDER",                         \
            "saving (default), id, name or cost"                                                   \
    }

/* Everything but the entries. RS_EUSAGE: an option's value. Release also after a failure. */
RS_CHECKED enum rs_status rs_advisor_open(struct rs_context *context,
                                          const struct rs_advise_options *options,
                                          struct rs_advisor *out, struct rs_error *err);
/*
 * Advise on every resource, or on the one named `instance`, into the report, filtered and sorted.
 * RS_ENODATA: the store has no such instance.
 */
RS_CHECKED enum rs_status rs_advisor_run(struct rs_advisor *advisor, const char *instance,
                                         struct rs_error *err);
/*
 * The same straight to the file `path`, or with NULL to stdout. A format of pieces needs memory
 * for a line a resource only.
 */
RS_CHECKED enum rs_status rs_advisor_write(struct rs_advisor *advisor, const char *instance,
                                           const struct rs_format *format,
                                           const struct rs_page *page, const char *path,
                                           struct rs_error *err);
void rs_advisor_release(struct rs_advisor *advisor); /* a zeroed one is fine */

/* The policy that the options ask for. */
RS_CHECKED enum rs_status rs_advisor_policy(const struct rs_advise_options *options,
                                            struct rs_policy *out, struct rs_error *err);

/*
 * The window of a look back over the store that ends at `until` (-1: its newest sample), in whole 5
 * minutes.
 */
RS_CHECKED enum rs_status rs_advisor_window(struct rs_context *context, int64_t until,
                                            int64_t lookback, struct rs_window *out,
                                            struct rs_error *err);

struct rs_earlier { /* the types that a machine had within a window, oldest first */
    const char *types[RS_MAX_EARLIER];
    int64_t since[RS_MAX_EARLIER];
};
/* What the scan found as a workload of `window`, which borrows from `earlier`. */
void rs_advisor_workload(const struct rs_stored *stored, struct rs_window window,
                         struct rs_earlier *earlier, struct rs_workload *workload);

/* What the reader's terminal can show. */
struct rs_page rs_page_of(const struct rs_context *context);

#endif
