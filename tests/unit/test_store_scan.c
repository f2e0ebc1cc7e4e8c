/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What comes out of the store: scans, sums over volumes, and SQL. */
#include "store_world.h"

#include "rightsize/number.h"

struct seen { /* a scan as text */
    struct rs_buffer text;
    size_t calls, stop_after;
    bool samples; /* list them too */
};

static void see_series(struct seen *seen, const struct rs_series *s)
{
    char number[RS_NUMBER_TEXT];
    for (size_t i = 0; i < s->slots; i++) {
        if (!isnan(s->values[i])) {
            rs_number_format(s->values[i], number);
            rs_buffer_printf(&seen->text, "%s|%s|%lld|%s\n", rs_metric_info(s->metric)->name,
                             rs_statistic_name(s->statistic), (long long)rs_series_at(s, i),
                             number);
        }
    }
}

static enum rs_status see(void *payload, const struct rs_stored *stored, struct rs_error *err)
{
    struct seen *seen = payload;
    rs_buffer_printf(&seen->text, "%s: series %zu volumes %zu\n", stored->resource->id,
                     stored->series_count, stored->volume_count);
    for (size_t i = 0; seen->samples && i < stored->series_count; i++) {
        see_series(seen, &stored->series[i]);
    }
    return ++seen->calls == seen->stop_after ? rs_fail(err, RS_EPARTIAL, "enough") : RS_OK;
}

static void expect_scan(struct world *w, const struct rs_scan *scan, bool samples, const char *want)
{
    struct rs_error err = {RS_OK, ""};
    struct seen seen = {.samples = samples};
    rs_buffer_init(&seen.text);
    check_ok(rs_store_scan(w->store, scan, see, &seen, &err));
    assert_string_equal(seen.text.data, want);
    rs_buffer_release(&seen.text);
}

static struct rs_scan scan_of(int64_t from, int64_t to)
{
    return (struct rs_scan){.window = {from, to}, .samples = true};
}

static void put_attachment(struct world *w, const char *volume, const char *instance, int64_t since,
                           int64_t observed_at)
{
    struct rs_error err = {RS_OK, ""};
    struct rs_attachment attachment = {volume, instance, NULL, since, observed_at};
    bool changed = false;
    world_begin(w);
    check_ok(rs_store_put_attachment(w->store, &attachment, &changed, &err));
    world_commit(w);
}

static void put_named(struct world *w, const char *id, const char *name, const char *region)
{
    struct rs_error err = {RS_OK, ""};
    static const struct rs_tag tags[] = {{"z", "last"}, {"a", "first"}};
    struct rs_resource record = {.id = id,
                                 .name = name,
                                 .region = region,
                                 .type = "m5.large",
                                 .tags = tags,
                                 .tag_count = 2,
                                 .launch_time = 77,
                                 .volumes = -1,
                                 .network_interfaces = 2,
                                 .observed_at = T0 + 5,
                                 .ena = true};
    bool changed = false;
    world_begin(w);
    check_ok(rs_store_put_resource(w->store, &record, &changed, &err));
    world_commit(w);
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
        struct rs_scan scan = scan_of(rows[i].from, rows[i].to);
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
    struct rs_scan scan = scan_of(T0, T0 + 7 * DAY);
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
        struct rs_scan scan = scan_of(T0, T0 + DAY);
        scan.resource = rows[i].resource;
        scan.region = rows[i].region;
        expect_scan(w, &scan, false, rows[i].want);
    }
    struct rs_scan scan = scan_of(T0, T0 + DAY);
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
    struct rs_scan scan = scan_of(0, INT64_C(253402300800));
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
    struct rs_resource later = {.id = "i-1",
                                .type = "c5.large",
                                .launch_time = -1,
                                .volumes = -1,
                                .network_interfaces = -1,
                                .observed_at = T0 + DAY};
    bool changed = false;
    world_ramp(w, "i-1", RS_METRIC_CPU_PERCENT, 300, T0 - 300, 2, 1);
    put_named(w, "i-1", "web", "eu-west-1");
    world_begin(w);
    check_ok(rs_store_put_resource(w->store, &later, &changed, &err));
    world_commit(w);
    struct rs_scan scan = {.samples = false};
    check_ok(rs_store_scan(w->store, &scan, see_inventory, &seen, &err));
    assert_int_equal(seen.calls, 1);
}

