/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "advise/demand.h"

#include "advise/desk.h"
#include "advise/earlier.h"
#include "advise/gpu.h"
#include "advise/trace.h"

#include <math.h>

#define RUNS_SHORT 0.95 /* of a capacity: nearer to it, more may have been wanted */

/* The peak decides whether a type is enough, so the maximum within a step comes first. */
#define PEAKS                                                                                      \
    {                                                                                              \
        RS_STATISTIC_MAX, RS_STATISTIC_AVG, RS_STATISTIC_SUM_RATE                                  \
    }
/* A limit on a rate is one on its mean over a step. */
#define RATES                                                                                      \
    {                                                                                              \
        RS_STATISTIC_SUM_RATE, RS_STATISTIC_AVG, RS_STATISTIC_MAX                                  \
    }
/* Of what is free, the least is the peak of use. */
#define TROUGHS                                                                                    \
    {                                                                                              \
        RS_STATISTIC_MIN, RS_STATISTIC_AVG, RS_STATISTIC_MAX                                       \
    }

struct rs_window rs_demand_own_window(const struct rs_workload *work)
{
    struct rs_window own = work->window;
    if (work->last_type_change >= 0 && work->last_type_change > own.from) {
        own.from = work->last_type_change;
    }
    return own;
}

static void measure_span(struct rs_study *study, const struct rs_summary *s, int64_t step,
                         bool is_cpu)
{
    struct rs_advice *out = study->out;
    bool longer = (double)s->count * (double)step > (double)out->samples * (double)study->step;
    if (!is_cpu && (study->cpu_span || !longer)) {
        return;
    }
    double window = (double)(study->work->window.to - study->work->window.from);
    double seconds = (double)s->count * (double)step;
    study->cpu_span = is_cpu;
    study->step = step;
    out->samples = s->count;
    out->data_from = s->first_at;
    out->data_to = s->last_at + step;
    out->coverage = fmin(seconds / window, 1.0);
    out->running_share = fmin(seconds / (double)(out->data_to - out->data_from), 1.0);
}

bool rs_demand_is_work(enum rs_dimension d)
{
    return d == RS_DIM_CPU || d == RS_DIM_MEMORY || d == RS_DIM_GPU || d == RS_DIM_GPU_MEMORY;
}

struct share { /* of capacity that must hold, by policy */
    double percentile, headroom;
};

static struct share share_of(const struct rs_policy *policy, enum rs_dimension d)
{
    if (d == RS_DIM_CPU || d == RS_DIM_GPU) {
        return (struct share){policy->cpu_percentile, policy->cpu_headroom};
    }
    if (d == RS_DIM_MEMORY || d == RS_DIM_GPU_MEMORY) {
        return (struct share){policy->memory_percentile, policy->memory_headroom};
    }
    return (struct share){policy->io_percentile, policy->io_headroom};
}

/*
 * With recent weeks asked for, the busiest of them says what is used, and the percentile of the
 * whole is not looked for; of one week it is the same.
 */
static enum rs_status sum_up(const struct rs_study *study, enum rs_dimension d,
                             const struct rs_series *trace, const struct rs_extent *known, double q,
                             struct rs_summary *out, struct rs_error *err)
{
    struct rs_workspace *work = &study->desk->stats;
    bool found = false;
    double used = NAN;
    int64_t at = -1, to = study->work->window.to;
    int weeks = rs_demand_is_work(d) ? study->policy->recent_weeks : 0;
    enum rs_status rc = RS_OK;
    if (weeks > 0 && !rs_weeks_is_one(trace, to)) {
        rc = rs_weeks_quantile(work, trace, to, weeks, q, &found, &used, &at, err);
    }
    if (rc == RS_OK) {
        rc = rs_summary_brief(work, trace, known, found ? NULL : &q, out, err);
    }
    if (rc == RS_OK && found) {
        out->quantile = used;
        out->quantile_at = at;
    }
    return rc;
}

double rs_demand_need(const struct rs_study *study, enum rs_dimension d, double used)
{
    const struct rs_policy *policy = study->policy;
    const struct rs_demand *demand = &study->out->demand[d];
    double need = used / (1.0 - demand->headroom);
    if (d == RS_DIM_MEMORY) {
        need += policy->memory_pad;
    }
    bool capped = policy->capped && rs_demand_is_work(d);
    bool is_short = !policy->down_only && used > RUNS_SHORT * demand->capacity;
    return capped && !is_short ? fmin(need, fmax(demand->capacity, used)) : need;
}

