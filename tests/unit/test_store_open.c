/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Opening: whose file, how it is made, who else has it, and what is refused. */
#include "chunk_reference.h"
#include "store_world.h"

#include "store/store_private.h"

#include <fcntl.h>
#include <sqlite3.h>
#include <sys/wait.h>

static void write_file(const char *path, const char *text)
{
    FILE *f = fopen(path, "w");
    assert_non_null(f);
    assert_true(fputs(text, f) >= 0);
    assert_int_equal(fclose(f), 0);
}

static void run_sql(const char *path, const char *sql)
{
    sqlite3 *db = NULL;
    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_close(db), SQLITE_OK);
}

static unsigned mode_of(const char *path)
{
    struct stat st;
    assert_int_equal(stat(path, &st), 0);
    return (unsigned)st.st_mode & 0777U;
}

static void a_new_store_is_private_and_its_settings_hold(void **state)
{
    struct world *w = *state;
    struct rs_error err = {RS_OK, ""};
    static const struct {
        const char *pragma;
        int64_t want;
    } rows[] = {{"PRAGMA application_id", 0x72736462},
                {"PRAGMA user_version", 5},
                {"PRAGMA page_size", 32768},
                {"PRAGMA wal_autocheckpoint", 500},
                {"PRAGMA synchronous", 2},
                {"PRAGMA foreign_keys", 1},
                {"PRAGMA cell_size_check", 1},
                {"PRAGMA mmap_size", 0},
                {"PRAGMA trusted_schema", 0},
                {"PRAGMA cache_size", -16384},
                {"PRAGMA busy_timeout", 30000}};
    mode_t mask = umask(022);
    struct rs_store *store = NULL;
    check_ok(rs_store_open(world_file(w, "a/b/metrics.db"), RS_STORE_WRITE, &store, &err));
    mode_t kept = umask(mask);
    assert_int_equal(kept, 022);
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        int64_t got = -1;
        check_ok(rs_store_int(store, rows[i].pragma, &got, &err));
        assert_int_equal(got, rows[i].want);
    }
    check_ok(rs_store_begin(store, &err));
    assert_int_equal(mode_of(world_file(w, "a")), 0700);
    assert_int_equal(mode_of(world_file(w, "a/b")), 0700);
    assert_int_equal(mode_of(world_file(w, "a/b/metrics.db")), 0600);
    assert_int_equal(mode_of(world_file(w, "a/b/metrics.db-wal")), 0600);
    assert_int_equal(mode_of(world_file(w, "a/b/metrics.db-shm")), 0600);
    rs_store_close(store);
    assert_int_not_equal(access(world_file(w, "a/b/metrics.db-wal"), F_OK), 0);
    assert_int_not_equal(access(world_file(w, "a/b/metrics.db-shm"), F_OK), 0);
    rs_store_close(NULL);
}

