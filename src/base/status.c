/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rightsize/status.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum rs_status rs_fail(struct rs_error *err, enum rs_status code, const char *format, ...)
{
    assert(err != NULL && code != RS_OK);
    char text[sizeof(err->text)]; /* the arguments may point into err->text */
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof(text), format, args);
    va_end(args);
    memcpy(err->text, text, sizeof(text));
    err->code = code;
    return code;
}

enum rs_status rs_fail_where(struct rs_error *err, const char *format, ...)
{
    assert(err != NULL && err->code != RS_OK);
    char where[sizeof(err->text)], text[2 * sizeof(err->text) + 4];
    va_list args;
    va_start(args, format);
    vsnprintf(where, sizeof(where), format, args);
    va_end(args);
    snprintf(text, sizeof(text), "%s: %s", where, err->text);
    memcpy(err->text, text, sizeof(err->text) - 1);
    err->text[sizeof(err->text) - 1] = '\0';
    return err->code;
}

int rs_status_exit_code(enum rs_status code)
{
    static const int exit_codes[] = {
        [RS_OK] = 0,       [RS_EUSAGE] = 2, [RS_EINPUT] = 1, [RS_ENODATA] = 3,
        [RS_EPARTIAL] = 3, [RS_EIO] = 1,    [RS_ENOMEM] = 1, [RS_ECREDENTIALS] = 4};
    return exit_codes[code];
}
