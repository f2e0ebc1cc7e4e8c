/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A scan asked for one resource at a time, from one thread or several. */
#include "store_world.h"

#include <pthread.h>

/* Everything a callback could see of a resource. */
static void describe(struct rs_buffer *text, const struct rs_stored *stored)
{
    const struct rs_resource *r = stored->resource;
    rs_buffer_printf(text, "%s %s %s %s tags %zu volumes %zu", r->id, r->name ? r->name : "-",
                     r->type ? r->type : "-", r->image ? r->image : "-", r->tag_count,
                     stored->volume_count);
    for (size_t i = 0; i < r->tag_count; i++) {
        rs_buffer_printf(text, " %s=%s", r->tags[i].key, r->tags[i].value);
    }
    for (size_t i = 0; i < stored->change_count; i++) {
        rs_buffer_printf(text, " %s@%lld", stored->changes[i].type,
                         (long long)stored->changes[i].at);
    }
    for (size_t i = 0; i < stored->series_count; i++) {
        const struct rs_series *s = &stored->series[i];
        rs_buffer_printf(text, "\n  %d %d %lld from %lld:", (int)s->metric, (int)s->statistic,
                         (long long)s->step, (long long)s->from);
        for (size_t k = 0; k < s->slots; k++) {
            if (!isnan(s->values[k])) {
                rs_buffer_printf(text, " %zu:%a", k, s->values[k]);
            }
        }
    }
    rs_buffer_char(text, '\n');
}

static enum rs_status describe_one(void *payload, const struct rs_stored *stored,
                                   struct rs_error *err)
{
    (void)err;
    describe(payload, stored);
    return RS_OK;
}

static void put_record(struct world *w, const char *id, const char *type, int64_t at)
{
    static const struct rs_tag tags[] = {{"team", "blue"}, {"env", ""}};
    struct rs_resource record = world_record(id, type, at);
    record.name = "a machine with a name of some length";
    record.image = "ami-1";
    record.tags = tags;
    record.tag_count = COUNT_OF(tags);
    world_put_resource(w, &record);
}

/* Instances of different shape, so that a load is reused for less and for more than before. */
static void fill(struct world *w, int machines)
{
    for (int i = 0; i < machines; i++) {
        char id[32], volume[32];
        snprintf(id, sizeof(id), "i-%d", i);
        snprintf(volume, sizeof(volume), "vol-%d", i);
        if (i % 5 != 4) {
            world_ramp(w, id, RS_METRIC_CPU_PERCENT, 300, T0 + i * HOUR, 200, i + 0.5);
        }
        if (i % 5 == 4) { /* known by its inventory only, unless the next one adds */
            put_record(w, id, "t3.nano", T0);
        }
        if (i % 3 == 1) {
            world_ramp(w, id, RS_METRIC_MEM_PERCENT, 60, T0 + DAY, 900, 20 + i);
            put_record(w, id, i % 2 == 0 ? "m5.large" : "m5.xlarge", T0);
            put_record(w, id, "c5.large", T0 + DAY);
        }
        if (i % 4 == 2) {
            world_ramp(w, volume, RS_METRIC_EBS_READ_BYTES, 300, T0 + HOUR, 300, 1000 * i);
            world_attach(w, volume, id, -1, T0);
        }
    }
}

static void unpack_next(struct rs_cursor *cursor, struct rs_load *load, int64_t ordinal,
                        struct rs_buffer *text)
{
    struct rs_error err = {RS_OK, ""};
    const struct rs_stored *stored = NULL;
    bool more = false;
    check_ok(rs_cursor_next(cursor, load, &more, &err));
    assert_true(more);
    assert_int_equal(rs_load_ordinal(load), ordinal);
    check_ok(rs_load_unpack(load, &stored, &err));
    describe(text, stored);
}

static void a_cursor_gives_what_a_scan_gives(void **state)
{
    struct world *w = *state;
    struct rs_error err = {RS_OK, ""};
    struct rs_scan scan = world_scan(T0, T0 + 3 * DAY);
    struct rs_cursor *cursor = NULL;
    struct rs_load *loads[2] = {NULL, NULL};
    struct rs_buffer want, got;
    bool more = true;
    fill(w, 12);
    rs_buffer_init(&want);
    rs_buffer_init(&got);
    check_ok(rs_store_scan(w->store, &scan, describe_one, &want, &err));
    check_ok(rs_load_create(&loads[0], &err));
    check_ok(rs_load_create(&loads[1], &err));
    check_ok(rs_store_cursor_open(w->store, &scan, &cursor, &err));
    for (int i = 0; i < 12; i++) {
        unpack_next(cursor, loads[i % 3 == 1], i, &got);
    }
    for (int i = 0; i < 2; i++) {
        check_ok(rs_cursor_next(cursor, loads[0], &more, &err));
        assert_false(more);
    }
    assert_string_equal(got.data, want.data);
    assert_non_null(strstr(want.data, "c5.large@"));
    assert_non_null(strstr(want.data, "volumes 1"));
    rs_cursor_close(cursor);
    rs_load_release(loads[0]);
    rs_load_release(loads[1]);
    rs_buffer_release(&want);
    rs_buffer_release(&got);
    world_begin(w); /* the cursor left no transaction open */
    world_commit(w);
}

