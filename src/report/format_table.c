/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A new format: write format_NAME.c with one `const struct rs_format rs_format_NAME` whose function
 * appends to the buffer and ends with rs_buffer_status; take rows and cells from rs_columns if it
 * is tabular; make every text safe for what will read it; declare it in formats.h, add it here, and
 * give it a golden file in tests/golden (report-NAME.txt) and a row in
 * tests/unit/test_format_text.c.
 */
#include "report/formats.h"

#include <stddef.h>
#include <string.h>

const struct rs_format *const rs_formats[] = {&rs_format_text_table, &rs_format_text_wide,
                                              &rs_format_json,       &rs_format_csv,
                                              &rs_format_markdown,   NULL};

const struct rs_format *rs_format_by_name(const char *name)
{
    for (size_t i = 0; rs_formats[i] != NULL; i++) {
        if (strcmp(rs_formats[i]->name, name) == 0) {
            return rs_formats[i];
        }
    }
    return NULL;
}
