/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "source/sysstat.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#define KIB 1024.0
#define SECTOR 512.0
#define SHARES_OFF 5.0 /* percent by which the shares of a record may miss 100 */

static const struct {
    const char *key, *column;
    enum rs_sysstat_field field;
} names[] = {
    {"user", "%user", RS_SYSSTAT_BUSY}, /* -u, and -u ALL below */
    {"usr", "%usr", RS_SYSSTAT_BUSY},
    {"nice", "%nice", RS_SYSSTAT_BUSY},
    {"system", "%system", RS_SYSSTAT_BUSY},
    {"sys", "%sys", RS_SYSSTAT_BUSY},
    {"irq", "%irq", RS_SYSSTAT_BUSY},
    {"soft", "%soft", RS_SYSSTAT_BUSY},
    {"guest", "%guest", RS_SYSSTAT_BUSY},
    {"gnice", "%gnice", RS_SYSSTAT_BUSY},
    {"idle", "%idle", RS_SYSSTAT_IDLE},
    {"iowait", "%iowait", RS_SYSSTAT_IOWAIT},
    {"steal", "%steal", RS_SYSSTAT_STEAL},
    {"memfree", "kbmemfree", RS_SYSSTAT_MEMFREE},
    {"avail", "kbavail", RS_SYSSTAT_AVAIL},
    {"memused", "kbmemused", RS_SYSSTAT_MEMUSED},
    {"memused-percent", "%memused", RS_SYSSTAT_MEMUSED_PERCENT},
    {"buffers", "kbbuffers", RS_SYSSTAT_BUFFERS},
    {"cached", "kbcached", RS_SYSSTAT_CACHED},
    {"slab", "kbslab", RS_SYSSTAT_SLAB},
    {"swpfree", "kbswpfree", RS_SYSSTAT_SWAP_FREE},
    {"swpused", "kbswpused", RS_SYSSTAT_SWAP_USED},
    {"rtps", "rtps", RS_SYSSTAT_READS},
    {"wtps", "wtps", RS_SYSSTAT_WRITES},
    {"bread", "bread/s", RS_SYSSTAT_BLOCKS_READ},
    {"bwrtn", "bwrtn/s", RS_SYSSTAT_BLOCKS_WRITTEN},
    {"rxpck", "rxpck/s", RS_SYSSTAT_NET_IN_PACKETS},
    {"txpck", "txpck/s", RS_SYSSTAT_NET_OUT_PACKETS},
    {"rxkB", "rxkB/s", RS_SYSSTAT_NET_IN_KIB},
    {"txkB", "txkB/s", RS_SYSSTAT_NET_OUT_KIB},
    {"rkB", "rkB/s", RS_SYSSTAT_DISK_READ_KIB},
    {"wkB", "wkB/s", RS_SYSSTAT_DISK_WRITE_KIB},
    {"rd_sec", "rd_sec/s", RS_SYSSTAT_DISK_READ_SECTORS},
    {"wr_sec", "wr_sec/s", RS_SYSSTAT_DISK_WRITE_SECTORS},
};

enum rs_sysstat_field rs_sysstat_by_key(const char *key)
{
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        if (strcmp(names[i].key, key) == 0) {
            return names[i].field;
        }
    }
    return RS_SYSSTAT_NONE;
}

enum rs_sysstat_field rs_sysstat_by_column(const char *column)
{
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        if (strcmp(names[i].column, column) == 0) {
            return names[i].field;
        }
    }
    return RS_SYSSTAT_NONE;
}

void rs_sysstat_clear(struct rs_sysstat_record *record)
{
    for (size_t i = 0; i < RS_SYSSTAT_FIELDS; i++) {
        record->field[i] = (double)NAN;
    }
    rs_devices_clear(&record->interfaces, RS_DEVICE_INTERFACE);
    rs_devices_clear(&record->disks, RS_DEVICE_DISK);
}

void rs_sysstat_set(struct rs_sysstat_record *record, enum rs_sysstat_field field, double value,
                    double *device)
{
    if (field == RS_SYSSTAT_BUSY) {
        double *busy = &record->field[RS_SYSSTAT_BUSY];
        *busy = isnan(*busy) ? value : *busy + value;
    } else if (field < RS_SYSSTAT_FIELDS) {
        record->field[field] = value;
    } else if (device != NULL && field < RS_SYSSTAT_NONE) {
        device[(field - RS_SYSSTAT_NET_IN_PACKETS) % RS_DEVICE_VALUES] = value;
    }
}

static double or_zero(double value)
{
    return isnan(value) ? 0.0 : value;
}

