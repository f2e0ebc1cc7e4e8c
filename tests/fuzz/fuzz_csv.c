/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Whatever the bytes, the window's size must not change what the reader says of them. */
#include "fuzz.h"

#include "base/window.h"
#include "rightsize/csv.h"

#include <string.h>

static enum rs_status rows(const char *bytes, size_t length, size_t chunk, struct rs_buffer *out,
                           struct rs_error *err)
{
    struct rs_input *in = NULL;
    struct rs_csv csv;
    bool more = true;
    enum rs_status rc = rs_input_open_chunks(bytes, length, chunk, chunk, &in, err);
    if (rc != RS_OK) {
        return rc;
    }
    rs_csv_init(&csv, in);
    while (rc == RS_OK && more) {
        rc = rs_csv_next(&csv, &more, err);
        for (size_t i = 0; rc == RS_OK && i < csv.count; i++) {
            rs_buffer_printf(out, "%d:%s|", (int)csv.line, csv.fields[i]);
        }
    }
    rs_csv_release(&csv);
    rs_input_close(in);
    return rc;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 1) {
        return 0;
    }
    struct rs_error first = {RS_OK, ""}, second = {RS_OK, ""};
    struct rs_buffer a, b;
    rs_buffer_init(&a);
    rs_buffer_init(&b);
    enum rs_status whole = rows((const char *)data + 1, size - 1, 1 << 16, &a, &first);
    enum rs_status parts = rows((const char *)data + 1, size - 1, 1 + (size_t)data[0], &b, &second);
    FUZZ_HOLDS(whole == parts && strcmp(first.text, second.text) == 0);
    FUZZ_HOLDS(strcmp(a.data, b.data) == 0);
    rs_buffer_release(&a);
    rs_buffer_release(&b);
    return 0;
}
