/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/spool.h"

#include "../support/check.h"

#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/resource.h>

#define WRITERS 4
#define EACH 200

static void text_of(size_t i, struct rs_buffer *out)
{
    rs_buffer_clear(out);
    int zeros = i % 150 == 149 ? 400000 : (int)(i * 37 % 5000) + 1; /* some beyond a block */
    rs_buffer_printf(out, "piece %zu of some length %0*d;", i, zeros, 0);
}

static void check_piece(struct rs_spool *spool, struct rs_piece piece, size_t i)
{
    struct rs_error err = {RS_OK, ""};
    struct rs_buffer want, got;
    rs_buffer_init(&want);
    rs_buffer_init(&got);
    text_of(i, &want);
    rs_buffer_text(&got, "before ");
    check_ok(rs_spool_get(spool, piece, &got, &err));
    assert_int_equal(got.length, 7 + want.length);
    assert_string_equal(got.data + 7, want.data);
    rs_buffer_release(&want);
    rs_buffer_release(&got);
}

static void pieces_come_back_from_memory_and_file(void **state)
{
    (void)state;
    static const size_t memories[] = {0, 1, 500, 1 << 20};
    for (size_t m = 0; m < COUNT_OF(memories); m++) {
        struct rs_error err = {RS_OK, ""};
        struct rs_spool *spool = NULL;
        struct rs_piece pieces[100];
        struct rs_buffer text;
        rs_buffer_init(&text);
        check_ok(rs_spool_create(memories[m], &spool, &err));
        for (size_t i = 0; i < COUNT_OF(pieces); i++) {
            text_of(i, &text);
            check_ok(rs_spool_put(spool, text.data, text.length, &pieces[i], &err));
        }
        for (size_t i = COUNT_OF(pieces); i > 0; i--) { /* in another order */
            check_piece(spool, pieces[i - 1], i - 1);
        }
        rs_buffer_release(&text);
        rs_spool_release(spool);
    }
    rs_spool_release(NULL);
}

static void a_buffer_without_memory_stays_without(void **state)
{
    (void)state;
    struct rs_error err = {RS_OK, ""};
    struct rs_spool *spool = NULL;
    struct rs_piece piece;
    struct rs_buffer out;
    rs_buffer_init(&out);
    check_ok(rs_spool_create(0, &spool, &err));
    check_ok(rs_spool_put(spool, "text", 4, &piece, &err));
    out.failed = true; /* and its text is the static "" */
    check_ok(rs_spool_get(spool, piece, &out, &err));
    check_fails(rs_buffer_status(&out, &err), RS_ENOMEM, "out of memory");
    assert_int_equal(out.length, 0);
    rs_spool_release(spool);
}

struct writer {
    struct rs_spool *spool;
    size_t first;
    struct rs_piece pieces[EACH];
    bool failed;
};

static void *write_some(void *payload)
{
    struct writer *w = payload;
    struct rs_error err;
    struct rs_buffer text;
    rs_buffer_init(&text);
    for (size_t i = 0; i < EACH; i++) {
        text_of(w->first + i, &text);
        w->failed = w->failed ||
                    rs_spool_put(w->spool, text.data, text.length, &w->pieces[i], &err) != RS_OK;
    }
    rs_buffer_release(&text);
    return NULL;
}

static void threads_do_not_write_over_each_other(void **state)
{
    (void)state;
    struct rs_error err = {RS_OK, ""};
    static struct writer writers[WRITERS];
    pthread_t threads[WRITERS];
    struct rs_spool *spool = NULL;
    check_ok(rs_spool_create(4000, &spool, &err));
    for (size_t t = 0; t < WRITERS; t++) {
        writers[t] = (struct writer){.spool = spool, .first = t * EACH};
        assert_int_equal(pthread_create(&threads[t], NULL, write_some, &writers[t]), 0);
    }
    for (size_t t = 0; t < WRITERS; t++) {
        pthread_join(threads[t], NULL);
        assert_false(writers[t].failed);
    }
    for (size_t i = 0; i < (size_t)WRITERS * EACH; i++) {
        check_piece(spool, writers[i / EACH].pieces[i % EACH], i);
    }
    rs_spool_release(spool);
}

