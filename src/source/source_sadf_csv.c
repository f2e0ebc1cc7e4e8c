/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "source/cells.h"
#include "source/head.h"
#include "source/shown.h"
#include "source/sources.h"
#include "source/sysstat.h"

#include "rightsize/number.h"

#include <ctype.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FIRST 3 /* column after host, interval and stamp */
#define COLUMNS_MAX 1024
#define GROUPS_MAX 64
#define DEALS_MAX ((size_t)1 << 14)

struct group { /* columns of one activity, or of one item of it */
    size_t first, width;
    bool repeated;            /* -h: once for each item, all in one row */
    enum rs_device_kind kind; /* of the items, when `devices` */
    bool items, cpus, devices;
};

struct reader {
    const struct rs_source_request *request;
    struct rs_tally *tally;
    struct rs_cells cells;
    struct rs_history history;
    struct rs_sysstat_record *record;
    enum rs_sysstat_field field[COLUMNS_MAX]; /* by column of the header */
    struct group group[GROUPS_MAX];
    size_t times[GROUPS_MAX];  /* how often each group stands in the row at hand */
    size_t width, group_count; /* of the header; 0: none yet */
    struct rs_buffer host;     /* of the record at hand */
    int64_t at, interval, line;
    double vcpus;     /* as its last restart says; 0: not known */
    double memory;    /* KiB, of the last record that tells; NaN: none */
    bool wanted;      /* the header has a column that is read */
    bool open;        /* a record is at hand */
    bool single_cpus; /* rows of single processors were seen ... */
    bool all_cpus;    /* ... and rows of all */
};

static enum rs_status close_record(struct reader *r, struct rs_error *err)
{
    if (!r->open) {
        return RS_OK;
    }
    r->open = false;
    enum rs_status rc =
        rs_history_record(&r->history, r->host.data, r->at, r->interval, r->line, err);
    double memory = rs_sysstat_memory(r->record);
    r->memory = isnan(memory) ? r->memory : memory;
    return rc == RS_OK ? rs_sysstat_hand_on(r->record, &r->history, err) : rc;
}

/* "LINUX-RESTART<TAB>(8 CPU)" */
static void take_restart(struct reader *r, const char *text)
{
    unsigned count = 0;
    int end = 0;
    if (sscanf(text, "LINUX-RESTART (%5u CPU)%n", &count, &end) == 1 && end > 0) {
        r->vcpus = (double)count;
    }
}

static bool names_items(const char *column)
{
    static const char *const names[] = {"CPU", "IFACE", "DEV", "INTR",   "TTY", "FILESYSTEM", "BUS",
                                        "FAN", "TEMP",  "IN",  "FCHOST", "BAT", "MOUNTPOINT"};
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        if (strcmp(names[i], column) == 0) {
            return true;
        }
    }
    return false;
}

static void add_group(struct reader *r, size_t first, size_t end, bool repeated)
{
    if (first == end || r->group_count == GROUPS_MAX) {
        return;
    }
    struct group *group = &r->group[r->group_count++];
    const char *name = rs_cell(&r->cells, first);
    *group = (struct group){.first = first, .width = end - first, .repeated = repeated};
    group->items = names_items(name);
    group->cpus = strcmp(name, "CPU") == 0;
    group->devices = strcmp(name, "IFACE") == 0 || strcmp(name, "DEV") == 0;
    group->kind = strcmp(name, "DEV") == 0 ? RS_DEVICE_DISK : RS_DEVICE_INTERFACE;
}

/* "# hostname;interval;timestamp;CPU;%user;...": of one activity, or of all with -h. */
static enum rs_status take_header(struct reader *r, struct rs_error *err)
{
    struct rs_csv *csv = &r->cells.csv;
    size_t from = FIRST;
    enum rs_status rc = close_record(r, err);
    if (rc != RS_OK) {
        return rc;
    }
    if (csv->count > COLUMNS_MAX) {
        return rs_fail(err, RS_EINPUT, "line %" PRId64 ": more than %d columns", csv->line,
                       COLUMNS_MAX);
    }
    r->width = csv->count;
    r->group_count = 0;
    r->wanted = false;
    for (size_t i = FIRST; i < csv->count; i++) {
        char *name = rs_cell(&r->cells, i);
        size_t length = strlen(name);
        bool last = length > 5 && strcmp(name + length - 5, "[...]") == 0;
        if (last) {
            name[length - 5] = '\0';
        }
        r->field[i] = rs_sysstat_by_column(name);
        r->wanted = r->wanted || r->field[i] != RS_SYSSTAT_NONE;
        if (names_items(name)) { /* what was before has no items */
            add_group(r, from, i, false);
            from = i;
        }
        if (last) {
            add_group(r, from, i + 1, true);
            from = i + 1;
        }
    }
    add_group(r, from, csv->count, false);
    return RS_OK;
}

