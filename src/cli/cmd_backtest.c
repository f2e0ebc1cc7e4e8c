/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/advisor.h"
#include "cli/catalogs.h"
#include "cli/fleet_run.h"
#include "rightsize/proof.h"

#include <math.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#define GRID 300
#define HIDE ((int64_t)7 * RS_DAY_SECONDS)
#define LONGEST ((int64_t)400 * RS_DAY_SECONDS)
#define SEEN_AT_LEAST 7 /* a machine is judged on a seventh of the hidden span, or more */

static const char *const usual[] = {"balanced", "savings", "performance", "compute-optimizer"};
#define USUAL (sizeof(usual) / sizeof(usual[0]))

struct backtest_options {
    struct rs_advise_options advise;
    struct rs_option_list policies;
    int64_t hide;
};

static const struct rs_option options_table[] = {
    {"hide", 0, RS_OPTION_DURATION, offsetof(struct backtest_options, hide), "SPAN",
     "hide this much of the history and judge on it (7d)"},
    {"policy", 'p', RS_OPTION_LIST, offsetof(struct backtest_options, policies), "NAME",
     "a policy to test, repeatable (else the four most used)"},
    {"policy-file", 0, RS_OPTION_TEXT, offsetof(struct backtest_options, advise.policy_file),
     "FILE", "your own policies (RIGHTSIZE_POLICY_FILE; else below $XDG_CONFIG_HOME)"},
    {"set", 0, RS_OPTION_LIST, offsetof(struct backtest_options, advise.set), "KEY=VALUE",
     "change one key of every policy tested"},
    {"until", 0, RS_OPTION_INSTANT, offsetof(struct backtest_options, advise.until), "TIME",
     "end of the hidden span (else the newest sample)"},
    {"output", 'o', RS_OPTION_TEXT, offsetof(struct backtest_options, advise.output), "FORMAT",
     "table (default) or json"},
    {.name = NULL},
};

struct testing {          /* the scan's payload */
    pthread_mutex_t lock; /* of the catalogs and the results */
    struct rs_catalogs *catalogs;
    struct rs_desk *desks[RS_THREADS_MAX]; /* by worker */
    struct rs_policy policies[RS_OPTION_LIST_MAX];
    struct rs_window scanned; /* from the first instant that a policy may look back to */
    struct rs_backtest test;
};

/* A machine as it was known at an instant: without what happened to its type later. */
static void as_of(const struct rs_stored *stored, int64_t at, struct rs_resource *resource,
                  struct rs_stored *out)
{
    *resource = *stored->resource;
    *out = *stored;
    out->resource = resource;
    while (out->change_count > 1 && out->changes[out->change_count - 1].at >= at) {
        out->change_count--;
    }
    const char *type = out->change_count > 0 ? out->changes[out->change_count - 1].type : NULL;
    if (type != NULL && (resource->type == NULL || strcmp(type, resource->type) != 0)) {
        resource->type = type;
        resource->architecture = NULL; /* of the later type, as is the size it tells of itself */
        resource->tag_count = 0;
    }
}

struct machine { /* one of the scan, as judged */
    const struct rs_stored *stored;
    int64_t ordinal;
    struct rs_desk *desk; /* borrowed */
    const struct rs_catalog *catalog;
    const struct rs_offer *from, *own;             /* before the cut, and in the hidden span */
    const struct rs_offer *to[RS_OPTION_LIST_MAX]; /* by policy */
    struct rs_traces traces;
};

/* *reason (static or of *advice) says why a policy has no answer, or is NULL. */
static enum rs_status advise_before(struct testing *t, const struct machine *m, size_t policy,
                                    struct rs_entry *entry, const char **reason,
                                    struct rs_error *err)
{
    const struct rs_policy *p = &t->policies[policy];
    struct rs_earlier earlier;
    struct rs_resource resource;
    struct rs_stored stored;
    struct rs_workload workload;
    int64_t cut = t->test.hidden.from, from = cut - p->lookback;
    from = from > t->scanned.from ? from : t->scanned.from;
    as_of(m->stored, cut, &resource, &stored);
    rs_advisor_workload(&stored, (struct rs_window){from, cut}, &earlier, &workload);
    enum rs_status rc = rs_recommend(m->desk, &workload, m->catalog, p, &entry->advice, err);
    const struct rs_advice *advice = &entry->advice;
    *reason = NULL;
    if (rc == RS_OK && advice->finding == RS_FINDING_UNKNOWN) {
        *reason = advice->note_count > 0 ? advice->notes[0].text : "no advice";
    } else if (rc == RS_OK && advice->coverage * (double)(cut - from) < (double)p->min_data) {
        *reason = "too little history before the hidden span";
    } else if (rc == RS_OK && isnan(advice->current_monthly)) {
        *reason = "no price";
    }
    return rc;
}

