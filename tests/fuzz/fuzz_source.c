/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * An export read through a large window, where long arrays and similar rows are taken at once, says
 * the same as read through a window of a byte, where nothing of it is in sight.
 */
#include "fuzz.h"

#include "base/window.h"
#include "rightsize/buffer.h"
#include "rightsize/source.h"

#include <string.h>

static enum rs_status put_samples(void *payload, const struct rs_batch *batch, struct rs_error *err)
{
    struct rs_buffer *out = payload;
    (void)err;
    rs_buffer_printf(out, "%s %d %d %d %lld:", batch->resource, (int)batch->kind,
                     (int)batch->metric, (int)batch->statistic, (long long)batch->step);
    for (size_t i = 0; i < batch->count; i++) {
        uint64_t bits;
        memcpy(&bits, &batch->values[i], sizeof(bits));
        rs_buffer_printf(out, " %lld=%llx", (long long)batch->at[i], (unsigned long long)bits);
    }
    rs_buffer_char(out, '\n');
    return RS_OK;
}

static enum rs_status put_resource(void *payload, const struct rs_resource *resource,
                                   struct rs_error *err)
{
    (void)err;
    rs_buffer_printf(payload, "machine %s\n", resource->id);
    return RS_OK;
}

static enum rs_status put_attachment(void *payload, const struct rs_attachment *attachment,
                                     struct rs_error *err)
{
    (void)err;
    rs_buffer_printf(payload, "volume %s\n", attachment->volume);
    return RS_OK;
}

static void put_tally(struct rs_buffer *out, const struct rs_tally *tally)
{
    rs_buffer_printf(out, "%lld %lld %lld '%s' %lld %zu", (long long)tally->series,
                     (long long)tally->samples, (long long)tally->rejected, tally->first_rejected,
                     (long long)tally->ignored, tally->note_count);
    for (size_t i = 0; i < tally->note_count; i++) {
        rs_buffer_printf(out, " '%s'", tally->note[i]);
    }
}

static enum rs_status read_all(const char *bytes, size_t length, size_t window, int how,
                               const struct rs_source *source, struct rs_buffer *out,
                               struct rs_error *err)
{
    struct rs_input *in = NULL;
    struct rs_tally tally = {.series = 0};
    struct rs_sink sink = {put_samples, put_resource, put_attachment, out};
    struct rs_source_request request = {.name = "fuzz",
                                        .instance = how & 1 ? "i-1" : NULL,
                                        .metric = how & 2 ? "cpu_percent" : NULL,
                                        .zone = how & 4 ? "UTC" : NULL,
                                        .step = how & 8 ? 300 : 0,
                                        .now = 1795400000,
                                        .observed_at = 1795400000};
    enum rs_status rc = rs_input_open_chunks(bytes, length, window, window, &in, err);
    if (rc == RS_OK) {
        rc = source->read(&request, in, &sink, &tally, err);
    }
    put_tally(out, &tally);
    rs_input_close(in);
    return rc;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const names[] = {"csv", "get-metric-data", "console-csv",
                                        "get-metric-statistics"};
    if (size < 1) {
        return 0;
    }
    struct rs_error first = {RS_OK, ""}, second = {RS_OK, ""};
    const char *bytes = (const char *)data + 1;
    const struct rs_source *source = rs_source_by_name(names[data[0] >> 4 & 3]);
    struct rs_buffer a, b;
    rs_buffer_init(&a);
    rs_buffer_init(&b);
    enum rs_status whole = read_all(bytes, size - 1, 1 << 16, data[0], source, &a, &first);
    enum rs_status parts = read_all(bytes, size - 1, 1, data[0], source, &b, &second);
    FUZZ_HOLDS(whole == parts && strcmp(first.text, second.text) == 0);
    FUZZ_HOLDS(strcmp(a.data, b.data) == 0);
    rs_buffer_release(&a);
    rs_buffer_release(&b);
    return 0;
}
