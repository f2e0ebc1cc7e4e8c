/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What comes out of the store: each series cut to the window, and the inventory. */
#include "scan_text.h"

static void put_named(struct world *w, const char *id, const char *name, const char *region)
{
    static const struct rs_tag tags[] = {{"z", "last"}, {"a", "first"}};
    struct rs_resource record = world_record(id, "m5.large", T0 + 5);
    record.name = name;
    record.region = region;
    record.tags = tags;
    record.tag_count = 2;
    record.launch_time = 77;
    record.network_interfaces = 2;
    record.ena = true;
    world_put_resource(w, &record);
}

static void a_scan_cuts_each_series_to_the_window(void **state)
{
    struct world *w = *state;
    world_ramp(w, "i-1", RS_METRIC_CPU_PERCENT, 43200, T0, 6, 1);
    const struct {
        int64_t from, to;
        const char *want;
    } rows[] = {
        {T0, T0 + 3 * DAY,
         "i-1: series 1 volumes 0\ncpu_percent|avg|1700006400|1\ncpu_percent|avg|1700049600|2\n"
         "cpu_percent|avg|1700092800|3\ncpu_percent|avg|1700136000|4\n"
         "cpu_percent|avg|1700179200|5\ncpu_percent|avg|1700222400|6\n"},
        {T0 + 1, T0 + DAY + 1,
         "i-1: series 1 volumes 0\ncpu_percent|avg|1700049600|2\ncpu_percent|avg|1700092800|3\n"},
        {T0 + 43200, T0 + DAY, "i-1: series 1 volumes 0\ncpu_percent|avg|1700049600|2\n"},
        {T0 + 43201, T0 + DAY, "i-1: series 0 volumes 0\n"},
        {0, T0, "i-1: series 0 volumes 0\n"},
        {T0 + 3 * DAY, T0 + 4 * DAY, "i-1: series 0 volumes 0\n"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct rs_scan scan = world_scan(rows[i].from, rows[i].to);
        expect_scan(w, &scan, true, rows[i].want);
    }
}

static enum rs_status see_shape(void *payload, const struct rs_stored *stored, struct rs_error *err)
{
    (void)err;
    struct seen *seen = payload;
    const struct rs_series *s = stored->series;
    assert_int_equal(stored->series_count, 4);
    for (size_t i = 1; i < 4; i++) {
        assert_true(s[i - 1].metric < s[i].metric ||
                    (s[i - 1].metric == s[i].metric && s[i - 1].statistic < s[i].statistic) ||
                    (s[i - 1].metric == s[i].metric && s[i - 1].statistic == s[i].statistic &&
                     s[i - 1].step < s[i].step));
    }
    for (size_t i = 0; i < 4; i++) {
        assert_int_equal(s[i].from, T0);
        assert_int_equal(s[i].slots, 7 * DAY / s[i].step);
        assert_int_equal(rs_series_count(&s[i]), 3);
    }
    seen->calls++;
    return RS_OK;
}

static void series_span_the_whole_window_in_a_fixed_order(void **state)
{
    struct world *w = *state;
    struct rs_error err = {RS_OK, ""};
    struct seen seen = {.calls = 0};
    const int64_t at[] = {T0 + 2 * DAY, T0 + 3 * DAY, T0 + 6 * DAY};
    const double values[] = {1, 2, 3};
    struct rs_batch batch = world_batch("i-1", at, values, 3);
    batch.metric = RS_METRIC_MEM_PERCENT;
    world_put(w, &batch);
    batch.metric = RS_METRIC_CPU_PERCENT;
    batch.statistic = RS_STATISTIC_MAX;
    world_put(w, &batch);
    batch.statistic = RS_STATISTIC_AVG;
    world_put(w, &batch);
    batch.step = 60;
    world_put(w, &batch);
    struct rs_scan scan = world_scan(T0, T0 + 7 * DAY);
    check_ok(rs_store_scan(w->store, &scan, see_shape, &seen, &err));
    assert_int_equal(seen.calls, 1);
}

static void a_scan_passes_every_instance_or_the_chosen_ones(void **state)
{
    struct world *w = *state;
    struct rs_error err = {RS_OK, ""};
    struct seen seen = {.stop_after = 2};
    world_ramp(w, "i-b", RS_METRIC_CPU_PERCENT, 300, T0, 2, 1);
    world_ramp(w, "vol-1", RS_METRIC_EBS_READ_BYTES, 300, T0, 2, 1);
    world_ramp(w, "i-a", RS_METRIC_CPU_PERCENT, 300, T0, 2, 1);
    world_ramp(w, "i-c", RS_METRIC_CPU_PERCENT, 300, T0, 2, 1);
    put_named(w, "i-a", "web", "eu-west-1");
    put_named(w, "i-c", "i-b", "us-east-1");
    put_named(w, "i-d", "db", "us-east-1");
    put_named(w, "i-e", "db", "us-east-1");
    const struct {
        const char *resource, *region, *want;
    } rows[] = {
        {NULL, NULL,
         "i-b: series 1 volumes 0\ni-a: series 1 volumes 0\ni-c: series 1 volumes 0\n"
         "i-d: series 0 volumes 0\ni-e: series 0 volumes 0\n"},
        {NULL, "us-east-1",
         "i-c: series 1 volumes 0\ni-d: series 0 volumes 0\ni-e: series 0 volumes 0\n"},
        {"i-a", NULL, "i-a: series 1 volumes 0\n"},
        {"web", NULL, "i-a: series 1 volumes 0\n"},
        {"i-b", NULL, "i-b: series 1 volumes 0\n"}, /* an id is meant before a name */
        {"i-a", "us-east-1", ""},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct rs_scan scan = world_scan(T0, T0 + DAY);
        scan.resource = rows[i].resource;
        scan.region = rows[i].region;
        expect_scan(w, &scan, false, rows[i].want);
    }
    struct rs_scan scan = world_scan(T0, T0 + DAY);
    scan.resource = "db";
    check_fails(rs_store_scan(w->store, &scan, see, &seen, &err), RS_EINPUT,
                "2 instances are named 'db': i-d, i-e");
    scan.resource = "vol-1";
    check_fails(rs_store_scan(w->store, &scan, see, &seen, &err), RS_ENODATA,
                "holds no instance 'vol-1'");
    scan.resource = NULL;
    rs_buffer_init(&seen.text);
    check_fails(rs_store_scan(w->store, &scan, see, &seen, &err), RS_EPARTIAL, "enough");
    assert_int_equal(seen.calls, 2);
    rs_buffer_release(&seen.text);
    world_begin(w); /* the scan that was stopped left no transaction open */
    world_commit(w);
}

static void windows_out_of_range_are_refused(void **state)
{
    struct world *w = *state;
    struct rs_error err = {RS_OK, ""};
    struct seen seen = {.calls = 0};
    static const struct rs_window rows[] = {
        {5, 5}, {5, 4}, {-1, 5}, {0, INT64_MAX}, {INT64_MIN, INT64_MAX}};
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct rs_scan scan = {.window = rows[i], .samples = true};
        check_fails(rs_store_scan(w->store, &scan, see, &seen, &err), RS_EINPUT, "the window");
    }
    world_ramp(w, "i-1", RS_METRIC_CPU_PERCENT, 1, T0, 2, 1);
    struct rs_scan scan = world_scan(0, INT64_C(253402300800));
    check_fails(rs_store_scan(w->store, &scan, see, &seen, &err), RS_EINPUT, "too long");
}

