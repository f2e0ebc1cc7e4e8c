/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "source/cells.h"
#include "source/devices.h"
#include "source/head.h"
#include "source/history.h"
#include "source/identity.h"
#include "source/shown.h"
#include "source/sources.h"

#include <ctype.h>
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define COLUMNS_MAX 4096
#define KIB 1024.0

/* What a column adds to; the value a row leaves in each is a sum, NaN when nothing was there. */
enum quantity {
    BUSY, /* processors: seconds a second in each state */
    AWAY, /* idle, waiting, stolen */
    IDLE, /* of AWAY: without it the load is not known */
    PROCESSORS,
    SHARE_IDLE, /* fractions of all processors */
    SHARE_AWAY, /* waiting, stolen */
    PHYSICAL,   /* memory, bytes */
    AVAILABLE,
    SWAP_TOTAL,
    SWAP_FREE,
    SWAP_USED,
    READ_BYTES, /* disk.all */
    WRITE_BYTES,
    READS,
    WRITES,
    QUANTITIES,
    NET_IN = QUANTITIES, /* of one interface, by place of value */
    NET_OUT,
    NET_IN_PACKETS,
    NET_OUT_PACKETS,
    DISK_READ, /* of one disk */
    DISK_WRITE,
    DISK_READS,
    DISK_WRITES,
    NOTHING
};

enum dimension { TIME, SPACE, COUNT, RATIO };

static const struct metric {
    const char *name;
    enum quantity quantity;
    enum dimension dimension;
    double factor; /* of the unit that pmrep prints unless asked for another */
} metrics[] = {
    {"kernel.all.cpu.user", BUSY, TIME, 1e-3},
    {"kernel.all.cpu.nice", BUSY, TIME, 1e-3},
    {"kernel.all.cpu.sys", BUSY, TIME, 1e-3},
    {"kernel.all.cpu.irq.hard", BUSY, TIME, 1e-3},
    {"kernel.all.cpu.irq.soft", BUSY, TIME, 1e-3},
    {"kernel.all.cpu.idle", IDLE, TIME, 1e-3},
    {"kernel.all.cpu.wait.total", AWAY, TIME, 1e-3},
    {"kernel.all.cpu.steal", AWAY, TIME, 1e-3},
    {"kernel.cpu.util.idle", SHARE_IDLE, RATIO, 1e-2},
    {"kernel.cpu.util.wait", SHARE_AWAY, RATIO, 1e-2},
    {"kernel.cpu.util.steal", SHARE_AWAY, RATIO, 1e-2},
    {"hinv.ncpu", PROCESSORS, COUNT, 1.0},
    {"mem.physmem", PHYSICAL, SPACE, KIB},
    {"hinv.physmem", PHYSICAL, SPACE, KIB *KIB},
    {"mem.util.available", AVAILABLE, SPACE, KIB},
    {"mem.util.swapTotal", SWAP_TOTAL, SPACE, KIB},
    {"mem.util.swapFree", SWAP_FREE, SPACE, KIB},
    {"swap.length", SWAP_TOTAL, SPACE, 1.0},
    {"swap.used", SWAP_USED, SPACE, 1.0},
    {"swap.free", SWAP_FREE, SPACE, 1.0},
    {"network.interface.in.bytes", NET_IN, SPACE, 1.0},
    {"network.interface.out.bytes", NET_OUT, SPACE, 1.0},
    {"network.interface.in.packets", NET_IN_PACKETS, COUNT, 1.0},
    {"network.interface.out.packets", NET_OUT_PACKETS, COUNT, 1.0},
    {"disk.all.read_bytes", READ_BYTES, SPACE, KIB},
    {"disk.all.write_bytes", WRITE_BYTES, SPACE, KIB},
    {"disk.all.read", READS, COUNT, 1.0},
    {"disk.all.write", WRITES, COUNT, 1.0},
    {"disk.dev.read_bytes", DISK_READ, SPACE, KIB},
    {"disk.dev.write_bytes", DISK_WRITE, SPACE, KIB},
    {"disk.dev.read", DISK_READS, COUNT, 1.0},
    {"disk.dev.write", DISK_WRITES, COUNT, 1.0},
};

