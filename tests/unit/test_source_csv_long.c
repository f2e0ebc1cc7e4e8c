/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tables of one value a row: what their headers may say, and what is refused of them. */
#include "source_sink.h"

static void reads_long_tables_by_metric_and_by_series(void **state)
{
    static const char *const texts[] = {
        "series,epoch,value\na/cpu_percent,1795338600,1\na/cpu_percent,1795338900,2\n"
        "a/net_in_bytes_per_s,1795338600,7\na/net_in_bytes_per_s,1795338900,\n"
        "x/y/cpu_percent,1795338600,5\nx/y/cpu_percent,1795338900,6\n",
        "value;metric;instance;timestamp\n1,0;cpu_percent;a;2026-11-22T09:10:00Z\n"
        "2;cpu_percent;a;1795338900\n7;net_in_bytes_per_s;a;1795338600\n"
        "5;cpu_percent;x/y;1795338600\n6;cpu_percent;x/y;1795338900\n",
        "timestamp,instance,metric,value\r\n2026-11-22T09:10:00Z,a,cpu_percent,1\r\n"
        "2026-11-22T09:15:00+00:00,a,cpu_percent,2\r\n1795338600,a,net_in_bytes_per_s,7\r\n"
        "1795338600,x/y,\"cpu_percent\",5\r\n1795338900,x/y,cpu_percent,6",
    };
    (void)state;
    struct run *run = new_run();
    for (size_t i = 0; i < COUNT_OF(texts); i++) {
        read_text(run, texts[i]);
        assert_string_equal(run->err.text, "");
        assert_string_equal(run->source->name, "csv");
        assert_pair(run, "a", RS_METRIC_CPU_PERCENT, RS_STATISTIC_AVG, 300, 1, 2);
        assert_samples(run, "a", RS_METRIC_NET_IN_BYTES, RS_STATISTIC_SUM_RATE, 300, 1, pair_at,
                       (const double[]){7});
        assert_pair(run, "x/y", RS_METRIC_CPU_PERCENT, RS_STATISTIC_AVG, 300, 5, 6);
        assert_int_equal(run->tally.series, 3);
        assert_int_equal(run->tally.rejected, 0);
        assert_int_equal(run->tally.note_count, 0);
    }
    free(run);
}

static void tells_what_of_a_long_table_is_not_read(void **state)
{
    (void)state;
    struct run *run = new_run();
    read_text(run, "series,epoch,value\na/cpu,1795338600,1\na/cpu,1795338900,1\n"
                   "a/cpu_percent,1795338600,1\na/cpu_percent,1795338900,140\n"
                   "a/cpu_percent,1795339200,x\na/cpu_percent,1795339500,2\n");
    assert_int_equal(run->rc, RS_OK);
    assert_int_equal(run->tally.ignored, 2);
    assert_int_equal(run->tally.rejected, 2);
    assert_string_equal(run->tally.first_rejected, "line 5: cpu_percent 140 is outside 0..100.5");
    assert_string_equal(run->tally.note[0], "metric 'cpu' is not read: did you mean cpu_percent?");
    read_text(run, "series,epoch,value\ncpu_percent,1795338600,1\n");
    assert_int_equal(run->rc, RS_EINPUT);
    assert_string_equal(run->err.text, "line 2: the name of the instance is empty");
    read_text(run, "timestamp,metric,value\n1795338600,cpu_percent,1\n");
    assert_non_null(strstr(run->err.text, "whose samples these are is not said"));
    run->request.metric = "cpu_percent"; /* then the other columns are comment */
    run->request.instance = "b";
    read_text(run, "timestamp,metric,value\n1795338600,other,1\n1795338900,other,2\n");
    assert_pair(run, "b", RS_METRIC_CPU_PERCENT, RS_STATISTIC_AVG, 300, 1, 2);
    free(run);
}

