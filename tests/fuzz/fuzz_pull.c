/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Whatever the bytes, neither the window's size nor the short cuts for long arrays may change what
 * the parser says of them.
 */
#include "fuzz.h"

#include "base/window.h"
#include "rightsize/json.h"
#include "rightsize/pull.h"
#include "rightsize/when.h"

#include <string.h>

static enum rs_status trace(const char *bytes, size_t length, size_t chunk, bool many,
                            struct rs_buffer *out, struct rs_error *err)
{
    struct rs_input *in = NULL;
    struct rs_pull p;
    enum rs_pull_event event = RS_PULL_NULL;
    enum rs_status rc = rs_input_open_chunks(bytes, length, chunk, chunk, &in, err);
    if (rc != RS_OK) {
        return rc;
    }
    many ? rs_pull_init_many(&p, in) : rs_pull_init(&p, in);
    while (rc == RS_OK && event != RS_PULL_END) {
        rc = rs_pull_next(&p, &event, err);
        if (rc == RS_OK) {
            rs_buffer_char(out, (char)('a' + event));
        }
        if (rc == RS_OK && event >= RS_PULL_KEY && event <= RS_PULL_NUMBER) {
            FUZZ_HOLDS(p.text[p.length] == '\0' && strlen(p.text) == p.length);
            rs_buffer_append(out, p.text, p.length);
        }
    }
    rs_pull_release(&p);
    rs_input_close(in);
    return rc;
}

static void put_number(struct rs_buffer *out, double number)
{
    uint64_t bits;
    memcpy(&bits, &number, sizeof(bits));
    rs_buffer_printf(out, "n%016llx", (unsigned long long)bits);
}

static void put_text(struct rs_buffer *out, const char *text, size_t length)
{
    struct rs_error unused;
    struct rs_civil civil;
    int64_t at = 0;
    bool zoned = false;
    if (rs_when_parse_parts(text, length, &civil, &at, &zoned, &unused) == RS_OK && zoned) {
        rs_buffer_printf(out, "i%lld", (long long)at);
        return;
    }
    rs_buffer_char(out, 't');
    rs_buffer_append(out, text, length);
}

static void put_plain_elements(struct rs_pull *p, size_t room, struct rs_buffer *out)
{
    double numbers[8];
    int64_t instants[8];
    size_t n = rs_pull_numbers(p, numbers, room);
    for (size_t i = 0; i < n; i++) {
        put_number(out, numbers[i]);
    }
    n = rs_pull_instants(p, instants, room);
    for (size_t i = 0; i < n; i++) {
        rs_buffer_printf(out, "i%lld", (long long)instants[i]);
    }
}

/* What the events mean; room > 0: with the short cuts, so many elements a call. */
static enum rs_status meaning(const char *bytes, size_t length, size_t window, size_t room,
                              struct rs_buffer *out, struct rs_error *err)
{
    struct rs_input *in = NULL;
    struct rs_pull p;
    enum rs_pull_event event = RS_PULL_NULL;
    enum rs_status rc = rs_input_open_chunks(bytes, length, window, window, &in, err);
    if (rc != RS_OK) {
        return rc;
    }
    rs_pull_init_many(&p, in);
    while (rc == RS_OK && event != RS_PULL_END) {
        rc = rs_pull_next(&p, &event, err);
        if (rc == RS_OK && event == RS_PULL_NUMBER) {
            put_number(out, p.number);
        } else if (rc == RS_OK && event == RS_PULL_TEXT) {
            put_text(out, p.text, p.length);
        } else if (rc == RS_OK) {
            rs_buffer_char(out, (char)('A' + event));
        }
        if (rc == RS_OK && room > 0) {
            put_plain_elements(&p, room, out);
        }
    }
    rs_buffer_printf(out, " line %lld", (long long)rs_input_line(in));
    rs_pull_release(&p);
    rs_input_close(in);
    return rc;
}

static void short_cuts(const char *bytes, size_t length, size_t window)
{
    struct rs_error first = {RS_OK, ""}, second = {RS_OK, ""};
    struct rs_buffer a, b;
    rs_buffer_init(&a);
    rs_buffer_init(&b);
    enum rs_status slow = meaning(bytes, length, window, 0, &a, &first);
    enum rs_status fast = meaning(bytes, length, window, 1 + length % 8, &b, &second);
    FUZZ_HOLDS(slow == fast && strcmp(first.text, second.text) == 0);
    FUZZ_HOLDS(a.length == b.length && memcmp(a.data, b.data, a.length) == 0);
    rs_buffer_release(&a);
    rs_buffer_release(&b);
}

static void slice(const char *bytes, size_t length, size_t chunk)
{
    struct rs_error err = {RS_OK, ""};
    struct rs_input *in = NULL;
    struct rs_pull p;
    struct rs_buffer out;
    rs_buffer_init(&out);
    if (rs_input_open_chunks(bytes, length, chunk, chunk, &in, &err) != RS_OK) {
        return;
    }
    rs_pull_init(&p, in);
    if (rs_pull_slice(&p, length, &out, &err) == RS_OK) {
        cJSON *tree = NULL; /* what is JSON here is JSON there, but for subtleties of cJSON's own */
        if (rs_json_parse(out.data, out.length, &tree, &err) == RS_OK) {
            cJSON_Delete(tree);
        }
        FUZZ_HOLDS(out.length > 0);
    }
    rs_pull_release(&p);
    rs_input_close(in);
    rs_buffer_release(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 2) {
        return 0;
    }
    struct rs_error first = {RS_OK, ""}, second = {RS_OK, ""};
    struct rs_buffer a, b;
    const char *bytes = (const char *)data + 1;
    bool many = (data[0] & 1) != 0;
    size_t chunk = 1 + (data[0] >> 1);
    rs_buffer_init(&a);
    rs_buffer_init(&b);
    enum rs_status whole = trace(bytes, size - 1, 1 << 16, many, &a, &first);
    enum rs_status parts = trace(bytes, size - 1, chunk, many, &b, &second);
    FUZZ_HOLDS(whole == parts && strcmp(first.text, second.text) == 0);
    FUZZ_HOLDS(a.length == b.length && memcmp(a.data, b.data, a.length) == 0);
    slice(bytes, size - 1, chunk);
    short_cuts(bytes, size - 1, 64 + chunk);
    short_cuts(bytes, size - 1, 1 << 16);
    rs_buffer_release(&a);
    rs_buffer_release(&b);
    return 0;
}
