/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What commands share: saying, the store's path, and writing the answer. */
#include "cli/command.h"

#include "cli/outlet.h"
#include "rightsize/text.h"

#include <errno.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* JOURNAL_STREAM, "device:inode", is inherited: it counts only while stderr still is that stream.
 */
static bool is_journal(FILE *notes)
{
    const char *stream = getenv("JOURNAL_STREAM");
    struct stat st;
    char own[64];
    if (stream == NULL || fstat(fileno(notes), &st) != 0) {
        return false;
    }
    snprintf(own, sizeof(own), "%ju:%ju", (uintmax_t)st.st_dev, (uintmax_t)st.st_ino);
    return strcmp(stream, own) == 0;
}

void rs_say(const struct rs_context *context, enum rs_level level, const char *format, ...)
{
    static const char *const names[] = {"error", "warning", "info", "detail"};
    static const int priorities[] = {3, 4, 6, 7}; /* sd-daemon(3) */
    const struct rs_globals *g = &context->globals;
    if ((level == RS_LEVEL_INFO && g->quiet) || (level == RS_LEVEL_DETAIL && !g->verbose)) {
        return;
    }
    char text[1024];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof(text), format, args);
    va_end(args);
    struct rs_buffer line;
    rs_buffer_init(&line);
    if (is_journal(context->notes)) {
        rs_buffer_printf(&line, "<%d>", priorities[level]);
    }
    if (g->log_format != NULL && strcmp(g->log_format, "json") == 0) {
        char at[RS_WHEN_TEXT];
        rs_when_format(context->now, at);
        rs_buffer_printf(&line, "{\"time\":\"%s\",\"level\":\"%s\",\"message\":", at, names[level]);
        rs_text_json(&line, text);
        rs_buffer_char(&line, '}');
    } else {
        rs_buffer_printf(&line, "rightsize: %s", level == RS_LEVEL_WARNING ? "warning: " : "");
        rs_text_printable(&line, text, strlen(text));
    }
    fprintf(context->notes, "%s\n", line.data);
    rs_buffer_release(&line);
}

enum rs_status rs_context_store_path(const struct rs_context *context, struct rs_buffer *out,
                                     struct rs_error *err)
{
    const char *db = context->globals.db != NULL ? context->globals.db : getenv("RIGHTSIZE_DB");
    const char *state = getenv("XDG_STATE_HOME"), *home = getenv("HOME");
    if (db != NULL && *db != '\0') {
        rs_buffer_text(out, db);
    } else if (state != NULL && *state == '/') { /* the XDG rules: a relative path is ignored */
        rs_buffer_printf(out, "%s/rightsize/metrics.db", state);
    } else if (home != NULL && *home == '/') {
        rs_buffer_printf(out, "%s/.local/state/rightsize/metrics.db", home);
    } else {
        return rs_fail(err, RS_EUSAGE,
                       "no store is named and HOME is not set; use --db FILE or RIGHTSIZE_DB");
    }
    return rs_buffer_status(out, err);
}

enum rs_status rs_output(struct rs_context *context, const char *path, const struct rs_buffer *text,
                         struct rs_error *err)
{
    struct rs_outlet outlet;
    enum rs_status rc = rs_outlet_open(&outlet, context, path, err);
    if (rc != RS_OK) {
        return rc;
    }
    rc = rs_outlet_write(&outlet, text->data, text->length, err);
    if (rc != RS_OK) {
        rs_outlet_abandon(&outlet);
        return rc;
    }
    return rs_outlet_commit(&outlet, err);
}
