/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rightsize/pull.h"

#include "../support/check.h"
#include "base/window.h"
#include "rightsize/buffer.h"
#include "rightsize/when.h"

#include <math.h>
#include <string.h>

#define MANY 3000
#define NOON INT64_C(1794744000) /* 2026-11-15T12:00:00Z */

static void open_array(struct rs_pull *p, const struct rs_buffer *text, size_t window)
{
    struct rs_error err = {RS_OK, ""};
    struct rs_input *in = NULL;
    enum rs_pull_event event = RS_PULL_END;
    check_ok(rs_input_open_chunks(text->data, text->length, window, window, &in, &err));
    rs_pull_init(p, in);
    check_ok(rs_pull_next(p, &event, &err));
    assert_int_equal(event, RS_PULL_ARRAY);
}

static void close_array(struct rs_pull *p)
{
    rs_pull_release(p);
    rs_input_close(p->input);
}

/* All numbers of the array, by short cuts where they are taken; how many were taken so. */
static size_t read_numbers(struct rs_pull *p, double *out, size_t *count)
{
    struct rs_error err = {RS_OK, ""};
    size_t taken = 0;
    *count = 0;
    for (;;) {
        enum rs_pull_event event = RS_PULL_END;
        size_t n = rs_pull_numbers(p, out + *count, MANY - *count);
        taken += n;
        *count += n;
        check_ok(rs_pull_next(p, &event, &err));
        if (event == RS_PULL_ARRAY_END) {
            return taken;
        }
        assert_int_equal(event, RS_PULL_NUMBER);
        out[(*count)++] = p->number;
    }
}

static void numbers_are_the_same_however_the_array_is_written(void **state)
{
    (void)state;
    static const char *const gaps[] = {
        ",",       ", ",
        " ,",      ",\n                ",
        ",\r\n\t", " ,\n                                                  "};
    static const size_t windows[] = {256, 4096, 1 << 20};
    static double out[MANY];
    for (size_t g = 0; g < COUNT_OF(gaps); g++) {
        struct rs_buffer text;
        rs_buffer_init(&text);
        for (int i = 0; i < 1000; i++) {
            rs_buffer_printf(&text, "%s%.17g", i == 0 ? "[ " : gaps[g], i / 7.0 - 50.0);
        }
        rs_buffer_text(&text, "\n]");
        for (size_t w = 0; w < COUNT_OF(windows); w++) {
            struct rs_pull p;
            size_t count = 0;
            open_array(&p, &text, windows[w]);
            size_t taken = read_numbers(&p, out, &count);
            assert_int_equal(count, 1000);
            assert_true(taken > 900 || windows[w] < 4096);
            for (int i = 0; i < 1000; i++) {
                check_same_double(out[i], i / 7.0 - 50.0);
            }
            close_array(&p);
        }
        rs_buffer_release(&text);
    }
}

static void append_instants(struct rs_buffer *text, int count, int64_t step, const char *zone)
{
    for (int i = 0; i < count; i++) {
        char when[RS_WHEN_TEXT];
        rs_when_format(NOON - i * step, when);
        rs_buffer_printf(text, "%s\"%.19s%s\"", i == 0 ? "[" : ",\n  ", when, zone);
    }
    rs_buffer_text(text, "]");
}

static void instants_are_taken_over_midnight_in_both_ways_of_writing(void **state)
{
    (void)state;
    static const char *const zones[] = {"Z", "+00:00"};
    static int64_t out[MANY];
    for (size_t z = 0; z < 2; z++) {
        struct rs_buffer text;
        struct rs_pull p;
        rs_buffer_init(&text);
        append_instants(&text, 1000, 301, zones[z]);
        open_array(&p, &text, 1 << 20);
        size_t n = rs_pull_instants(&p, out, MANY);
        assert_true(n > 950);
        for (size_t i = 0; i < n; i++) {
            assert_true(out[i] == NOON - (int64_t)i * 301);
        }
        close_array(&p);
        rs_buffer_release(&text);
    }
}

static void what_is_not_plain_is_left_to_the_events(void **state)
{
    (void)state;
    static const char *const elements[] = {"\"2026-11-15T12:00:00+01:00\"",
                                           "\"2026-11-15 12:00:00Z\"",
                                           "\"2026-02-30T12:00:00Z\"",
                                           "\"2026-11-15T24:00:00Z\"",
                                           "\"2026-11-15T12:60:00Z\"",
                                           "\"2026-11-15T12:00:60Z\"",
                                           "\"2026-11-15T12:00:00\"",
                                           "\"2026-11-15T1:000:00Z\"",
                                           "\"2026-11-15T12:00:00ZZ\"",
                                           "null",
                                           "1e400",
                                           "01",
                                           "1.",
                                           "-",
                                           "[1]",
                                           "\"\"",
                                           "}"};
    for (size_t i = 0; i < COUNT_OF(elements); i++) {
        struct rs_buffer text;
        struct rs_pull p;
        double numbers[4];
        int64_t instants[4];
        rs_buffer_init(&text);
        rs_buffer_printf(&text, "[%s%100s]", elements[i], " ");
        open_array(&p, &text, 4096);
        int64_t before = rs_input_offset(p.input);
        assert_int_equal(rs_pull_numbers(&p, numbers, 4), 0);
        assert_int_equal(rs_pull_instants(&p, instants, 4), 0);
        assert_true(rs_input_offset(p.input) == before);
        close_array(&p);
        rs_buffer_release(&text);
    }
}