/* The scan's view of an instance must be that of the SQL view `samples`. */
static void expect_agreement(struct world *w, const char *instance, const char *head)
{
    struct rs_error err = {RS_OK, ""};
    struct seen seen = {.samples = true};
    char sql[256];
    rs_buffer_init(&seen.text);
    struct rs_scan scan = scan_of(T0 - 10 * DAY, T0 + 10 * DAY);
    scan.resource = instance;
    check_ok(rs_store_scan(w->store, &scan, see, &seen, &err));
    snprintf(sql, sizeof(sql),
             "SELECT metric, statistic, ts, value FROM samples WHERE resource = '%s' "
             "ORDER BY metric, statistic, ts",
             instance);
    char *rows = world_sql(w, sql);
    assert_int_equal(strncmp(seen.text.data, head, strlen(head)), 0);
    assert_string_equal(seen.text.data + strlen(head), rows);
    free(rows);
    rs_buffer_release(&seen.text);
}

static void volumes_are_summed_over_their_instance(void **state)
{
    struct world *w = *state;
    world_ramp(w, "i-1", RS_METRIC_CPU_PERCENT, 300, T0, 3, 50);
    world_ramp(w, "vol-1", RS_METRIC_EBS_READ_BYTES, 300, T0, 3, 10);
    world_ramp(w, "vol-2", RS_METRIC_EBS_READ_BYTES, 300, T0 + 600, 3, 100);
    world_ramp(w, "vol-3", RS_METRIC_EBS_READ_BYTES, 300, T0, 3, 1000); /* on nobody */
    put_attachment(w, "vol-1", "i-1", -1, T0);
    put_attachment(w, "vol-2", "i-1", -1, T0);
    struct rs_scan scan = scan_of(T0, T0 + DAY);
    scan.resource = "i-1";
    expect_scan(w, &scan, true,
                "i-1: series 2 volumes 2\n"
                "cpu_percent|avg|1700006400|50\ncpu_percent|avg|1700006700|51\n"
                "cpu_percent|avg|1700007000|52\n"
                "ebs_read_bytes_per_s|avg|1700006400|10\nebs_read_bytes_per_s|avg|1700006700|11\n"
                "ebs_read_bytes_per_s|avg|1700007000|112\nebs_read_bytes_per_s|avg|1700007300|101\n"
                "ebs_read_bytes_per_s|avg|1700007600|102\n");
    expect_agreement(w, "i-1", "i-1: series 2 volumes 2\n");
    world_expect(w, "SELECT value FROM samples WHERE resource = 'vol-2' ORDER BY ts",
                 "100\n101\n102\n");
}

static void samples_from_before_the_attachment_do_not_count(void **state)
{
    struct world *w = *state;
    world_ramp(w, "vol-1", RS_METRIC_EBS_READ_BYTES, 300, T0, 5, 10);
    put_attachment(w, "vol-1", "i-1", T0 + 301, T0 + DAY);
    expect_agreement(w, "i-1", "i-1: series 1 volumes 1\n");
    world_expect(w, "SELECT group_concat(value, ' ') FROM samples WHERE resource = 'i-1'",
                 "12.0 13.0 14.0\n");
    put_attachment(w, "vol-1", "i-2", T0 + DAY, T0 + 2 * DAY);
    struct rs_scan scan = scan_of(T0, T0 + 3 * DAY);
    scan.resource = "i-2";
    expect_scan(w, &scan, true, "i-2: series 0 volumes 0\n");
}

static void a_volume_that_moved_counts_where_it_was(void **state)
{
    struct world *w = *state;
    world_ramp(w, "vol-1", RS_METRIC_EBS_READ_BYTES, 3600, T0 - DAY, 72, 1);
    put_attachment(w, "vol-1", "i-1", T0 - 2 * DAY, T0 - DAY);
    put_attachment(w, "vol-1", "i-2", T0 + HOUR, T0 + 2 * HOUR);
    put_attachment(w, "vol-1", "i-1", T0 + DAY, T0 + DAY + HOUR);
    expect_agreement(w, "i-1", "i-1: series 1 volumes 1\n");
    expect_agreement(w, "i-2", "i-2: series 1 volumes 1\n");
    world_expect(w,
                 "SELECT resource, count(*), min(value), max(value) FROM samples "
                 "WHERE resource LIKE 'i-%' GROUP BY 1 ORDER BY 1",
                 "i-1|49|1|72\ni-2|23|26|48\n");
}

