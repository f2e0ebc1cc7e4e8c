/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/store_private.h"
#include "store_world.h"

#include <signal.h>
#include <sys/wait.h>
#include <time.h>

/* Everything a store says, in an order that depends on nothing but what it says. */
static const char everything[] =
    "SELECT 'sample', resource, metric, statistic, ts, value, NULL, NULL FROM samples UNION ALL "
    "SELECT 'resource', resource, provider, account, region || ':' || type, name, state, "
    "first_seen || ':' || last_seen FROM resources UNION ALL "
    "SELECT 'volume', volume, instance, device, since, NULL, NULL, NULL FROM volumes UNION ALL "
    "SELECT 'type', resource, at, type, NULL, NULL, NULL, NULL FROM type_changes UNION ALL "
    "SELECT 'log', source, format, at, bytes, crc32, fresh, rejected FROM collections UNION ALL "
    "SELECT 'known', provider_id, hex(known_at), first_observed_at, observed_at, ena, "
    "architecture, launch_time FROM resource WHERE kind = 0 UNION ALL "
    "SELECT 'tag', r.provider_id, t.key, t.value, NULL, NULL, NULL, NULL FROM tag t "
    "JOIN resource r ON r.id = t.resource_id UNION ALL "
    "SELECT 'series', r.provider_id, s.metric, s.statistic, s.step, s.first_at, s.last_at, NULL "
    "FROM series s JOIN resource r ON r.id = s.resource_id ORDER BY 1, 2, 3, 4, 5, 6, 7, 8";

static struct rs_store *open_file(const char *path, enum rs_store_mode mode)
{
    struct rs_store *store = NULL;
    struct rs_error err = {RS_OK, ""};
    check_ok(rs_store_open(path, mode, &store, &err));
    return store;
}

static char *says(struct world *w, const char *path)
{
    struct world other = *w;
    other.store = open_file(path, RS_STORE_READ);
    char *text = world_sql(&other, everything);
    rs_store_close(other.store);
    return text;
}

static void assert_same(struct world *w, const char *a, const char *b)
{
    char *one = says(w, a), *two = says(w, b);
    assert_true(strlen(one) > 100);
    assert_string_equal(one, two);
    free(one);
    free(two);
}

static void forget(const char *path)
{
    char name[800];
    static const char *const ends[] = {"", "-wal", "-shm"};
    for (size_t i = 0; i < COUNT_OF(ends); i++) {
        snprintf(name, sizeof(name), "%s%s", path, ends[i]);
        remove(name);
    }
}

static struct rs_merge_tally merge(const char *into, const char *from, bool prefer_other)
{
    struct rs_merge_tally tally = {.conflicts = 0};
    struct rs_error err = {RS_OK, ""};
    struct rs_store *store = open_file(into, RS_STORE_WRITE);
    struct rs_store *other = open_file(from, RS_STORE_READ);
    check_ok(rs_store_merge(store, other, prefer_other, &tally, &err));
    rs_store_close(other);
    int64_t checked = 0;
    check_ok(rs_store_check(store, &checked, &err));
    rs_store_close(store);
    return tally;
}

static void put_type(struct rs_store *store, const char *id, const char *type, int64_t at)
{
    struct rs_error err = {RS_OK, ""};
    bool changed = false;
    struct rs_tag tags[] = {{"team", type}, {"seen", at > T0 ? "late" : "early"}};
    struct rs_resource record = {.id = id,
                                 .provider = "aws",
                                 .region = "eu-central-1",
                                 .type = type,
                                 .name = at > T0 + DAY ? "new name" : NULL,
                                 .architecture = at > T0 ? NULL : "arm64",
                                 .tags = tags,
                                 .tag_count = 2,
                                 .launch_time = T0 - DAY,
                                 .network_interfaces = -1,
                                 .volumes = -1,
                                 .ena = at == T0,
                                 .observed_at = at};
    check_ok(rs_store_put_resource(store, &record, &changed, &err));
}

