/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Advising on a fleet with several threads, into a report or piece by piece into a spool. */
#include "cli/advisor.h"
#include "cli/catalogs.h"
#include "cli/fleet_run.h"
#include "cli/groups.h"
#include "cli/pieces.h"
#include "rightsize/replay.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

struct other { /* a cloud to compare with */
    const struct rs_catalog *catalog;
    enum rs_region_basis basis;
};

struct worker {
    struct rs_desk *desk;
    struct rs_entry entry;
    struct rs_buffer text;
};

struct advising { /* what the workers share */
    struct rs_advisor *advisor;
    struct worker *workers[RS_THREADS_MAX];
    pthread_mutex_t lock; /* of the catalogs and the report */
    struct other others[RS_MAX_ELSEWHERE];
    size_t other_count;
    bool others_known;
    struct rs_piece_list *pieces; /* NULL: into the report */
};

static enum rs_status note_other(void *payload, const struct rs_catalog *catalog,
                                 enum rs_region_basis basis, struct rs_error *err)
{
    struct advising *a = payload;
    (void)err;
    if (a->other_count < RS_MAX_ELSEWHERE) {
        a->others[a->other_count++] = (struct other){catalog, basis};
    }
    return RS_OK;
}

/* Catalogs are loaded on demand and stay; what was found of them needs no lock any more. */
static enum rs_status find_catalogs(struct advising *a, const struct rs_resource *resource,
                                    const struct rs_catalog **home, struct rs_error *err)
{
    struct rs_catalogs *catalogs = a->advisor->catalogs;
    pthread_mutex_lock(&a->lock);
    enum rs_status rc = rs_catalogs_get(catalogs, resource->provider, resource->region, home, err);
    if (rc == RS_OK && !a->others_known) {
        rc = rs_catalogs_each(catalogs, false, note_other, a, err);
        a->others_known = rc == RS_OK;
    }
    pthread_mutex_unlock(&a->lock);
    return rc;
}

static enum rs_status compare(const struct advising *a, const struct rs_workload *workload,
                              const struct rs_catalog *home, struct worker *worker,
                              struct rs_error *err)
{
    enum rs_status rc = RS_OK;
    for (size_t i = 0; i < a->other_count && rc == RS_OK; i++) {
        struct rs_elsewhere elsewhere;
        const struct rs_catalog *catalog = a->others[i].catalog;
        const char *provider = workload->resource->provider;
        if (provider != NULL && strcmp(provider, rs_catalog_info(catalog)->provider) == 0) {
            continue;
        }
        rc = rs_recommend_elsewhere(worker->desk, workload, home, catalog, &a->advisor->policy,
                                    &elsewhere, err);
        if (rc == RS_OK) {
            elsewhere.region_is_default = a->others[i].basis == RS_REGION_DEFAULT;
            rs_entry_add_elsewhere(&worker->entry, &elsewhere);
        }
    }
    return rc;
}

/* *curve stays empty where there is nothing to draw it from. */
static enum rs_status draw_curve(const struct rs_workload *workload, const struct rs_catalog *home,
                                 const struct rs_policy *policy, struct rs_entry *entry,
                                 struct rs_curve *curve, struct rs_error *err)
{
    if (home == NULL || entry->advice.finding == RS_FINDING_UNKNOWN) {
        return RS_OK;
    }
    enum rs_status rc = rs_curve_draw(workload, home, policy, curve, err);
    entry->curve = rc == RS_OK ? curve : NULL;
    return rc == RS_ENODATA ? RS_OK : rc;
}

/* To where the answers of the fleet are kept. */
static enum rs_status deliver(struct advising *a, struct worker *worker, struct rs_error *err)
{
    struct rs_report *report = &a->advisor->report;
    if (a->pieces != NULL) {
        return rs_piece_list_add(a->pieces, report, &worker->entry, &worker->text, err);
    }
    pthread_mutex_lock(&a->lock);
    enum rs_status rc = rs_report_add(report, &worker->entry, err);
    pthread_mutex_unlock(&a->lock);
    return rc;
}