static void a_volume_on_two_instances_counts_on_both(void **state)
{
    struct world *w = *state;
    world_ramp(w, "vol-1", RS_METRIC_EBS_READ_BYTES, 300, T0, 10, 1);
    put_attachment(w, "vol-1", "i-1", T0, T0 + DAY);
    put_attachment(w, "vol-1", "i-2", T0 + 600, T0 + DAY);
    expect_agreement(w, "i-1", "i-1: series 1 volumes 1\n");
    world_expect(w,
                 "SELECT resource, count(*) FROM samples WHERE resource LIKE 'i-%' GROUP BY 1 "
                 "ORDER BY 1",
                 "i-1|10\ni-2|8\n");
}

static void what_an_instance_measures_itself_is_not_summed(void **state)
{
    struct world *w = *state;
    world_ramp(w, "i-1", RS_METRIC_EBS_READ_BYTES, 300, T0, 3, 5);
    world_ramp(w, "vol-1", RS_METRIC_EBS_READ_BYTES, 300, T0, 3, 10);
    world_ramp(w, "vol-1", RS_METRIC_EBS_WRITE_BYTES, 300, T0, 3, 20);
    put_attachment(w, "vol-1", "i-1", -1, T0);
    expect_agreement(w, "i-1", "i-1: series 2 volumes 1\n");
    world_expect(w,
                 "SELECT metric, sum(value) FROM samples WHERE resource = 'i-1' GROUP BY 1 "
                 "ORDER BY 1",
                 "ebs_read_bytes_per_s|18\nebs_write_bytes_per_s|63\n");
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
    struct rs_scan scan = scan_of(T0, T0 + DAY);
    check_fails(rs_store_scan(w->store, &scan, see, &seen, &err), RS_EIO,
                "metrics.db: damaged chunk: checksum differs");
    check_fails(rs_store_sql(w->store, "SELECT * FROM samples", world_row, &out, &err), RS_EIO,
                "checksum differs");
    rs_buffer_release(&out);
}

static void put_waiting(struct world *w, const char *resource, enum rs_metric metric, int64_t at,
                        double value)
{
    const int64_t ats[] = {at, at + 600};
    const double values[] = {value, value + 1};
    struct rs_error err = {RS_OK, ""};
    struct rs_batch batch = world_batch(resource, ats, values, 2);
    batch.metric = metric;
    world_begin(w);
    check_ok(rs_store_put_recent(w->store, &batch, &err));
    world_commit(w);
}

/* i-a has both, one slot twice; of i-b all waits, of i-c nothing. */
static void samples_that_wait_are_seen_over_those_in_chunks(void **state)
{
    struct world *w = *state;
    struct rs_scan scan = scan_of(T0, T0 + HOUR), one = scan;
    struct rs_error err = {RS_OK, ""};
    struct rs_put_tally tally = {0, 0, 0, 0};
    int64_t newest = 0;
    world_ramp(w, "i-a", RS_METRIC_CPU_PERCENT, 300, T0, 2, 1);
    put_waiting(w, "i-b", RS_METRIC_MEM_PERCENT, T0 + DAY - 300,
                70); /* the last slot, and beyond */
    put_waiting(w, "i-b", RS_METRIC_CPU_PERCENT, T0 + HOUR - 300, 40);
    world_ramp(w, "i-c", RS_METRIC_CPU_PERCENT, 300, T0 + 600, 1, 9);
    put_waiting(w, "i-a", RS_METRIC_CPU_PERCENT, T0 + 300, 50);
    put_waiting(w, "i-a", RS_METRIC_NET_IN_BYTES, T0, 7);
    check_ok(rs_store_newest(w->store, &newest, &err));
    assert_int_equal(newest, T0 + DAY + 600);
    static const char a[] = "i-a: series 2 volumes 0\n"
                            "cpu_percent|avg|1700006400|1\ncpu_percent|avg|1700006700|50\n"
                            "cpu_percent|avg|1700007300|51\n"
                            "net_in_bytes_per_s|avg|1700006400|7\n"
                            "net_in_bytes_per_s|avg|1700007000|8\n";
    static const char b[] = "i-b: series 1 volumes 0\ncpu_percent|avg|1700009700|40\n";
    static const char c[] = "i-c: series 1 volumes 0\ncpu_percent|avg|1700007000|9\n";
    for (int round = 0; round < 2; round++) { /* before and after they move */
        char all[700];
        snprintf(all, sizeof(all), "%s%s%s", a, b, c);
        expect_scan(w, &scan, true, all);
        one.resource = "i-b";
        expect_scan(w, &one, true, b);
        one.resource = "i-c";
        expect_scan(w, &one, true, c);
        check_ok(rs_store_absorb(w->store, &tally, &err));
    }
    check_ok(rs_store_newest(w->store, &newest, &err));
    assert_int_equal(newest, T0 + DAY + 600);
}