static void put_ramp(struct rs_store *store, const char *id, int64_t step, int64_t from,
                     size_t count, double base)
{
    struct rs_error err = {RS_OK, ""};
    struct rs_put_tally tally = {0};
    int64_t at[400];
    double values[400];
    for (size_t i = 0; i < count; i++) {
        at[i] = from + (int64_t)i * step;
        values[i] = base + (double)i;
    }
    struct rs_batch batch = world_batch(id, at, values, count);
    batch.step = step;
    batch.provider = "local";
    check_ok(rs_store_put(store, &batch, &tally, &err));
}

/* Two hosts' stores: `second` knows other days, other volumes, another history. */
static void fill(const char *path, bool second)
{
    struct rs_error err = {RS_OK, ""};
    bool changed = false;
    struct rs_store *store = open_file(path, RS_STORE_WRITE);
    check_ok(rs_store_begin(store, &err));
    put_ramp(store, "shared", 300, second ? T0 + DAY : T0, 300,
             second ? 288 : 0); /* 12 slots are in both, alike */
    put_ramp(store, second ? "only-b" : "only-a", 60, T0, 100, 5);
    put_ramp(store, second ? "vol-b" : "vol-a", 300, T0, 50, 7);
    put_type(store, "shared", second ? "m5.large" : "m5.xlarge", second ? T0 + 2 * DAY : T0);
    if (second) {
        put_type(store, "shared", "m5.xlarge", T0 + 3 * DAY);
        put_type(store, "idle-b", "t3.micro", T0);
    }
    struct rs_attachment attachment = {second ? "vol-b" : "vol-a", "shared", "/dev/sdf",
                                       second ? T0 + HOUR : -1, T0 + 5};
    check_ok(rs_store_put_attachment(store, &attachment, &changed, &err));
    attachment.volume = "vol-common";
    attachment.since = T0;
    attachment.observed_at = second ? T0 + DAY : T0 + 9;
    check_ok(rs_store_put_attachment(store, &attachment, &changed, &err));
    struct rs_collection entry = {.source = "night.json",
                                  .format = "get-metric-data",
                                  .at = second ? T0 + 10 : T0 + 20,
                                  .bytes = 77,
                                  .crc32 = 1,
                                  .fresh = second ? 4 : 5};
    check_ok(rs_store_log(store, &entry, &err));
    entry.crc32 = second ? 2 : 3;
    check_ok(rs_store_log(store, &entry, &err));
    check_ok(rs_store_commit(store, &err));
    rs_store_close(store);
}

struct files {
    char a[600], b[600], ab[600], ba[600];
};

static void name_files(const struct world *w, struct files *f)
{
    snprintf(f->a, sizeof(f->a), "%s", world_file(w, "a.db"));
    snprintf(f->b, sizeof(f->b), "%s", world_file(w, "b.db"));
    snprintf(f->ab, sizeof(f->ab), "%s", world_file(w, "ab.db"));
    snprintf(f->ba, sizeof(f->ba), "%s", world_file(w, "ba.db"));
}

static void forget_files(const struct files *f)
{
    forget(f->a);
    forget(f->b);
    forget(f->ab);
    forget(f->ba);
}

static void stores_merge_alike_in_either_order(void **state)
{
    struct world *w = *state;
    struct files f;
    name_files(w, &f);
    fill(f.a, false);
    fill(f.b, true);
    struct rs_merge_tally first = merge(f.ab, f.a, false), second = merge(f.ab, f.b, false);
    merge(f.ba, f.b, false);
    merge(f.ba, f.a, false);
    assert_same(w, f.ab, f.ba);
    assert_int_equal(first.put.fresh, 300 + 100 + 50);
    assert_int_equal(second.put.unchanged, 300 - 288);
    assert_int_equal(second.conflicts, 0);
    assert_int_equal(second.resources, 5);
    assert_int_equal(second.type_conflicts, 0);
    forget_files(&f);
}

static void a_merge_equals_collecting_everything_into_one_store(void **state)
{
    struct world *w = *state;
    struct files f;
    name_files(w, &f);
    fill(f.a, false);
    fill(f.b, true);
    fill(f.ab, true);
    merge(f.ab, f.a, false);
    fill(f.ba, true);
    fill(f.ba, false);
    char *one = says(w, f.ab), *two = says(w, f.ba);
    /* the log is kept by who was first, in a merge by the time it says */
    char *log_one = strstr(one, "log|"), *log_two = strstr(two, "log|");
    assert_non_null(log_one);
    assert_non_null(log_two);
    assert_string_equal(strstr(log_one, "resource|"), strstr(log_two, "resource|"));
    *log_one = *log_two = '\0';
    assert_string_equal(one, two);
    free(one);
    free(two);
    forget_files(&f);
}