static enum rs_status see_inventory(void *payload, const struct rs_stored *stored,
                                    struct rs_error *err)
{
    (void)err;
    struct seen *seen = payload;
    const struct rs_resource *r = stored->resource;
    assert_string_equal(r->id, "i-1");
    assert_string_equal(r->name, "web");
    assert_string_equal(r->type, "c5.large");
    assert_string_equal(r->region, "eu-west-1");
    assert_null(r->zone);
    assert_null(r->group);
    assert_int_equal(r->tag_count, 2);
    assert_string_equal(r->tags[0].key, "a");
    assert_string_equal(r->tags[0].value, "first");
    assert_string_equal(r->tags[1].key, "z");
    assert_true(r->ena && r->launch_time == 77 && r->network_interfaces == 2 && r->volumes == -1);
    assert_int_equal(r->observed_at, T0 + DAY);
    assert_int_equal(r->first_seen, T0 - 300);
    assert_int_equal(r->last_seen, T0 + DAY);
    assert_int_equal(stored->change_count, 2);
    assert_string_equal(stored->changes[0].type, "m5.large");
    assert_int_equal(stored->changes[0].at, T0 + 5);
    assert_string_equal(stored->changes[1].type, "c5.large");
    assert_int_equal(stored->changes[1].at, T0 + DAY);
    assert_int_equal(stored->series_count, 0);
    seen->calls++;
    return RS_OK;
}

static void a_scan_without_samples_gives_the_inventory(void **state)
{
    struct world *w = *state;
    struct rs_error err = {RS_OK, ""};
    struct seen seen = {.calls = 0};
    struct rs_resource later = world_record("i-1", "c5.large", T0 + DAY);
    world_ramp(w, "i-1", RS_METRIC_CPU_PERCENT, 300, T0 - 300, 2, 1);
    put_named(w, "i-1", "web", "eu-west-1");
    world_put_resource(w, &later);
    struct rs_scan scan = {.samples = false};
    check_ok(rs_store_scan(w->store, &scan, see_inventory, &seen, &err));
    assert_int_equal(seen.calls, 1);
}