static void a_damaged_row_that_waits_ends_the_scan(void **state)
{
    static const char *const rows[] = {"", "[1,2", "[1,x]", "{}", "[1,,2]", "null", "[]"};
    struct world *w = *state;
    struct rs_scan scan = scan_of(T0, T0 + HOUR);
    put_waiting(w, "i-a", RS_METRIC_CPU_PERCENT, T0, 1);
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        char command[900];
        struct rs_error err = {RS_OK, ""};
        struct seen seen = {.samples = true};
        snprintf(command, sizeof(command), "sqlite3 '%s' \"UPDATE recent SET data = '%s'\"",
                 w->path, rows[i]);
        if (system(command) != 0) {
            skip();
        }
        rs_buffer_init(&seen.text);
        check_fails(rs_store_scan(w->store, &scan, see, &seen, &err), RS_EIO, "damaged");
        rs_buffer_release(&seen.text);
    }
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
    struct rs_scan scan = scan_of(T0 + HOUR, T0 + DAY);
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

static void sql_answers_as_text(void **state)
{
    struct world *w = *state;
    world_expect(w, "SELECT 1, -2.5, 'a', NULL, x'0aFF', 2.5e3, 0.1, 9e999, 1.0;",
                 "1|-2.5|a|NULL|X'0AFF'|2500|0.1|Inf|1\n");
    world_expect(w, "; -- nothing\n SELECT 2 ;; /* and */ -- no more", "2\n");
    world_expect(w,
                 "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 3) "
                 "SELECT i FROM n",
                 "1\n2\n3\n");
    world_expect(w, "VALUES (''), (9007199254740993)", "\n9007199254740993\n");
    world_expect(w, "SELECT count(*) FROM samples WHERE 0", "0\n");
}

static enum rs_status refuse_row(void *payload, int columns, const char *const *names,
                                 const char *const *values, struct rs_error *err)
{
    (void)payload, (void)values;
    assert_int_equal(columns, 1);
    assert_string_equal(names[0], "answer");
    return rs_fail(err, RS_EPARTIAL, "enough");
}

static void anything_but_one_select_is_refused(void **state)
{
    struct world *w = *state;
    struct rs_error err = {RS_OK, ""};
    struct rs_buffer out;
    static const struct {
        const char *sql, *part;
    } rows[] = {
        {"", "there is no statement"},
        {" -- nothing", "there is no statement"},
        {"SELECT 1; SELECT 2", "one statement at a time"},
        {"SELECT 1; DROP TABLE chunk", "one statement at a time"},
        {"SELECT 1; nonsense", "one statement at a time"},
        {"DELETE FROM chunk", "only SELECT"},
        {"DROP VIEW samples", "only SELECT"},
        {"INSERT INTO day VALUES (1)", "only SELECT"},
        {"UPDATE resource SET name = ''", "only SELECT"},
        {"CREATE TEMP TABLE t(a)", "only SELECT"},
        {"BEGIN", "only SELECT"},
        {"COMMIT", "only SELECT"},
        {"PRAGMA user_version=0", "only SELECT"},
        {"PRAGMA user_version", "only SELECT"},
        {"ATTACH 'x.db' AS x", "only SELECT"},
        {"DETACH main", "only SELECT"},
        {"VACUUM", "only SELECT"},
        {"VACUUM INTO 'x.db'", "only SELECT"},
        {"REINDEX", "only SELECT"},
        {"ANALYZE", "only SELECT"},
        {"SAVEPOINT a", "only SELECT"},
        {"SELECT * FROM pragma_user_version", ""},
        {"SELECT load_extension('x')", "not authorized"},
        {"SELEC 1", "syntax error"},
        {"SELECT nosuch FROM samples", "no such column: nosuch"},
        {"SELECT \"nosuch\"", "no such column: nosuch"},
        {"SELECT * FROM nosuch", "no such table: nosuch"},
        {"SELECT abs(-9223372036854775807 - 1)", "integer overflow"},
        {"SELECT * FROM chunk_each", ""},
        {"SELECT * FROM chunk_each(x'00', 1, 7)", "must divide a day"},
        {"SELECT * FROM chunk_each(x'00', -1, 300)", "must be 0 or more"},
    };
    rs_buffer_init(&out);
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        check_fails(rs_store_sql(w->store, rows[i].sql, world_row, &out, &err), RS_EUSAGE,
                    rows[i].part);
    }
    assert_int_equal(out.length, 0);
    check_fails(
        rs_store_sql(w->store, "SELECT * FROM chunk_each(x'00', 1, 300)", world_row, &out, &err),
        RS_EIO, "damaged chunk");
    check_fails(rs_store_sql(w->store, "SELECT 1 AS answer", refuse_row, NULL, &err), RS_EPARTIAL,
                "enough");
    rs_buffer_release(&out);
    world_ramp(w, "i-1", RS_METRIC_CPU_PERCENT, 300, T0, 3, 5); /* writing still works */
    world_expect(w, "SELECT * FROM chunk_each(NULL, 1, 300)", "");
}