/* What happened: the samples of the hidden span, of the type that the machine had then. */
static enum rs_status read_hidden(const struct testing *t, struct machine *m, const char **reason,
                                  struct rs_error *err)
{
    struct rs_earlier earlier;
    struct rs_resource resource;
    struct rs_stored stored;
    struct rs_workload workload;
    struct rs_window hidden = t->test.hidden;
    as_of(m->stored, hidden.to, &resource, &stored);
    rs_advisor_workload(&stored, hidden, &earlier, &workload);
    const struct rs_offer *own = rs_catalog_find(m->catalog, resource.type);
    if (own == NULL || !(own->vcpus > 0.0) || !(own->memory_bytes > 0.0)) {
        *reason = "its later type is not in the catalog";
        return RS_OK;
    }
    m->own = own;
    enum rs_status rc = rs_traces_read(&workload, own, &m->traces, err);
    if (rc != RS_OK) {
        return rc;
    }
    const struct rs_series *cpu = &m->traces.demand[RS_DIM_CPU];
    double seconds = (double)rs_series_count(cpu) * (double)cpu->step;
    if (!(seconds * SEEN_AT_LEAST >= (double)(hidden.to - hidden.from))) {
        *reason = "too few samples in the hidden span";
        rs_traces_release(&m->traces);
    }
    return RS_OK;
}

static enum rs_status judge(struct testing *t, const struct machine *m, struct rs_error *err)
{
    const char *currency = rs_catalog_info(m->catalog)->currency;
    struct rs_replay now, then;
    enum rs_status rc = RS_OK;
    for (size_t p = 0; p < t->test.policy_count && rc == RS_OK; p++) {
        const struct rs_policy *policy = &t->policies[p];
        double speed = rs_policy_speed(policy, m->own, m->from);
        rc = rs_replay_offer(&m->traces, m->from, speed, rs_policy_unlimited(policy, m->from), &now,
                             err);
        if (rc == RS_OK) {
            speed = rs_policy_speed(policy, m->own, m->to[p]);
            rc = rs_replay_offer(&m->traces, m->to[p], speed, rs_policy_unlimited(policy, m->to[p]),
                                 &then, err);
        }
        if (rc == RS_OK) {
            pthread_mutex_lock(&t->lock);
            t->test.ordinal = m->ordinal;
            rc = rs_backtest_add(&t->test, m->stored->resource, currency != NULL ? currency : "USD",
                                 p, &now, &then, err);
            pthread_mutex_unlock(&t->lock);
        }
    }
    return rc;
}

static enum rs_status leave_out(struct testing *t, const struct machine *m, const char *reason,
                                struct rs_error *err)
{
    pthread_mutex_lock(&t->lock);
    t->test.ordinal = m->ordinal;
    enum rs_status rc = rs_backtest_leave_out(&t->test, m->stored->resource, reason, err);
    pthread_mutex_unlock(&t->lock);
    return rc;
}

static enum rs_status test_one(void *payload, size_t worker, int64_t ordinal,
                               const struct rs_stored *stored, struct rs_error *err)
{
    struct testing *t = payload;
    struct rs_entry entry = {.id = NULL};
    struct machine m = {.stored = stored, .ordinal = ordinal};
    const char *reason = NULL;
    struct rs_desk **desk = &t->desks[worker];
    enum rs_status rc = *desk == NULL ? rs_desk_open(desk, err) : RS_OK;
    if (rc != RS_OK) {
        return rc;
    }
    m.desk = *desk;
    pthread_mutex_lock(&t->lock);
    rc = rs_catalogs_get(t->catalogs, stored->resource->provider, stored->resource->region,
                         &m.catalog, err);
    pthread_mutex_unlock(&t->lock);
    for (size_t p = 0; p < t->test.policy_count && rc == RS_OK && reason == NULL; p++) {
        rc = advise_before(t, &m, p, &entry, &reason, err);
        const struct rs_option_offer *choice = rs_entry_choice(&entry);
        m.from = entry.advice.current;
        m.to[p] = choice != NULL ? choice->offer : m.from;
    }
    if (rc == RS_OK && reason == NULL) {
        rc = read_hidden(t, &m, &reason, err);
    }
    if (rc != RS_OK || reason != NULL) {
        return rc != RS_OK ? rc : leave_out(t, &m, reason, err);
    }
    rc = judge(t, &m, err);
    rs_traces_release(&m.traces);
    return rc;
}

/* The policies to test, and the longest look-back of them. */
static enum rs_status take_policies(struct testing *t, const struct backtest_options *o,
                                    int64_t *lookback, struct rs_error *err)
{
    bool asked = o->policies.count > 0;
    size_t count = asked ? o->policies.count : USUAL;
    *lookback = 0;
    for (size_t i = 0; i < count; i++) {
        struct rs_advise_options advise = {.policy = asked ? o->policies.items[i] : usual[i],
                                           .policy_file = o->advise.policy_file,
                                           .set = o->advise.set};
        enum rs_status rc = rs_advisor_policy(&advise, &t->policies[i], err);
        if (rc != RS_OK) {
            return rc;
        }
        t->policies[i].groups = false; /* each machine is advised by itself */
        *lookback = t->policies[i].lookback > *lookback ? t->policies[i].lookback : *lookback;
    }
    t->test.policies = t->policies;
    t->test.policy_count = count;
    return RS_OK;
}