static void files_that_are_no_store_are_refused(void **state)
{
    struct world *w = *state;
    struct rs_error err = {RS_OK, ""};
    struct rs_store *store = NULL;
    write_file(world_file(w, "text.db"), "this is a text, long enough to be taken for a header "
                                         "of a database if nobody looked at it at all .......");
    write_file(world_file(w, "empty.db"), "");
    run_sql(world_file(w, "other.db"), "CREATE TABLE t(a)");
    assert_int_equal(symlink("metrics.db", world_file(w, "link.db")), 0);
    const struct {
        const char *name;
        enum rs_store_mode mode;
        enum rs_status status;
        const char *part;
    } rows[] = {
        {"text.db", RS_STORE_WRITE, RS_EIO, "text.db: is not a SQLite database"},
        {"text.db", RS_STORE_READ, RS_EIO, "text.db: is not a SQLite database"},
        {"empty.db", RS_STORE_READ, RS_ENODATA, "empty.db: is empty"},
        {"none.db", RS_STORE_READ, RS_ENODATA, "none.db: does not exist"},
        {"none/none.db", RS_STORE_READ, RS_ENODATA, "none.db: does not exist"},
        {"other.db", RS_STORE_WRITE, RS_EIO, "another program's database (application id 0x0"},
        {"other.db", RS_STORE_READ, RS_EIO, "another program's database"},
        {"link.db", RS_STORE_WRITE, RS_EIO, "link.db: is a symbolic link"},
        {"link.db", RS_STORE_READ, RS_EIO, "link.db: is a symbolic link"},
        {"", RS_STORE_WRITE, RS_EIO, "is not the name of a file"},
        {"text.db/x.db", RS_STORE_WRITE, RS_EIO, "Not a directory"},
        {".", RS_STORE_READ, RS_EIO, "is not a regular file"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        check_fails(rs_store_open(world_file(w, rows[i].name), rows[i].mode, &store, &err),
                    rows[i].status, rows[i].part);
        assert_null(store);
    }
    run_sql(world_file(w, "other.db"), "PRAGMA application_id=77");
    check_fails(rs_store_open(world_file(w, "other.db"), RS_STORE_WRITE, &store, &err), RS_EIO,
                "application id 0x0000004d");
}

static void a_folder_may_be_reached_through_a_symbolic_link(void **state)
{
    struct world *w = *state;
    struct rs_error err = {RS_OK, ""};
    struct rs_store *store = NULL;
    assert_int_equal(mkdir(world_file(w, "a"), 0700), 0);
    assert_int_equal(symlink("a", world_file(w, "link.db")), 0);
    check_ok(rs_store_open(world_file(w, "link.db/b/metrics.db"), RS_STORE_WRITE, &store, &err));
    rs_store_close(store);
    assert_int_equal(access(world_file(w, "a/b/metrics.db"), F_OK), 0);
}

static void a_newer_schema_is_refused_with_both_numbers(void **state)
{
    struct world *w = *state;
    struct rs_error err = {RS_OK, ""};
    struct rs_store *store = NULL;
    rs_store_close(w->store);
    w->store = NULL;
    run_sql(w->path, "PRAGMA user_version=9");
    for (int mode = 0; mode < 2; mode++) {
        check_fails(rs_store_open(w->path, (enum rs_store_mode)mode, &store, &err), RS_EINPUT,
                    "schema 9 is newer than this program's 5");
    }
    run_sql(w->path, "PRAGMA user_version=-1");
    check_fails(rs_store_open(w->path, RS_STORE_WRITE, &store, &err), RS_EINPUT, "schema -1");
}

static void an_older_schema_is_read_only_after_it_was_brought_up(void **state)
{
    struct world *w = *state;
    struct rs_error err = {RS_OK, ""};
    struct rs_store *store = NULL;
    run_sql(world_file(w, "other.db"), "PRAGMA application_id=1920164962");
    check_fails(rs_store_open(world_file(w, "other.db"), RS_STORE_READ, &store, &err), RS_ENODATA,
                "is empty");
    check_ok(rs_store_open(world_file(w, "other.db"), RS_STORE_WRITE, &store, &err));
    rs_store_close(store);
    check_ok(rs_store_open(world_file(w, "other.db"), RS_STORE_READ, &store, &err));
    rs_store_close(store);
}

/* The file as a program of schema 3 left it: its chunks are of version 1. */
static void chunks_of_an_older_program_stay_until_they_change(void **state)
{
    enum { ROOM = 900 };
    struct world *w = *state;
    struct rs_error err = {RS_OK, ""};
    double values[DAY_SLOTS];
    unsigned char blob[ROOM];
    struct rs_buffer sql;
    int64_t checked = 0;
    const int64_t at[] = {T0, T0 + 300, T0 + 600};
    double given[] = {5, 6, 7};
    world_ramp(w, "i-1", RS_METRIC_CPU_PERCENT, 300, T0, 3, 5);
    rs_store_close(w->store);
    for (int i = 0; i < DAY_SLOTS; i++) {
        values[i] = i < 3 ? 5.0 + i : (double)NAN;
    }
    size_t length = encode_v1(values, DAY_SLOTS, 1, 5, 0, 1, blob);
    rs_buffer_init(&sql);
    rs_buffer_text(&sql, "PRAGMA user_version=3; UPDATE chunk SET data = x'");
    for (size_t i = 0; i < length; i++) {
        rs_buffer_printf(&sql, "%02x", blob[i]);
    }
    rs_buffer_char(&sql, '\'');
    run_sql(w->path, sql.data);
    rs_buffer_release(&sql);
    check_ok(rs_store_open(w->path, RS_STORE_WRITE, &w->store, &err));
    check_ok(rs_store_check(w->store, &checked, &err));
    assert_int_equal(checked, 1);
    static const char version[] = "SELECT hex(substr(data, 1, 1)) FROM chunk";
    struct rs_batch batch = world_batch("i-1", at, given, 3);
    struct rs_put_tally tally = world_put(w, &batch);
    assert_int_equal(tally.unchanged, 3);
    world_expect(w, version, "01\n");
    world_expect(w, "SELECT group_concat(value, ' ') FROM samples", "5.0 6.0 7.0\n");
    given[1] = 60;
    tally = world_put(w, &batch);
    assert_true(tally.unchanged == 2 && tally.replaced == 1);
    world_expect(w, version, "02\n");
    world_expect(w, "SELECT group_concat(value, ' ') FROM samples", "5.0 60.0 7.0\n");
    check_ok(rs_store_check(w->store, &checked, &err));
}

static void a_store_opened_for_reading_is_not_written(void **state)
{
    struct world *w = *state;
    struct rs_error err = {RS_OK, ""};
    struct rs_store *reader = NULL;
    int64_t deleted = 0;
    world_ramp(w, "i-1", RS_METRIC_CPU_PERCENT, 300, T0, 20, 1);
    check_ok(rs_store_open(w->path, RS_STORE_READ, &reader, &err));
    assert_int_not_equal(rs_store_prune(reader, INT64_MAX, &deleted, &err), RS_OK);
    struct rs_collection entry = {.source = "a", .format = "b"};
    check_fails(rs_store_log(reader, &entry, &err), RS_EIO, "is read-only");
    rs_store_close(reader);
    world_expect(w, "SELECT count(*) FROM samples", "20\n");
}

/* As a user who may not write: root may everything, so a child gives its rights away. */
static int as_nobody(const char *path, enum rs_store_mode mode)
{
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        struct rs_error err = {RS_OK, ""};
        struct rs_store *store = NULL;
        struct rs_store_info info = {0};
        if (geteuid() == 0 && (setgid(65534) != 0 || setuid(65534) != 0)) {
            _exit(99);
        }
        char whole[4096];
        if (getcwd(whole, sizeof(whole)) == NULL || access(whole, X_OK) != 0) {
            _exit(96);
        }
        enum rs_status rc = rs_store_open(path, mode, &store, &err);
        if (rc == RS_OK) {
            rc = rs_store_info(store, &info, &err);
        }
        rs_store_close(store);
        bool told = rc == RS_EIO && (strstr(err.text, "read-only") != NULL ||
                                     strstr(err.text, "cannot open") != NULL);
        _exit(rc == RS_OK ? (info.samples == 20 ? 0 : 98) : told ? 1 : 97);
    }
    int status = 0;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    return WEXITSTATUS(status);
}

