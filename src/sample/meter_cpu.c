/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sample/meters.h"

#include <math.h>
#include <string.h>

enum { USER, NICE, SYSTEM, IDLE, IOWAIT, IRQ, SOFTIRQ, STEAL };

double rs_meter_round(double value, double scale)
{
    return floor(value * scale + 0.5) / scale;
}

double rs_meter_percent(double part, double whole)
{
    double percent = whole > 0 ? part * 100.0 / whole : (double)NAN;
    return isnan(percent) ? percent : rs_meter_round(fmin(fmax(percent, 0), 100), 100);
}

/* Kernels before 2.6.11 end the line sooner; what is not there counts as nothing. */
static bool read_fields(struct rs_cursor *line, uint64_t fields[RS_CPU_FIELDS])
{
    memset(fields, 0, RS_CPU_FIELDS * sizeof(*fields));
    size_t n = 0;
    while (n < RS_CPU_FIELDS && rs_cursor_u64(line, &fields[n])) {
        n++;
    }
    return n > IDLE;
}

/* iowait alone may fall in a running kernel, as proc(5) says: then it has not grown. */
static bool subtract(const uint64_t now[], const uint64_t before[], double out[])
{
    for (size_t i = 0; i < RS_CPU_FIELDS; i++) {
        if (now[i] < before[i] && i != IOWAIT) {
            return false;
        }
        out[i] = now[i] < before[i] ? 0 : (double)(now[i] - before[i]);
    }
    return true;
}

static uint64_t sum_busy(const uint64_t f[])
{
    return f[USER] + f[NICE] + f[SYSTEM] + f[IRQ] + f[SOFTIRQ] + f[STEAL];
}

/* The greatest busy share of one processor; *changed: another set of processors than before. */
static double read_each(struct rs_cpu_meter *m, struct rs_cursor *text, bool *changed)
{
    struct rs_cursor line;
    double busiest = 0;
    uint32_t n = 0;
    while (n < RS_CPUS_MAX && rs_cursor_line(text, &line) && rs_cursor_skip(&line, "cpu")) {
        uint64_t number = 0, f[RS_CPU_FIELDS];
        if (!rs_cursor_u64(&line, &number) || number > UINT16_MAX || !read_fields(&line, f)) {
            continue;
        }
        uint64_t busy = sum_busy(f), total = busy + f[IDLE] + f[IOWAIT];
        *changed = *changed || n >= m->count || m->number[n] != number || busy < m->busy[n];
        if (!*changed && total > m->total[n]) {
            busiest = fmax(busiest, (double)(busy - m->busy[n]) / (double)(total - m->total[n]));
        }
        m->number[n] = (uint16_t)number;
        m->busy[n] = busy;
        m->total[n] = total;
        n++;
    }
    *changed = *changed || n != m->count;
    m->count = n;
    return busiest;
}

void rs_cpu_meter_read(struct rs_cpu_meter *m, struct rs_root *root, double values[])
{
    struct rs_cursor text, line;
    uint64_t now[RS_CPU_FIELDS];
    double d[RS_CPU_FIELDS];
    if (!rs_file_read(root, &m->file, true, &text) || !rs_cursor_line(&text, &line) ||
        !rs_cursor_skip(&line, "cpu ") || !read_fields(&line, now)) {
        m->known = false;
        return;
    }
    bool changed = false, whole = subtract(now, m->all, d);
    double busiest = read_each(m, &text, &changed);
    double busy = d[USER] + d[NICE] + d[SYSTEM] + d[IRQ] + d[SOFTIRQ] + d[STEAL];
    double total = busy + d[IDLE] + d[IOWAIT];
    if (m->known && whole && !changed && total > 0) {
        values[RS_METRIC_CPU_PERCENT] = rs_meter_percent(busy, total);
        values[RS_METRIC_CPU_USER_PERCENT] = rs_meter_percent(d[USER] + d[NICE], total);
        values[RS_METRIC_CPU_SYSTEM_PERCENT] =
            rs_meter_percent(d[SYSTEM] + d[IRQ] + d[SOFTIRQ], total);
        values[RS_METRIC_CPU_IOWAIT_PERCENT] = rs_meter_percent(d[IOWAIT], total);
        values[RS_METRIC_CPU_STEAL_PERCENT] = rs_meter_percent(d[STEAL], total);
        values[RS_METRIC_CPU_BUSIEST_PERCENT] =
            fmax(rs_meter_percent(busiest, 1), values[RS_METRIC_CPU_PERCENT]);
    }
    memcpy(m->all, now, sizeof(now));
    m->known = true;
}

uint32_t rs_cpu_meter_count(const struct rs_cpu_meter *m)
{
    return m->count;
}
