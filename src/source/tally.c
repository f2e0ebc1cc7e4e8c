/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rightsize/source.h"
#include "source/shown.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* The texts quote names out of the input, so that they are made printable here once for all. */
static void write_text(char out[static 256], const char *format, va_list args)
    __attribute__((format(printf, 2, 0)));

static void write_text(char out[static 256], const char *format, va_list args)
{
    char raw[256];
    vsnprintf(raw, sizeof(raw), format, args);
    rs_shown_line(raw, out, 256);
}

void rs_tally_note(struct rs_tally *tally, const char *format, ...)
{
    char text[256];
    va_list args;
    va_start(args, format);
    write_text(text, format, args);
    va_end(args);
    for (size_t i = 0; i < tally->note_count; i++) {
        if (strcmp(tally->note[i], text) == 0) {
            return;
        }
    }
    if (tally->note_count == RS_TALLY_NOTES) {
        tally->notes_dropped++;
        return;
    }
    memcpy(tally->note[tally->note_count++], text, sizeof(text));
}

void rs_tally_reject(struct rs_tally *tally, int64_t n, const char *format, ...)
{
    if (n > 0 && tally->first_rejected[0] == '\0') {
        va_list args;
        va_start(args, format);
        write_text(tally->first_rejected, format, args);
        va_end(args);
    }
    tally->rejected += n;
}