static void a_store_on_a_read_only_medium_can_be_read_and_not_written(void **state)
{
    struct world *w = *state;
    struct rs_error err = {RS_OK, ""};
    const char *path = world_file(w, "ro/m.db");
    rs_store_close(w->store);
    check_ok(rs_store_open(path, RS_STORE_WRITE, &w->store, &err));
    world_ramp(w, "i-1", RS_METRIC_CPU_PERCENT, 300, T0, 20, 1);
    rs_store_close(w->store);
    w->store = NULL;
    chmod(w->folder, 0755);
    assert_int_equal(chmod(path, 0444), 0);
    assert_int_equal(chmod(world_file(w, "ro"), 0555), 0);
    int readable = as_nobody(path, RS_STORE_READ);
    if (readable == 96) {
        skip(); /* a folder above is closed to others */
    }
    assert_int_equal(readable, 0);
    assert_int_equal(as_nobody(path, RS_STORE_WRITE), 1);
    assert_int_equal(chmod(path, 0666), 0);
    assert_int_equal(as_nobody(path, RS_STORE_READ), 0);
    assert_int_equal(as_nobody(path, RS_STORE_WRITE), 1);
}

static void a_second_writer_waits_and_then_gives_up(void **state)
{
    struct world *w = *state;
    struct rs_error err = {RS_OK, ""};
    struct rs_store *second = NULL;
    check_ok(rs_store_open(w->path, RS_STORE_WRITE, &second, &err));
    rs_store_set_busy(second, 50);
    world_begin(w);
    check_fails(rs_store_begin(second, &err), RS_EIO,
                "locked by another process for more than 0.05 s");
    world_commit(w);
    check_ok(rs_store_begin(second, &err));
    rs_store_rollback(second);
    rs_store_close(second);
}