static void unpacking_twice_gives_the_same(void **state)
{
    struct world *w = *state;
    struct rs_error err = {RS_OK, ""};
    struct rs_scan scan = world_scan(T0, T0 + 3 * DAY);
    struct rs_cursor *cursor = NULL;
    struct rs_load *load = NULL;
    const struct rs_stored *stored = NULL;
    struct rs_buffer first, second;
    fill(w, 3);
    scan.resource = "i-2"; /* a sum over volumes must not grow */
    rs_buffer_init(&first);
    rs_buffer_init(&second);
    check_ok(rs_load_create(&load, &err));
    check_ok(rs_store_cursor_open(w->store, &scan, &cursor, &err));
    unpack_next(cursor, load, 0, &first);
    rs_cursor_close(cursor); /* unpacking needs no store */
    check_ok(rs_load_unpack(load, &stored, &err));
    describe(&second, stored);
    assert_string_equal(first.data, second.data);
    rs_load_release(load);
    rs_buffer_release(&first);
    rs_buffer_release(&second);
}

struct numbers {
    int64_t of[64];
    size_t count;
};

static enum rs_status note_number(void *payload, const struct rs_stored_name *stored,
                                  struct rs_error *err)
{
    struct numbers *numbers = payload;
    (void)err;
    assert_true(numbers->count == 0 || stored->number > numbers->of[numbers->count - 1]);
    numbers->of[numbers->count++] = stored->number;
    return RS_OK;
}

/* Neighbours, and others so far apart that the cursors search instead of passing what is between.
 */
static void only_resources_of_the_numbers_asked_for_are_read(void **state)
{
    enum { MACHINES = 50 };
    static const int chosen[] = {1, 2, 3, 7, 22, 40, 46};
    struct world *w = *state;
    struct rs_error err = {RS_OK, ""};
    struct rs_scan scan = world_scan(T0, T0 + 3 * DAY);
    struct rs_cursor *cursor = NULL;
    struct rs_load *load = NULL;
    struct rs_buffer want, got;
    struct numbers all = {.count = 0};
    int64_t numbers[COUNT_OF(chosen) + 1];
    bool more = true;
    fill(w, MACHINES);
    check_ok(rs_store_list(w->store, NULL, note_number, &all, &err));
    assert_int_equal(all.count, MACHINES);
    rs_buffer_init(&want);
    rs_buffer_init(&got);
    for (size_t i = 0; i < COUNT_OF(chosen); i++) {
        char id[32];
        snprintf(id, sizeof(id), "i-%d", chosen[i]);
        struct rs_scan one = scan;
        one.resource = id;
        check_ok(rs_store_scan(w->store, &one, describe_one, &want, &err));
        numbers[i] = all.of[chosen[i]];
    }
    numbers[COUNT_OF(chosen)] = all.of[MACHINES - 1] + 100; /* nobody's */
    scan.numbers = numbers;
    scan.number_count = COUNT_OF(numbers);
    check_ok(rs_load_create(&load, &err));
    check_ok(rs_store_cursor_open(w->store, &scan, &cursor, &err));
    for (int i = 0; i < (int)COUNT_OF(chosen); i++) {
        unpack_next(cursor, load, i, &got);
    }
    for (int i = 0; i < 2; i++) {
        check_ok(rs_cursor_next(cursor, load, &more, &err));
        assert_false(more);
    }
    assert_string_equal(got.data, want.data);
    rs_cursor_close(cursor);
    rs_load_release(load);
    rs_buffer_release(&want);
    rs_buffer_release(&got);
}

static void no_number_is_no_resource(void **state)
{
    struct world *w = *state;
    struct rs_error err = {RS_OK, ""};
    struct rs_buffer text;
    const int64_t none = 0;
    struct rs_scan scan = world_scan(T0, T0 + DAY);
    fill(w, 3);
    rs_buffer_init(&text);
    scan.numbers = &none;
    check_ok(rs_store_scan(w->store, &scan, describe_one, &text, &err));
    scan.number_count = 1;
    check_ok(rs_store_scan(w->store, &scan, describe_one, &text, &err));
    assert_string_equal(text.data, "");
    rs_buffer_release(&text);
}

