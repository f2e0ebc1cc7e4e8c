/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rightsize/input.h"

#include "../support/check.h"
#include "../support/scratch.h"
#include "base/window.h"
#include "rightsize/buffer.h"

#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

/* All the input's bytes through needs of `want`, consuming `step` at a time. */
static enum rs_status drain(struct rs_input *in, size_t want, size_t step, struct rs_buffer *out,
                            struct rs_error *err)
{
    for (;;) {
        enum rs_status rc = rs_input_need(in, want, err);
        size_t n = rs_input_available(in);
        if (rc != RS_OK || n == 0) {
            return rc;
        }
        n = n < step ? n : step;
        rs_buffer_append(out, rs_input_data(in), n);
        rs_input_consume(in, n);
    }
}

static void gzip(struct rs_buffer *out, const char *bytes, size_t length)
{
    z_stream z = {0};
    unsigned char packed[8192];
    assert_int_equal(deflateInit2(&z, 6, Z_DEFLATED, 16 + MAX_WBITS, 8, Z_DEFAULT_STRATEGY), Z_OK);
    z.next_in = (unsigned char *)(uintptr_t)bytes;
    z.avail_in = (uInt)length;
    int zrc = Z_OK;
    while (zrc != Z_STREAM_END) {
        z.next_out = packed;
        z.avail_out = sizeof(packed);
        zrc = deflate(&z, Z_FINISH);
        assert_true(zrc == Z_OK || zrc == Z_STREAM_END);
        rs_buffer_append(out, (const char *)packed, sizeof(packed) - z.avail_out);
    }
    deflateEnd(&z);
}

static void numbered_lines(struct rs_buffer *out, int count)
{
    rs_buffer_init(out);
    for (int i = 0; i < count; i++) {
        rs_buffer_printf(out, "line %d\n", i);
    }
}

static void all_bytes_come_through_windows_of_any_size(void **state)
{
    (void)state;
    static const size_t sizes[] = {1, 2, 7, 64, 5000, 1 << 20};
    struct rs_buffer text, got;
    numbered_lines(&text, 1000);
    rs_buffer_init(&got);
    for (size_t w = 0; w < COUNT_OF(sizes); w++) {
        for (size_t c = 0; c < COUNT_OF(sizes); c++) {
            struct rs_error err = {RS_OK, ""};
            struct rs_input *in = NULL;
            check_ok(rs_input_open_chunks(text.data, text.length, sizes[w], sizes[c], &in, &err));
            rs_buffer_clear(&got);
            check_ok(drain(in, 1 + w * 13, 1 + c * 5, &got, &err));
            assert_string_equal(got.data, text.data);
            assert_int_equal(rs_input_offset(in), text.length);
            assert_int_equal(rs_input_line(in), 1001);
            assert_int_equal(rs_input_raw_bytes(in), text.length);
            rs_input_close(in);
        }
    }
    rs_buffer_release(&got);
    rs_buffer_release(&text);
}

static void lines_and_offsets_follow_what_was_consumed(void **state)
{
    (void)state;
    struct rs_error err = {RS_OK, ""};
    struct rs_input *in = NULL;
    static const char text[] = "a\nbb\n\nccc";
    static const int lines[] = {1, 1, 2, 2, 2, 3, 4, 4, 4, 4};
    check_ok(rs_input_open_memory(text, sizeof(text) - 1, &in, &err));
    check_ok(rs_input_need(in, 1, &err));
    for (size_t i = 0; i < sizeof(text); i++) {
        assert_int_equal(rs_input_line(in), lines[i]);
        assert_int_equal(rs_input_offset(in), i);
        rs_input_consume(in, i + 1 < sizeof(text) ? 1 : 0);
    }
    assert_int_equal(rs_input_available(in), 0);
    check_ok(rs_input_need(in, 100, &err));
    assert_int_equal(rs_input_available(in), 0);
    assert_int_equal(rs_input_size(in), -1);
    assert_int_equal(rs_input_modified(in), -1);
    rs_input_close(in);
    rs_input_close(NULL);
}

static void the_window_grows_to_the_longest_token(void **state)
{
    (void)state;
    struct rs_error err = {RS_OK, ""};
    struct rs_input *in = NULL;
    size_t length = RS_INPUT_TOKEN_LIMIT + 10;
    char *bytes = malloc(length);
    assert_non_null(bytes);
    memset(bytes, 'x', length);
    check_ok(rs_input_open_memory(bytes, length, &in, &err));
    check_ok(rs_input_need(in, 10, &err));
    rs_input_consume(in, 5);
    check_ok(rs_input_need(in, RS_INPUT_TOKEN_LIMIT, &err));
    assert_true(rs_input_available(in) >= RS_INPUT_TOKEN_LIMIT);
    assert_memory_equal(rs_input_data(in), bytes, RS_INPUT_TOKEN_LIMIT);
    rs_input_close(in);
    free(bytes);
}

static void an_empty_input_has_nothing(void **state)
{
    (void)state;
    static const char *const texts[] = {"", "\x1F"};
    for (size_t i = 0; i < COUNT_OF(texts); i++) {
        struct rs_error err = {RS_OK, ""};
        struct rs_input *in = NULL;
        check_ok(rs_input_open_memory(texts[i], strlen(texts[i]), &in, &err));
        check_ok(rs_input_need(in, 10, &err));
        assert_int_equal(rs_input_available(in), strlen(texts[i]));
        rs_input_close(in);
    }
}