static void headers_in_many_words_say_the_same(void **state)
{
    static const char *const texts[] = {
        "resource,metric,statistic,ts,value\na,cpu_percent,max,1795338600,1\n"
        "a,cpu_percent,max,1795338900,2\n",
        "id,metric,time,value,statistic\na,cpu_percent,2026-11-22T09:10:00Z,1,Maximum\n"
        "a,cpu_percent,2026-11-22T10:15:00+01:00,2,MAX\n",
        "Host;Metric;Epoch;Value\na;cpu_percent_max;1795338600;1\na;cpu_percent_max;1795338900;2\n",
        "series,timestamp,value\na/cpu_percent_max,1795338900,2\na/cpu_percent_max,1795338600,1\n",
        "value\tmetric\tinstance\tstatistic\tstep\tts\n1\tcpu_percent\ta\tmax\t300\t1795338600\n"
        "\"2\"\t cpu_percent \ta\t\"max\"\t300\t1795338900\n",
        "\xEF\xBB\xBFts,host,metric,statistic,value\r\n1795338600,a,cpu_percent,maximum,1\r\n"
        "1795338900,a,cpu_percent,max,2",
    };
    (void)state;
    struct run *run = new_run();
    for (size_t i = 0; i < COUNT_OF(texts); i++) {
        read_text(run, texts[i]);
        assert_string_equal(run->err.text, "");
        assert_string_equal(run->source->name, "csv");
        assert_int_equal(run->batch_count, 1);
        assert_pair(run, "a", RS_METRIC_CPU_PERCENT, RS_STATISTIC_MAX, 300, 1, 2);
        assert_int_equal(run->tally.note_count + (size_t)run->tally.rejected, 0);
    }
    free(run);
}

/* As `export --samples` wrote them they are filed, also where --statistic would say otherwise. */
static void statistics_are_taken_by_the_word(void **state)
{
    static const struct {
        const char *metric, *statistic;
        enum rs_metric want;
        enum rs_statistic kept;
    } rows[] = {
        {"cpu_percent", "avg", RS_METRIC_CPU_PERCENT, RS_STATISTIC_AVG},
        {"cpu_percent", "mean", RS_METRIC_CPU_PERCENT, RS_STATISTIC_AVG},
        {"cpu_percent", "Minimum", RS_METRIC_CPU_PERCENT, RS_STATISTIC_MIN},
        {"net_in_bytes_per_s", "avg", RS_METRIC_NET_IN_BYTES, RS_STATISTIC_AVG},
        {"net_in_bytes_per_s", "sum_rate", RS_METRIC_NET_IN_BYTES, RS_STATISTIC_SUM_RATE},
        {"net_in_bytes_per_s", "", RS_METRIC_NET_IN_BYTES, RS_STATISTIC_SUM_RATE},
        {"cpu_credit_usage", "sum_rate", RS_METRIC_CPU_CREDIT_USAGE, RS_STATISTIC_SUM_RATE},
        {"oom_kills", "sum_rate", RS_METRIC_OOM_KILLS, RS_STATISTIC_SUM_RATE},
    };
    (void)state;
    struct run *run = new_run();
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        char text[256];
        snprintf(text, sizeof(text),
                 "resource,metric,statistic,ts,value\na,%s,%s,1795338600,1\n"
                 "a,%s,%s,1795338900,2\n",
                 rows[i].metric, rows[i].statistic, rows[i].metric, rows[i].statistic);
        read_text(run, text);
        assert_pair(run, "a", rows[i].want, rows[i].kept, 300, 1, 2);
    }
    run->request.statistic = "min";
    read_text(run, "resource,metric,statistic,ts,value\na,cpu_percent,,1795338600,1\n"
                   "a,cpu_percent,max,1795338600,1\na,cpu_percent,,1795338900,2\n");
    assert_pair(run, "a", RS_METRIC_CPU_PERCENT, RS_STATISTIC_MIN, 300, 1, 2);
    free(run);
}

static void columns_of_a_wide_table_may_end_in_their_statistic(void **state)
{
    (void)state;
    struct run *run = new_run();
    read_text(run, "ts,resource,cpu_percent,cpu_percent_max,net_in_bytes_per_s_avg,"
                   "cpu_percent_sum_rate\n1795338600,a,1,3,5,9\n1795338900,a,2,4,6,9\n");
    assert_int_equal(run->batch_count, 3);
    assert_pair(run, "a", RS_METRIC_CPU_PERCENT, RS_STATISTIC_AVG, 300, 1, 2);
    assert_pair(run, "a", RS_METRIC_CPU_PERCENT, RS_STATISTIC_MAX, 300, 3, 4);
    assert_pair(run, "a", RS_METRIC_NET_IN_BYTES, RS_STATISTIC_AVG, 300, 5, 6);
    assert_true(has_note(run, "column 'cpu_percent_sum_rate' is not read"));
    free(run);
}