/* One byte of the fourth of six elements is another one: as rs_when_scan reads it by itself. */
static void a_byte_that_is_wrong_in_the_middle_is_seen(void **state)
{
    (void)state;
    static const char *const zones[] = {"Z", "+00:00"};
    static const char others[] = "0129:-+TtZ\"/ \n,\x01\x7f\xff\0";
    for (size_t z = 0; z < 2; z++) {
        struct rs_buffer text;
        rs_buffer_init(&text);
        append_instants(&text, 6, 60, zones[z]);
        rs_buffer_printf(&text, "%100s", " ");
        size_t stride = 25 + strlen(zones[z]), from = 1 + 3 * stride + 1;
        for (size_t i = 0; i < stride * (sizeof(others) - 1); i++) {
            char *byte = text.data + from + i % stride, kept = *byte;
            struct rs_when_cache cache = {"", 0};
            struct rs_pull p;
            int64_t out[8], at = 0;
            *byte = others[i / stride];
            const char *stop = rs_when_scan(&cache, text.data + from, text.data + text.length, &at);
            size_t good = stop != NULL && *stop == '"' ? 4 : 3;
            good = good == 4 && memcmp(stop, "\",\n  \"", 6) == 0 ? 6 : good;
            open_array(&p, &text, 4096);
            size_t n = rs_pull_instants(&p, out, 8);
            bool gap = (size_t)(byte - text.data) >= from + stride - 5;
            assert_true(n == good || (gap && n == 6)); /* a gap may be written in other ways */
            if (n > 3) {
                assert_true(out[3] == at);
            }
            for (size_t k = 0; k < 3; k++) {
                assert_true(out[k] == NOON - 60 * (int64_t)k);
            }
            close_array(&p);
            *byte = kept;
        }
        rs_buffer_release(&text);
    }
}

static void lines_are_counted_over_what_is_taken(void **state)
{
    (void)state;
    static const char *const gaps[] = {",", ",\n    ", "\n,\n\n",
                                       " ,\n \n                        \n"};
    for (size_t g = 0; g < COUNT_OF(gaps); g++) {
        struct rs_buffer text;
        struct rs_pull p;
        static double out[MANY];
        size_t count = 0;
        int64_t lines = 1;
        rs_buffer_init(&text);
        for (int i = 0; i < 900; i++) { /* some are not plain, and leave the short cut */
            rs_buffer_printf(&text, "%s%s%d.5", i == 0 ? "\n\n[" : gaps[g], i % 50 == 7 ? "-" : "",
                             i);
        }
        rs_buffer_text(&text, "\n]");
        for (size_t i = 0; i < text.length; i++) {
            lines += text.data[i] == '\n';
        }
        open_array(&p, &text, 512);
        (void)read_numbers(&p, out, &count);
        assert_int_equal(count, 900);
        assert_true(rs_input_line(p.input) == lines);
        close_array(&p);
        rs_buffer_release(&text);
    }
}

static void a_string_of_NUL_bytes_is_no_remembered_date(void **state)
{
    (void)state;
    char bytes[120] = "[\"";
    struct rs_buffer text;
    struct rs_pull p;
    int64_t instant = 0;
    memcpy(bytes + 13, "12:00:00Z\"", 10);
    rs_buffer_init(&text);
    rs_buffer_append(&text, bytes, sizeof(bytes));
    open_array(&p, &text, 4096);
    assert_int_equal(rs_pull_instants(&p, &instant, 1), 0);
    close_array(&p);
    rs_buffer_release(&text);
}

