/* SPDX-License-Identifier: GPL-3.0-or-later */
/* collect_proc.c - `collect --from proc`: the sampler bound to the store, the clock and signals. */
#include "cli/collect.h"
#include "cli/collect_identity.h"
#include "cli/lean.h"
#include "rightsize/machine.h"
#include "rightsize/sample.h"

#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <string.h>
#include <time.h>

#define SECOND INT64_C(1000000000)
#define CACHE_KIB 512 /* the sampler touches a few pages a minute */
#define ABSORB_SOONEST 300
#define ABSORB_LATEST 3600

struct bound {
    struct rs_context *context;
    const char *resource;
    sigset_t stops;
    int stopped_by; /* the signal, or 0 */
    int64_t began;  /* instants by the wall clock */
    int64_t absorbed;
    struct rs_put_tally put;
};

static void now(void *payload, int64_t *wall, int64_t *boot)
{
    struct timespec t = {0, 0};
    (void)payload;
    (void)clock_gettime(CLOCK_REALTIME, &t);
    *wall = (int64_t)t.tv_sec * SECOND + t.tv_nsec;
    if (clock_gettime(CLOCK_BOOTTIME, &t) != 0) {
        (void)clock_gettime(CLOCK_MONOTONIC, &t);
    }
    *boot = (int64_t)t.tv_sec * SECOND + t.tv_nsec;
}

/* The signals stay blocked and are waited for here: none can come in the middle of a flush. */
static bool sleep_or_stop(void *payload, int64_t nanoseconds)
{
    struct bound *b = payload;
    int64_t wall, start, passed;
    now(NULL, &wall, &start);
    passed = start;
    while (passed - start < nanoseconds) {
        int64_t left = nanoseconds - (passed - start);
        struct timespec t = {(time_t)(left / SECOND), (long)(left % SECOND)};
        int signal_number = sigtimedwait(&b->stops, NULL, &t);
        if (signal_number > 0) {
            b->stopped_by = signal_number;
            return false;
        }
        if (errno == EAGAIN) {
            return true;
        }
        now(NULL, &wall, &passed);
    }
    return true;
}

static enum rs_status put_peaks(struct bound *b, const struct rs_peak *peaks, size_t count,
                                struct rs_error *err)
{
    struct rs_store_peak rows[RS_SAMPLE_PEAKS * RS_PEAK_KINDS * RS_PEAK_RANKS];
    size_t n = 0;
    for (size_t i = 0; i < count; i++) {
        for (size_t kind = 0; kind < RS_PEAK_KINDS; kind++) {
            for (size_t k = 0; k < peaks[i].count[kind]; k++) {
                const struct rs_peak_process *p = &peaks[i].top[kind][k];
                rows[n++] = (struct rs_store_peak){
                    .at = peaks[i].at,
                    .cpu_percent = peaks[i].cpu_percent,
                    .kind = rs_peak_kind_name((enum rs_peak_kind)kind),
                    .rank = (int)k + 1,
                    .name = p->name,
                    .unit = p->unit[0] == '\0' ? NULL : p->unit,
                    .share = p->share,
                };
            }
        }
    }
    return rs_store_put_peaks(b->context->store, b->resource, rows, n, RS_SAMPLE_PEAKS,
                              RS_SAMPLE_PEAK_APART, err);
}

/* Moving samples into a day's chunks costs as much as the day is long: the longer it has been, the
 * less often. */
static bool is_time_to_absorb(const struct bound *b, int64_t at)
{
    int64_t day = at - at % RS_DAY_SECONDS, since = at - b->absorbed;
    int64_t held = at - (b->began > day ? b->began : day);
    return since >= ABSORB_LATEST || since < 0 || (since >= ABSORB_SOONEST && since >= held / 8);
}

static enum rs_status flush(void *payload, const struct rs_batch *batches, size_t batch_count,
                            const struct rs_peak *peaks, size_t peak_count, struct rs_error *err)
{
    struct bound *b = payload;
    struct rs_store *store = b->context->store;
    int64_t at = rs_clock_system.now(rs_clock_system.payload);
    enum rs_status rc = rs_store_begin(store, err);
    if (rc != RS_OK) {
        return rc;
    }
    for (size_t i = 0; i < batch_count && rc == RS_OK; i++) {
        rc = rs_store_put_recent(store, &batches[i], err);
    }
    if (rc == RS_OK && peak_count > 0) {
        rc = put_peaks(b, peaks, peak_count, err);
    }
    if (rc == RS_OK) {
        rc = rs_store_commit(store, err);
    }
    if (rc != RS_OK) {
        rs_store_rollback(store);
        return rc;
    }
    if (is_time_to_absorb(b, at)) {
        rc = rs_store_absorb(store, &b->put, err);
        b->absorbed = at;
    }
    rs_lean_give_back();
    return rc;
}

static void failed(void *payload, const struct rs_error *err, int64_t dropped)
{
    const struct bound *b = payload;
    rs_say(b->context, RS_LEVEL_WARNING, "%s; sampling goes on, %" PRId64 " samples are lost",
           err->text, dropped);
}

static enum rs_status put_machine(struct rs_context *context, const struct rs_machine *machine,
                                  struct rs_error *err)
{
    bool changed = false;
    enum rs_status rc = rs_store_begin(context->store, err);
    if (rc != RS_OK) {
        return rc;
    }
    rc = rs_store_put_resource(context->store, &machine->resource, &changed, err);
    if (rc == RS_OK) {
        rc = rs_store_commit(context->store, err);
    }
    if (rc != RS_OK) {
        rs_store_rollback(context->store);
    }
    return rc;
}

