/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report_fixture.h"

#include "check.h"
#include "report_parts.h"

#include <locale.h>
#include <stdlib.h>

void fixture_empty(struct rs_report *out)
{
    part_begin(out);
}

void fixture_put(struct rs_report *report, const struct rs_resource *resource,
                 const struct rs_advice *advice, const struct rs_catalog_info *catalog)
{
    struct rs_error err = {RS_OK, ""};
    struct rs_entry entry = {.advice = *advice};
    rs_entry_borrow(&entry, resource, catalog);
    check_ok(rs_report_add(report, &entry, &err));
}

void fixture_hostile(struct rs_report *out)
{
    static const char *const names[] = {"\x1b[2J\x1b[31mred",
                                        "a\u202egnp.exe",
                                        "=cmd()|' /C calc'!A1",
                                        "say \"hi\", twice",
                                        "one | two",
                                        "line\nbreak\r\ttab",
                                        "bad \xff\xfe utf-8",
                                        "<b>&'`*_[x](y)",
                                        "\u65e5\u672c\u8a9e",
                                        "\xc2\x9b[31m",
                                        "\\x1b",
                                        "+1-1",
                                        "@sum"};
    part_begin(out);
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        char id[32];
        struct rs_tag tag = {names[i], names[i]};
        snprintf(id, sizeof(id), "i-%04zu", i);
        struct rs_resource resource = {.id = id,
                                       .name = names[i],
                                       .region = names[i],
                                       .account = names[i],
                                       .provider = names[i],
                                       .state = names[i],
                                       .platform = names[i],
                                       .type = names[i],
                                       .tags = &tag,
                                       .tag_count = 1};
        struct rs_advice advice = part_unknown_type();
        snprintf(advice.notes[0].text, sizeof(advice.notes[0].text), "type %s is not known",
                 names[i]);
        fixture_put(out, &resource, &advice, NULL);
    }
    rs_report_sort(out, RS_ORDER_SAVING);
}

static void add_unknown_depth(struct rs_advice *advice)
{
    struct rs_option_offer *option = &advice->options[0];
    for (int d = 0; d < RS_DIM_COUNT; d++) {
        option->short_share[d] = option->chance[d] = option->above_baseline[d] = NAN;
        advice->current_short[d] = NAN;
        advice->resize.short_before[d] = advice->resize.short_after[d] = NAN;
    }
    option->throttled_share = option->monthly_surplus = option->speed = NAN;
    option->monthly_reserved_1y = option->monthly_reserved_3y = option->monthly_spot = NAN;
    advice->current_speed = NAN;
    advice->bootstrap = (struct rs_bootstrap){200, 0, NAN, NAN};
    advice->resize.from = "blank-before";
    advice->resize.at = FIXTURE_FROM;
    advice->resize.monthly_before = advice->resize.monthly_after = NAN;
    advice->observations[0] = (struct rs_observation){.code = "Odd",
                                                      .dimension = RS_DIM_CPU,
                                                      .from = -1,
                                                      .to = -1,
                                                      .value = NAN,
                                                      .reference = NAN,
                                                      .strength = NAN,
                                                      .p = NAN,
                                                      .monthly_saving = NAN};
    advice->observation_count = 1;
}

void fixture_unknown(struct rs_report *out)
{
    static const struct rs_catalog_info nothing = {0};
    static const struct rs_offer blank = {.type = "blank",
                                          .vcpus = NAN,
                                          .memory_bytes = NAN,
                                          .net_baseline = NAN,
                                          .ebs_baseline = NAN,
                                          .ebs_baseline_ops = NAN,
                                          .price = NAN};
    part_begin(out);
    for (int f = 0; f < RS_FINDING_COUNT; f++) {
        char id[24];
        snprintf(id, sizeof(id), "n-%d", f);
        struct rs_resource resource = {.id = id};
        struct rs_advice advice = part_advice(&blank, (enum rs_finding)f, NAN, NAN);
        part_demand(&advice, RS_DIM_MEMORY, NAN, NAN);
        advice.demand[RS_DIM_CPU].known = f % 2 == 0;
        advice.demand[RS_DIM_CPU].metric = NULL;
        advice.demand[RS_DIM_CPU].statistic = NULL;
        advice.demand[RS_DIM_CPU].used_at = -1;
        advice.data_from = advice.data_to = -1;
        advice.samples = 0;
        advice.coverage = advice.running_share = NAN;
        part_option(&advice, &blank, RS_DIM_CPU, NAN, 0);
        advice.options[0].migration_effort = NULL;
        part_reason(&advice, RS_DIM_CPU, true, NAN);
        advice.reasons[0].at = -1;
        add_unknown_depth(&advice);
        fixture_put(out, &resource, &advice, &nothing);
    }
    rs_report_sort(out, RS_ORDER_SAVING);
}

void fixture_write(const char *format, const struct rs_report *report, const struct rs_page *page,
                   struct rs_buffer *out)
{
    struct rs_error err = {RS_OK, ""};
    rs_buffer_init(out);
    const struct rs_format *found = rs_format_by_name(format);
    assert_non_null(found);
    check_ok(rs_format_write(found, report, page, out, &err));
}

bool fixture_utf8_locale(void)
{
    return setlocale(LC_CTYPE, "C.UTF-8") != NULL || setlocale(LC_CTYPE, "en_US.UTF-8") != NULL;
}

static void write_file(const char *path, const char *text)
{
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(text, 1, strlen(text), file), strlen(text));
    assert_int_equal(fclose(file), 0);
}

void check_golden(const char *name, const char *text)
{
    char path[256];
    const char *mode = getenv("GOLDEN");
    struct rs_buffer wanted;
    struct rs_error err = {RS_OK, ""};
    snprintf(path, sizeof(path), "tests/golden/%s", name);
    if (mode != NULL && strcmp(mode, "write") == 0) {
        write_file(path, text);
        return;
    }
    rs_buffer_init(&wanted);
    check_ok(rs_buffer_read_file(&wanted, path, (size_t)1 << 20, &err));
    size_t same = 0, line = 1;
    while (text[same] != '\0' && text[same] == wanted.data[same]) {
        line += text[same] == '\n';
        same++;
    }
    bool equal = text[same] == wanted.data[same];
    rs_buffer_release(&wanted);
    if (!equal) {
        print_error("%s: line %zu differs; all of it is now:\n%s", path, line, text);
        fail();
    }
}
