/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rightsize/csv.h"

#include "../support/check.h"
#include "base/window.h"

#include <stdlib.h>

static const size_t chunks[] = {1 << 20, 1, 2, 3, 5000};

/* All rows as "line<field|field>". */
static enum rs_status rows_of(const char *text, size_t length, size_t chunk, struct rs_buffer *out,
                              char *delimiter, struct rs_error *err)
{
    struct rs_input *in = NULL;
    struct rs_csv csv;
    bool more = true;
    assert_int_equal(rs_input_open_chunks(text, length, 16, chunk, &in, err), RS_OK);
    rs_csv_init(&csv, in);
    enum rs_status rc = RS_OK;
    while ((rc = rs_csv_next(&csv, &more, err)) == RS_OK && more) {
        rs_buffer_printf(out, "%d<", (int)csv.line);
        for (size_t i = 0; i < csv.count; i++) {
            rs_buffer_printf(out, "%s%s", i > 0 ? "|" : "", csv.fields[i]);
        }
        rs_buffer_text(out, ">");
    }
    *delimiter = csv.delimiter;
    rs_csv_release(&csv);
    rs_input_close(in);
    return rc;
}

static void check_rows(const char *text, size_t length, char delimiter, const char *want)
{
    for (size_t i = 0; i < COUNT_OF(chunks); i++) {
        struct rs_error err = {RS_OK, ""};
        struct rs_buffer got;
        char found = '\0';
        rs_buffer_init(&got);
        check_ok(rows_of(text, length, chunks[i], &got, &found, &err));
        assert_string_equal(got.data, want);
        assert_int_equal(found, delimiter);
        rs_buffer_release(&got);
    }
}

static void check_refused(const char *text, size_t length, const char *message)
{
    for (size_t i = 0; i < COUNT_OF(chunks); i++) {
        struct rs_error err = {RS_OK, ""};
        struct rs_buffer got;
        char found = '\0';
        rs_buffer_init(&got);
        check_fails(rows_of(text, length, chunks[i], &got, &found, &err), RS_EINPUT, message);
        rs_buffer_release(&got);
    }
}