static void bounds_on_ts_give_what_they_say(void **state)
{
    struct world *w = *state;
    static const struct {
        const char *where, *want;
    } rows[] = {
        {"ts >= 1700092800", "49\n"},
        {"ts > 1700092800", "48\n"},
        {"ts < 1700092800", "24\n"},
        {"ts <= 1700092800", "25\n"},
        {"ts BETWEEN 1700092800 AND 1700179199", "24\n"},
        {"ts > 1700092799.5 AND ts < 1700092800.5", "1\n"},
        {"ts = 1700092800", "1\n"},
        {"ts > 1700092800 AND ts < 1700092800", "0\n"},
        {"ts > 'a'", "0\n"},
        {"ts < 'a'", "73\n"},
        {"ts > '1700092800'", "48\n"},
        {"ts > NULL", "0\n"},
        {"ts > -1e300 AND ts < 1e300", "73\n"},
        {"1700092800 < ts", "48\n"},
    };
    world_ramp(w, "i-1", RS_METRIC_CPU_PERCENT, 3600, T0, 73, 5);
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        char sql[160];
        snprintf(sql, sizeof(sql), "SELECT count(*) FROM samples WHERE %s", rows[i].where);
        world_expect(w, sql, rows[i].want);
    }
}

static void the_views_have_the_promised_columns(void **state)
{
    struct world *w = *state;
    static const char *const rows[] = {
        "SELECT resource, metric, statistic, ts, value FROM samples",
        "SELECT resource, provider, account, region, type, name, state, first_seen, last_seen "
        "FROM resources",
        "SELECT volume, instance, device, since FROM volumes",
        "SELECT resource, at, type FROM type_changes",
        "SELECT source, format, at, bytes, crc32, series, fresh, replaced, unchanged, rejected, "
        "first_rejected FROM collections"};
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        world_expect(w, rows[i], "");
    }
}

static void gpus_are_parts_of_their_instance(void **state)
{
    struct world *w = *state;
    world_ramp(w, "i-1/gpu-1", RS_METRIC_GPU_PERCENT, 300, T0, 2, 70);
    world_ramp(w, "i-1/gpu-0", RS_METRIC_GPU_PERCENT, 300, T0, 1, 50);
    world_ramp(w, "i-1/gpu-0", RS_METRIC_GPU_MEMORY_USED_BYTES, 300, T0, 2, 2000);
    world_ramp(w, "i-1/gpu-1", RS_METRIC_GPU_MEMORY_USED_BYTES, 300, T0, 2, 1000);
    world_ramp(w, "i-1", RS_METRIC_CPU_PERCENT, 300, T0, 1, 9);
    world_ramp(w, "i-10/gpu-0", RS_METRIC_GPU_PERCENT, 300, T0, 1, 1); /* of another */
    struct rs_scan scan = scan_of(T0, T0 + DAY);
    scan.resource = "i-1";
    expect_scan(w, &scan, true,
                "i-1: series 3 volumes 0\n"
                "cpu_percent|avg|1700006400|9\n"
                "gpu_percent|avg|1700006400|120\ngpu_percent|avg|1700006700|71\n"
                "gpu_memory_used_bytes|avg|1700006400|2000\n"
                "gpu_memory_used_bytes|avg|1700006700|2001\n");
    world_expect(w,
                 "SELECT metric, ts - 1700006400, value FROM samples WHERE resource = 'i-1' "
                 "ORDER BY metric, ts",
                 "cpu_percent|0|9\ngpu_memory_used_bytes|0|2000\n"
                 "gpu_memory_used_bytes|300|2001\ngpu_percent|0|120\ngpu_percent|300|71\n");
    world_expect(w, "SELECT count(*) FROM volumes", "0\n");
    world_expect(w, "SELECT resource FROM resources ORDER BY 1", "i-1\ni-10\n");
}

