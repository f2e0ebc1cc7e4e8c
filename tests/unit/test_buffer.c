/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rightsize/buffer.h"

#include "../support/check.h"
#include "../support/scratch.h"

#include <stdlib.h>
#include <unistd.h>

static void a_new_buffer_is_an_empty_text(void **state)
{
    (void)state;
    struct rs_error err = {RS_OK, ""};
    struct rs_buffer b;
    rs_buffer_init(&b);
    assert_string_equal(b.data, "");
    assert_int_equal(b.length, 0);
    check_ok(rs_buffer_status(&b, &err));
    rs_buffer_release(&b);
    struct rs_buffer zeroed = {0};
    rs_buffer_clear(&zeroed);
    assert_string_equal(zeroed.data, "");
    rs_buffer_release(&zeroed);
}

static void appends_grow_it_and_keep_it_terminated(void **state)
{
    (void)state;
    struct rs_buffer b;
    rs_buffer_init(&b);
    for (size_t i = 0; i < 10000; i++) {
        rs_buffer_char(&b, (char)('a' + i % 26));
        assert_int_equal(b.length, i + 1);
        assert_int_equal(strlen(b.data), i + 1);
    }
    rs_buffer_text(&b, "-end");
    rs_buffer_append(&b, "x\0y", 3);
    rs_buffer_append(&b, NULL, 0);
    assert_int_equal(b.length, 10007);
    assert_memory_equal(b.data + 10000, "-endx\0y\0", 8);
    rs_buffer_release(&b);
    assert_int_equal(b.capacity, 0);
}

static void room_is_written_in_place(void **state)
{
    (void)state;
    struct rs_buffer b;
    rs_buffer_init(&b);
    for (int i = 0; i < 100; i++) {
        char *at = rs_buffer_room(&b, 10);
        assert_non_null(at);
        memcpy(at, "0123456789", 10);
        rs_buffer_wrote(&b, 3); /* less than asked for */
    }
    assert_int_equal(b.length, 300);
    assert_int_equal(strlen(b.data), 300);
    assert_memory_equal(b.data + 297, "012", 4);
    assert_null(rs_buffer_room(&b, SIZE_MAX / 2));
    assert_null(rs_buffer_room(&b, 1)); /* sticky */
    rs_buffer_release(&b);
}

static void printf_writes_texts_of_any_length(void **state)
{
    (void)state;
    struct rs_buffer b;
    char expected[400];
    rs_buffer_init(&b);
    rs_buffer_printf(&b, "%s", "");
    assert_string_equal(b.data, "");
    rs_buffer_printf(&b, "%d-%s", 7, "seven");
    rs_buffer_printf(&b, "%300d", 1);
    snprintf(expected, sizeof(expected), "7-seven%300d", 1);
    assert_string_equal(b.data, expected);
    rs_buffer_release(&b);
}

static void clear_keeps_the_memory(void **state)
{
    (void)state;
    struct rs_buffer b;
    rs_buffer_init(&b);
    rs_buffer_text(&b, "something");
    size_t capacity = b.capacity;
    rs_buffer_clear(&b);
    assert_string_equal(b.data, "");
    assert_int_equal(b.capacity, capacity);
    rs_buffer_release(&b);
}

static void a_lost_append_is_remembered(void **state)
{
    (void)state;
    struct rs_error err = {RS_OK, ""};
    struct rs_buffer b;
    rs_buffer_init(&b);
    rs_buffer_text(&b, "kept");
    rs_buffer_append(&b, "", SIZE_MAX / 2); /* refused before a byte is read */
    rs_buffer_text(&b, "ignored");
    assert_string_equal(b.data, "kept");
    check_fails(rs_buffer_status(&b, &err), RS_ENOMEM, "out of memory after 4 bytes");
    rs_buffer_clear(&b);
    check_ok(rs_buffer_status(&b, &err));
    rs_buffer_release(&b);
}

static void reads_a_file_up_to_the_limit(void **state)
{
    (void)state;
    struct rs_error err = {RS_OK, ""};
    char path[512];
    int fd = mkstemp(scratch_name(path, sizeof(path), "buffer"));
    assert_true(fd >= 0);
    assert_int_equal(write(fd, "12345", 5), 5);
    close(fd);
    struct rs_buffer b;
    rs_buffer_init(&b);
    rs_buffer_text(&b, "0");
    check_ok(rs_buffer_read_file(&b, path, 5, &err));
    assert_string_equal(b.data, "012345");
    check_fails(rs_buffer_read_file(&b, path, 4, &err), RS_EINPUT, "is longer than 4 bytes");
    assert_non_null(strstr(err.text, path));
    unlink(path);
    check_fails(rs_buffer_read_file(&b, path, 5, &err), RS_EIO, "cannot open '");
    check_fails(rs_buffer_read_file(&b, "/", 5, &err), RS_EIO, "cannot read '/'");
    rs_buffer_release(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_new_buffer_is_an_empty_text),
        cmocka_unit_test(appends_grow_it_and_keep_it_terminated),
        cmocka_unit_test(room_is_written_in_place),
        cmocka_unit_test(printf_writes_texts_of_any_length),
        cmocka_unit_test(clear_keeps_the_memory),
        cmocka_unit_test(a_lost_append_is_remembered),
        cmocka_unit_test(reads_a_file_up_to_the_limit),
    };
    return cmocka_run_group_tests_name("buffer", tests, NULL, NULL);
}