static void tables_become_rows(void **state)
{
    (void)state;
    static const struct {
        const char *text, *want;
    } rows[] = {
        {"", ""},
        {"\n\r\n\n", ""},
        {"a,b\n1,2\n", "1<a|b>2<1|2>"},
        {"a,b\r\n1,2\r\n", "1<a|b>2<1|2>"},
        {"a,b\n1,2", "1<a|b>2<1|2>"},
        {"a,b\n1,2\r", "1<a|b>2<1|2>"},
        {"a,b\n\n\n1,2\n  \n3,4\n", "1<a|b>4<1|2>6<3|4>"},
        {"\n\na,b\n", "3<a|b>"},
        {"a,,\n,,\n,\n", "1<a||>2<||>3<|>"},
        {"one\n\"\"\ntwo\n", "1<one>2<>3<two>"},
        {"\xEF\xBB\xBF"
         "a,b\n",
         "1<a|b>"},
        {"\"a\",\"b\"\n\"1\",2\n", "1<a|b>2<1|2>"},
        {"\"a,b\",c\n", "1<a,b|c>"},
        {"\"say \"\"hi\"\"\",x\n\"\"\"\",\n", "1<say \"hi\"|x>2<\"|>"},
        {"\"two\nlines\",x\ny,z\n", "1<two\nlines|x>3<y|z>"},
        {"\"two\r\nlines\",x\r\ny,z\r\n", "1<two\r\nlines|x>3<y|z>"},
        {"\"a\"\r\n\"b\"", "1<a>2<b>"},
        {"a\rb,c\n", "1<a\rb|c>"},
        {"5\" disk,x\n", "1<5\" disk|x>"},
        {" a , b \n", "1< a | b >"},
        {"a,b\n1,2,3\n4\n", "1<a|b>2<1|2|3>3<4>"},
        {"a,b\nx;y,\tz\n", "1<a|b>2<x;y|\tz>"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        check_rows(rows[i].text, strlen(rows[i].text), ',', rows[i].want);
    }
}

static void the_first_line_tells_the_delimiter(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        char delimiter;
        const char *want;
    } rows[] = {
        {"a;b;c\n1,5;2;3\n", ';', "1<a|b|c>2<1,5|2|3>"},
        {"a\tb\n1\t2,3\n", '\t', "1<a|b>2<1|2,3>"},
        {"\"x,y,z\";b\n", ';', "1<x,y,z|b>"},
        {"a;b,c,d\n", ',', "1<a;b|c|d>"},
        {"a;b,c\n", ',', "1<a;b|c>"},
        {"\n\na;b\n", ';', "3<a|b>"},
        {"one\n1;2\n", ',', "1<one>2<1;2>"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        check_rows(rows[i].text, strlen(rows[i].text), rows[i].delimiter, rows[i].want);
    }
}

static void faults_name_their_line(void **state)
{
    (void)state;
    check_refused("a,b\n1,\"open\n2,3\n", 16, "line 2: a quote is opened and never closed");
    check_refused("a,b\n\"x\ny\",\"open", 15, "line 3: a quote is opened and never closed");
    check_refused("a,b\n\"x\"y,2\n", 11, "line 2: text behind a closing quote");
    check_refused("a,b\n\"x\" ,2\n", 11, "line 2: text behind a closing quote");
    check_refused("a,b\n1,\0\n", 8, "line 2: a NUL byte");
    check_refused("a,b\n1,\"\0\"\n", 10, "line 2: a NUL byte");
    check_refused("\xFF\xFE"
                  "a\0,\0",
                  6, "line 1: a NUL byte; the table must be UTF-8 text");
}

static void endless_rows_are_refused(void **state)
{
    (void)state;
    size_t length = ((size_t)1 << 20) + 5000;
    char *text = malloc(length);
    assert_non_null(text);
    static const char fill[] = {'x', ','};
    for (size_t i = 0; i < COUNT_OF(fill); i++) {
        struct rs_error err = {RS_OK, ""};
        struct rs_buffer got;
        char found = '\0';
        rs_buffer_init(&got);
        memset(text, fill[i], length);
        text[0] = fill[i] == 'x' ? '"' : fill[i]; /* an open quote must not eat the file */
        memcpy(text + length - 2, "\n", 1);
        check_fails(rows_of(text, length, 1 << 20, &got, &found, &err), RS_EINPUT,
                    "line 1: a row longer than 1 MiB");
        rs_buffer_release(&got);
    }
    free(text);
}

static void a_reader_can_be_used_again(void **state)
{
    (void)state;
    struct rs_error err = {RS_OK, ""};
    struct rs_input *in = NULL;
    struct rs_csv csv;
    bool more = false;
    check_ok(rs_input_open_memory("a;b\n", 4, &in, &err));
    rs_csv_init(&csv, in);
    assert_int_equal(csv.delimiter, '\0');
    check_ok(rs_csv_next(&csv, &more, &err));
    assert_true(more);
    check_ok(rs_csv_next(&csv, &more, &err));
    assert_false(more);
    assert_int_equal(csv.count, 0);
    check_ok(rs_csv_next(&csv, &more, &err));
    assert_false(more);
    rs_csv_release(&csv);
    rs_csv_release(&csv);
    rs_input_close(in);
}

/* A header and a first row were read; then rows of the shape are taken. */
static size_t take_after(const char *text, size_t stamp, size_t values, bool points, bool *shaped,
                         int64_t *at, double *out)
{
    struct rs_error err = {RS_OK, ""};
    struct rs_input *in = NULL;
    struct rs_csv csv;
    struct rs_csv_shape shape;
    bool more = false;
    check_ok(rs_input_open_memory(text, strlen(text), &in, &err));
    rs_csv_init(&csv, in);
    rs_csv_shape_init(&shape);
    check_ok(rs_csv_next(&csv, &more, &err));
    assert_int_equal(rs_csv_take(&csv, &shape, true, at, out, 8), 0); /* no shape yet */
    *shaped = rs_csv_shape_set(&shape, &csv, stamp, values);
    size_t n = rs_csv_take(&csv, &shape, points, at, out, 8);
    if (n > 0) {
        assert_int_equal(csv.line, 2);
        check_ok(rs_csv_next(&csv, &more, &err));
        assert_int_equal(csv.line, more ? 2 + n : 2);
    }
    rs_csv_shape_release(&shape);
    rs_csv_release(&csv);
    rs_input_close(in);
    return n;
}

static void rows_like_the_last_one_are_taken_at_once(void **state)
{
    static const struct {
        const char *text;
        size_t stamp, values;
        bool points, shaped;
        size_t taken;
    } rows[] = {
        {"a,1000000000,1\na,1000000300,2.5\r\na,2001-09-09T01:56:40Z,3\nend,1,1\n", 1, 2, true,
         true, 2},
        {"a,1000000000,1\na,1000000300,2\nb,1000000600,3\n", 1, 2, true, true, 1},
        {"a,1000000000,1\na,1000000300,2.5\n", 1, 2, false, true, 0},
        {"a,1000000000,1\na,1000000300,2\nA,1000000600,3\n", 1, 2, false, true, 1},
        {"1000000000,a,1,2\n1000000300,a,,3\n1000000600,a,4,\nx,y,z,1\n", 0, 2, true, true, 2},
        {"1000000000,a,1,2\n1000000300,a,3\n", 0, 2, true, true, 0},
        {"1000000000,a,1,2\n1000000300,a,1,2,3\n", 0, 2, true, true, 0},
        {"a,1000000000,1\na,01000000300,2\n", 1, 2, true, true, 0},
        {"a,1000000000,1\na,10000003000,2\n", 1, 2, true, true, 0},
        {"a,1000000000,1\na,1000000300.5,2\n", 1, 2, true, true, 0},
        {"a,1000000000,1\na,1000000300,2", 1, 2, true, true, 0},
        {"a,1000000000,1\na,1000000300,\"2\"\n", 1, 2, true, true, 0},
        {"a,1000000000,1\na,1000000300,+2\n", 1, 2, true, true, 0},
        {"a,1000000000,1\na,1000000300,1e999\n", 1, 2, true, true, 0},
        {"\"a,b\",1000000000,1\na,b,1000000300,2\n", 1, 2, true, false, 0},
        {"\"\"\"a\",1000000000,1\n\"a,1000000300,2\n\"\n", 1, 2, true, false, 0},
        {"\"a\nb\",1000000000,1\na\nb,1000000300,2\n", 1, 2, true, false, 0},
        {"1,1000000000\n2,1000000300\n", 1, 0, true, false, 0},
        {"a,1000000000\na,1000000300\n", 1, 2, true, false, 0},
    };
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        int64_t at[8] = {0};
        double values[16];
        bool shaped = false;
        size_t n = take_after(rows[i].text, rows[i].stamp, rows[i].values, rows[i].points, &shaped,
                              at, values);
        assert_int_equal(shaped, rows[i].shaped);
        assert_int_equal(n, rows[i].taken);
        assert_true(n == 0 || at[0] == 1000000300);
    }
    int64_t at[8];
    double values[16];
    bool shaped = false;
    take_after(rows[0].text, 1, 2, true, &shaped, at, values);
    assert_true(at[1] == 1000000600 && values[0] == 2.5 && values[1] == 3.0);
    take_after(rows[4].text, 0, 2, true, &shaped, at, values);
    assert_true(isnan(values[0]) && values[1] == 3.0 && values[2] == 4.0 && isnan(values[3]));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_like_the_last_one_are_taken_at_once),
        cmocka_unit_test(tables_become_rows),
        cmocka_unit_test(the_first_line_tells_the_delimiter),
        cmocka_unit_test(faults_name_their_line),
        cmocka_unit_test(endless_rows_are_refused),
        cmocka_unit_test(a_reader_can_be_used_again),
    };
    return cmocka_run_group_tests_name("csv", tests, NULL, NULL);
}