static enum rs_status plan(const struct rs_collect_options *o, struct rs_sample_run *run,
                           struct rs_error *err)
{
    if ((o->once ? 1 : 0) + (o->daemon ? 1 : 0) + (o->duration > 0 ? 1 : 0) > 1) {
        return rs_fail(err, RS_EUSAGE, "--for, --once and --daemon exclude each other");
    }
    run->root = o->root != NULL ? o->root : "/";
    run->step = o->every > 0 ? o->every : o->once ? 1 : 60;
    run->flush = o->flush > 0 ? o->flush : 60;
    run->duration = o->duration;
    run->once = o->once;
    if (!rs_step_is_valid(run->step) || run->step > 3600) {
        return rs_fail(err, RS_EUSAGE,
                       "--every %" PRId64 "s is not 1s to 1h and a divisor of a day", run->step);
    }
    if (run->flush > RS_SAMPLE_FLUSH_MAX) {
        return rs_fail(err, RS_EUSAGE, "--flush takes 1s to 1h");
    }
    if (run->duration > 0 && run->duration < run->step) {
        return rs_fail(err, RS_EUSAGE, "--for is shorter than --every");
    }
    return RS_OK;
}

static void tell_beginning(struct rs_context *context, const struct rs_machine *m)
{
    rs_say(context, RS_LEVEL_INFO, "%s: %s%s%s, %s vCPUs, %s MiB%s%s", m->id, m->provider,
           m->type[0] != '\0' ? ", " : "", m->type, m->vcpus, m->memory,
           m->model[0] != '\0' ? ", " : "", m->model);
    if (m->shape.container) {
        rs_say(context, RS_LEVEL_INFO,
               "inside a container: its control group's limits and usage are the machine's");
    }
}

static void tell_end(struct rs_context *context, const struct rs_sample_tally *t)
{
    if (!context->globals.quiet) {
        fprintf(context->out, "proc: %" PRId64 " readings, %" PRId64 " samples, %" PRId64 " gaps\n",
                t->rows, t->values, t->gaps);
    }
    if (t->dropped > 0) {
        rs_say(context, RS_LEVEL_WARNING, "%" PRId64 " readings could not be stored", t->dropped);
    }
}

/* As the shell expects: the end of a program by this signal, after all is stored. */
static void end_by_signal(struct rs_context *context, int signal_number)
{
    sigset_t one;
    rs_store_close(context->store);
    context->store = NULL;
    (void)fflush(context->out);
    (void)sigemptyset(&one);
    (void)sigaddset(&one, signal_number);
    (void)signal(signal_number, SIG_DFL);
    (void)raise(signal_number);
    (void)sigprocmask(SIG_UNBLOCK, &one, NULL);
}

static enum rs_status sample(struct bound *b, struct rs_sample_run *run, struct rs_error *err)
{
    struct rs_sample_tally tally;
    struct rs_error second = {RS_OK, ""};
    sigset_t before;
    (void)sigemptyset(&b->stops);
    (void)sigaddset(&b->stops, SIGTERM);
    (void)sigaddset(&b->stops, SIGINT);
    (void)sigaddset(&b->stops, SIGHUP);
    (void)sigprocmask(SIG_BLOCK, &b->stops, &before);
    enum rs_status rc = rs_sample_run(run, &tally, err);
    if (rs_store_absorb(b->context->store, &b->put, &second) != RS_OK && rc == RS_OK) {
        *err = second;
        rc = second.code;
    }
    tell_end(b->context, &tally);
    if (b->stopped_by != 0 && rc == RS_OK) {
        end_by_signal(b->context, b->stopped_by);
    }
    (void)sigprocmask(SIG_SETMASK, &before, NULL);
    if (rc == RS_OK && tally.rows == 0) {
        rc = rs_fail(err, RS_ENODATA,
                     "no sample could be taken: the clock was set or the machine "
                     "was suspended");
    }
    return rc;
}

enum rs_status rs_collect_proc(struct rs_context *context, const struct rs_collect_options *options,
                               struct rs_error *err)
{
    struct rs_machine machine;
    struct rs_sample_run run = {.root = NULL};
    struct bound b = {.context = context, .began = rs_clock_system.now(rs_clock_system.payload)};
    b.absorbed = b.began;
    enum rs_status rc = plan(options, &run, err);
    if (rc == RS_OK) {
        rc = rs_machine_read(run.root, options->instance, b.began, &machine, err);
    }
    if (rc == RS_OK) {
        rs_collect_identity(context, run.root, &machine);
        rc = rs_store_set_cache(context->store, CACHE_KIB, err);
    }
    if (rc == RS_OK) { /* what a killed run left */
        rc = rs_store_absorb(context->store, &b.put, err);
    }
    if (rc == RS_OK) {
        rc = put_machine(context, &machine, err);
    }
    if (rc != RS_OK) {
        return rc;
    }
    tell_beginning(context, &machine);
    rs_lean_give_back();
    b.resource = machine.id;
    run.resource = machine.id;
    run.provider = machine.provider;
    run.clock = (struct rs_sample_clock){now, sleep_or_stop, &b};
    run.sink = (struct rs_sample_sink){flush, failed, &b};
    return sample(&b, &run, err);
}
