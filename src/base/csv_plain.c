/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/csv_plain.h"

#include "base/window.h"

#include <string.h>

#define USUAL_ROW ((ptrdiff_t)1 << 16)

/* The next byte that is a delimiter or a control, from `p`; the NUL behind the window is one. */
static char *next_special(char *p, char delimiter)
{
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
    const uint64_t ones = 0x0101010101010101U, low = ones * 0x7F, high = ones * 0x80;
    const uint64_t wanted = ones * (unsigned char)delimiter;
    for (;; p += 8) { /* exact in each byte: no carry leaves it */
        uint64_t v, d;
        memcpy(&v, p, sizeof(v));
        d = v ^ wanted;
        uint64_t ordinary = (((d & low) + low) | d) & (((v & low) + ones * 0x60) | v) & high;
        if (ordinary != high) {
            return p + __builtin_ctzll(~ordinary & high) / 8;
        }
    }
#else
    while (*p != delimiter && (unsigned char)*p >= 0x20) {
        p++;
    }
    return p;
#endif
}

/* The fields' beginnings, and where the row ends: at LF or CR LF; NULL: not to be taken here. */
static enum rs_status find_fields(struct rs_csv *csv, char **stop, struct rs_error *err)
{
    struct rs_input *in = csv->input;
    char *from = in->window + in->start, *end = in->window + in->end, *p = from;
    *stop = NULL;
    csv->count = 0;
    for (bool begins = true;;) {
        if (begins && *p == '"') {
            return RS_OK;
        }
        if (begins) {
            enum rs_status rc = csv->count == csv->capacity ? rs_csv_grow(csv, err) : RS_OK;
            if (rc != RS_OK) {
                return rc;
            }
            csv->fields[csv->count++] = p;
        }
        p = next_special(p, csv->delimiter);
        if (p >= end || p - from > USUAL_ROW || *p == '\0') {
            return RS_OK;
        }
        if (*p == '\n' || *p == '\r') {
            *stop = *p == '\n' || p[1] == '\n' ? p : NULL; /* behind the window lies a NUL */
            return RS_OK;
        }
        begins = *p == csv->delimiter;
        p++;
    }
}

enum rs_status rs_csv_plain_row(struct rs_csv *csv, bool *done, bool *blank, struct rs_error *err)
{
    struct rs_input *in = csv->input;
    char *stop = NULL;
    enum rs_status rc = find_fields(csv, &stop, err);
    *done = rc == RS_OK && stop != NULL;
    if (!*done) {
        return rc;
    }
    csv->line = in->lines.counted == in->start ? in->lines.line : rs_input_line(in);
    size_t length = (size_t)(stop - (in->window + in->start)) + (*stop == '\r' ? 2 : 1);
    for (size_t i = 1; i < csv->count; i++) {
        csv->fields[i][-1] = '\0';
    }
    *stop = '\0';
    csv->end = stop;
    in->start += length;
    in->lines.line++; /* the newline may just have been overwritten */
    in->lines.counted = in->start;
    *blank = csv->count == 1 && rs_csv_is_blank(csv->fields[0]);
    return RS_OK;
}