/* known NULL: the extent of the trace is not. */
static enum rs_status fill(struct rs_study *study, enum rs_dimension d,
                           const struct rs_series *trace, const struct rs_extent *known,
                           const char *metric, struct rs_error *err)
{
    struct rs_summary s;
    struct share share = share_of(study->policy, d);
    enum rs_status rc = sum_up(study, d, trace, known, share.percentile / 100.0, &s, err);
    if (rc != RS_OK) {
        return rc;
    }
    if (d == RS_DIM_MEMORY) {
        study->weeks = rs_weeks_peaks(trace, study->work->window.to, study->week_peaks);
    }
    measure_span(study, &s, trace->step, d == RS_DIM_CPU);
    if (d == RS_DIM_CPU && study->current == NULL) {
        return RS_OK; /* a percentage of an unknown machine */
    }
    double window = (double)(study->work->window.to - study->work->window.from);
    struct rs_demand *demand = &study->out->demand[d];
    demand->known = true;
    demand->metric = metric;
    demand->statistic = rs_statistic_name(trace->statistic);
    demand->step = trace->step;
    demand->used = s.quantile;
    demand->need = rs_demand_need(study, d, s.quantile);
    demand->mean = s.mean;
    demand->peak = s.max;
    demand->used_at = s.quantile_at;
    demand->peak_at = s.max_at;
    demand->samples = s.count;
    demand->coverage = fmin((double)s.count * (double)trace->step / window, 1.0);
    study->traces[d] = *trace;
    return RS_OK;
}

/* Finite even where a hostile sample is near the end of what a double holds. */
static const struct rs_extent *if_known(const struct rs_extent *extent, size_t joined)
{
    return extent->count > 0 && joined == 0 && isfinite(extent->max) ? extent : NULL;
}

/* fit NULL: the metric tells the same whatever the type. */
static enum rs_status read_one(struct rs_study *study, enum rs_dimension d,
                               const struct rs_reading *reading, const struct rs_choice *choice,
                               rs_earlier_fn *fit, struct rs_error *err)
{
    struct rs_series trace;
    struct rs_extent extent;
    size_t joined = 0;
    enum rs_status rc = rs_trace_build(&study->reader, reading, choice, &trace, &extent, err);
    if (rc == RS_OK && fit != NULL) {
        rc = rs_earlier_join(study, reading, choice, fit, &trace, &joined, err);
        study->converted = d == RS_DIM_CPU ? joined : study->converted;
    }
    return rc == RS_OK ? fill(study, d, &trace, if_known(&extent, joined),
                              rs_metric_info(reading->metric)->name, err)
                       : rc;
}

/* What CPU credits are spent on is the mean, not the peak, of a step. */
/* A load that has grown is not what it was on average. */
static double use_ahead(const struct rs_series *use, double mean)
{
    size_t week = (size_t)(7 * RS_DAY_SECONDS / use->step);
    size_t first = use->slots > week ? use->slots - week : 0, n = 0;
    double sum = 0.0;
    for (size_t i = first; i < use->slots && first > 0; i++) {
        if (!isnan(use->values[i])) {
            sum += use->values[i];
            n++;
        }
    }
    return n > 0 && sum > mean * (double)n ? sum / (double)n : mean;
}

static enum rs_status read_use(struct rs_study *study, struct rs_reading reading,
                               struct rs_error *err)
{
    struct rs_summary s;
    reading.mean = true;
    reading.order[0] = RS_STATISTIC_AVG;
    reading.order[1] = RS_STATISTIC_MAX;
    struct rs_choice choice = rs_trace_choose(&study->reader, &reading);
    struct rs_extent extent;
    size_t joined = 0;
    enum rs_status rc =
        rs_trace_build(&study->reader, &reading, &choice, &study->use, &extent, err);
    if (rc == RS_OK) {
        rc = rs_earlier_join(study, &reading, &choice, rs_earlier_cpu, &study->use, &joined, err);
    }
    if (rc == RS_OK) {
        rc = rs_summary_brief(&study->desk->stats, &study->use, if_known(&extent, joined), NULL, &s,
                              err);
    }
    if (rc == RS_OK) {
        study->use_mean = s.mean;
        study->use_peak = s.max;
        study->use_ahead = use_ahead(&study->use, s.mean);
    }
    return rc;
}

static struct rs_reading cpu_reading(const struct rs_study *study)
{
    double vcpus = study->current != NULL ? study->current->vcpus : 1.0;
    return (struct rs_reading){RS_METRIC_CPU_PERCENT,
                               PEAKS,
                               0.0,
                               vcpus / 100.0,
                               vcpus,
                               false,
                               rs_demand_own_window(study->work)};
}