struct column {
    enum quantity quantity;
    double factor;
    char device[RS_DEVICE_NAME];
};

struct reader {
    const struct rs_source_request *request;
    struct rs_tally *tally;
    struct rs_cells cells;
    struct rs_history history;
    struct rs_file_identity file;
    struct column *columns; /* by cell, the first unused */
    size_t column_count;
    struct rs_devices *interfaces, *disks; /* of the row at hand */
};

/* The factor of a stated unit, to seconds, bytes or one; 0: not known. */
static double unit_factor(const char *unit, enum dimension dimension)
{
    static const struct {
        const char *unit;
        enum dimension dimension;
        double factor;
    } rows[] = {
        {"ns", TIME, 1e-9},
        {"nanosec", TIME, 1e-9},
        {"us", TIME, 1e-6},
        {"microsec", TIME, 1e-6},
        {"ms", TIME, 1e-3},
        {"millisec", TIME, 1e-3},
        {"s", TIME, 1.0},
        {"sec", TIME, 1.0},
        {"util", TIME, 1.0},
        {"%", RATIO, 1e-2},
        {"util", RATIO, 1.0},
        {"", RATIO, 1e-2},
        {"none", RATIO, 1e-2},
        {"b", SPACE, 1.0},
        {"byte", SPACE, 1.0},
        {"bytes", SPACE, 1.0},
        {"kb", SPACE, KIB},
        {"kbyte", SPACE, KIB},
        {"kib", SPACE, KIB},
        {"mb", SPACE, KIB * KIB},
        {"mbyte", SPACE, KIB * KIB},
        {"mib", SPACE, KIB * KIB},
        {"gb", SPACE, KIB * KIB * KIB},
        {"gbyte", SPACE, KIB * KIB * KIB},
        {"gib", SPACE, KIB * KIB * KIB},
        {"", COUNT, 1.0},
        {"count", COUNT, 1.0},
        {"none", COUNT, 1.0},
    };
    char word[24];
    size_t n = 0, end = strcspn(unit, "/");
    bool rate = unit[end] == '/';
    for (size_t i = 0; i < end && n + 1 < sizeof(word); i++) {
        if (!isspace((unsigned char)unit[i])) {
            word[n++] = (char)tolower((unsigned char)unit[i]);
        }
    }
    word[n] = '\0';
    const char *per = rate ? unit + end + 1 + strspn(unit + end + 1, " ") : "s";
    if (strncasecmp(per, "s", 1) != 0) { /* "/ min": no rate a second */
        return 0.0;
    }
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        if (rows[i].dimension == dimension && strcmp(rows[i].unit, word) == 0) {
            return rows[i].factor;
        }
    }
    return 0.0;
}

/* "name-instance (unit)": the instance and the unit cut out of the header's field. */
static const struct metric *split(char *field, const char **instance, const char **unit)
{
    size_t length = strlen(field);
    char *open = length > 2 && field[length - 1] == ')' ? strrchr(field, '(') : NULL;
    *unit = NULL;
    *instance = "";
    if (open != NULL) {
        field[length - 1] = '\0';
        *open = '\0';
        *unit = open + 1;
        (void)rs_cell_trim(field);
    }
    char *dash = strchr(field, '-'); /* names have none, instances may */
    if (dash != NULL) {
        *dash = '\0';
        *instance = rs_cell_trim(dash + 1);
    }
    for (size_t i = 0; i < sizeof(metrics) / sizeof(metrics[0]); i++) {
        if (strcmp(metrics[i].name, field) == 0) {
            return &metrics[i];
        }
    }
    return NULL;
}