static void each_series_has_a_step_of_its_own(void **state)
{
    static const char slow[] = "a,mem_percent,1795338000,1\na,mem_percent,1795341600,2\n"
                               "a,mem_percent,1795345200,3\na,mem_percent,1795348800,4\n";
    static const char fast[] = "a,cpu_percent,1795338600,1\na,cpu_percent,1795338660,2\n"
                               "a,cpu_percent,1795338720,3\na,cpu_percent,1795338780,4\n"
                               "a,cpu_percent,1795338900,5\na,cpu_percent,1795338960,5\n";
    static const char odd[] = "b,cpu_percent,1795338600,1\nb,cpu_percent,1795339020,2\n"
                              "b,cpu_percent,1795339440,3\nb,cpu_percent,1795339860,4\n";
    static const char lone[] = "c,cpu_percent,1795338600,1\nd,cpu_percent,1795338600,1\n"
                               "d,cpu_percent,1795342200,2\n";
    (void)state;
    struct run *run = new_run();
    char text[2048];
    snprintf(text, sizeof(text), "instance,metric,ts,value\n%s%s%s%s", lone, slow, fast, odd);
    read_text(run, text);
    assert_int_equal(run->rc, RS_OK);
    static const struct {
        const char *resource;
        enum rs_metric metric;
        int64_t step;
    } want[] = {{"a", RS_METRIC_MEM_PERCENT, 3600},
                {"a", RS_METRIC_CPU_PERCENT, 60},
                {"b", RS_METRIC_CPU_PERCENT, 60},
                {"c", RS_METRIC_CPU_PERCENT, 60},
                {"d", RS_METRIC_CPU_PERCENT, 60}};
    for (size_t i = 0; i < COUNT_OF(want); i++) {
        assert_int_equal(find_batch(run, want[i].resource, want[i].metric, RS_STATISTIC_AVG)->step,
                         want[i].step);
    }
    assert_int_equal(run->tally.note_count, 1);
    assert_string_equal(run->tally.note[0],
                        "cpu_percent of b comes every 420 s, which is no step that divides a day: "
                        "it was read as samples of 60 s");
    run->request.step = 300;
    read_text(run, text);
    assert_int_equal(find_batch(run, "a", RS_METRIC_MEM_PERCENT, RS_STATISTIC_AVG)->step, 300);
    free(run);
}

static void a_column_may_say_the_step(void **state)
{
    static const char text[] = "instance,metric,step,ts,value\na,cpu_percent,60,1795338600,1\n"
                               "a,cpu_percent,60,1795338900,2\na,mem_percent,,1795338600,1\n"
                               "a,mem_percent,,1795338900,2\na,load_1m,7,1795338600,1\n"
                               "a,load_1m,1 min,1795338600,1\na,load_1m,0,1795338600,1\n";
    (void)state;
    struct run *run = new_run();
    read_text(run, text);
    assert_int_equal(run->batch_count, 2);
    assert_samples(run, "a", RS_METRIC_CPU_PERCENT, RS_STATISTIC_AVG, 60, 2, pair_at,
                   (const double[]){1, 2});
    assert_pair(run, "a", RS_METRIC_MEM_PERCENT, RS_STATISTIC_AVG, 300, 1, 2);
    assert_int_equal(run->tally.rejected, 3);
    assert_string_equal(run->tally.first_rejected,
                        "line 6: the step is not whole seconds that divide a day");
    run->request.step = 3600;
    read_text(run, text);
    assert_int_equal(run->batch_count, 3);
    assert_int_equal(run->batches[0].step, 3600);
    assert_int_equal(run->tally.rejected, 0);
    free(run);
}

static void what_is_not_read_is_told(void **state)
{
    static const char head[] = "resource,metric,statistic,ts,value";
    static const struct {
        const char *row, *note;
    } rows[] = {
        {"a,cpu,avg,1795338600,1", "metric 'cpu' is not read: did you mean cpu_percent?"},
        {"a,cpu_percent_max,avg,1795338600,1", "metric 'cpu_percent_max' is not read"},
        {"a,colour,avg,1795338600,1", "metric 'colour' is not read"},
        {"a,,avg,1795338600,1", "metric '' is not read"},
        {"a,cpu_percent,p99,1795338600,1",
         "statistic 'p99' of cpu_percent is not read: there are avg, max, min and, of rates and "
         "counts, sum_rate"},
        {"a,cpu_percent,sum_rate,1795338600,1", "statistic 'sum_rate' of cpu_percent is not read"},
        {"a,net_in_bytes_per_s,Sum,1795338600,1", "statistic 'Sum' of net_in_bytes_per_s is not"},
    };
    (void)state;
    struct run *run = new_run();
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        char text[512];
        snprintf(text, sizeof(text),
                 "%s,colour\n%s,red\na,cpu_percent,avg,1795338600,1,red\n%s,red\n"
                 "a,cpu_percent,avg,1795338900,2,blue\n",
                 head, rows[i].row, rows[i].row);
        read_text(run, text);
        assert_pair(run, "a", RS_METRIC_CPU_PERCENT, RS_STATISTIC_AVG, 300, 1, 2);
        assert_int_equal(run->tally.ignored, 2);
        assert_int_equal(run->tally.note_count, 2);
        assert_string_equal(run->tally.note[0], "column 'colour' is not read");
        assert_non_null(strstr(run->tally.note[1], rows[i].note));
    }
    free(run);
}

