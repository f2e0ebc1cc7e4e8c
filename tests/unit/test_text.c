/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rightsize/text.h"

#include "../support/check.h"

#include <stdlib.h>

struct row {
    const char *text, *want;
};

static void each(const struct row *rows, size_t count,
                 void (*write)(struct rs_buffer *, const char *))
{
    struct rs_buffer b;
    rs_buffer_init(&b);
    for (size_t i = 0; i < count; i++) {
        rs_buffer_clear(&b);
        write(&b, rows[i].text);
        assert_string_equal(b.data, rows[i].want);
    }
    rs_buffer_release(&b);
}

static void printable(struct rs_buffer *b, const char *text)
{
    rs_text_printable(b, text, strlen(text));
}

static void what_steers_a_terminal_is_shown_not_done(void **state)
{
    (void)state;
    static const struct row rows[] = {
        {"", ""},
        {"web-01 caf\xC3\xA9 \xE6\x97\xA5 \xF0\x9F\x98\x80",
         "web-01 caf\xC3\xA9 \xE6\x97\xA5 \xF0\x9F\x98\x80"},
        {"\x1B[31mred\n\t\x7F", "\\x1B[31mred\\x0A\\x09\\x7F"},
        {"\xC2\x9B", "\\u{009B}"},
        {"a\xE2\x80\xAE"
         "b\xD8\x9C",
         "a\\u{202E}b\\u{061C}"},
        {"\xE2\x81\xA6\xE2\x80\x8F", "\\u{2066}\\u{200F}"},
        {"\xFF\xC3", "\\xFF\\xC3"},
        {"\xC0\xAF", "\\xC0\\xAF"},          /* overlong '/' */
        {"\xED\xA0\x80", "\\xED\\xA0\\x80"}, /* a surrogate */
    };
    each(rows, COUNT_OF(rows), printable);
    struct rs_buffer b;
    rs_buffer_init(&b);
    rs_text_printable(&b, "a\0b", 3);
    assert_string_equal(b.data, "a\\x00b");
    rs_buffer_release(&b);
}

static void json_strings_are_quoted_and_valid(void **state)
{
    (void)state;
    static const struct row rows[] = {
        {"", "\"\""},
        {"a\"b\\c/", "\"a\\\"b\\\\c/\""},
        {"\b\f\n\r\t\x01\x1F", "\"\\b\\f\\n\\r\\t\\u0001\\u001f\""},
        {"caf\xC3\xA9\x7F", "\"caf\xC3\xA9\x7F\""},
        {"plain\nthen\"quoted\"plain", "\"plain\\nthen\\\"quoted\\\"plain\""},
        {"x\xFFy", "\"x\xEF\xBF\xBDy\""},
        {"\xE2\x82", "\"\xEF\xBF\xBD\xEF\xBF\xBD\""},
    };
    each(rows, COUNT_OF(rows), rs_text_json);
}

static void html_cannot_be_broken_out_of(void **state)
{
    (void)state;
    static const struct row rows[] = {
        {"<a href=\"x\">&'", "&lt;a href=&quot;x&quot;&gt;&amp;&#39;"},
        {"a\x01\nb", "ab"},
        {"\xC3\xA9\xFF", "\xC3\xA9\xEF\xBF\xBD"},
    };
    each(rows, COUNT_OF(rows), rs_text_html);
}

static void csv_fields_are_quoted_and_no_formula(void **state)
{
    (void)state;
    static const struct row rows[] = {
        {"", ""},
        {"plain text", "plain text"},
        {"a,b", "\"a,b\""},
        {"say \"hi\"", "\"say \"\"hi\"\"\""},
        {"two\nlines", "\"two\nlines\""},
        {"two\r", "\"two\r\""},
        {"=1+1", "'=1+1"},
        {"+1", "'+1"},
        {"-1", "'-1"},
        {"@x", "'@x"},
        {"\tx", "'\tx"},
        {"=HYPERLINK(\"u\",1)", "\"'=HYPERLINK(\"\"u\"\",1)\""},
        {"a=b", "a=b"},
    };
    each(rows, COUNT_OF(rows), rs_text_csv);
}