/* Where the history is cut. */
static enum rs_status take_windows(struct rs_context *context, struct testing *t,
                                   const struct backtest_options *o, int64_t lookback,
                                   struct rs_error *err)
{
    int64_t hide = o->hide > 0 ? o->hide : HIDE;
    if (hide < GRID || hide > LONGEST) {
        return rs_fail(err, RS_EUSAGE, "--hide is 5m to 400d");
    }
    hide = (hide + GRID - 1) / GRID * GRID;
    enum rs_status rc =
        rs_advisor_window(context, o->advise.until, lookback + hide, &t->scanned, err);
    if (rc != RS_OK) {
        return rc;
    }
    if (t->scanned.to - t->scanned.from <= hide) {
        char span[RS_WHEN_TEXT];
        rs_when_format(t->scanned.from, span);
        return rs_fail(err, RS_ENODATA,
                       "the store has no history before the hidden span: it begins at %s", span);
    }
    t->test.generated_at = context->now;
    t->test.hidden = (struct rs_window){t->scanned.to - hide, t->scanned.to};
    t->test.seen_from = t->scanned.from;
    return RS_OK;
}

static enum rs_status print(struct rs_context *context, const struct rs_backtest *test, bool json,
                            struct rs_error *err)
{
    struct rs_page page = rs_page_of(context);
    struct rs_buffer text;
    if (test->trial_count == 0) {
        return rs_fail(err, RS_ENODATA, "no machine has enough history to be judged%s%.200s",
                       test->untried_count > 0 ? ": " : "",
                       test->untried_count > 0 ? test->untried[0].reason : "");
    }
    rs_buffer_init(&text);
    enum rs_status rc =
        json ? rs_backtest_json(test, &text, err) : rs_backtest_text(test, &page, &text, err);
    if (rc == RS_OK) {
        rc = rs_output(context, NULL, &text, err);
    }
    rs_buffer_release(&text);
    return rc;
}

static enum rs_status run(struct rs_context *context, const void *options, int argc, char **argv,
                          struct rs_error *err)
{
    (void)argc, (void)argv;
    const struct backtest_options *o = options;
    const char *format = o->advise.output != NULL ? o->advise.output : "table";
    bool json = strcmp(format, "json") == 0;
    if (!json && strcmp(format, "table") != 0) {
        return rs_fail(err, RS_EUSAGE, "--output '%s' is not table or json", format);
    }
    struct testing *t = calloc(1, sizeof(*t));
    if (t == NULL) {
        return rs_fail(err, RS_ENOMEM, "out of memory for a backtest");
    }
    int64_t lookback = 0;
    enum rs_status rc = take_policies(t, o, &lookback, err);
    if (rc == RS_OK) {
        rc = take_windows(context, t, o, lookback, err);
    }
    if (rc == RS_OK) {
        rc = rs_catalogs_open(context, &t->catalogs, err);
    }
    if (rc == RS_OK) {
        struct rs_scan scan = {.window = t->scanned, .samples = true};
        pthread_mutex_init(&t->lock, NULL);
        rc = rs_fleet_run(context->store, &scan, rs_fleet_threads(context), test_one, t, err);
        pthread_mutex_destroy(&t->lock);
        rs_backtest_sort(&t->test);
    }
    if (rc == RS_OK) {
        rc = print(context, &t->test, json, err);
    }
    rs_backtest_release(&t->test);
    for (size_t i = 0; i < RS_THREADS_MAX; i++) {
        rs_desk_close(t->desks[i]);
    }
    rs_catalogs_close(t->catalogs);
    free(t);
    return rc;
}

const struct rs_command rs_cmd_backtest = {
    .name = "backtest",
    .operands = "[--hide SPAN] [--policy NAME]... [OPTIONS]",
    .summary = "what the advice would have done: hide the last week, advise, judge",
    .about =
        "Advises on every instance from what lies before the last SPAN of the history, takes each\n"
        "policy's first choice, and judges it on what was hidden: what it saves, and which "
        "machines\n"
        "would have been short. Short is: CPU, network or disk wanted more than there is in more\n"
        "than 1 % of the samples, or memory at all. All policies are judged on the same machines;\n"
        "the row '(as it is)' has what those were short of without any move. Each machine is\n"
        "advised by itself, whatever group it is of (groups=no).\n"
        "\n"
        "JSON: `policies` has for each its `settings`, `totals` and `machines`. Money is a "
        "month's,\n"
        "in `currency`; relative_cost is monthly_then / monthly_now; short_now and short_then "
        "count\n"
        "machines in `totals`, and list resources in `machines`, each with short_share of the\n"
        "samples, depth (highest demand / capacity), first_short_at, worst_at and the longest "
        "run.\n"
        "`not_judged` has the other machines and why. An unknown number or instant is null.",
    .min_operands = 0,
    .max_operands = 0,
    .needs = RS_NEEDS_STORE_READ,
    .options = options_table,
    .options_size = sizeof(struct backtest_options),
    .run = run,
};