/* Numbers behind the value are no samples, however many rows are alike. */
static void only_the_value_is_a_sample(void **state)
{
    (void)state;
    struct run *run = new_run();
    struct rs_buffer text;
    rs_buffer_init(&text);
    rs_buffer_text(&text, "series,epoch,value,quality\n");
    for (int i = 0; i < 40; i++) {
        rs_buffer_printf(&text, "a/cpu_percent,%d,5,%d\n", 1795338600 + 300 * i, i);
    }
    read_text(run, text.data);
    assert_int_equal(run->tally.samples, 40);
    assert_int_equal(run->batches[0].count, 40);
    for (size_t i = 0; i < 40; i++) {
        assert_true(run->batches[0].values[i] == 5.0);
    }
    rs_buffer_release(&text);
    free(run);
}

static void an_id_that_may_number_the_rows_is_none(void **state)
{
    (void)state;
    struct run *run = new_run();
    run->request.instance = "a";
    read_text(run, "id,metric,ts,value\n1,cpu_percent,1795338600,1\n2,cpu_percent,1795338900,2\n");
    assert_pair(run, "a", RS_METRIC_CPU_PERCENT, RS_STATISTIC_AVG, 300, 1, 2);
    assert_true(has_note(run, "column 'id' is not read"));
    run->request.instance = NULL;
    read_text(run, "id,instance,metric,ts,value\n1,a,cpu_percent,1795338600,1\n"
                   "2,a,cpu_percent,1795338900,2\n");
    assert_pair(run, "a", RS_METRIC_CPU_PERCENT, RS_STATISTIC_AVG, 300, 1, 2);
    assert_true(has_note(run, "column 'id' is not read"));
    free(run);
}

static void of_one_instant_the_later_row_counts_in_any_order(void **state)
{
    (void)state;
    struct run *run = new_run();
    read_text(run, "resource,metric,ts,value\na,cpu_percent,1795338900,9\n"
                   "b,cpu_percent,1795338600,5\na,cpu_percent,1795338600,1\n"
                   "b,cpu_percent,1795338900,6\na,cpu_percent,1795338900,2\n");
    assert_pair(run, "a", RS_METRIC_CPU_PERCENT, RS_STATISTIC_AVG, 300, 1, 2);
    assert_pair(run, "b", RS_METRIC_CPU_PERCENT, RS_STATISTIC_AVG, 300, 5, 6);
    free(run);
}

static void columns_of_a_long_table_may_be_told_by_number(void **state)
{
    static const struct {
        const char *columns, *text;
    } rows[] = {
        {"instance=1,metric=2,ts=3,value=4",
         "a,cpu_percent,2026-11-22T09:10:00Z,1\na,cpu_percent,2026-11-22T09:15:00Z,2\n"},
        {"value=1,ts=2,series=3", "1,1795338600,a/cpu_percent\n2,1795338900,a/cpu_percent\n"},
        {"host=1,metric=2,statistic=3,step=4,epoch=5,value=6",
         "h,m,s,t,e,v\na,cpu_percent,avg,300,1795338600,1\na,cpu_percent,avg,300,1795338900,2\n"},
    };
    (void)state;
    struct run *run = new_run();
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        run->request.columns = rows[i].columns;
        read_text(run, rows[i].text);
        assert_string_equal(run->err.text, "");
        assert_pair(run, "a", RS_METRIC_CPU_PERCENT, RS_STATISTIC_AVG, 300, 1, 2);
    }
    free(run);
}