static void samples_of_a_gpu_need_its_name(void **state)
{
    struct world *w = *state;
    struct rs_error err = {RS_OK, ""};
    struct rs_put_tally tally = {0};
    const int64_t at = T0;
    const double value = 1;
    struct rs_batch batch = world_batch("i-1", &at, &value, 1);
    batch.kind = RS_KIND_GPU;
    world_begin(w);
    check_fails(rs_store_put(w->store, &batch, &tally, &err), RS_EINPUT, "INSTANCE/gpu-NUMBER");
    rs_store_rollback(w->store);
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
    put_attachment(w, "vol-1", "i-1", -1, T0);
    const double waits = 53;
    const int64_t at = T0 + 600;
    struct rs_batch batch = world_batch("i-3", &at, &waits, 1);
    struct rs_error err;
    world_begin(w);
    check_ok(rs_store_put_recent(w->store, &batch, &err));
    batch.metric = RS_METRIC_NET_IN_BYTES;
    check_ok(rs_store_put_recent(w->store, &batch, &err));
    world_commit(w);
    struct rs_scan scan = scan_of(T0, T0 + 2 * DAY);
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
    rs_buffer_printf(&seen->text, "%s:", stored->resource->id);
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
    world_ramp(w, "i-1", RS_METRIC_CPU_PERCENT, 300, T0 + 600, 1, 50);
    world_ramp(w, "i-1", RS_METRIC_CPU_PERCENT, 300, T0 + 3 * DAY, 2, 50);
    world_ramp(w, "i-1", RS_METRIC_MEM_PERCENT, 300, T0, 9, 7);
    world_ramp(w, "i-2", RS_METRIC_MEM_PERCENT, 300, T0, 9, 7);
    const double waits = 53;
    const int64_t at = T0;
    struct rs_batch batch = world_batch("i-3", &at, &waits, 1);
    world_begin(w);
    check_ok(rs_store_put_recent(w->store, &batch, &err));
    world_commit(w);
    struct rs_scan scan = {.metrics = (uint64_t)1 << RS_METRIC_CPU_PERCENT};
    rs_buffer_init(&seen.text);
    check_ok(rs_store_scan(w->store, &scan, see_spans, &seen, &err));
    assert_string_equal(seen.text.data, "i-1: cpu_percent/avg/300 from 600 +864\ni-2:\n"
                                        "i-3: cpu_percent/avg/300 from 0 +0\n");
    rs_buffer_clear(&seen.text);
    scan.metrics = 0;
    check_ok(rs_store_scan(w->store, &scan, see_spans, &seen, &err));
    assert_string_equal(seen.text.data, "i-1:\ni-2:\ni-3:\n");
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
        world_test(volumes_are_summed_over_their_instance),
        world_test(samples_from_before_the_attachment_do_not_count),
        world_test(a_volume_that_moved_counts_where_it_was),
        world_test(a_volume_on_two_instances_counts_on_both),
        world_test(what_an_instance_measures_itself_is_not_summed),
        world_test(a_damaged_chunk_ends_the_scan_with_its_file),
        world_test(samples_that_wait_are_seen_over_those_in_chunks),
        world_test(a_damaged_row_that_waits_ends_the_scan),
        world_test(causes_of_peaks_in_the_window_come_highest_first),
        world_test(sql_answers_as_text),
        world_test(anything_but_one_select_is_refused),
        world_test(bounds_on_ts_give_what_they_say),
        world_test(gpus_are_parts_of_their_instance),
        world_test(samples_of_a_gpu_need_its_name),
        world_test(only_the_metrics_asked_for_are_read),
        world_test(without_samples_a_metric_shows_where_it_begins_and_ends),
        world_test(the_views_have_the_promised_columns),
    };
    return cmocka_run_group_tests_name("store_scan", tests, NULL, NULL);
}