static enum rs_status take_values(struct reader *r, const struct group *group, size_t at,
                                  double *device, struct rs_error *err)
{
    enum rs_status rc = RS_OK;
    for (size_t i = group->items ? 1 : 0; rc == RS_OK && i < group->width; i++) {
        enum rs_sysstat_field field = r->field[group->first + i];
        char *text = rs_cell(&r->cells, at + i);
        double value = 0.0;
        bool number = false;
        if (field == RS_SYSSTAT_NONE || text[0] == '\0') {
            continue;
        }
        rc = rs_cells_value(&r->cells, text, &value, &number, err);
        if (rc == RS_OK && number) {
            rs_sysstat_set(r->record, field, value, device);
        }
    }
    return rc;
}

/* One activity's cells, or those of one item of it, which begin at cell `at`. */
static enum rs_status take_item(struct reader *r, const struct group *group, size_t at,
                                struct rs_error *err)
{
    const char *item = rs_cell(&r->cells, at);
    double *device = NULL;
    if (group->cpus) {
        bool all = strcmp(item, "-1") == 0 || strcmp(item, "all") == 0;
        r->single_cpus = r->single_cpus || !all;
        r->all_cpus = r->all_cpus || all;
        return all ? take_values(r, group, at, NULL, err) : RS_OK;
    }
    if (group->devices) {
        device = rs_devices_add(
            group->kind == RS_DEVICE_DISK ? &r->record->disks : &r->record->interfaces, item);
    }
    return group->items && device == NULL ? RS_OK : take_values(r, group, at, device, err);
}

static enum rs_status take_cells(struct reader *r, struct rs_error *err)
{
    size_t at = FIRST;
    enum rs_status rc = RS_OK;
    for (size_t g = 0; rc == RS_OK && g < r->group_count; g++) {
        for (size_t i = 0; rc == RS_OK && i < r->times[g]; i++) {
            rc = take_item(r, &r->group[g], at, err);
            at += r->group[g].width;
        }
    }
    return rc;
}

static bool is_name(const char *text)
{
    while (*text != '\0' && !isalpha((unsigned char)*text) && *text != '/') {
        text++;
    }
    return *text != '\0';
}

/*
 * Whether an item of the group may begin at cell `at`: processors bear rising numbers, others
 * names; values are never names. *number is that of the item before, -2 at first.
 */
static bool may_begin(const struct reader *r, const struct group *group, size_t at, int64_t *number)
{
    struct rs_error unused = {RS_OK, ""};
    int64_t value = 0;
    const char *item = rs_cell(&r->cells, at);
    if (group->cpus && strcmp(item, "all") != 0) {
        if (rs_parse_int(item, -1, 8191, &value, &unused) != RS_OK || value <= *number) {
            return false;
        }
        *number = value;
    } else if (group->devices && !is_name(item)) {
        return false;
    }
    for (size_t i = 1; group->items && i < group->width; i++) {
        if (is_name(rs_cell(&r->cells, at + i))) {
            return false;
        }
    }
    return true;
}

struct deal { /* the ways to deal a row's cells out to the header's groups */
    size_t times[GROUPS_MAX];
    size_t tries, best, ways; /* ways: of those with the best mark */
};

static void deal_out(struct reader *r, struct deal *deal, size_t g, size_t at, size_t mark)
{
    size_t count = r->cells.csv.count;
    int64_t number = -2;
    if (++deal->tries > DEALS_MAX) {
        return;
    }
    if (g == r->group_count) {
        if (at != count || (deal->ways > 0 && mark < deal->best)) {
            return;
        }
        deal->ways = mark == deal->best ? deal->ways + 1 : 1;
        deal->best = mark;
        memcpy(r->times, deal->times, sizeof(r->times));
        return;
    }
    const struct group *group = &r->group[g];
    /* the loopback interface stands first: where disks end and interfaces begin */
    bool first = group->devices && strcmp(rs_cell(&r->cells, at), "lo") == 0;
    for (size_t n = 1; at + group->width <= count && may_begin(r, group, at, &number); n++) {
        at += group->width;
        deal->times[g] = n;
        deal_out(r, deal, g + 1, at, mark + (first && group->kind == RS_DEVICE_INTERFACE ? 1 : 0));
        if (!group->repeated) {
            return;
        }
    }
}

/* Before anything of a row is believed: there is one way to read it. */
static bool fits(struct reader *r)
{
    struct deal deal = {.tries = 0};
    deal_out(r, &deal, 0, FIRST, 0);
    return deal.ways == 1 && deal.tries <= DEALS_MAX;
}

static enum rs_status read_stamp(struct reader *r, int64_t *at, bool *usable, struct rs_error *err)
{
    char *text = rs_cell(&r->cells, 2);
    size_t length = strlen(text);
    if (length > 4 && strcmp(text + length - 4, " UTC") == 0) {
        memcpy(text + length - 4, "Z", 2);
    }
    return rs_cells_stamp(&r->cells, text, 1, at, usable, err);
}