static void refuses_columns_that_do_not_go_together(void **state)
{
    static const struct {
        const char *columns, *metric, *part;
    } rows[] = {
        {"ts=1,statistic=2,cpu_percent=3", NULL, "statistic and step go with metric or series"},
        {"ts=1,step=2,value=3", "cpu_percent", "statistic and step go with metric or series"},
        {"ts=1,metric=2,value=3", "cpu_percent", "name no metric beside"},
        {"ts=1,metric=2,value=3,mem_percent=4", NULL, "name no metric beside"},
        {"ts=1,metric=2", NULL, "--columns needs ts=N and a value"},
        {"metric=1,value=2", NULL, "--columns needs ts=N and a value"},
    };
    (void)state;
    struct run *run = new_run();
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        run->request.columns = rows[i].columns;
        run->request.metric = rows[i].metric;
        read_text(run, "1795338600,1,1,1\n");
        assert_refused(run, RS_EUSAGE, rows[i].part);
    }
    free(run);
}

static void refuses_long_tables_it_cannot_place(void **state)
{
    static const struct {
        const char *text, *part;
    } rows[] = {
        {"metric,ts,value\ncpu_percent,1795338600,1\n", "whose samples these are is not said"},
        {"instance,metric,value\na,cpu_percent,1\n", "no column is named timestamp"},
        {"instance,metric,ts,ts,value\n", "two columns are named ts"},
        {"host,HOST,metric,ts,value\n", "two columns are named host"},
        {"host,metric,metric,ts,value\n", "two columns are named metric"},
        {"host,metric,ts,value\n,cpu_percent,1795338600,1\n",
         "line 2: the name of the instance is empty"},
        {"series,ts,value\ncpu_percent,1795338600,1\n",
         "line 2: the name of the instance is empty"},
        {"host,metric,ts,value\na\x01,cpu_percent,1795338600,1\n", "line 2: the name 'a"},
        {"host,metric,ts,value\na,cpu_percent,1795338600,1\n",
         "one time stamp does not tell its step: give --step SECONDS"},
        {"host,metric,ts,value\na,cpu_percent,1795338600,1\na,cpu_percent,1795338671,1\n",
         "71 s, is no step"},
        {"host,metric,ts,value\na,cpu_percent,1795338600000,1\n", "divide milliseconds by 1000"},
        {"host,metric,ts,value\na,cpu_percent,2026-11-22 09:10:00,1\n", "give --tz ZONE"},
    };
    (void)state;
    struct run *run = new_run();
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        read_text(run, rows[i].text);
        assert_refused(run, RS_EINPUT, rows[i].part);
    }
    char text[1400];
    memset(text, 'x', sizeof(text));
    memcpy(text, "host,metric,ts,value\na,", 23);
    memcpy(text + sizeof(text) - 20, ",1795338600,1\n", 15);
    read_text(run, text);
    assert_refused(run, RS_EINPUT,
                   "line 2: the names of instance and metric are longer than 1023 bytes");
    free(run);
}

/* Parts of many files at once, cut anywhere, and with the cells that tell the series missing. */
static void survives_a_long_text_cut_anywhere(void **state)
{
    (void)state;
    struct run *run = new_run();
    survives_truncation(run, "resource,metric,statistic,ts,value\na,cpu_percent,max,1795338600,1\n"
                             "a,cpu_percent,max,1795338900,2\n\"b\",mem_percent,,1795338600,1.5\n"
                             "b\nb,mem_percent\n");
    free(run);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_long_tables_by_metric_and_by_series),
        cmocka_unit_test(tells_what_of_a_long_table_is_not_read),
        cmocka_unit_test(headers_in_many_words_say_the_same),
        cmocka_unit_test(statistics_are_taken_by_the_word),
        cmocka_unit_test(columns_of_a_wide_table_may_end_in_their_statistic),
        cmocka_unit_test(each_series_has_a_step_of_its_own),
        cmocka_unit_test(a_column_may_say_the_step),
        cmocka_unit_test(what_is_not_read_is_told),
        cmocka_unit_test(only_the_value_is_a_sample),
        cmocka_unit_test(an_id_that_may_number_the_rows_is_none),
        cmocka_unit_test(of_one_instant_the_later_row_counts_in_any_order),
        cmocka_unit_test(columns_of_a_long_table_may_be_told_by_number),
        cmocka_unit_test(refuses_columns_that_do_not_go_together),
        cmocka_unit_test(refuses_long_tables_it_cannot_place),
        cmocka_unit_test(survives_a_long_text_cut_anywhere),
    };
    return cmocka_run_group_tests_name("source_csv_long", tests, NULL, NULL);
}