static void gzip_members_are_read_in_a_row(void **state)
{
    (void)state;
    static const size_t chunks[] = {1, 3, 1000, 1 << 20};
    struct rs_buffer packed, text, got;
    numbered_lines(&text, 20000);
    rs_buffer_init(&packed);
    rs_buffer_init(&got);
    gzip(&packed, text.data, 70001);
    gzip(&packed, "", 0);
    gzip(&packed, text.data + 70001, text.length - 70001);
    for (size_t i = 0; i < COUNT_OF(chunks); i++) {
        struct rs_error err = {RS_OK, ""};
        struct rs_input *in = NULL;
        check_ok(rs_input_open_chunks(packed.data, packed.length, 4096, chunks[i], &in, &err));
        rs_buffer_clear(&got);
        check_ok(drain(in, 100, 999, &got, &err));
        assert_int_equal(got.length, text.length);
        assert_memory_equal(got.data, text.data, text.length);
        assert_int_equal(rs_input_offset(in), text.length);
        assert_int_equal(rs_input_line(in), 20001);
        assert_int_equal(rs_input_raw_bytes(in), packed.length);
        assert_int_equal(rs_input_crc32(in),
                         crc32(0, (const unsigned char *)packed.data, (uInt)packed.length));
        rs_input_close(in);
    }
    rs_buffer_release(&got);
    rs_buffer_release(&text);
    rs_buffer_release(&packed);
}

static void check_broken(const char *bytes, size_t length, const char *message)
{
    struct rs_error err = {RS_OK, ""};
    struct rs_input *in = NULL;
    struct rs_buffer got;
    rs_buffer_init(&got);
    check_ok(rs_input_open_memory(bytes, length, &in, &err));
    check_fails(drain(in, 100, 1000, &got, &err), RS_EINPUT, message);
    rs_input_close(in);
    rs_buffer_release(&got);
}

static void broken_gzip_is_refused(void **state)
{
    (void)state;
    struct rs_buffer packed, text;
    numbered_lines(&text, 300);
    rs_buffer_init(&packed);
    gzip(&packed, text.data, text.length);
    for (size_t n = 2; n < packed.length; n++) {
        check_broken(packed.data, n, "broken gzip: cut off");
    }
    size_t whole = packed.length;
    rs_buffer_text(&packed, "x");
    check_broken(packed.data, packed.length, "broken gzip: other bytes after");
    rs_buffer_text(&packed, "yz");
    check_broken(packed.data, packed.length, "broken gzip: other bytes after");
    packed.data[whole - 6] ^= 1; /* the checksum */
    check_broken(packed.data, whole, "broken gzip: incorrect data check");
    packed.data[2] = 9; /* an unknown method */
    check_broken(packed.data, whole, "broken gzip: unknown compression method");
    rs_buffer_release(&text);
    rs_buffer_release(&packed);
}

static void a_file_tells_its_size_and_time(void **state)
{
    (void)state;
    struct rs_error err = {RS_OK, ""};
    struct rs_input *in = NULL;
    char path[512];
    int fd = mkstemp(scratch_name(path, sizeof(path), "input"));
    assert_true(fd >= 0);
    assert_int_equal(write(fd, "hello\n", 6), 6);
    struct stat st;
    assert_int_equal(fstat(fd, &st), 0);
    close(fd);
    struct rs_buffer got;
    rs_buffer_init(&got);
    check_ok(rs_input_open(path, &in, &err));
    check_ok(drain(in, 1, 100, &got, &err));
    assert_string_equal(got.data, "hello\n");
    assert_int_equal(rs_input_size(in), 6);
    assert_true(rs_input_modified(in) == (int64_t)st.st_mtime);
    assert_int_equal(rs_input_crc32(in), 0x363a3020);
    rs_input_close(in);
    rs_buffer_release(&got);
    unlink(path);
    in = NULL;
    check_fails(rs_input_open(path, &in, &err), RS_EIO, "cannot open '");
    check_fails(rs_input_open("/", &in, &err), RS_EIO, "'/': it is a directory");
    assert_null(in);
}

static void a_dash_is_standard_input_even_a_slow_pipe(void **state)
{
    (void)state;
    struct rs_error err = {RS_OK, ""};
    struct rs_input *in = NULL;
    struct rs_buffer packed, got;
    int ends[2], saved = dup(STDIN_FILENO);
    rs_buffer_init(&packed);
    rs_buffer_init(&got);
    gzip(&packed, "through a pipe\n", 15);
    assert_int_equal(pipe(ends), 0);
    assert_true(dup2(ends[0], STDIN_FILENO) == STDIN_FILENO);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        for (size_t i = 0; i < packed.length; i++) {
            if (write(ends[1], packed.data + i, 1) != 1) {
                _exit(1);
            }
        }
        _exit(0);
    }
    close(ends[1]);
    check_ok(rs_input_open("-", &in, &err));
    check_ok(drain(in, 1, 100, &got, &err));
    assert_string_equal(got.data, "through a pipe\n");
    assert_int_equal(rs_input_size(in), -1);
    rs_input_close(in);
    close(ends[0]);
    dup2(saved, STDIN_FILENO);
    close(saved);
    rs_buffer_release(&packed);
    rs_buffer_release(&got);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_bytes_come_through_windows_of_any_size),
        cmocka_unit_test(lines_and_offsets_follow_what_was_consumed),
        cmocka_unit_test(the_window_grows_to_the_longest_token),
        cmocka_unit_test(an_empty_input_has_nothing),
        cmocka_unit_test(gzip_members_are_read_in_a_row),
        cmocka_unit_test(broken_gzip_is_refused),
        cmocka_unit_test(a_file_tells_its_size_and_time),
        cmocka_unit_test(a_dash_is_standard_input_even_a_slow_pipe),
    };
    return cmocka_run_group_tests_name("input", tests, NULL, NULL);
}