static void a_damaged_chunk_ends_the_scan_with_its_file(void **state)
{
    struct world *w = *state;
    struct rs_error err = {RS_OK, ""};
    struct seen seen = {.calls = 0};
    struct rs_buffer out;
    rs_buffer_init(&out);
    world_ramp(w, "i-1", RS_METRIC_CPU_PERCENT, 300, T0, 3, 5);
    world_begin(w);
    world_commit(w);
    rs_store_close(w->store);
    FILE *f = fopen(w->path, "rb+");
    assert_non_null(f);
    static unsigned char bytes[1 << 19];
    static const unsigned char head[] = {2, 0, 1, 2, 32, 1, 0, 50, 0, 0, 0, 0, 0, 0, 0x14, 0x40};
    size_t length = fread(bytes, 1, sizeof(bytes), f), at = 0;
    while (at + sizeof(head) < length && memcmp(bytes + at, head, sizeof(head)) != 0) {
        at++;
    }
    assert_true(at + sizeof(head) < length);
    assert_int_equal(fseek(f, (long)at + 17, SEEK_SET), 0); /* in the bitmap */
    assert_int_not_equal(fputc(bytes[at + 17] ^ 1, f), EOF);
    fclose(f);
    check_ok(rs_store_open(w->path, RS_STORE_READ, &w->store, &err));
    struct rs_scan scan = world_scan(T0, T0 + DAY);
    check_fails(rs_store_scan(w->store, &scan, see, &seen, &err), RS_EIO,
                "metrics.db: damaged chunk: checksum differs");
    check_fails(rs_store_sql(w->store, "SELECT * FROM samples", world_row, &out, &err), RS_EIO,
                "checksum differs");
    rs_buffer_release(&out);
}

static enum rs_status see_peaks(void *payload, const struct rs_stored *stored, struct rs_error *err)
{
    struct rs_buffer *text = payload;
    (void)err;
    rs_buffer_printf(text, "%s:", stored->resource->id);
    for (size_t i = 0; i < stored->peak_count; i++) {
        const struct rs_peak_cause *p = &stored->peaks[i];
        rs_buffer_printf(text, " %lld %.0f %s %s %.0f;", (long long)(p->at - T0), p->cpu_percent,
                         p->name, p->unit == NULL ? "-" : p->unit, p->share);
    }
    rs_buffer_char(text, '\n');
    return RS_OK;
}

static void causes_of_peaks_in_the_window_come_highest_first(void **state)
{
    static const struct rs_store_peak rows[] = {
        {T0 + HOUR, 60, "cpu", 1, "tar", "backup.service", 40},
        {T0 + HOUR, 60, "cpu", 2, "web", "web.service", 10},
        {T0 + HOUR, 60, "memory", 1, "java", NULL, 80},
        {T0 + 3 * HOUR, 90, "cpu", 1, "cc1", NULL, 88},
        {T0 + 5 * HOUR, 60, "cpu", 1, "late", NULL, 60},
        {T0 + DAY, 99, "cpu", 1, "after", NULL, 99},
    };
    struct world *w = *state;
    struct rs_error err = {RS_OK, ""};
    struct rs_scan scan = world_scan(T0 + HOUR, T0 + DAY);
    struct rs_buffer text;
    world_ramp(w, "i-other", RS_METRIC_CPU_PERCENT, 300, T0, 2, 1);
    world_begin(w);
    check_ok(rs_store_put_peaks(w->store, "i-host", rows, COUNT_OF(rows), 3, 900, &err));
    world_commit(w);
    rs_buffer_init(&text);
    check_ok(rs_store_scan(w->store, &scan, see_peaks, &text, &err));
    assert_string_equal(text.data, "i-other:\n"
                                   "i-host: 10800 90 cc1 - 88; 3600 60 tar backup.service 40; "
                                   "18000 60 late - 60;\n");
    rs_buffer_clear(&text);
    scan.samples = false; /* there is no window then */
    check_ok(rs_store_scan(w->store, &scan, see_peaks, &text, &err));
    assert_string_equal(text.data, "i-other:\ni-host:\n");
    rs_buffer_release(&text);
}