static void nothing_is_taken_outside_an_array_or_over_the_room(void **state)
{
    (void)state;
    struct rs_error err = {RS_OK, ""};
    struct rs_buffer text;
    struct rs_pull p;
    double numbers[2];
    enum rs_pull_event event = RS_PULL_END;
    rs_buffer_init(&text);
    rs_buffer_printf(&text, "[1, 2, 3, {\"a\": 4, %100s\"b\":5}]", " ");
    open_array(&p, &text, 4096);
    assert_int_equal(rs_pull_numbers(&p, numbers, 2), 2);
    assert_int_equal(rs_pull_numbers(&p, numbers, 0), 0);
    assert_int_equal(rs_pull_numbers(&p, numbers, 2), 1);
    check_same_double(numbers[0], 3.0);
    check_ok(rs_pull_next(&p, &event, &err));
    assert_int_equal(event, RS_PULL_OBJECT);
    assert_int_equal(rs_pull_numbers(&p, numbers, 2), 0);
    check_ok(rs_pull_next(&p, &event, &err));
    assert_int_equal(event, RS_PULL_KEY);
    assert_int_equal(rs_pull_numbers(&p, numbers, 2), 0);
    check_ok(rs_pull_next(&p, &event, &err));
    assert_int_equal(rs_pull_numbers(&p, numbers, 2), 0);
    close_array(&p);
    rs_buffer_release(&text);
}

/* Behind the key of an object of two members whose values are the texts given. */
static void open_member(struct rs_pull *p, const char *first, const char *second, size_t window)
{
    struct rs_error err = {RS_OK, ""};
    struct rs_input *in = NULL;
    enum rs_pull_event event = RS_PULL_END;
    static char text[4096];
    snprintf(text, sizeof(text), "{\"a\":%s,\"b\":%s}", first, second);
    check_ok(rs_input_open_chunks(text, strlen(text), window, window, &in, &err));
    rs_pull_init(p, in);
    check_ok(rs_pull_next(p, &event, &err));
    check_ok(rs_pull_next(p, &event, &err));
    assert_int_equal(event, RS_PULL_KEY);
}

static void an_array_that_repeats_is_known_by_its_bytes(void **state)
{
    (void)state;
    static const struct {
        const char *first, *second;
        size_t window;
        bool repeats;
    } rows[] = {
        {" [1, 2]", " [1, 2]", 4096, true},         {" [1, 2]", " [1, 3]", 4096, false},
        {" [1, 2]", "[1, 2]", 4096, false},         {"[1, 2]", "[1, 2, 3]", 4096, false},
        {"[1, 2, 3, 4]", "[1, 2, 3, 4]", 26, true}, {"[1, 2, 3, 4]", "[1, 2, 3, 5]", 26, false},
        {"[[], {}]", "[[], {}]", 4096, true}};
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct rs_error err = {RS_OK, ""};
        struct rs_pull p;
        struct rs_buffer kept;
        size_t length = 0;
        enum rs_pull_event event = RS_PULL_END;
        rs_buffer_init(&kept);
        open_member(&p, rows[i].first, rows[i].second, rows[i].window);
        int64_t offset = rs_input_offset(p.input);
        check_ok(rs_pull_skip(&p, &err));
        const char *bytes = rs_pull_since(&p, offset, &length);
        assert_non_null(bytes);
        rs_buffer_append(&kept, bytes, length);
        assert_string_equal(kept.data, rows[i].first);
        assert_false(rs_pull_repeats(&p, kept.data, kept.length)); /* not behind a key */
        check_ok(rs_pull_next(&p, &event, &err));
        assert_true(rs_pull_repeats(&p, kept.data, kept.length) == rows[i].repeats);
        if (rows[i].repeats) {
            check_ok(rs_pull_next(&p, &event, &err));
            assert_int_equal(event, RS_PULL_OBJECT_END);
        }
        rs_buffer_release(&kept);
        close_array(&p);
    }
}

static void bytes_that_left_the_window_are_told(void **state)
{
    (void)state;
    struct rs_error err = {RS_OK, ""};
    struct rs_pull p;
    size_t length = 0;
    char first[2000] = "[0";
    for (int i = 1; i < 900; i++) {
        memcpy(first + 2 * i, ",1", 2);
    }
    memcpy(first + 1800, "]", 2);
    open_member(&p, first, "2", 64);
    int64_t offset = rs_input_offset(p.input);
    check_ok(rs_pull_skip(&p, &err));
    assert_null(rs_pull_since(&p, offset, &length));
    close_array(&p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_are_the_same_however_the_array_is_written),
        cmocka_unit_test(instants_are_taken_over_midnight_in_both_ways_of_writing),
        cmocka_unit_test(what_is_not_plain_is_left_to_the_events),
        cmocka_unit_test(a_byte_that_is_wrong_in_the_middle_is_seen),
        cmocka_unit_test(lines_are_counted_over_what_is_taken),
        cmocka_unit_test(a_string_of_NUL_bytes_is_no_remembered_date),
        cmocka_unit_test(nothing_is_taken_outside_an_array_or_over_the_room),
        cmocka_unit_test(an_array_that_repeats_is_known_by_its_bytes),
        cmocka_unit_test(bytes_that_left_the_window_are_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
