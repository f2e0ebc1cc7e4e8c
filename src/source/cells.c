/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "source/cells.h"

#include "rightsize/number.h"
#include "source/shown.h"

#include <float.h>
#include <inttypes.h>
#include <string.h>

enum rs_status rs_cells_open(struct rs_cells *cells, const struct rs_source_request *request,
                             struct rs_input *input, struct rs_tally *tally, const char *zone,
                             struct rs_error *err)
{
    memset(cells, 0, sizeof(*cells));
    cells->request = request;
    cells->tally = tally;
    rs_csv_init(&cells->csv, input);
    if (zone == NULL) {
        return RS_OK;
    }
    cells->has_zone = true;
    return rs_zone_open(zone, &cells->zone, err);
}

void rs_cells_close(struct rs_cells *cells)
{
    rs_csv_release(&cells->csv);
}

char *rs_cell_trim(char *text)
{
    while (*text == ' ' || *text == '\t') {
        text++;
    }
    size_t length = strlen(text);
    while (length > 0 && (text[length - 1] == ' ' || text[length - 1] == '\t')) {
        text[--length] = '\0';
    }
    return text;
}

char *rs_cell(const struct rs_cells *cells, size_t column)
{
    const struct rs_csv *csv = &cells->csv;
    if (column < csv->count) {
        return rs_cell_trim(csv->fields[column]);
    }
    char *last = csv->fields[csv->count - 1]; /* a row has at least one field */
    return last + strlen(last);
}

static enum rs_status local_stamp(struct rs_cells *cells, const char *text,
                                  const struct rs_civil *civil, int64_t samples, int64_t *at,
                                  bool *usable, struct rs_error *err)
{
    char shown[RS_SHOWN];
    struct rs_error why = {RS_OK, ""};
    if (!cells->has_zone) {
        return rs_fail(err, RS_EINPUT,
                       "line %" PRId64 ": time stamp '%s' names no zone: give --tz ZONE, for "
                       "example --tz UTC",
                       cells->csv.line, rs_shown(text, shown));
    }
    *usable = rs_zone_to_utc(&cells->zone, civil, at, &why) == RS_OK;
    if (!*usable) {
        rs_tally_reject(cells->tally, samples, "line %" PRId64 ": %s", cells->csv.line, why.text);
        rs_tally_note(cells->tally, "local times that do not exist or exist twice were left out: "
                                    "export in UTC");
    }
    return RS_OK;
}

enum rs_status rs_cells_stamp(struct rs_cells *cells, const char *text, int64_t samples,
                              int64_t *at, bool *usable, struct rs_error *err)
{
    struct rs_civil civil;
    struct rs_error why;
    char shown[RS_SHOWN];
    bool zoned = true;
    size_t length = strlen(text);
    *usable = length > 0 && strcmp(text, cells->last) == 0;
    if (*usable) {
        *at = cells->last_at;
        cells->good++;
        return RS_OK;
    }
    if (rs_stamp_text(&cells->stamps, text, length, &civil, at, &zoned, &why) != RS_OK) {
        if (length > 0 &&
            strspn(text, "0123456789.") == length) { /* milliseconds: no row will be better */
            return rs_fail(err, RS_EINPUT, "line %" PRId64 ": %s", cells->csv.line, why.text);
        }
        cells->bad++;
        rs_tally_reject(cells->tally, samples, "line %" PRId64 ": '%s' is no time stamp",
                        cells->csv.line, rs_shown(text, shown));
        return RS_OK;
    }
    cells->good++;
    *usable = zoned;
    enum rs_status rc = zoned ? RS_OK : local_stamp(cells, text, &civil, samples, at, usable, err);
    if (rc == RS_OK && *usable && length < sizeof(cells->last)) {
        memcpy(cells->last, text, length + 1);
        cells->last_at = *at;
    }
    return rc;
}

static enum rs_status agree(struct rs_cells *cells, char decimal, struct rs_error *err)
{
    if (cells->decimal != 0 && cells->decimal != decimal) {
        return rs_fail(err, RS_EINPUT,
                       "line %" PRId64 ": a decimal %s, but line %" PRId64 " has a decimal %s",
                       cells->csv.line, decimal == ',' ? "comma" : "point", cells->decimal_line,
                       decimal == ',' ? "point" : "comma");
    }
    if (cells->decimal == 0) {
        cells->decimal = decimal;
        cells->decimal_line = cells->csv.line;
    }
    return RS_OK;
}

/* A decimal comma, a sign or point where JSON has none, or no number. */
static enum rs_status odd_value(struct rs_cells *cells, char *text, double *value, bool *usable,
                                struct rs_error *err)
{
    char shown[RS_SHOWN];
    struct rs_error unused = {RS_OK, ""};
    char *comma = strchr(text, ',');
    bool point = strchr(text, '.') != NULL;
    *usable = false;
    if (comma != NULL && (cells->csv.delimiter == ',' || point || strchr(comma + 1, ',') != NULL)) {
        rs_tally_reject(cells->tally, 1,
                        "line %" PRId64 ": '%s' is not a number (a decimal comma needs ';' or TAB "
                        "between the cells)",
                        cells->csv.line, rs_shown(text, shown));
        return RS_OK;
    }
    rs_shown(text, shown);
    if (comma != NULL) {
        *comma = '.';
    }
    *usable = rs_number_scan(text, strlen(text), value) ||
              rs_parse_double(text, -DBL_MAX, DBL_MAX, value, &unused) == RS_OK;
    if (!*usable) {
        rs_tally_reject(cells->tally, 1, "line %" PRId64 ": '%s' is not a number", cells->csv.line,
                        shown);
        return RS_OK;
    }
    return comma != NULL || point ? agree(cells, comma != NULL ? ',' : '.', err) : RS_OK;
}

enum rs_status rs_cells_value(struct rs_cells *cells, char *text, double *value, bool *usable,
                              struct rs_error *err)
{
    if (rs_number_scan(text, strlen(text), value)) { /* so it has no comma */
        *usable = true;
        return cells->decimal != '.' && strchr(text, '.') != NULL ? agree(cells, '.', err) : RS_OK;
    }
    return odd_value(cells, text, value, usable, err);
}

enum rs_status rs_cells_check(const struct rs_cells *cells, struct rs_error *err)
{
    if (cells->good > 0 || cells->bad == 0) {
        return RS_OK;
    }
    return rs_fail(err, RS_EINPUT, "no row has a time stamp that can be read: %s",
                   cells->tally->first_rejected[0] != '\0' ? cells->tally->first_rejected
                                                           : "see --columns");
}