static enum rs_status advise_one(void *payload, size_t index, int64_t ordinal,
                                 const struct rs_stored *stored, struct rs_error *err)
{
    struct advising *a = payload;
    struct rs_advisor *advisor = a->advisor;
    struct worker *worker = a->workers[index];
    struct rs_entry *entry = &worker->entry;
    struct rs_earlier earlier;
    const struct rs_catalog *home = NULL;
    struct rs_workload workload;
    (void)ordinal;
    rs_entry_borrow(entry, stored->resource, NULL);
    if (!rs_filter_wants(&advisor->filter, entry)) {
        return RS_OK;
    }
    rs_advisor_workload(stored, advisor->report.window, &earlier, &workload);
    workload.group = rs_groups_find(advisor->groups, stored->number);
    enum rs_status rc = find_catalogs(a, stored->resource, &home, err);
    if (rc == RS_OK) {
        entry->catalog = home != NULL ? rs_catalog_info(home) : NULL;
        rc = rs_recommend(worker->desk, &workload, home, &advisor->policy, &entry->advice, err);
    }
    if (rc == RS_OK) {
        rc = rs_resize_judge(&workload, home, &entry->advice.resize, err);
    }
    if (rc == RS_OK) {
        rc = compare(a, &workload, home, worker, err);
    }
    if (rc != RS_OK || !rs_filter_passes(&advisor->filter, entry)) {
        return rc;
    }
    struct rs_curve curve = {.points = NULL};
    if (advisor->curve) {
        rc = draw_curve(&workload, home, &advisor->policy, entry, &curve, err);
    }
    if (rc == RS_OK) {
        rc = deliver(a, worker, err);
    }
    rs_curve_release(&curve);
    return rc;
}

static enum rs_status advise_all(struct advising *a, const char *instance, struct rs_error *err)
{
    struct rs_advisor *advisor = a->advisor;
    struct rs_scan scan = {.window = advisor->report.window,
                           .resource = instance,
                           .region = advisor->filter.region,
                           .samples = true};
    size_t threads = instance != NULL ? 1 : rs_fleet_threads(advisor->context);
    enum rs_status rc = rs_groups_decide(advisor->context, advisor->report.window, &advisor->policy,
                                         advisor->catalogs, instance, &advisor->groups, err);
    for (size_t i = 0; i < threads && rc == RS_OK; i++) {
        a->workers[i] = calloc(1, sizeof(*a->workers[i]));
        if (a->workers[i] == NULL) {
            rc = rs_fail(err, RS_ENOMEM, "out of memory for %zu threads", threads);
        } else {
            rs_buffer_init(&a->workers[i]->text);
            rc = rs_desk_open(&a->workers[i]->desk, err);
        }
    }
    pthread_mutex_init(&a->lock, NULL);
    if (rc == RS_OK) {
        rc = rs_fleet_run(advisor->context->store, &scan, threads, advise_one, a, err);
    }
    pthread_mutex_destroy(&a->lock);
    for (size_t i = 0; i < threads && a->workers[i] != NULL; i++) {
        rs_buffer_release(&a->workers[i]->text);
        rs_desk_close(a->workers[i]->desk);
        free(a->workers[i]);
    }
    return rc;
}

enum rs_status rs_advisor_run(struct rs_advisor *advisor, const char *instance,
                              struct rs_error *err)
{
    struct advising advising = {.advisor = advisor};
    enum rs_status rc = advise_all(&advising, instance, err);
    if (rc == RS_OK) {
        rs_report_sort(&advisor->report, advisor->order);
    }
    return rc;
}

static enum rs_status write_whole(struct rs_advisor *advisor, const char *instance,
                                  const struct rs_format *format, const struct rs_page *page,
                                  const char *path, struct rs_error *err)
{
    struct rs_buffer text;
    rs_buffer_init(&text);
    enum rs_status rc = rs_advisor_run(advisor, instance, err);
    if (rc == RS_OK &&
        (rc = rs_format_write(format, &advisor->report, page, &text, err)) == RS_OK) {
        rc = rs_output(advisor->context, path, &text, err);
    }
    rs_buffer_release(&text);
    return rc;
}

enum rs_status rs_advisor_write(struct rs_advisor *advisor, const char *instance,
                                const struct rs_format *format, const struct rs_page *page,
                                const char *path, struct rs_error *err)
{
    struct advising advising = {.advisor = advisor};
    if (format->pieces == NULL) {
        return write_whole(advisor, instance, format, page, path, err);
    }
    enum rs_status rc = rs_piece_list_create(format->pieces, &advising.pieces, err);
    if (rc == RS_OK && (rc = advise_all(&advising, instance, err)) == RS_OK) {
        rc = rs_piece_list_write(advising.pieces, &advisor->report, advisor->order,
                                 advisor->context, path, err);
    }
    rs_piece_list_release(advising.pieces);
    return rc;
}