static void only_the_metrics_asked_for_are_read(void **state)
{
    struct world *w = *state;
    world_ramp(w, "i-1", RS_METRIC_MEM_PERCENT, 300, T0, 1, 7);
    world_ramp(w, "i-1", RS_METRIC_CPU_PERCENT, 300, T0, 1, 50);
    world_ramp(w, "i-2", RS_METRIC_MEM_PERCENT, 300, T0, 1, 8);
    world_ramp(w, "i-3", RS_METRIC_CPU_PERCENT, 300, T0, 1, 51);
    world_ramp(w, "i-3", RS_METRIC_NET_IN_BYTES, 300, T0, 1, 9);
    world_ramp(w, "i-3", RS_METRIC_CPU_PERCENT, 60, T0 + DAY, 1, 52);
    world_ramp(w, "vol-1", RS_METRIC_EBS_READ_BYTES, 300, T0, 1, 10);
    world_attach(w, "vol-1", "i-1", -1, T0);
    const double waits = 53;
    const int64_t at = T0 + 600;
    struct rs_batch batch = world_batch("i-3", &at, &waits, 1);
    world_put_recent(w, &batch);
    batch.metric = RS_METRIC_NET_IN_BYTES;
    world_put_recent(w, &batch);
    struct rs_scan scan = world_scan(T0, T0 + 2 * DAY);
    scan.metrics = (uint64_t)1 << RS_METRIC_CPU_PERCENT;
    expect_scan(w, &scan, true,
                "i-1: series 1 volumes 0\ncpu_percent|avg|1700006400|50\n"
                "i-2: series 0 volumes 0\n"
                "i-3: series 2 volumes 0\ncpu_percent|avg|1700092800|52\n"
                "cpu_percent|avg|1700006400|51\ncpu_percent|avg|1700007000|53\n");
    scan.metrics = (uint64_t)1 << RS_METRIC_EBS_READ_BYTES;
    expect_scan(w, &scan, true,
                "i-1: series 1 volumes 1\nebs_read_bytes_per_s|avg|1700006400|10\n"
                "i-2: series 0 volumes 0\ni-3: series 0 volumes 0\n");
}

static enum rs_status see_spans(void *payload, const struct rs_stored *stored, struct rs_error *err)
{
    struct seen *seen = payload;
    (void)err;
    rs_buffer_printf(&seen->text, "%s (%zu tags):", stored->resource->id,
                     stored->resource->tag_count);
    for (size_t i = 0; i < stored->series_count; i++) {
        const struct rs_series *s = &stored->series[i];
        assert_null(s->values);
        rs_buffer_printf(&seen->text, " %s/%s/%lld from %lld +%zu", rs_metric_info(s->metric)->name,
                         rs_statistic_name(s->statistic), (long long)s->step,
                         (long long)(s->slots > 0 ? s->from - T0 : 0), s->slots);
    }
    rs_buffer_text(&seen->text, "\n");
    return RS_OK;
}

static void without_samples_a_metric_shows_where_it_begins_and_ends(void **state)
{
    struct world *w = *state;
    struct rs_error err = {RS_OK, ""};
    struct seen seen = {.calls = 0};
    put_named(w, "i-1", "web", "us-east-1");
    world_ramp(w, "i-1", RS_METRIC_CPU_PERCENT, 300, T0 + 600, 1, 50);
    world_ramp(w, "i-1", RS_METRIC_CPU_PERCENT, 300, T0 + 3 * DAY, 2, 50);
    world_ramp(w, "i-1", RS_METRIC_MEM_PERCENT, 300, T0, 9, 7);
    world_ramp(w, "i-2", RS_METRIC_MEM_PERCENT, 300, T0, 9, 7);
    const double waits = 53;
    const int64_t at = T0;
    struct rs_batch batch = world_batch("i-3", &at, &waits, 1);
    world_put_recent(w, &batch);
    struct rs_scan scan = {.metrics = (uint64_t)1 << RS_METRIC_CPU_PERCENT};
    rs_buffer_init(&seen.text);
    check_ok(rs_store_scan(w->store, &scan, see_spans, &seen, &err));
    assert_string_equal(seen.text.data, "i-1 (0 tags): cpu_percent/avg/300 from 600 +864\n"
                                        "i-2 (0 tags):\n"
                                        "i-3 (0 tags): cpu_percent/avg/300 from 0 +0\n");
    rs_buffer_clear(&seen.text);
    scan.metrics = 0;
    check_ok(rs_store_scan(w->store, &scan, see_spans, &seen, &err));
    assert_string_equal(seen.text.data, "i-1 (2 tags):\ni-2 (0 tags):\ni-3 (0 tags):\n");
    rs_buffer_release(&seen.text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        world_test(a_scan_cuts_each_series_to_the_window),
        world_test(series_span_the_whole_window_in_a_fixed_order),
        world_test(a_scan_passes_every_instance_or_the_chosen_ones),
        world_test(windows_out_of_range_are_refused),
        world_test(a_scan_without_samples_gives_the_inventory),
        world_test(a_damaged_chunk_ends_the_scan_with_its_file),
        world_test(causes_of_peaks_in_the_window_come_highest_first),
        world_test(only_the_metrics_asked_for_are_read),
        world_test(without_samples_a_metric_shows_where_it_begins_and_ends),
    };
    return cmocka_run_group_tests_name("store_scan", tests, NULL, NULL);
}