static void a_reader_sees_what_was_committed_while_another_writes(void **state)
{
    struct world *w = *state;
    struct rs_error err = {RS_OK, ""};
    struct rs_store *reader = NULL;
    struct rs_store_info info;
    struct rs_put_tally tally = {0};
    const int64_t at = T0;
    const double value = 1;
    struct rs_batch batch = world_batch("i-1", &at, &value, 1);
    check_ok(rs_store_open(w->path, RS_STORE_READ, &reader, &err));
    world_begin(w);
    check_ok(rs_store_put(w->store, &batch, &tally, &err));
    check_ok(rs_store_info(reader, &info, &err));
    assert_int_equal(info.samples, 0);
    world_commit(w);
    check_ok(rs_store_info(reader, &info, &err));
    assert_int_equal(info.samples, 1);
    rs_store_close(reader);
}

static void several_processes_may_create_one_store_at_once(void **state)
{
    struct world *w = *state;
    for (int round = 0; round < 5; round++) {
        pid_t children[4];
        remove(world_file(w, "other.db"));
        for (size_t i = 0; i < COUNT_OF(children); i++) {
            children[i] = fork();
            assert_true(children[i] >= 0);
            if (children[i] == 0) {
                struct rs_error err = {RS_OK, ""};
                struct rs_store *store = NULL;
                enum rs_status rc =
                    rs_store_open(world_file(w, "other.db"), RS_STORE_WRITE, &store, &err);
                if (rc != RS_OK) {
                    print_error("%s\n", err.text);
                }
                rs_store_close(store);
                _exit(rc == RS_OK ? 0 : 1);
            }
        }
        for (size_t i = 0; i < COUNT_OF(children); i++) {
            int status = 0;
            assert_int_equal(waitpid(children[i], &status, 0), children[i]);
            assert_int_equal(status, 0);
        }
    }
}

static void a_hostile_schema_cannot_reach_out(void **state)
{
    struct world *w = *state;
    struct rs_error err = {RS_OK, ""};
    struct rs_buffer out;
    rs_buffer_init(&out);
    rs_store_close(w->store);
    run_sql(w->path, "DROP VIEW resources; CREATE VIEW resources AS SELECT load_extension('x')");
    check_ok(rs_store_open(w->path, RS_STORE_READ, &w->store, &err));
    check_fails(rs_store_sql(w->store, "SELECT * FROM resources", world_row, &out, &err), RS_EUSAGE,
                "load_extension");
    rs_buffer_release(&out);
}