static void a_folder_that_is_not_there_is_said(void **state)
{
    (void)state;
    struct rs_error err = {RS_OK, ""};
    struct rs_spool *spool = NULL;
    struct rs_piece piece = {-5, 0};
    const char *before = getenv("TMPDIR");
    char *kept = before != NULL ? strdup(before) : NULL;
    setenv("TMPDIR", "/nowhere/at/all", 1);
    check_ok(rs_spool_create(4, &spool, &err));
    check_ok(rs_spool_put(spool, "fits", 4, &piece, &err));
    piece.at = -5;
    check_fails(rs_spool_put(spool, "more", 4, &piece, &err), RS_EIO,
                "temporary file in '/nowhere/at/all'");
    assert_true(piece.at == -5);
    rs_spool_release(spool);
    if (kept != NULL) {
        setenv("TMPDIR", kept, 1);
    } else {
        unsetenv("TMPDIR");
    }
    free(kept);
}

static void a_file_that_may_not_grow_is_said(void **state)
{
    (void)state;
    struct rs_error err = {RS_OK, ""};
    struct rs_spool *spool = NULL;
    struct rs_piece piece;
    struct rlimit before, small = {4096, 4096};
    static char block[1 << 19];
    memset(block, 'x', sizeof(block));
    signal(SIGXFSZ, SIG_IGN);
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
    small.rlim_max = before.rlim_max;
    check_ok(rs_spool_create(0, &spool, &err));
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
    enum rs_status rc = rs_spool_put(spool, block, sizeof(block), &piece, &err);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
    assert_int_equal(rc, RS_EIO);
    assert_non_null(strstr(err.text, "cannot write to the temporary file"));
    rs_spool_release(spool);
}

static void what_was_not_written_yet_is_written_before_it_is_read(void **state)
{
    (void)state;
    struct rs_error err = {RS_OK, ""};
    struct rs_spool *spool = NULL;
    struct rs_piece pieces[2];
    struct rlimit before, small = {4096, 4096};
    static char block[8192];
    struct rs_buffer out;
    rs_buffer_init(&out);
    memset(block, 'x', sizeof(block));
    signal(SIGXFSZ, SIG_IGN);
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
    small.rlim_max = before.rlim_max;
    check_ok(rs_spool_create(0, &spool, &err));
    check_ok(rs_spool_put(spool, block, sizeof(block), &pieces[0], &err));
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
    enum rs_status rc = rs_spool_get(spool, pieces[0], &out, &err);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
    assert_int_equal(rc, RS_EIO);
    assert_int_equal(out.length, 0);
    check_ok(rs_spool_put(spool, "end", 3, &pieces[1], &err));
    check_ok(rs_spool_get(spool, pieces[1], &out, &err));
    check_ok(rs_spool_get(spool, pieces[0], &out, &err));
    assert_int_equal(out.length, 3 + sizeof(block));
    assert_memory_equal(out.data, "endxxx", 6);
    rs_buffer_release(&out);
    rs_spool_release(spool);
}

static void a_piece_may_be_longer_than_what_is_written_at_once(void **state)
{
    (void)state;
    enum { LONG = 700001 };
    struct rs_error err = {RS_OK, ""};
    struct rs_spool *spool = NULL;
    struct rs_piece pieces[3];
    struct rs_buffer out;
    char *text = malloc(LONG);
    assert_non_null(text);
    rs_buffer_init(&out);
    for (size_t i = 0; i < LONG; i++) {
        text[i] = (char)('a' + i % 23);
    }
    check_ok(rs_spool_create(10, &spool, &err));
    for (size_t i = 0; i < COUNT_OF(pieces); i++) {
        check_ok(rs_spool_put(spool, text + i, LONG - i, &pieces[i], &err));
    }
    for (size_t i = COUNT_OF(pieces); i-- > 0;) {
        rs_buffer_clear(&out);
        check_ok(rs_spool_get(spool, pieces[i], &out, &err));
        assert_int_equal(out.length, LONG - i);
        assert_memory_equal(out.data, text + i, LONG - i);
    }
    rs_buffer_release(&out);
    rs_spool_release(spool);
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pieces_come_back_from_memory_and_file),
        cmocka_unit_test(a_buffer_without_memory_stays_without),
        cmocka_unit_test(threads_do_not_write_over_each_other),
        cmocka_unit_test(a_folder_that_is_not_there_is_said),
        cmocka_unit_test(a_file_that_may_not_grow_is_said),
        cmocka_unit_test(what_was_not_written_yet_is_written_before_it_is_read),
        cmocka_unit_test(a_piece_may_be_longer_than_what_is_written_at_once),
    };
    return cmocka_run_group_tests_name("spool", tests, NULL, NULL);
}