static void take_column(struct reader *r, size_t i)
{
    struct column *column = &r->columns[i];
    const char *instance = NULL, *unit = NULL;
    char shown[RS_SHOWN];
    const struct metric *metric = split(rs_cell(&r->cells, i), &instance, &unit);
    column->quantity = NOTHING;
    if (metric == NULL) {
        r->tally->ignored++;
        return;
    }
    column->factor = unit != NULL ? unit_factor(unit, metric->dimension) : metric->factor;
    if (!(column->factor > 0.0)) {
        rs_tally_note(r->tally, "%s in the unit '%s' is not read", metric->name,
                      rs_shown(unit, shown));
        return;
    }
    bool device = metric->quantity >= QUANTITIES;
    if (device && (instance[0] == '\0' || strlen(instance) >= sizeof(column->device))) {
        r->tally->ignored++;
        return;
    }
    memcpy(column->device, device ? instance : "", device ? strlen(instance) + 1 : 1);
    column->quantity = metric->quantity;
}

static enum rs_status take_header(struct reader *r, struct rs_error *err)
{
    bool more = false;
    enum rs_status rc = rs_csv_next(&r->cells.csv, &more, err);
    if (rc == RS_OK && !more) {
        return rs_fail(err, RS_EINPUT, "the table is empty");
    }
    if (rc == RS_OK && r->cells.csv.count > COLUMNS_MAX) {
        return rs_fail(err, RS_EINPUT, "line %" PRId64 ": more than %d columns", r->cells.csv.line,
                       COLUMNS_MAX);
    }
    if (rc != RS_OK) {
        return rc;
    }
    r->column_count = r->cells.csv.count;
    r->columns = calloc(r->column_count, sizeof(*r->columns));
    r->interfaces = calloc(1, sizeof(*r->interfaces));
    r->disks = calloc(1, sizeof(*r->disks));
    if (r->columns == NULL || r->interfaces == NULL || r->disks == NULL) {
        return rs_fail(err, RS_ENOMEM, "out of memory for %zu columns", r->column_count);
    }
    size_t used = 0;
    for (size_t i = 1; i < r->column_count; i++) {
        take_column(r, i);
        used += r->columns[i].quantity != NOTHING;
    }
    return used > 0 ? RS_OK
                    : rs_fail(err, RS_EINPUT,
                              "line %" PRId64 ": none of the columns is read; ask pmrep for "
                              "kernel.all.cpu, mem.util.available, network.interface and disk.all",
                              r->cells.csv.line);
}

static void put_device(struct rs_devices *devices, const char *name, size_t place, double value)
{
    for (size_t i = 0; i < devices->count; i++) {
        if (strcmp(devices->item[i].name, name) == 0) {
            devices->item[i].value[place] = value;
            return;
        }
    }
    double *values = rs_devices_add(devices, name);
    if (values != NULL) {
        values[place] = value;
    }
}

static void put(struct reader *r, const struct column *column, double value, double *sum)
{
    if (column->quantity < QUANTITIES) {
        double *s = &sum[column->quantity];
        *s = isnan(*s) ? value : *s + value;
    } else if (column->quantity < DISK_READ) {
        put_device(r->interfaces, column->device, (size_t)(column->quantity - NET_IN), value);
    } else {
        put_device(r->disks, column->device, (size_t)(column->quantity - DISK_READ), value);
    }
}

static double or_zero(double value)
{
    return isnan(value) ? 0.0 : value;
}

/*
 * From idle and the other states, from idle and the number of processors, or from the derived
 * shares. Busy states alone do not do: which are missing cannot be seen.
 */
static double cpu_percent(const double *sum)
{
    double away = sum[IDLE] + or_zero(sum[AWAY]), whole = sum[PROCESSORS];
    double free_share = away / (isnan(whole) ? sum[BUSY] + away : whole);
    if (isnan(free_share)) {
        free_share = sum[SHARE_IDLE] + or_zero(sum[SHARE_AWAY]);
    }
    return isnan(free_share) ? free_share : fmin(fmax(100.0 * (1.0 - free_share), 0.0), 100.0);
}