/*
 * What is neither idle nor waiting nor stolen, as CloudWatch counts it. The shares must add up: an
 * offline processor has none at all, and would read as busy.
 */
static enum rs_status hand_on_cpu(const double *f, struct rs_history *h, struct rs_error *err)
{
    if (isnan(f[RS_SYSSTAT_IDLE]) || isnan(f[RS_SYSSTAT_BUSY])) {
        return RS_OK;
    }
    double away = f[RS_SYSSTAT_IDLE] + or_zero(f[RS_SYSSTAT_IOWAIT]) + or_zero(f[RS_SYSSTAT_STEAL]);
    double total = f[RS_SYSSTAT_BUSY] + away;
    if (!(fabs(total - 100.0) <= SHARES_OFF)) {
        rs_tally_reject(h->tally, 1,
                        "line %" PRId64 ": the shares of the processors add up to %.12g %%, not "
                        "100",
                        h->line, total);
        return RS_OK;
    }
    return rs_history_add(h, RS_METRIC_CPU_PERCENT, fmin(fmax(100.0 - away, 0.0), 100.0), 0, err);
}

/*
 * The memory there is, which no column says. memused was once all that is not free, then what is
 * neither free nor buffers, cache and slab, and is what is not available since 12.7.8: the
 * definition whose percentage comes out as printed is the one in use. KiB; NaN: cannot be told.
 */
static double memory_total(const double *f)
{
    double used = f[RS_SYSSTAT_MEMUSED], percent = f[RS_SYSSTAT_MEMUSED_PERCENT];
    const double totals[] = {
        used + f[RS_SYSSTAT_MEMFREE] + f[RS_SYSSTAT_BUFFERS] + f[RS_SYSSTAT_CACHED] +
            f[RS_SYSSTAT_SLAB],
        used + f[RS_SYSSTAT_AVAIL],
        used + f[RS_SYSSTAT_MEMFREE],
    };
    if (isnan(used) || !(percent > 0.0) || used <= 0.0) {
        return (double)NAN;
    }
    for (size_t i = 0; i < sizeof(totals) / sizeof(totals[0]); i++) {
        if (totals[i] > 0.0 && fabs(100.0 * used / totals[i] - percent) <= 0.006) {
            return totals[i];
        }
    }
    return percent >= 1.0 ? used / (percent / 100.0) : (double)NAN; /* two decimals: within 1 % */
}

/* Kernels before 3.14 do not say what is available: then what could be given back is taken. */
static double memory_available(const double *f, double total)
{
    double used = f[RS_SYSSTAT_MEMUSED], free_now = f[RS_SYSSTAT_MEMFREE];
    if (!isnan(f[RS_SYSSTAT_AVAIL])) {
        return f[RS_SYSSTAT_AVAIL];
    }
    bool whole = fabs(used + free_now - total) <= 1.0;
    return whole ? free_now + or_zero(f[RS_SYSSTAT_BUFFERS]) + or_zero(f[RS_SYSSTAT_CACHED])
                 : total - used;
}

static enum rs_status hand_on_memory(const double *f, struct rs_history *h, struct rs_error *err)
{
    double total = memory_total(f), available = memory_available(f, total);
    double used = fmax(total - available, 0.0);
    double swap = f[RS_SYSSTAT_SWAP_FREE] + f[RS_SYSSTAT_SWAP_USED];
    const struct {
        enum rs_metric metric;
        double value;
    } rows[] = {
        {RS_METRIC_MEM_USED_BYTES, isnan(total) ? (double)NAN : used * KIB},
        {RS_METRIC_MEM_PERCENT, isnan(total) ? (double)NAN : 100.0 * used / total},
        {RS_METRIC_MEM_AVAILABLE_BYTES, available * KIB},
        {RS_METRIC_SWAP_USED_PERCENT,
         swap > 0.0 ? 100.0 * f[RS_SYSSTAT_SWAP_USED] / swap : (double)NAN},
    };
    enum rs_status rc = RS_OK;
    for (size_t i = 0; rc == RS_OK && i < sizeof(rows) / sizeof(rows[0]); i++) {
        rc = rs_history_add(h, rows[i].metric, rows[i].value, 0, err);
    }
    return rc;
}