static enum rs_status describe_name(void *payload, const struct rs_stored_name *s,
                                    struct rs_error *err)
{
    const char *texts[] = {s->name, s->provider, s->account, s->region,
                           s->type, s->group,    s->state,   s->tag};
    (void)err;
    rs_buffer_text(payload, s->id);
    for (size_t i = 0; i < COUNT_OF(texts); i++) {
        rs_buffer_printf(payload, " %s", texts[i] != NULL ? texts[i] : "-");
    }
    rs_buffer_char(payload, '\n');
    return strcmp(s->id, "i-2") == 0 ? rs_fail(err, RS_EPARTIAL, "enough") : RS_OK;
}

static void a_list_names_instances_with_one_of_their_tags(void **state)
{
    static const struct rs_tag tags[] = {{"other", "x"}, {"role", "web"}};
    struct world *w = *state;
    struct rs_error err = {RS_OK, ""};
    struct rs_resource record = world_record("i-1", "m5.large", T0);
    struct rs_buffer text;
    world_ramp(w, "i-0", RS_METRIC_CPU_PERCENT, 300, T0, 2, 1);
    world_ramp(w, "vol-0", RS_METRIC_EBS_READ_BYTES, 300, T0, 2, 1);
    record.provider = "aws";
    record.account = "12";
    record.region = "eu";
    record.name = "n";
    record.state = "running";
    record.group = "fleet";
    record.tags = tags;
    record.tag_count = COUNT_OF(tags);
    world_put_resource(w, &record);
    rs_buffer_init(&text);
    check_ok(rs_store_list(w->store, "role", describe_name, &text, &err));
    check_ok(rs_store_list(w->store, "absent", describe_name, &text, &err));
    check_ok(rs_store_list(w->store, NULL, describe_name, &text, &err));
    assert_string_equal(text.data, "i-0 - - - - - - - -\n"
                                   "i-1 n aws 12 eu m5.large fleet running web\n"
                                   "i-0 - - - - - - - -\n"
                                   "i-1 n aws 12 eu m5.large fleet running -\n"
                                   "i-0 - - - - - - - -\n"
                                   "i-1 n aws 12 eu m5.large fleet running -\n");
    world_ramp(w, "i-2", RS_METRIC_CPU_PERCENT, 300, T0, 2, 1);
    world_ramp(w, "i-3", RS_METRIC_CPU_PERCENT, 300, T0, 2, 1);
    rs_buffer_clear(&text);
    check_fails(rs_store_list(w->store, NULL, describe_name, &text, &err), RS_EPARTIAL, "enough");
    assert_null(strstr(text.data, "i-3"));
    rs_buffer_release(&text);
}

static void types_seen_on_one_day_come_in_order_of_time(void **state)
{
    static const struct {
        const char *type;
        int64_t at;
    } rows[] = {{"z.large", T0},      {"a.large", T0 + 10}, {"m.large", T0 + DAY + 5},
                {"a.large", T0 + 15}, {"z.large", T0 + 20}, {"m.large", T0 + 2 * DAY}};
    struct world *w = *state;
    struct rs_error err = {RS_OK, ""};
    struct rs_scan scan = {.samples = false};
    struct rs_buffer text;
    char want[128];
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        put_record(w, "i-1", rows[i].type, rows[i].at);
    }
    rs_buffer_init(&text);
    check_ok(rs_store_scan(w->store, &scan, describe_one, &text, &err));
    snprintf(want, sizeof(want), " z.large@%lld a.large@%lld z.large@%lld m.large@%lld\n",
             (long long)T0, (long long)T0 + 10, (long long)T0 + 20, (long long)T0 + DAY + 5);
    assert_non_null(strstr(text.data, want));
    rs_buffer_release(&text);
}

struct shared { /* what the threads of a test have in common */
    pthread_mutex_t lock;
    struct rs_cursor *cursor;
    struct rs_buffer texts[32]; /* by ordinal */
    bool failed;
};

static void *work(void *payload)
{
    struct shared *shared = payload;
    struct rs_error err = {RS_OK, ""};
    struct rs_load *load = NULL;
    bool more = true, failed = rs_load_create(&load, &err) != RS_OK;
    while (!failed && more) {
        const struct rs_stored *stored = NULL;
        pthread_mutex_lock(&shared->lock);
        failed = rs_cursor_next(shared->cursor, load, &more, &err) != RS_OK;
        pthread_mutex_unlock(&shared->lock);
        if (!failed && more) {
            failed = rs_load_unpack(load, &stored, &err) != RS_OK || rs_load_ordinal(load) >= 32;
        }
        if (!failed && more) {
            describe(&shared->texts[rs_load_ordinal(load)], stored);
        }
    }
    rs_load_release(load);
    pthread_mutex_lock(&shared->lock);
    shared->failed = shared->failed || failed;
    pthread_mutex_unlock(&shared->lock);
    return NULL;
}

