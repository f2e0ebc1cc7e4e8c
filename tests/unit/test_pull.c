/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rightsize/pull.h"

#include "../support/check.h"
#include "base/window.h"
#include "rightsize/number.h"

#include <stdlib.h>

static const size_t chunks[] = {1 << 20, 1, 2, 3, 7, 600};

static void open_pull(struct rs_pull *p, const char *text, size_t length, size_t chunk, bool many)
{
    struct rs_error err = {RS_OK, ""};
    struct rs_input *in = NULL;
    check_ok(rs_input_open_chunks(text, length, 64, chunk, &in, &err));
    if (many) {
        rs_pull_init_many(p, in);
    } else {
        rs_pull_init(p, in);
    }
}

static void close_pull(struct rs_pull *p)
{
    rs_pull_release(p);
    rs_input_close(p->input);
}

/* One event as text: { } [ ] k:key s:string 1.5 T F N, parted by blanks. */
static void describe(struct rs_buffer *out, const struct rs_pull *p, enum rs_pull_event event)
{
    static const char *const plain[] = {"{", "}", "[", "]", "k:", "s:", "", "T", "F", "N", "."};
    char number[RS_NUMBER_TEXT] = "";
    rs_buffer_text(out, plain[event]);
    if (event == RS_PULL_KEY || event == RS_PULL_TEXT) {
        rs_buffer_append(out, p->text, p->length);
    }
    if (event == RS_PULL_NUMBER) {
        rs_number_format(p->number, number);
        rs_buffer_text(out, number);
        double again = 0;
        assert_true(rs_number_scan(p->text, p->length, &again));
        check_same_double(again, p->number);
    }
    if (event == RS_PULL_KEY || event == RS_PULL_TEXT || event == RS_PULL_NUMBER) {
        assert_int_equal(p->text[p->length], '\0');
    }
    rs_buffer_char(out, ' ');
}

static enum rs_status trace(struct rs_pull *p, struct rs_buffer *out, struct rs_error *err)
{
    enum rs_pull_event event = RS_PULL_NULL;
    while (event != RS_PULL_END) {
        enum rs_status rc = rs_pull_next(p, &event, err);
        if (rc != RS_OK) {
            return rc;
        }
        describe(out, p, event);
    }
    return RS_OK;
}

static void check_trace(const char *text, size_t length, bool many, const char *want)
{
    for (size_t i = 0; i < COUNT_OF(chunks); i++) {
        struct rs_error err = {RS_OK, ""};
        struct rs_pull p;
        struct rs_buffer got;
        rs_buffer_init(&got);
        open_pull(&p, text, length, chunks[i], many);
        check_ok(trace(&p, &got, &err));
        assert_string_equal(got.data, want);
        enum rs_pull_event event = RS_PULL_NULL;
        check_ok(rs_pull_next(&p, &event, &err));
        assert_int_equal(event, RS_PULL_END); /* and stays so */
        close_pull(&p);
        rs_buffer_release(&got);
    }
}

static void check_refused(const char *text, size_t length, bool many, const char *message)
{
    for (size_t i = 0; i < COUNT_OF(chunks); i++) {
        struct rs_error err = {RS_OK, ""};
        struct rs_pull p;
        struct rs_buffer got;
        rs_buffer_init(&got);
        open_pull(&p, text, length, chunks[i], many);
        check_fails(trace(&p, &got, &err), RS_EINPUT, message);
        close_pull(&p);
        rs_buffer_release(&got);
    }
}