static void a_second_merge_changes_nothing(void **state)
{
    struct world *w = *state;
    struct files f;
    name_files(w, &f);
    fill(f.a, false);
    fill(f.b, true);
    merge(f.a, f.b, false);
    char *before = says(w, f.a);
    struct rs_merge_tally again = merge(f.a, f.b, false);
    char *after = says(w, f.a);
    assert_string_equal(before, after);
    assert_int_equal(again.put.fresh, 0);
    assert_int_equal(again.put.replaced, 0);
    assert_int_equal(again.resources_changed, 0);
    assert_int_equal(again.attachments_changed, 0);
    assert_int_equal(again.collections, 0);
    assert_int_equal(again.put.unchanged + again.conflicts, 300 + 100 + 50);
    free(before);
    free(after);
    forget_files(&f);
}

static void the_store_keeps_its_values_unless_the_others_are_preferred(void **state)
{
    struct world *w = *state;
    const char *path = world_file(w, "other.db");
    struct rs_error err = {RS_OK, ""};
    static const int64_t at[] = {T0, T0 + 300, T0 + 600};
    static const double mine[] = {1, 2, 3}, theirs[] = {1, 20, 30};
    struct rs_batch batch = world_batch("x", at, mine, 2);
    world_put(w, &batch);
    struct rs_store *other = open_file(path, RS_STORE_WRITE);
    struct rs_put_tally tally = {0};
    check_ok(rs_store_begin(other, &err));
    batch = world_batch("x", at, theirs, 3);
    check_ok(rs_store_put(other, &batch, &tally, &err));
    check_ok(rs_store_commit(other, &err));
    rs_store_close(other);
    other = open_file(path, RS_STORE_READ);
    struct rs_merge_tally t = {.conflicts = 0};
    check_ok(rs_store_merge(w->store, other, false, &t, &err));
    assert_int_equal(t.conflicts, 1);
    assert_int_equal(t.put.fresh, 1);
    assert_int_equal(t.put.unchanged, 1);
    assert_int_equal(t.put.replaced, 0);
    world_expect(w, "SELECT value FROM samples ORDER BY ts", "1\n2\n30\n");
    check_ok(rs_store_merge(w->store, other, true, &t, &err));
    assert_int_equal(t.conflicts, 2);
    world_expect(w, "SELECT value FROM samples ORDER BY ts", "1\n20\n30\n");
    /* later collections replace as ever */
    batch = world_batch("x", at, mine, 3);
    assert_int_equal(world_put(w, &batch).replaced, 2);
    rs_store_close(other);
    forget(path);
}

static void two_types_of_one_instant_are_named(void **state)
{
    struct world *w = *state;
    struct files f;
    struct rs_error err = {RS_OK, ""};
    name_files(w, &f);
    for (int i = 0; i < 2; i++) {
        struct rs_store *store = open_file(i == 0 ? f.a : f.b, RS_STORE_WRITE);
        check_ok(rs_store_begin(store, &err));
        put_type(store, "web", i == 0 ? "m5.large" : "c5.large", T0);
        put_type(store, "agreed", "r5.large", T0);
        check_ok(rs_store_commit(store, &err));
        rs_store_close(store);
    }
    struct rs_merge_tally tally = merge(f.ab, f.a, false);
    assert_int_equal(tally.type_conflicts, 0);
    tally = merge(f.ab, f.b, false);
    assert_int_equal(tally.type_conflicts, 1);
    assert_int_equal(tally.note_count, 1);
    assert_non_null(strstr(tally.note[0], "web: m5.large here, but c5.large in "));
    assert_non_null(strstr(tally.note[0], "2023-11-15T00:00:00Z"));
    merge(f.ba, f.b, false);
    merge(f.ba, f.a, false);
    assert_same(w, f.ab, f.ba);
    forget_files(&f);
}