static void threads_share_one_scan(void **state)
{
    enum { MACHINES = 30, THREADS = 3 };
    struct world *w = *state;
    struct rs_error err = {RS_OK, ""};
    struct rs_scan scan = world_scan(T0, T0 + 3 * DAY);
    struct shared shared = {.lock = PTHREAD_MUTEX_INITIALIZER};
    pthread_t threads[THREADS];
    struct rs_buffer want, got;
    fill(w, MACHINES);
    rs_buffer_init(&want);
    rs_buffer_init(&got);
    check_ok(rs_store_scan(w->store, &scan, describe_one, &want, &err));
    for (int i = 0; i < 32; i++) {
        rs_buffer_init(&shared.texts[i]);
    }
    check_ok(rs_store_cursor_open(w->store, &scan, &shared.cursor, &err));
    for (int i = 0; i < THREADS; i++) {
        assert_int_equal(pthread_create(&threads[i], NULL, work, &shared), 0);
    }
    for (int i = 0; i < THREADS; i++) {
        assert_int_equal(pthread_join(threads[i], NULL), 0);
    }
    assert_false(shared.failed);
    for (int i = 0; i < 32; i++) {
        rs_buffer_append(&got, shared.texts[i].data, shared.texts[i].length);
        rs_buffer_release(&shared.texts[i]);
    }
    assert_string_equal(got.data, want.data);
    rs_cursor_close(shared.cursor);
    rs_buffer_release(&want);
    rs_buffer_release(&got);
}

static void what_a_scan_refuses_a_cursor_refuses(void **state)
{
    struct world *w = *state;
    struct rs_error err = {RS_OK, ""};
    struct rs_cursor *cursor = NULL;
    struct rs_scan scan = world_scan(T0, T0);
    check_fails(rs_store_cursor_open(w->store, &scan, &cursor, &err), RS_EINPUT, "the window");
    scan.window.to = T0 + DAY;
    scan.resource = "i-none";
    check_fails(rs_store_cursor_open(w->store, &scan, &cursor, &err), RS_ENODATA, "no instance");
    assert_null(cursor);
    rs_cursor_close(NULL);
    rs_load_release(NULL);
    world_begin(w); /* no transaction was left open */
    world_commit(w);
}

static void a_cursor_sees_the_moment_it_was_opened_at(void **state)
{
    struct world *w = *state;
    struct rs_error err = {RS_OK, ""};
    struct rs_scan scan = world_scan(T0, T0 + DAY);
    struct rs_store *reader = NULL;
    struct rs_cursor *cursor = NULL;
    struct rs_load *load = NULL;
    const struct rs_stored *stored = NULL;
    bool more = false;
    world_ramp(w, "i-1", RS_METRIC_CPU_PERCENT, 300, T0, 2, 1);
    check_ok(rs_store_open(w->path, RS_STORE_READ, &reader, &err));
    check_ok(rs_load_create(&load, &err));
    check_ok(rs_store_cursor_open(reader, &scan, &cursor, &err));
    world_ramp(w, "i-1", RS_METRIC_MEM_PERCENT, 300, T0, 2, 1);
    world_ramp(w, "i-2", RS_METRIC_CPU_PERCENT, 300, T0, 2, 1);
    check_ok(rs_cursor_next(cursor, load, &more, &err));
    assert_true(more);
    check_ok(rs_load_unpack(load, &stored, &err));
    assert_int_equal(stored->series_count, 1);
    check_ok(rs_cursor_next(cursor, load, &more, &err));
    assert_false(more);
    rs_cursor_close(cursor);
    rs_load_release(load);
    rs_store_close(reader);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        world_test(a_cursor_gives_what_a_scan_gives),
        world_test(unpacking_twice_gives_the_same),
        world_test(only_resources_of_the_numbers_asked_for_are_read),
        world_test(no_number_is_no_resource),
        world_test(a_list_names_instances_with_one_of_their_tags),
        world_test(types_seen_on_one_day_come_in_order_of_time),
        world_test(threads_share_one_scan),
        world_test(what_a_scan_refuses_a_cursor_refuses),
        world_test(a_cursor_sees_the_moment_it_was_opened_at),
    };
    return cmocka_run_group_tests_name("store_cursor", tests, NULL, NULL);
}