static void documents_become_events(void **state)
{
    (void)state;
    static const struct {
        const char *text, *want;
    } rows[] = {
        {"{}", "{ } . "},
        {"[]", "[ ] . "},
        {" \t\r\n[ ] \n", "[ ] . "},
        {"\"x\"", "s:x . "},
        {"-1.5e3", "-1500 . "},
        {"0", "0 . "},
        {"true", "T . "},
        {"[true,false,null]", "[ T F N ] . "},
        {"{\"a\":1,\"b\":[2,{\"c\":\"d\"}],\"e\":{}}",
         "{ k:a 1 k:b [ 2 { k:c s:d } ] k:e { } } . "},
        {"{ \"a\" : 1 , \"b\" :\n[ 2 ,\t3 ] }", "{ k:a 1 k:b [ 2 3 ] } . "},
        {"{\n                        \"a\":                 1}", "{ k:a 1 } . "},
        {"[\n         1,\n          2,\n           3]", "[ 1 2 3 ] . "},
        {"\xEF\xBB\xBF[1]", "[ 1 ] . "},
        {"{\"\":\"\"}", "{ k: s: } . "},
        {"[1,-0,1E5,1e+5,0.1,100.00000001]", "[ 1 -0 100000 100000 0.1 100.00000001 ] . "},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        check_trace(rows[i].text, strlen(rows[i].text), false, rows[i].want);
    }
}

static void escapes_and_odd_bytes_are_decoded(void **state)
{
    (void)state;
    static const struct {
        const char *text, *want;
    } rows[] = {
        {"\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"", "s:\"\\/\b\f\n\r\t . "},
        {"\"\\u0041\\u00e9\\u20AC\"", "s:A\xC3\xA9\xE2\x82\xAC . "},
        {"\"\\uD83D\\uDE00!\"", "s:\xF0\x9F\x98\x80! . "},
        {"\"\\uD83Dx\"", "s:\xEF\xBF\xBDx . "},
        {"\"\\uDE00x\"", "s:\xEF\xBF\xBDx . "},
        {"\"\\uD83D\\uD83D\\uDE00\"", "s:\xEF\xBF\xBD\xF0\x9F\x98\x80 . "},
        {"\"\\uD83D\\n\"", "s:\xEF\xBF\xBD\n . "},
        {"\"caf\xC3\xA9 \xF0\x9F\x98\x80 12345678\"", "s:caf\xC3\xA9 \xF0\x9F\x98\x80 12345678 . "},
        {"\"a\xFF\xC3\"", "s:a\xEF\xBF\xBD\xEF\xBF\xBD . "},
        {"\"\xED\xA0\x80\"", "s:\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD . "},
        {"\"12345678\x7F\"", "s:12345678\x7F . "},
        {"{\"k\\u0065y\":1}", "{ k:key 1 } . "},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        check_trace(rows[i].text, strlen(rows[i].text), false, rows[i].want);
    }
}