static enum rs_status begin_record(struct reader *r, int64_t at, int64_t interval,
                                   struct rs_error *err)
{
    const char *host = rs_cell(&r->cells, 0);
    if (r->open && r->at == at && strcmp(r->host.data, host) == 0) {
        return RS_OK;
    }
    enum rs_status rc = close_record(r, err);
    if (rc != RS_OK) {
        return rc;
    }
    rs_buffer_clear(&r->host);
    rs_buffer_text(&r->host, host);
    rs_sysstat_clear(r->record);
    r->at = at;
    r->interval = interval;
    r->line = r->cells.csv.line;
    r->open = true;
    return rs_buffer_status(&r->host, err);
}

static enum rs_status take_row(struct reader *r, struct rs_error *err)
{
    struct rs_error unused = {RS_OK, ""};
    int64_t at = 0, interval = 0;
    bool usable = false;
    const char *first = rs_cell(&r->cells, 0), *second = rs_cell(&r->cells, 1);
    first += strncmp(first, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0;
    if (strncmp(first, "# ", 2) == 0) {
        return take_header(r, err);
    }
    if (strcmp(second, "-1") == 0) { /* LINUX-RESTART or COM: no record */
        take_restart(r, rs_cell(&r->cells, 3));
        return close_record(r, err);
    }
    if (r->width == 0) {
        return rs_fail(err, RS_EINPUT,
                       "line %" PRId64 ": values before the line '# hostname;interval;...', which "
                       "says what they are",
                       r->cells.csv.line);
    }
    if (!r->wanted) { /* interrupts have as many columns as there are processors */
        return RS_OK;
    }
    if (rs_parse_int(second, 0, INT32_MAX, &interval, &unused) != RS_OK || !fits(r)) {
        rs_tally_reject(r->tally, 1,
                        "line %" PRId64 ": %zu cells, which do not fit the header's %zu columns",
                        r->cells.csv.line, r->cells.csv.count, r->width);
        rs_tally_note(r->tally, "rows that do not fit their header were left out: ask sadf for "
                                "fewer activities, or without -h");
        return RS_OK;
    }
    enum rs_status rc = read_stamp(r, &at, &usable, err);
    if (rc == RS_OK && usable) {
        rc = begin_record(r, at, interval, err);
    }
    return rc == RS_OK && usable ? take_cells(r, err) : rc;
}

static enum rs_status read_rows(struct reader *r, struct rs_error *err)
{
    bool more = true;
    enum rs_status rc = RS_OK;
    while (rc == RS_OK) {
        rc = rs_csv_next(&r->cells.csv, &more, err);
        if (rc != RS_OK || !more) {
            break;
        }
        rc = take_row(r, err);
    }
    if (rc == RS_OK) {
        rc = close_record(r, err);
    }
    return rc == RS_OK ? rs_cells_check(&r->cells, err) : rc;
}

static enum rs_status read_table(const struct rs_source_request *request, struct rs_input *input,
                                 const struct rs_sink *sink, struct rs_tally *tally,
                                 struct rs_error *err)
{
    struct reader *r = calloc(1, sizeof(*r));
    if (r == NULL) {
        return rs_fail(err, RS_ENOMEM, "out of memory for a table");
    }
    r->request = request;
    r->memory = (double)NAN;
    r->tally = tally;
    rs_buffer_init(&r->host);
    enum rs_status rc = rs_cells_open(&r->cells, request, input, tally, request->zone, err);
    r->cells.csv.delimiter = ';';
    if (rc == RS_OK) {
        rc = rs_history_open(&r->history, request, sink, tally, err);
    }
    r->record = calloc(1, sizeof(*r->record));
    if (rc == RS_OK && r->record == NULL) {
        rc = rs_fail(err, RS_ENOMEM, "out of memory for a record");
    }
    if (rc == RS_OK) {
        rc = read_rows(r, err);
    }
    if (rc == RS_OK) {
        rc = rs_history_finish(&r->history, err);
    }
    if (rc == RS_OK && r->history.names.count == 1) {
        struct rs_sysstat_machine machine = {r->history.names.text[0], NULL, r->vcpus, r->memory};
        rc = rs_sysstat_tell(request, sink, tally, &machine, err);
    }
    if (rc == RS_OK && r->single_cpus && !r->all_cpus) {
        rs_tally_note(tally, "rows of single processors do not make the machine's: ask sadf for "
                             "-u without -P");
    }
    rs_history_close(&r->history);
    rs_cells_close(&r->cells);
    rs_buffer_release(&r->host);
    free(r->record);
    free(r);
    return rc;
}

/* A file of a machine that has just started begins with its restart. */
static int recognise(const char *head, size_t length)
{
    static const char begin[] = "# hostname;interval;timestamp";
    const char *p = rs_head_trim(head, &length);
    bool first = length >= sizeof(begin) - 1 && memcmp(p, begin, sizeof(begin) - 1) == 0;
    return first || rs_head_holds(p, length, "\n# hostname;interval;timestamp") ? 95 : 0;
}

const struct rs_source rs_source_sadf_csv = {
    "sadf-csv", "sysstat's history as a table (sadf -d, with or without -h)", recognise, read_table,
    false};