static enum rs_status read_cpu(struct rs_study *study, struct rs_error *err)
{
    struct rs_reading reading = cpu_reading(study), before = reading;
    before.window = (struct rs_window){study->work->window.from, reading.window.from};
    struct rs_choice old = rs_trace_choose(&study->reader, &before);
    if (old.measured > 0) {
        study->left_out = (size_t)(old.measured / old.step);
    }
    struct rs_choice choice = rs_trace_choose(&study->reader, &reading);
    if (choice.measured == 0) {
        return RS_OK;
    }
    rs_earlier_fn *fit = study->current != NULL ? rs_earlier_cpu : NULL;
    enum rs_status rc = read_one(study, RS_DIM_CPU, &reading, &choice, fit, err);
    study->left_out -= study->converted < study->left_out ? study->converted : study->left_out;
    return rc == RS_OK && study->current != NULL ? read_use(study, reading, err) : rc;
}

static bool is_of_reading(const struct rs_series *s, const struct rs_reading *reading)
{
    bool read = false;
    for (size_t i = 0; i < sizeof(reading->order) / sizeof(reading->order[0]); i++) {
        read = read || s->statistic == reading->order[i];
    }
    return read && s->metric == reading->metric;
}

static bool is_within(int64_t at, struct rs_window window)
{
    return at >= window.from && at < window.to;
}

bool rs_demand_probe(const struct rs_study *study, bool *unsure)
{
    struct rs_reading reading = cpu_reading(study);
    const struct rs_workload *work = study->work;
    bool found = false, spans = false;
    for (size_t i = 0; i < work->series_count; i++) {
        const struct rs_series *s = &work->series[i];
        if (s->values == NULL && is_of_reading(s, &reading)) {
            spans = true;
            found = found ||
                    (s->slots > 0 && (is_within(s->from, reading.window) ||
                                      is_within(rs_series_at(s, s->slots - 1), reading.window)));
        }
    }
    *unsure = spans && !found;
    return spans ? found : rs_trace_choose(&study->reader, &reading).measured > 0;
}

static enum rs_status read_memory(struct rs_study *study, struct rs_error *err)
{
    double size = study->current != NULL ? study->current->memory_bytes : NAN;
    struct rs_window all = study->work->window, own = rs_demand_own_window(study->work);
    const struct rs_reading sources[] = {
        {RS_METRIC_MEM_USED_BYTES, PEAKS, 0.0, 1.0, INFINITY, false, all},
        {RS_METRIC_MEM_PERCENT, PEAKS, 0.0, size / 100.0, size, false, own},
        {RS_METRIC_MEM_AVAILABLE_BYTES, TROUGHS, size, -1.0, size, false, own},
        {RS_METRIC_MEM_COMMITTED_PERCENT, PEAKS, 0.0, size / 100.0, size, false, own},
    };
    static rs_earlier_fn *const fits[] = {NULL, rs_earlier_memory_share, rs_earlier_memory_free,
                                          rs_earlier_memory_share};
    enum { SOURCES = sizeof(sources) / sizeof(sources[0]), PROXY = SOURCES - 1 };
    struct rs_choice found[SOURCES];
    size_t usable = study->current != NULL ? SOURCES : 1;
    int64_t best = 0;
    for (size_t i = 0; i < usable; i++) {
        found[i] = rs_trace_choose(&study->reader, &sources[i]);
        if (i != PROXY || best == 0) { /* commit charge never outbids a measurement */
            best = found[i].measured > best ? found[i].measured : best;
        }
    }
    for (size_t i = 0; i < usable && best > 0; i++) {
        if (found[i].measured * 2 >= best) {
            study->memory_is_proxy = i == PROXY;
            return read_one(study, RS_DIM_MEMORY, &sources[i], &found[i], fits[i], err);
        }
    }
    return RS_OK;
}

static const struct flow {
    enum rs_dimension dimension;
    enum rs_metric metrics[2];
    size_t count;
    const char *both;
} flows[] = {
    {RS_DIM_NET_IN, {RS_METRIC_NET_IN_BYTES, RS_METRIC_NET_IN_BYTES}, 1, NULL},
    {RS_DIM_NET_OUT, {RS_METRIC_NET_OUT_BYTES, RS_METRIC_NET_OUT_BYTES}, 1, NULL},
    {RS_DIM_NET_PACKETS,
     {RS_METRIC_NET_IN_PACKETS, RS_METRIC_NET_OUT_PACKETS},
     2,
     "net_in_packets_per_s + net_out_packets_per_s"},
    {RS_DIM_EBS_BYTES,
     {RS_METRIC_EBS_READ_BYTES, RS_METRIC_EBS_WRITE_BYTES},
     2,
     "ebs_read_bytes_per_s + ebs_write_bytes_per_s"},
    {RS_DIM_EBS_OPS,
     {RS_METRIC_EBS_READ_OPS, RS_METRIC_EBS_WRITE_OPS},
     2,
     "ebs_read_ops_per_s + ebs_write_ops_per_s"},
    {RS_DIM_DISK_BYTES,
     {RS_METRIC_DISK_READ_BYTES, RS_METRIC_DISK_WRITE_BYTES},
     2,
     "disk_read_bytes_per_s + disk_write_bytes_per_s"},
    {RS_DIM_DISK_OPS,
     {RS_METRIC_DISK_READ_OPS, RS_METRIC_DISK_WRITE_OPS},
     2,
     "disk_read_ops_per_s + disk_write_ops_per_s"},
};