static enum rs_status hand_on(struct reader *r, const double *sum, struct rs_error *err)
{
    double used = sum[PHYSICAL] - sum[AVAILABLE];
    double swapped = isnan(sum[SWAP_USED]) ? sum[SWAP_TOTAL] - sum[SWAP_FREE] : sum[SWAP_USED];
    const struct {
        enum rs_metric metric;
        double value;
        int rank;
    } rows[] = {
        {RS_METRIC_CPU_PERCENT, cpu_percent(sum), 0},
        {RS_METRIC_MEM_USED_BYTES, used, 0},
        {RS_METRIC_MEM_PERCENT, 100.0 * used / sum[PHYSICAL], 0},
        {RS_METRIC_MEM_AVAILABLE_BYTES, sum[AVAILABLE], 0},
        {RS_METRIC_SWAP_USED_PERCENT,
         sum[SWAP_TOTAL] > 0.0 ? 100.0 * swapped / sum[SWAP_TOTAL] : (double)NAN, 0},
        {RS_METRIC_NET_IN_BYTES, rs_devices_sum(r->interfaces, 0), 0},
        {RS_METRIC_NET_OUT_BYTES, rs_devices_sum(r->interfaces, 1), 0},
        {RS_METRIC_NET_IN_PACKETS, rs_devices_sum(r->interfaces, 2), 0},
        {RS_METRIC_NET_OUT_PACKETS, rs_devices_sum(r->interfaces, 3), 0},
        {RS_METRIC_EBS_READ_BYTES, rs_devices_sum(r->disks, 0), 0},
        {RS_METRIC_EBS_WRITE_BYTES, rs_devices_sum(r->disks, 1), 0},
        {RS_METRIC_EBS_READ_OPS, rs_devices_sum(r->disks, 2), 0},
        {RS_METRIC_EBS_WRITE_OPS, rs_devices_sum(r->disks, 3), 0},
        {RS_METRIC_EBS_READ_BYTES, sum[READ_BYTES], 1}, /* of whole disks already */
        {RS_METRIC_EBS_WRITE_BYTES, sum[WRITE_BYTES], 1},
        {RS_METRIC_EBS_READ_OPS, sum[READS], 1},
        {RS_METRIC_EBS_WRITE_OPS, sum[WRITES], 1},
    };
    enum rs_status rc = RS_OK;
    for (size_t i = 0; rc == RS_OK && i < sizeof(rows) / sizeof(rows[0]); i++) {
        rc = rs_history_add(&r->history, rows[i].metric, rows[i].value, rows[i].rank, err);
    }
    return rc;
}

static bool is_gap(const char *text)
{
    return text[0] == '\0' || strcasecmp(text, "nan") == 0 || strcmp(text, "N/A") == 0 ||
           strcmp(text, "?") == 0 || strcmp(text, "None") == 0;
}