static void what_is_no_json_is_refused_with_its_line(void **state)
{
    (void)state;
    static const struct {
        const char *text, *message;
    } rows[] = {
        {"", "line 1: cut off, expected a value"},
        {"  \n ", "line 2: cut off, expected a value"},
        {"{", "line 1: cut off, expected a key or '}'"},
        {"[", "line 1: cut off, expected a value or ']'"},
        {"[1", "line 1: cut off, expected ',' or ']'"},
        {"[1,\n2", "line 2: cut off, expected ',' or ']'"},
        {"{\"a\"", "line 1: cut off, expected ':'"},
        {"{\"a\":", "line 1: cut off, expected a value"},
        {"{\"a\":1", "line 1: cut off, expected ',' or '}'"},
        {"\"abc", "line 1: cut off, expected '\"'"},
        {"\"abc\\", "line 1: cut off, expected an escape"},
        {"tru", "line 1: cut off, expected true"},
        {"[-", "line 1: cut off, expected the rest of a number"},
        {"[1.", "line 1: cut off, expected the rest of a number"},
        {"[1e+", "line 1: cut off, expected the rest of a number"},
        {"[\n1\n2]", "line 3: expected ',' or ']'"},
        {"{\"a\" 1}", "line 1: expected ':'"},
        {"{\"a\":1 \"b\"", "line 1: expected ',' or '}'"},
        {"{\"a\":1]", "line 1: expected ',' or '}'"},
        {"[1}", "line 1: expected ',' or ']'"},
        {"[1,]", "line 1: expected a value"},
        {"[,1]", "line 1: expected a value or ']'"},
        {"{\"a\":1,}", "line 1: expected a key"},
        {"{,}", "line 1: expected a key or '}'"},
        {"{a:1}", "line 1: expected a key or '}'"},
        {"{'a':1}", "line 1: expected a key or '}'"},
        {"{1:1}", "line 1: expected a key or '}'"},
        {"]", "line 1: expected a value"},
        {"{} x", "line 1: expected the end of the text"},
        {"{}\n{}", "line 2: expected the end of the text"},
        {"1 2", "line 1: expected the end of the text"},
        {"nul", "cut off, expected null"},
        {"nulx", "expected null"},
        {"True", "line 1: expected a value"},
        {"NaN", "line 1: expected a value"},
        {"[Infinity]", "line 1: expected a value or ']'"},
        {"[01]", "line 1: expected a number"},
        {"[+1]", "line 1: expected a value or ']'"},
        {"[.5]", "line 1: expected a value or ']'"},
        {"[1.]", "line 1: expected a number"},
        {"[1.5.2]", "line 1: expected a number"},
        {"[1-2]", "line 1: expected a number"},
        {"[-]", "line 1: expected a number"},
        {"[-a]", "line 1: expected a number"},
        {"[0x10]", "line 1: expected ',' or ']'"},
        {"[1e999]", "line 1: expected a number within the range of double"},
        {"\"a\nb\"", "expected no control character in a string"},
        {"\"a\tb\"", "expected no control character in a string"},
        {"\"\\x\"", "expected an escape"},
        {"\"\\u12G4\"", "expected four hexadecimal digits"},
        {"\"\\u12\"", "expected four hexadecimal digits"},
        {"\"\\u0000\"", "expected no '\\u0000'"},
        {"[1] // comment", "line 1: expected the end of the text"},
        {"\xFF\xFE[\x01", "expected UTF-8, this is UTF-16"},
        {"\xFE\xFF", "expected UTF-8, this is UTF-16"},
        {"[\xC2\xA0]", "line 1: expected a value or ']'"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        check_refused(rows[i].text, strlen(rows[i].text), false, rows[i].message);
    }
    check_refused("[1\0]", 4, false, "line 1: expected ',' or ']'");
    check_refused("\"a\0b\"", 5, false, "expected no control character");
    check_refused("[\0", 2, false, "line 1: expected a value or ']'");
}

static void nesting_ends_at_the_limit(void **state)
{
    (void)state;
    char text[2 * RS_PULL_DEPTH + 3], want[4 * RS_PULL_DEPTH + 8];
    for (int i = 0; i < RS_PULL_DEPTH; i++) {
        text[i] = '[';
        text[RS_PULL_DEPTH + i] = ']';
        memcpy(want + (ptrdiff_t)2 * i, "[ ", 2);
        memcpy(want + (ptrdiff_t)2 * (RS_PULL_DEPTH + i), "] ", 2);
    }
    memcpy(want + sizeof(want) - 8, ". ", 3);
    check_trace(text, (size_t)2 * RS_PULL_DEPTH, false, want);
    memset(text, '[', sizeof(text));
    check_refused(text, sizeof(text), false, "line 1: expected at most 64 levels of nesting");
}

static void many_values_may_follow_each_other(void **state)
{
    (void)state;
    static const struct {
        const char *text, *want;
    } rows[] = {
        {"", ". "},
        {" \n", ". "},
        {"{}{}", "{ } { } . "},
        {"{\"a\":1}\n{\"a\":2}\n", "{ k:a 1 } { k:a 2 } . "},
        {"[1] [2]\"x\"", "[ 1 ] [ 2 ] s:x . "},
        {"1 2", "1 2 . "},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        check_trace(rows[i].text, strlen(rows[i].text), true, rows[i].want);
    }
    check_refused("{},{}", 5, true, "line 1: expected a value");
    check_refused("{}{", 3, true, "cut off, expected a key or '}'");
}

static void tokens_longer_than_the_window_survive(void **state)
{
    (void)state;
    struct rs_buffer text, want;
    rs_buffer_init(&text);
    rs_buffer_init(&want);
    rs_buffer_text(&text, "[\"");
    rs_buffer_text(&want, "[ s:");
    for (int i = 0; i < 3000; i++) {
        rs_buffer_text(&text, "abc\\n\xC3\xA9");
        rs_buffer_text(&want, "abc\n\xC3\xA9");
    }
    rs_buffer_text(&text, "\",0.");
    for (int i = 0; i < 3000; i++) {
        rs_buffer_text(&text, "0");
    }
    rs_buffer_text(&text, "5e3000,1");
    for (int i = 0; i < 3000; i++) {
        rs_buffer_text(&text, "   \n");
    }
    rs_buffer_text(&text, "]");
    rs_buffer_text(&want, " 0.5 1 ] . ");
    /* 3000 zeros, 5 at place 3001: 5e-3001 * 1e3000 */
    check_trace(text.data, text.length, false, want.data);
    rs_buffer_release(&text);
    rs_buffer_release(&want);
}

static void tokens_beyond_the_limit_are_refused(void **state)
{
    (void)state;
    size_t length = RS_INPUT_TOKEN_LIMIT + 4096;
    char *text = malloc(length);
    assert_non_null(text);
    struct rs_error err = {RS_OK, ""};
    struct rs_pull p;
    enum rs_pull_event event;
    memset(text, 'x', length);
    text[0] = '"';
    open_pull(&p, text, length, 1 << 20, false);
    check_fails(rs_pull_next(&p, &event, &err), RS_EINPUT, "expected a string of at most 4 MiB");
    close_pull(&p);
    memset(text, '1', length);
    open_pull(&p, text, length, 1 << 20, false);
    check_fails(rs_pull_next(&p, &event, &err), RS_EINPUT, "line 1: expected a shorter number");
    close_pull(&p);
    free(text);
}

static void expect(struct rs_pull *p, enum rs_pull_event want)
{
    struct rs_error err = {RS_OK, ""};
    enum rs_pull_event event;
    check_ok(rs_pull_next(p, &event, &err));
    assert_int_equal(event, want);
}

static void values_can_be_passed_over(void **state)
{
    (void)state;
    static const char text[] =
        "{\"a\": {\"x\": [1, {}]}, \"b\": \"s\", \"c\": [[1], [2, [3]], 4, 5]}";
    for (size_t i = 0; i < COUNT_OF(chunks); i++) {
        struct rs_error err = {RS_OK, ""};
        struct rs_pull p;
        open_pull(&p, text, sizeof(text) - 1, chunks[i], false);
        expect(&p, RS_PULL_OBJECT);
        expect(&p, RS_PULL_KEY);
        check_ok(rs_pull_skip(&p, &err));
        expect(&p, RS_PULL_KEY);
        assert_string_equal(p.text, "b");
        check_ok(rs_pull_skip(&p, &err));
        expect(&p, RS_PULL_KEY);
        expect(&p, RS_PULL_ARRAY);
        check_ok(rs_pull_skip(&p, &err));
        check_ok(rs_pull_skip(&p, &err));
        expect(&p, RS_PULL_NUMBER);
        check_same_double(p.number, 4);
        check_ok(rs_pull_skip_rest(&p, &err));
        expect(&p, RS_PULL_OBJECT_END);
        expect(&p, RS_PULL_END);
        close_pull(&p);
    }
}

static void passing_over_still_checks(void **state)
{
    (void)state;
    struct rs_error err = {RS_OK, ""};
    struct rs_pull p;
    open_pull(&p, "[[1,]]", 6, 1, false);
    expect(&p, RS_PULL_ARRAY);
    check_fails(rs_pull_skip(&p, &err), RS_EINPUT, "expected a value");
    close_pull(&p);
    open_pull(&p, "[1]", 3, 1, false);
    expect(&p, RS_PULL_ARRAY);
    expect(&p, RS_PULL_NUMBER);
    check_fails(rs_pull_skip(&p, &err), RS_EINPUT, "expected a value");
    close_pull(&p);
    open_pull(&p, "[[1", 3, 1, false);
    expect(&p, RS_PULL_ARRAY);
    expect(&p, RS_PULL_ARRAY);
    check_fails(rs_pull_skip_rest(&p, &err), RS_EINPUT, "cut off");
    close_pull(&p);
}

static void slices_keep_the_tokens_of_a_value(void **state)
{
    (void)state;
    static const char text[] =
        "{\"a\" : {\"x\\n\": [1.50, {}]} , \"b\": \"\\u00e9\", \"c\": [ [ 1 ] , [2, 3] , true]}";
    for (size_t i = 0; i < COUNT_OF(chunks); i++) {
        struct rs_error err = {RS_OK, ""};
        struct rs_pull p;
        struct rs_buffer out;
        rs_buffer_init(&out);
        open_pull(&p, text, sizeof(text) - 1, chunks[i], false);
        expect(&p, RS_PULL_OBJECT);
        expect(&p, RS_PULL_KEY);
        check_ok(rs_pull_slice(&p, 100, &out, &err));
        assert_string_equal(out.data, "{\"x\\n\":[1.50,{}]}");
        expect(&p, RS_PULL_KEY);
        assert_string_equal(p.text, "b");
        rs_buffer_clear(&out);
        check_ok(rs_pull_slice(&p, 8, &out, &err));
        assert_string_equal(out.data, "\"\\u00e9\"");
        expect(&p, RS_PULL_KEY);
        expect(&p, RS_PULL_ARRAY);
        expect(&p, RS_PULL_ARRAY);
        rs_buffer_clear(&out);
        check_ok(rs_pull_rest_slice(&p, 100, &out, &err));
        assert_string_equal(out.data, "[1]");
        check_ok(rs_pull_slice(&p, 100, &out, &err));
        assert_string_equal(out.data, "[1][2,3]"); /* appended */
        rs_buffer_clear(&out);
        check_ok(rs_pull_rest_slice(&p, 100, &out, &err));
        assert_string_equal(out.data, "[true]");
        expect(&p, RS_PULL_OBJECT_END);
        expect(&p, RS_PULL_END);
        close_pull(&p);
        rs_buffer_release(&out);
    }
}

static void slices_have_a_limit(void **state)
{
    (void)state;
    struct rs_error err = {RS_OK, ""};
    struct rs_pull p;
    struct rs_buffer out;
    rs_buffer_init(&out);
    rs_buffer_text(&out, "old");
    open_pull(&p, "\n[1, 2, 3]", 10, 1, false);
    check_fails(rs_pull_slice(&p, 6, &out, &err), RS_EINPUT, "line 2: a value longer than 6 bytes");
    close_pull(&p);
    open_pull(&p, "[1, 2, 3]", 9, 1, false);
    check_ok(rs_pull_slice(&p, 7, &out, &err));
    close_pull(&p);
    open_pull(&p, "[1, 2, 3]", 9, 1, false);
    expect(&p, RS_PULL_ARRAY);
    check_fails(rs_pull_rest_slice(&p, 4, &out, &err), RS_EINPUT, "longer than 4 bytes");
    close_pull(&p);
    rs_buffer_release(&out);
}

static void every_cut_of_a_document_is_refused(void **state)
{
    (void)state;
    static const char text[] =
        "{\"Label\": \"caf\\u00e9 \\uD83D\\uDE00\", \"Values\": [0.5, -1e-3, 12], "
        "\"ok\": true, \"none\": null, \"o\": {}}";
    for (size_t n = 0; n < sizeof(text) - 1; n++) {
        char *copy = malloc(n + 1); /* so that a byte read too far is seen */
        assert_non_null(copy);
        memcpy(copy, text, n);
        check_refused(copy, n, false, "expected");
        free(copy);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(documents_become_events),
        cmocka_unit_test(escapes_and_odd_bytes_are_decoded),
        cmocka_unit_test(what_is_no_json_is_refused_with_its_line),
        cmocka_unit_test(nesting_ends_at_the_limit),
        cmocka_unit_test(many_values_may_follow_each_other),
        cmocka_unit_test(tokens_longer_than_the_window_survive),
        cmocka_unit_test(tokens_beyond_the_limit_are_refused),
        cmocka_unit_test(values_can_be_passed_over),
        cmocka_unit_test(passing_over_still_checks),
        cmocka_unit_test(slices_keep_the_tokens_of_a_value),
        cmocka_unit_test(slices_have_a_limit),
        cmocka_unit_test(every_cut_of_a_document_is_refused),
    };
    return cmocka_run_group_tests_name("pull", tests, NULL, NULL);
}