/* Which of a machine's disks are volumes cannot be seen from inside: all are taken for such. */
static enum rs_status hand_on_flows(const struct rs_sysstat_record *record, struct rs_history *h,
                                    struct rs_error *err)
{
    const double *f = record->field;
    const struct {
        enum rs_metric metric;
        double value;
        int rank; /* of two ways to say one thing, the one by device is the finer */
    } rows[] = {
        {RS_METRIC_NET_IN_PACKETS, rs_devices_sum(&record->interfaces, 0), 0},
        {RS_METRIC_NET_OUT_PACKETS, rs_devices_sum(&record->interfaces, 1), 0},
        {RS_METRIC_NET_IN_BYTES, rs_devices_sum(&record->interfaces, 2) * KIB, 0},
        {RS_METRIC_NET_OUT_BYTES, rs_devices_sum(&record->interfaces, 3) * KIB, 0},
        {RS_METRIC_EBS_READ_OPS, f[RS_SYSSTAT_READS], 0},
        {RS_METRIC_EBS_WRITE_OPS, f[RS_SYSSTAT_WRITES], 0},
        {RS_METRIC_EBS_READ_BYTES, f[RS_SYSSTAT_BLOCKS_READ] * SECTOR, 0},
        {RS_METRIC_EBS_WRITE_BYTES, f[RS_SYSSTAT_BLOCKS_WRITTEN] * SECTOR, 0},
        {RS_METRIC_EBS_READ_BYTES, rs_devices_sum(&record->disks, 2) * SECTOR, 1},
        {RS_METRIC_EBS_WRITE_BYTES, rs_devices_sum(&record->disks, 3) * SECTOR, 1},
        {RS_METRIC_EBS_READ_BYTES, rs_devices_sum(&record->disks, 0) * KIB, 2},
        {RS_METRIC_EBS_WRITE_BYTES, rs_devices_sum(&record->disks, 1) * KIB, 2},
    };
    enum rs_status rc = RS_OK;
    for (size_t i = 0; rc == RS_OK && i < sizeof(rows) / sizeof(rows[0]); i++) {
        rc = rs_history_add(h, rows[i].metric, rows[i].value, rows[i].rank, err);
    }
    return rc;
}

enum rs_status rs_sysstat_hand_on(const struct rs_sysstat_record *record,
                                  struct rs_history *history, struct rs_error *err)
{
    enum rs_status rc = hand_on_cpu(record->field, history, err);
    if (rc == RS_OK) {
        rc = hand_on_memory(record->field, history, err);
    }
    return rc == RS_OK ? hand_on_flows(record, history, err) : rc;
}

double rs_sysstat_memory(const struct rs_sysstat_record *record)
{
    return memory_total(record->field);
}

static const char *architecture_of(const char *kernel)
{
    static const char *const rows[][2] = {
        {"x86_64", "x86_64"}, {"amd64", "x86_64"}, {"aarch64", "arm64"},
        {"i686", "i386"},     {"i386", "i386"},
    };
    for (size_t i = 0; kernel != NULL && i < sizeof(rows) / sizeof(rows[0]); i++) {
        if (strcmp(rows[i][0], kernel) == 0) {
            return rows[i][1];
        }
    }
    return NULL;
}

enum rs_status rs_sysstat_tell(const struct rs_source_request *request, const struct rs_sink *sink,
                               struct rs_tally *tally, const struct rs_sysstat_machine *machine,
                               struct rs_error *err)
{
    char type[64], vcpus[24], memory[24];
    struct rs_tag tags[2];
    struct rs_resource resource = {
        .id = request->instance != NULL ? request->instance : machine->host,
        .provider = "local",
        .region = request->region,
        .architecture = architecture_of(machine->kernel),
        .tags = tags,
        .launch_time = -1,
        .observed_at = -1,
        .network_interfaces = -1,
        .volumes = -1,
        .first_seen = -1,
        .last_seen = -1,
    };
    if (machine->vcpus > 0.0) {
        snprintf(vcpus, sizeof(vcpus), "%.0f", machine->vcpus);
        tags[resource.tag_count++] = (struct rs_tag){"rightsize:vcpus", vcpus};
    }
    if (machine->memory > 0.0) { /* not NaN */
        snprintf(memory, sizeof(memory), "%.0f", machine->memory / KIB);
        tags[resource.tag_count++] = (struct rs_tag){"rightsize:memory_mib", memory};
    }
    if (resource.tag_count == 2) { /* told by a percentage the memory may be a trifle too large */
        snprintf(type, sizeof(type), "local:%.0fx%.0fGiB", machine->vcpus,
                 ceil(0.995 * machine->memory / (KIB * KIB)));
        resource.type = type;
    }
    if (resource.architecture == NULL && resource.tag_count == 0) {
        return RS_OK;
    }
    enum rs_status rc = sink->resource(sink->payload, &resource, err);
    tally->resources += rc == RS_OK;
    return rc;
}
