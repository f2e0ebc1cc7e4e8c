/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../support/check.h"
#include "../support/report_fixture.h"

#include <ctype.h>

static void (*const reports[])(struct rs_report *) = {fixture_fleet, fixture_empty, fixture_hostile,
                                                      fixture_unknown, fixture_yuan};

/* "<td class=...>" -> "td"; empty for what has no end of its own. */
static void name_of(const char *tag, char out[static 16])
{
    size_t n = 0;
    while (n < 15 && isalnum((unsigned char)tag[n])) {
        out[n] = tag[n];
        n++;
    }
    out[n] = '\0';
    if (strcmp(out, "meta") == 0) {
        out[0] = '\0';
    }
}

static void check_nesting(const char *text)
{
    char open[32][16], name[16];
    size_t depth = 0;
    for (const char *p = strstr(text, "<html"); p != NULL && *p != '\0';) {
        assert_ptr_equal(strpbrk(p, "<>"), strchr(p, '<')); /* no '>' outside a tag */
        p = strchr(p, '<');
        const char *end = strchr(p, '>');
        assert_non_null(end);
        assert_null(memchr(p + 1, '<', (size_t)(end - p - 1)));
        name_of(p[1] == '/' ? p + 2 : p + 1, name);
        if (p[1] == '/') {
            assert_true(depth > 0);
            assert_string_equal(open[--depth], name);
        } else if (name[0] != '\0') {
            assert_true(depth < COUNT_OF(open));
            memcpy(open[depth++], name, sizeof(name));
        }
        p = depth > 0 ? end + 1 : NULL;
    }
    assert_int_equal(depth, 0);
}

static size_t count_of(const char *text, const char *part)
{
    size_t count = 0;
    for (const char *p = text; (p = strstr(p, part)) != NULL; p += strlen(part)) {
        count++;
    }
    return count;
}

static void every_page_is_nested_rightly(void **state)
{
    (void)state;
    for (size_t r = 0; r < COUNT_OF(reports) * 2; r++) {
        struct rs_page page = {.width = 80, .unicode = r % 2 == 1};
        struct rs_report report;
        struct rs_buffer text;
        reports[r / 2](&report);
        fixture_write("html", &report, &page, &text);
        check_nesting(text.data);
        assert_int_equal(count_of(text.data, "<details>"), report.count);
        assert_int_equal(count_of(text.data, "<tr class="), report.count);
        rs_buffer_release(&text);
        rs_report_release(&report);
    }
}

static void names_are_no_markup_and_no_script(void **state)
{
    (void)state;
    struct rs_page page = {0};
    struct rs_report report;
    struct rs_buffer text;
    fixture_hostile(&report);
    fixture_write("html", &report, &page, &text);
    assert_null(strstr(text.data, "<b>"));
    assert_non_null(strstr(text.data, "&lt;b&gt;&amp;&#39;`*_[x](y)"));
    assert_non_null(strstr(text.data, "say &quot;hi&quot;, twice"));
    rs_buffer_release(&text);
    rs_report_release(&report);
}

static void the_page_asks_for_nothing_from_elsewhere(void **state)
{
    (void)state;
    static const char *const asking[] = {
        "<script", "<link", "<img", "http:", "https:", "url(", "@import", "src="};
    struct rs_page page = {0};
    struct rs_report report;
    struct rs_buffer text;
    fixture_empty(&report);
    fixture_write("html", &report, &page, &text);
    for (size_t i = 0; i < COUNT_OF(asking); i++) {
        assert_null(strstr(text.data, asking[i]));
    }
    assert_non_null(strstr(text.data, "default-src 'none'"));
    assert_non_null(strstr(text.data, "prefers-color-scheme: dark"));
    rs_buffer_release(&text);
    rs_report_release(&report);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_page_is_nested_rightly),
        cmocka_unit_test(names_are_no_markup_and_no_script),
        cmocka_unit_test(the_page_asks_for_nothing_from_elsewhere),
    };
    return cmocka_run_group_tests_name("format_html", tests, NULL, NULL);
}