static enum rs_status take_row(struct reader *r, struct rs_error *err)
{
    int64_t at = 0;
    bool usable = false;
    double sum[QUANTITIES];
    if (r->cells.csv.count > r->column_count) {
        rs_tally_reject(r->tally, 1, "line %" PRId64 ": %zu cells where the header has %zu",
                        r->cells.csv.line, r->cells.csv.count, r->column_count);
        return RS_OK;
    }
    enum rs_status rc = rs_cells_stamp(&r->cells, rs_cell(&r->cells, 0), 1, &at, &usable, err);
    if (rc == RS_OK && usable) {
        rc = rs_history_record(&r->history, r->file.instance, at, 0, r->cells.csv.line, err);
    }
    if (rc != RS_OK || !usable) {
        return rc;
    }
    rs_devices_clear(r->interfaces, RS_DEVICE_INTERFACE);
    rs_devices_clear(r->disks, RS_DEVICE_DISK);
    for (size_t q = 0; q < QUANTITIES; q++) {
        sum[q] = (double)NAN;
    }
    for (size_t i = 1; rc == RS_OK && i < r->cells.csv.count; i++) {
        char *text = rs_cell(&r->cells, i);
        double value = 0.0;
        bool number = false;
        if (r->columns[i].quantity == NOTHING || is_gap(text)) {
            continue;
        }
        rc = rs_cells_value(&r->cells, text, &value, &number, err);
        if (rc == RS_OK && number) {
            put(r, &r->columns[i], value * r->columns[i].factor, sum);
        }
    }
    return rc == RS_OK ? hand_on(r, sum, err) : rc;
}

static enum rs_status read_rows(struct reader *r, struct rs_error *err)
{
    bool more = true;
    enum rs_status rc = take_header(r, err);
    if (rc == RS_OK) {
        rc = rs_file_identity_of(r->request, &r->file, err);
    }
    if (rc == RS_OK && r->file.instance[0] == '\0') {
        rc = rs_fail(err, RS_EINPUT,
                     "pmrep does not write whose samples these are: give "
                     "--instance ID, or --name-template");
    }
    while (rc == RS_OK) {
        rc = rs_csv_next(&r->cells.csv, &more, err);
        if (rc != RS_OK || !more) {
            break;
        }
        rc = take_row(r, err);
    }
    return rc == RS_OK ? rs_cells_check(&r->cells, err) : rc;
}

static void note_missing(struct reader *r)
{
    bool idle = false, busy = false;
    for (size_t i = 1; i < r->column_count; i++) {
        idle = idle || r->columns[i].quantity == IDLE || r->columns[i].quantity == SHARE_IDLE;
        busy = busy || r->columns[i].quantity == BUSY;
    }
    if (busy && !idle) {
        rs_tally_note(r->tally, "busy states alone do not tell the processors' load: ask pmrep for "
                                "kernel.all.cpu.idle and hinv.ncpu, too");
    }
}

static enum rs_status read_table(const struct rs_source_request *request, struct rs_input *input,
                                 const struct rs_sink *sink, struct rs_tally *tally,
                                 struct rs_error *err)
{
    struct reader r = {.request = request, .tally = tally};
    enum rs_status rc = rs_cells_open(&r.cells, request, input, tally, request->zone, err);
    if (rc == RS_OK) {
        rc = rs_history_open(&r.history, request, sink, tally, err);
    }
    if (rc == RS_OK) {
        rc = read_rows(&r, err);
    }
    if (rc == RS_OK) {
        rc = rs_history_finish(&r.history, err);
    }
    if (rc == RS_OK) {
        note_missing(&r);
    }
    rs_history_close(&r.history);
    rs_cells_close(&r.cells);
    free(r.columns);
    free(r.interfaces);
    free(r.disks);
    return rc;
}

static int recognise(const char *head, size_t length)
{
    static const char *const spaces[] = {"kernel.", "mem.", "network.", "disk.", "hinv.", "swap."};
    const char *p = rs_head_trim(head, &length);
    const char *newline = memchr(p, '\n', length);
    size_t line = newline != NULL ? (size_t)(newline - p) : length;
    if (line < 8 || !(memcmp(p, "Time,", 5) == 0 || memcmp(p, "Time;", 5) == 0)) {
        return 0;
    }
    for (size_t i = 0; i < sizeof(spaces) / sizeof(spaces[0]); i++) {
        if (rs_head_holds(p, line, spaces[i])) {
            return 90;
        }
    }
    return 0;
}

const struct rs_source rs_source_pmrep = {"pmrep-csv",
                                          "tables of PCP's pmrep -o csv, stamps by -z or --tz",
                                          recognise, read_table, false};