static void utf8_is_told_from_other_bytes(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        bool valid;
    } rows[] = {
        {"", true},
        {"abc", true},
        {"\xC2\x80\xDF\xBF\xE0\xA0\x80\xEF\xBF\xBF\xF0\x90\x80\x80\xF4\x8F\xBF\xBF", true},
        {"\x80", false},
        {"\xC1\xBF", false},
        {"\xE0\x9F\xBF", false},
        {"\xED\xBF\xBF", false},
        {"\xF0\x8F\xBF\xBF", false},
        {"\xF4\x90\x80\x80", false},
        {"\xF5\x80\x80\x80", false},
        {"\xE2\x82", false},
        {"\xC3(", false},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        assert_int_equal(rs_text_is_utf8(rows[i].text, strlen(rows[i].text)), rows[i].valid);
    }
}

static void wildcards_match_whole_strings(void **state)
{
    (void)state;
    static const struct {
        const char *pattern, *text;
        bool matches;
    } rows[] = {
        {"", "", true},
        {"", "a", false},
        {"*", "", true},
        {"*", "any", true},
        {"m5.*", "m5.large", true},
        {"m5.*", "m5a.large", false},
        {"?5.large", "m5.large", true},
        {"m?.large", "m.large", false},
        {"*.metal*", "m5.metal-24xl", true},
        {"a*b*c", "aXbYbZc", true},
        {"a*b*c", "aXbYbZ", false},
        {"M5.*", "m5.large", false},
        {"**", "x", true},
        {"?", "\xC3\xA9", true},
        {"?", "ab", false},
        {"[a]", "a", false},
        {"a", "ab", false},
        {"*a*a*a*a*a*a*a*a*a*a*b", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
         false},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        assert_int_equal(rs_text_matches(rows[i].pattern, rows[i].text), rows[i].matches);
    }
}

static void a_copy_is_the_callers(void **state)
{
    (void)state;
    struct rs_error err = {RS_OK, ""};
    const char *text = "text";
    char *copy = NULL;
    check_ok(rs_text_copy(text, &copy, &err));
    assert_string_equal(copy, "text");
    assert_ptr_not_equal(copy, text);
    free(copy);
    check_ok(rs_text_copy(NULL, &copy, &err));
    assert_null(copy);
}

/* Byte by byte, for ASCII. */
static void quote_slowly(const char *text, char *out)
{
    static const char escaped[] = "\"\\\b\f\n\r\t", letters[] = "\"\\bfnrt";
    *out++ = '"';
    for (; *text != '\0'; text++) {
        const char *escape = strchr(escaped, *text);
        if (escape != NULL) {
            *out++ = '\\';
            *out++ = letters[escape - escaped];
        } else if (*text < 0x20) {
            out += snprintf(out, 7, "\\u%04x", (unsigned)*text);
        } else {
            *out++ = *text;
        }
    }
    memcpy(out, "\"", 2);
}

static void json_escapes_wherever_a_byte_stands(void **state)
{
    (void)state;
    uint64_t seed = 8;
    for (size_t length = 0; length <= 40; length++) {
        for (int c = 1; c < 0x80; c++) {
            char *text = malloc(length + 1), want[300]; /* exact, so that a byte too far is seen */
            struct rs_buffer out;
            assert_non_null(text);
            memset(text, 'x', length);
            text[length] = '\0';
            for (size_t i = check_random(&seed) % 4; i > 0 && length > 0; i--) {
                text[check_random(&seed) % length] = (char)c;
            }
            quote_slowly(text, want);
            rs_buffer_init(&out);
            rs_text_json(&out, text);
            assert_string_equal(out.data, want);
            assert_int_equal(out.length, strlen(want));
            rs_buffer_release(&out);
            free(text);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_steers_a_terminal_is_shown_not_done),
        cmocka_unit_test(json_strings_are_quoted_and_valid),
        cmocka_unit_test(json_escapes_wherever_a_byte_stands),
        cmocka_unit_test(html_cannot_be_broken_out_of),
        cmocka_unit_test(csv_fields_are_quoted_and_no_formula),
        cmocka_unit_test(utf8_is_told_from_other_bytes),
        cmocka_unit_test(wildcards_match_whole_strings),
        cmocka_unit_test(a_copy_is_the_callers),
    };
    return cmocka_run_group_tests_name("text", tests, NULL, NULL);
}
