/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/version.h"

enum rs_status rs_version_print(struct rs_context *context, struct rs_error *err)
{
    struct rs_buffer text;
    rs_buffer_init(&text);
    rs_buffer_printf(&text,
                     "rightsize " RS_VERSION "\n"
                     "SQLite schema %d, catalog format 1, recommendations schema 1.0\n"
                     "License GPL-3.0-or-later\n",
                     rs_store_schema_version());
    enum rs_status rc = rs_output(context, NULL, &text, err);
    rs_buffer_release(&text);
    return rc;
}
