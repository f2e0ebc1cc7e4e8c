/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "source/subjects.h"

#include "../support/check.h"

#include <stdlib.h>

struct bench {
    struct rs_source_request request;
    struct rs_tally tally;
    struct rs_accumulator acc;
    struct rs_cells cells;
    struct rs_columns columns;
    struct rs_subjects subjects;
    struct rs_sink sink;
    struct rs_input *input;
    struct rs_buffer text;
    struct rs_error err;
};

static void begin(struct bench *b)
{
    memset(b, 0, sizeof(*b));
    rs_buffer_init(&b->text);
    rs_accumulate_init(&b->acc, &b->sink, &b->tally);
    rs_subjects_init(&b->subjects);
    b->columns = (struct rs_columns){.stamp = SIZE_MAX,
                                     .instance = 0,
                                     .metric = 1,
                                     .series = SIZE_MAX,
                                     .statistic = SIZE_MAX,
                                     .step = SIZE_MAX,
                                     .long_value = 2};
    b->subjects.request = &b->request;
    b->subjects.tally = &b->tally;
    b->subjects.acc = &b->acc;
    b->subjects.columns = &b->columns;
    b->subjects.instance = "";
}

static void open_text(struct bench *b)
{
    struct rs_error err = {RS_OK, ""};
    check_ok(rs_input_open_memory(b->text.data, b->text.length, &b->input, &err));
    check_ok(rs_cells_open(&b->cells, &b->request, b->input, &b->tally, NULL, &err));
}

static void end(struct bench *b)
{
    rs_cells_close(&b->cells);
    rs_subjects_release(&b->subjects);
    rs_accumulate_release(&b->acc);
    rs_input_close(b->input);
    rs_buffer_release(&b->text);
}

static struct rs_held_series *next_series(struct bench *b)
{
    struct rs_error err = {RS_OK, ""};
    const struct rs_subject *subject = NULL;
    bool more = false;
    check_ok(rs_csv_next(&b->cells.csv, &more, &err));
    assert_true(more);
    check_ok(rs_subjects_find(&b->subjects, &b->cells, &subject, &err));
    return subject->series;
}

/* With room for all and with room for hardly any, in turns that repeat and turns that do not. */
static void the_same_names_are_the_same_series_also_when_forgotten(void **state)
{
    enum { NAMES = 700, TURNS = 3 };
    static struct bench b;
    static struct rs_held_series *first[NAMES];
    static const size_t room[] = {RS_SUBJECT_KEYS, 1, 100, 5000};
    (void)state;
    for (size_t r = 0; r < COUNT_OF(room); r++) {
        begin(&b);
        b.subjects.keys_max = room[r];
        for (int i = 0; i < NAMES * TURNS; i++) {
            int name = i < 2 * NAMES ? i % NAMES : (i * 37) % NAMES;
            rs_buffer_printf(&b.text,
                             i % 5 == 0 ? "\"host-%d\",cpu_percent\n" : "host-%d , cpu_percent\n",
                             name);
        }
        open_text(&b);
        for (int i = 0; i < NAMES * TURNS; i++) {
            int name = i < 2 * NAMES ? i % NAMES : (i * 37) % NAMES;
            struct rs_held_series *series = next_series(&b);
            assert_non_null(series);
            first[name] = i < NAMES ? series : first[name];
            assert_ptr_equal(series, first[name]);
        }
        assert_int_equal(b.acc.series_count, NAMES);
        assert_true(b.subjects.keys.length <= room[r] || b.subjects.count == 1);
        end(&b);
    }
}

/* No cell runs into the next one. */
static void names_are_told_apart_cell_by_cell(void **state)
{
    static struct bench b;
    (void)state;
    begin(&b);
    b.columns.statistic = 2;
    rs_buffer_text(&b.text, "a,cpu_percent,max\na,cpu_percent,min\na,cpu_percent,\n"
                            "acpu_percent,cpu_percent,max\na,mem_percent,max\na,cpu_percent,max\n"
                            "a,,cpu_percent\na\n");
    open_text(&b);
    struct rs_held_series *seen[5];
    for (size_t i = 0; i < 5; i++) {
        seen[i] = next_series(&b);
        assert_non_null(seen[i]);
        for (size_t j = 0; j < i; j++) {
            assert_ptr_not_equal(seen[i], seen[j]);
        }
    }
    assert_ptr_equal(next_series(&b), seen[0]);
    assert_null(next_series(&b));
    assert_null(next_series(&b));
    end(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_same_names_are_the_same_series_also_when_forgotten),
        cmocka_unit_test(names_are_told_apart_cell_by_cell),
    };
    return cmocka_run_group_tests_name("subjects", tests, NULL, NULL);
}