static void random_damage_never_crashes(void **state)
{
    struct world *w = *state;
    struct rs_error err = {RS_OK, ""};
    uint64_t random = 3;
    static unsigned char whole[1 << 20];
    world_ramp(w, "i-1", RS_METRIC_CPU_PERCENT, 300, T0, 600, 1);
    rs_store_close(w->store);
    FILE *f = fopen(w->path, "rb");
    assert_non_null(f);
    size_t length = fread(whole, 1, sizeof(whole), f);
    fclose(f);
    assert_true(length > 32768 && length < sizeof(whole));
    for (int round = 0; round < 150; round++) {
        size_t at = round % 3 == 0 ? check_random(&random) % 2048 : check_random(&random) % length;
        unsigned char kept = whole[at];
        whole[at] = (unsigned char)check_random(&random);
        f = fopen(w->path, "wb");
        assert_non_null(f);
        assert_int_equal(fwrite(whole, 1, length, f), length);
        fclose(f);
        whole[at] = kept;
        struct rs_store *store = NULL;
        struct rs_buffer out;
        int64_t checked = 0;
        rs_buffer_init(&out);
        if (rs_store_open(w->path, RS_STORE_READ, &store, &err) == RS_OK) {
            (void)!rs_store_sql(store, "SELECT count(*), sum(value) FROM samples", world_row, &out,
                                &err);
            (void)!rs_store_check(store, &checked, &err);
        }
        rs_store_close(store);
        rs_buffer_release(&out);
    }
    w->store = NULL;
}

static int64_t synchronous(struct world *w)
{
    struct rs_error err = {RS_OK, ""};
    int64_t value = -1;
    check_ok(rs_store_int(w->store, "PRAGMA synchronous", &value, &err));
    return value;
}

static void waiting_for_the_disk_can_be_put_off(void **state)
{
    struct world *w = *state;
    struct rs_error err = {RS_OK, ""};
    int64_t before = 0, after = 0;
    check_ok(rs_store_int(w->store, "PRAGMA wal_autocheckpoint", &before, &err));
    assert_int_equal(synchronous(w), 2);
    check_ok(rs_store_defer_sync(w->store, &err));
    assert_int_equal(synchronous(w), 1);
    check_ok(rs_store_sync(w->store, &err)); /* also of nothing */
    assert_int_equal(synchronous(w), 2);
    check_ok(rs_store_defer_sync(w->store, &err));
    world_ramp(w, "i-a", RS_METRIC_CPU_PERCENT, 300, T0, 900, 1);
    check_ok(rs_store_sync(w->store, &err));
    assert_int_equal(synchronous(w), 2);
    world_expect(w, "SELECT count(*) FROM samples", "900\n");
    check_ok(rs_store_int(w->store, "PRAGMA wal_autocheckpoint", &after, &err));
    assert_int_equal(after, before);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        world_test(a_new_store_is_private_and_its_settings_hold),
        world_test(files_that_are_no_store_are_refused),
        world_test(a_folder_may_be_reached_through_a_symbolic_link),
        world_test(a_newer_schema_is_refused_with_both_numbers),
        world_test(an_older_schema_is_read_only_after_it_was_brought_up),
        world_test(chunks_of_an_older_program_stay_until_they_change),
        world_test(a_store_opened_for_reading_is_not_written),
        world_test(a_store_on_a_read_only_medium_can_be_read_and_not_written),
        world_test(a_second_writer_waits_and_then_gives_up),
        world_test(a_reader_sees_what_was_committed_while_another_writes),
        world_test(several_processes_may_create_one_store_at_once),
        world_test(a_hostile_schema_cannot_reach_out),
        world_test(random_damage_never_crashes),
        world_test(waiting_for_the_disk_can_be_put_off),
    };
    return cmocka_run_group_tests_name("store_open", tests, NULL, NULL);
}