static void what_only_samples_told_gives_way_to_an_inventory(void **state)
{
    struct world *w = *state;
    struct files f;
    struct rs_error err = {RS_OK, ""};
    name_files(w, &f);
    for (int i = 0; i < 2; i++) {
        struct rs_store *store = open_file(i == 0 ? f.a : f.b, RS_STORE_WRITE);
        check_ok(rs_store_begin(store, &err));
        if (i == 0) {
            put_ramp(store, "h", 300, T0, 3, 1); /* provider "local" */
        } else {
            put_type(store, "h", "m5.large", T0);
        }
        check_ok(rs_store_commit(store, &err));
        rs_store_close(store);
    }
    merge(f.ab, f.a, false);
    merge(f.ab, f.b, false);
    merge(f.ba, f.b, false);
    merge(f.ba, f.a, false);
    assert_same(w, f.ab, f.ba);
    struct world other = *w;
    other.store = open_file(f.ab, RS_STORE_READ);
    world_expect(&other, "SELECT provider, type FROM resources", "aws|m5.large\n");
    rs_store_close(other.store);
    forget_files(&f);
}

static void samples_that_wait_for_their_day_come_along(void **state)
{
    struct world *w = *state;
    const char *path = world_file(w, "other.db");
    struct rs_error err = {RS_OK, ""};
    struct rs_store *other = open_file(path, RS_STORE_WRITE);
    int64_t has = 0;
    check_ok(rs_store_int(other, "SELECT count(*) FROM sqlite_schema WHERE name = 'recent'", &has,
                          &err));
    if (has == 0) {
        rs_store_close(other);
        forget(path);
        skip();
    }
    check_ok(rs_store_begin(other, &err));
    put_ramp(other, "h", 300, T0, 2, 1);
    check_ok(rs_store_exec(other,
                           "INSERT INTO recent(first, series_id, data) SELECT 1700007000, id, "
                           "'[3,null,0.1,-2.5e3]' FROM series",
                           &err));
    check_ok(rs_store_commit(other, &err));
    rs_store_close(other);
    other = open_file(path, RS_STORE_READ);
    struct rs_merge_tally t = {.conflicts = 0};
    check_ok(rs_store_merge(w->store, other, false, &t, &err));
    assert_int_equal(t.put.fresh, 5);
    world_expect(w, "SELECT ts - 1700006400, value FROM samples ORDER BY ts",
                 "0|1\n300|2\n600|3\n1200|0.1\n1500|-2500\n");
    check_ok(rs_store_merge(w->store, other, false, &t, &err));
    assert_int_equal(t.put.fresh, 5);
    rs_store_close(other);
    other = open_file(path, RS_STORE_WRITE);
    check_ok(rs_store_exec(other, "UPDATE recent SET data = '[1,x]'", &err));
    check_fails(rs_store_merge(w->store, other, false, &t, &err), RS_EIO, "damaged");
    rs_store_close(other);
    forget(path);
}

static void causes_of_peaks_come_along(void **state)
{
    struct world *w = *state;
    struct files f;
    struct rs_error err = {RS_OK, ""};
    int64_t has = 0;
    check_ok(rs_store_int(w->store, "SELECT count(*) FROM sqlite_schema WHERE name = 'peak'", &has,
                          &err));
    if (has == 0) {
        skip();
    }
    name_files(w, &f);
    for (int i = 0; i < 2; i++) {
        struct rs_store *store = open_file(i == 0 ? f.a : f.b, RS_STORE_WRITE);
        check_ok(rs_store_begin(store, &err));
        put_ramp(store, i == 0 ? "first" : "h", 300, T0, 2, 1);
        put_ramp(store, "h", 300, T0, 2, 1);
        check_ok(rs_store_exec(
            store,
            i == 0 ? "INSERT INTO peak SELECT id, 1000, 'cpu', 1, 'backup', 'backup.service', 90, "
                     "95 FROM resource WHERE provider_id = 'h'"
                   : "INSERT INTO peak SELECT id, column1, 'cpu', 1, 'cc', NULL, 80, 85 FROM "
                     "resource, (VALUES (1000), (2000)) WHERE provider_id = 'h'",
            &err));
        check_ok(rs_store_commit(store, &err));
        rs_store_close(store);
    }
    merge(f.ab, f.a, false);
    struct rs_merge_tally tally = merge(f.ab, f.b, false);
    assert_int_equal(tally.peaks, 1);
    assert_int_equal(merge(f.ab, f.b, false).peaks, 0);
    merge(f.ba, f.b, false);
    merge(f.ba, f.a, false);
    struct world other = *w;
    for (int i = 0; i < 2; i++) {
        other.store = open_file(i == 0 ? f.ab : f.ba, RS_STORE_READ);
        world_expect(&other, "SELECT resource, at, name, unit, share FROM peaks ORDER BY at",
                     "h|1000|backup|backup.service|90\nh|2000|cc|NULL|80\n");
        rs_store_close(other.store);
    }
    forget_files(&f);
}