static enum rs_status read_sum(struct rs_study *study, const struct flow *flow,
                               const struct rs_reading readings[static 2],
                               struct rs_choice choices[static 2], struct rs_error *err)
{
    struct rs_series sum, part;
    int64_t step = choices[0].step > choices[1].step ? choices[0].step : choices[1].step;
    choices[0].step = choices[1].step = step;
    enum rs_status rc = rs_trace_build(&study->reader, &readings[0], &choices[0], &sum, NULL, err);
    if (rc == RS_OK) {
        rc = rs_trace_build(&study->reader, &readings[1], &choices[1], &part, NULL, err);
    }
    if (rc == RS_OK) {
        rc = rs_trace_sum(&study->reader, &sum, &part, &sum, err);
    }
    return rc == RS_OK ? fill(study, flow->dimension, &sum, NULL, flow->both, err) : rc;
}

static enum rs_status read_flow(struct rs_study *study, const struct flow *flow,
                                struct rs_error *err)
{
    struct rs_reading readings[2];
    struct rs_choice choices[2] = {{RS_STATISTIC_AVG, 0, 0}, {RS_STATISTIC_AVG, 0, 0}};
    for (size_t i = 0; i < flow->count; i++) {
        readings[i] = (struct rs_reading){flow->metrics[i],   RATES, 0.0, 1.0, INFINITY, false,
                                          study->work->window};
        choices[i] = rs_trace_choose(&study->reader, &readings[i]);
    }
    if (choices[0].measured > 0 && choices[1].measured > 0) {
        return read_sum(study, flow, readings, choices, err);
    }
    for (size_t i = 0; i < flow->count; i++) {
        if (choices[i].measured > 0) {
            return read_one(study, flow->dimension, &readings[i], &choices[i], NULL, err);
        }
    }
    return RS_OK;
}

static enum rs_status read_gpus(struct rs_study *study, struct rs_error *err)
{
    struct rs_window own = rs_demand_own_window(study->work);
    double card = study->current != NULL ? rs_gpu_card(study->current) : 1.0;
    const struct {
        enum rs_dimension dimension;
        struct rs_reading reading;
    } rows[] = {
        {RS_DIM_GPU, {RS_METRIC_GPU_PERCENT, PEAKS, 0.0, card / 100.0, INFINITY, false, own}},
        {RS_DIM_GPU_MEMORY,
         {RS_METRIC_GPU_MEMORY_USED_BYTES, PEAKS, 0.0, 1.0, INFINITY, false, own}},
    };
    enum rs_status rc = RS_OK;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]) && rc == RS_OK; i++) {
        struct rs_choice choice = rs_trace_choose(&study->reader, &rows[i].reading);
        if (choice.measured > 0) {
            rc = read_one(study, rows[i].dimension, &rows[i].reading, &choice, NULL, err);
        }
    }
    return rc;
}

static void start(struct rs_study *study)
{
    for (int d = 0; d < RS_DIM_COUNT; d++) {
        struct share share = share_of(study->policy, (enum rs_dimension)d);
        double capacity =
            study->current != NULL ? rs_offer_capacity(study->current, (enum rs_dimension)d) : NAN;
        study->out->demand[d] = (struct rs_demand){.percentile = share.percentile,
                                                   .headroom = share.headroom,
                                                   .used = NAN,
                                                   .need = NAN,
                                                   .mean = NAN,
                                                   .peak = NAN,
                                                   .used_at = -1,
                                                   .peak_at = -1,
                                                   .capacity = capacity,
                                                   .need_low = NAN,
                                                   .need_high = NAN};
    }
}

enum rs_status rs_demand_read(struct rs_study *study, struct rs_error *err)
{
    start(study);
    enum rs_status rc = read_cpu(study, err);
    if (rc == RS_OK) {
        rc = read_memory(study, err);
    }
    for (size_t i = 0; i < sizeof(flows) / sizeof(flows[0]) && rc == RS_OK; i++) {
        rc = read_flow(study, &flows[i], err);
    }
    return rc == RS_OK ? read_gpus(study, err) : rc;
}
