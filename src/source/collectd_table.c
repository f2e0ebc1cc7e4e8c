/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rightsize/csv.h"
#include "rightsize/number.h"
#include "source/cells.h"
#include "source/collectd.h"
#include "source/names.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define ROWS_MAX ((size_t)1 << 20) /* a day has 86400 seconds; some write a month */

void rs_collectd_table_release(struct rs_collectd_table *table)
{
    free(table->rows);
    memset(table, 0, sizeof(*table));
}

/* "nan" is a value that was not there; *whole is cleared by a decimal. */
static bool read_value(const char *text, double *out, bool *whole)
{
    *out = (double)NAN;
    if (text[0] == '\0' || strcasecmp(text, "nan") == 0 || strcasecmp(text, "-nan") == 0 ||
        strcmp(text, "U") == 0) {
        return true;
    }
    *whole = *whole && strpbrk(text, ".eE") == NULL;
    return rs_number_scan(text, strlen(text), out);
}

static bool read_row(struct rs_csv *csv, size_t columns, struct rs_collectd_row *row, bool *whole)
{
    double seconds = 0.0;
    row->value[0] = row->value[1] = (double)NAN;
    if (csv->count != columns + 1) {
        return false;
    }
    const char *stamp = rs_cell_trim(csv->fields[0]);
    if (!rs_number_scan(stamp, strlen(stamp), &seconds) || !(seconds >= 0.0 && seconds < 1e11)) {
        return false;
    }
    row->ms = (int64_t)(seconds * 1000.0 + 0.5);
    for (size_t i = 0; i < columns && i < 2; i++) {
        if (!read_value(rs_cell_trim(csv->fields[i + 1]), &row->value[i], whole)) {
            return false;
        }
    }
    return true;
}

static enum rs_status read_header(struct rs_csv *csv, struct rs_collectd_table *out,
                                  struct rs_error *err)
{
    bool more = false;
    enum rs_status rc = rs_csv_next(csv, &more, err);
    if (rc != RS_OK) {
        return rc;
    }
    if (!more || csv->count < 2 || strcmp(rs_cell_trim(csv->fields[0]), "epoch") != 0) {
        return rs_fail(err, RS_EINPUT, "line 1: not the header 'epoch,...' of collectd");
    }
    out->columns = csv->count - 1;
    out->whole = true;
    return RS_OK;
}

enum rs_status rs_collectd_read(struct rs_input *input, struct rs_collectd_table *out,
                                struct rs_error *err)
{
    struct rs_csv csv;
    bool more = true;
    memset(out, 0, sizeof(*out));
    rs_csv_init(&csv, input);
    enum rs_status rc = read_header(&csv, out, err);
    while (rc == RS_OK && (rc = rs_csv_next(&csv, &more, err)) == RS_OK && more) {
        struct rs_collectd_row row;
        if (!read_row(&csv, out->columns, &row, &out->whole)) {
            out->bad_line = out->bad == 0 ? csv.line : out->bad_line;
            out->bad++;
            continue;
        }
        if (out->count == ROWS_MAX) {
            rc =
                rs_fail(err, RS_EINPUT, "line %" PRId64 ": more than %zu rows", csv.line, ROWS_MAX);
            break;
        }
        rc = rs_array_reserve(&out->rows, &out->capacity, out->count + 1, sizeof(*out->rows), err);
        if (rc == RS_OK) {
            out->rows[out->count++] = row;
        }
    }
    rs_csv_release(&csv);
    return rc;
}

static bool are_counters(const struct rs_collectd_table *table)
{
    size_t falls = 0;
    for (size_t i = 1; i < table->count; i++) {
        falls += table->rows[i].value[0] < table->rows[i - 1].value[0];
    }
    return table->whole && falls * 20 <= table->count + 20;
}

void rs_collectd_rates(struct rs_collectd_table *table, int64_t step)
{
    struct rs_collectd_row last = {.ms = -1};
    if (!are_counters(table)) {
        return;
    }
    for (size_t i = 0; i < table->count; i++) {
        struct rs_collectd_row now = table->rows[i], *out = &table->rows[i];
        double seconds = (double)(now.ms - last.ms) / 1000.0;
        bool joined = last.ms >= 0 && seconds > 0.0 && seconds <= 2.0 * (double)step;
        for (size_t v = 0; v < 2; v++) {
            double grown = now.value[v] - last.value[v];
            out->value[v] = joined && grown >= 0.0 ? grown / seconds : (double)NAN;
        }
        last = now;
    }
}

enum rs_status rs_collectd_pass_over(struct rs_input *input, struct rs_error *err)
{
    enum rs_status rc = RS_OK;
    do {
        rs_input_consume(input, rs_input_available(input));
        rc = rs_input_need(input, 1, err);
    } while (rc == RS_OK && rs_input_available(input) > 0);
    return rc;
}