static void a_merge_that_fails_leaves_nothing(void **state)
{
    struct world *w = *state;
    struct rs_error err = {RS_OK, ""};
    const char *path = world_file(w, "other.db");
    struct rs_merge_tally t = {.conflicts = 0};
    world_ramp(w, "zzz", RS_METRIC_CPU_PERCENT, 300, T0, 3, 1);
    struct rs_store *other = open_file(path, RS_STORE_WRITE);
    check_ok(rs_store_begin(other, &err));
    put_ramp(other, "aaa", 300, T0, 3, 1);
    struct rs_batch batch = world_batch("zzz", NULL, NULL, 0);
    batch.kind = RS_KIND_VOLUME; /* an instance here */
    int64_t at = T0;
    double value = 1;
    batch.at = &at;
    batch.values = &value;
    batch.count = 1;
    struct rs_put_tally put = {0};
    check_ok(rs_store_put(other, &batch, &put, &err));
    check_ok(rs_store_commit(other, &err));
    check_fails(rs_store_merge(w->store, other, false, &t, &err), RS_EINPUT, "other.db");
    world_expect(w, "SELECT count(*) FROM resources", "1\n");
    assert_int_equal(t.resources, 0);
    check_fails(rs_store_merge(w->store, w->store, false, &t, &err), RS_EUSAGE, "store itself");
    rs_store_close(other);
    forget(path);
}

static void a_killed_merge_is_wholly_in_or_wholly_out(void **state)
{
    struct world *w = *state;
    struct files f;
    int in = 0, out = 0;
    name_files(w, &f);
    fill(f.a, false);
    fill(f.b, true);
    char *before = says(w, f.a);
    fill(f.ab, false);
    merge(f.ab, f.b, false);
    char *after = says(w, f.ab);
    for (unsigned i = 0; i < 24; i++) {
        forget(f.ba);
        fill(f.ba, false);
        pid_t child = fork();
        assert_true(child >= 0);
        if (child == 0) {
            struct rs_error err = {RS_OK, ""};
            struct rs_merge_tally tally = {.conflicts = 0};
            struct rs_store *store = NULL, *other = NULL;
            bool ok = rs_store_open(f.ba, RS_STORE_WRITE, &store, &err) == RS_OK &&
                      rs_store_open(f.b, RS_STORE_READ, &other, &err) == RS_OK &&
                      rs_store_merge(store, other, false, &tally, &err) == RS_OK;
            _exit(ok ? 0 : 1);
        }
        struct timespec pause = {0, (long)(i * i) * 200000L};
        nanosleep(&pause, NULL);
        kill(child, SIGKILL);
        assert_int_equal(waitpid(child, NULL, 0), child);
        char *now = says(w, f.ba);
        in += strcmp(now, after) == 0;
        out += strcmp(now, before) == 0;
        free(now);
    }
    assert_int_equal(in + out, 24);
    print_message("killed merges: %d in, %d out\n", in, out);
    free(before);
    free(after);
    forget_files(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        world_test(stores_merge_alike_in_either_order),
        world_test(a_merge_equals_collecting_everything_into_one_store),
        world_test(a_second_merge_changes_nothing),
        world_test(the_store_keeps_its_values_unless_the_others_are_preferred),
        world_test(two_types_of_one_instant_are_named),
        world_test(what_only_samples_told_gives_way_to_an_inventory),
        world_test(samples_that_wait_for_their_day_come_along),
        world_test(causes_of_peaks_come_along),
        world_test(a_merge_that_fails_leaves_nothing),
        world_test(a_killed_merge_is_wholly_in_or_wholly_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
