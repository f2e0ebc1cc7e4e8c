/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rightsize/when.h"

#include "../support/check.h"

#include <stdlib.h>
#include <unistd.h>

static void the_system_clock_goes(void **state)
{
    (void)state;
    assert_true(rs_clock_system.now(rs_clock_system.payload) > 1700000000);
}

static void every_day_of_eight_centuries_is_the_next_of_the_last(void **state)
{
    (void)state;
    struct rs_civil c = {1600, 1, 1, 0, 0, 0};
    static const int lengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    for (int64_t at = INT64_C(-11676096000); c.year < 2400; at += RS_DAY_SECONDS) {
        assert_true(rs_civil_to_utc(&c) == at);
        struct rs_civil back;
        rs_civil_from_utc(at + 86399, &back);
        assert_int_equal(back.year, c.year);
        assert_int_equal(back.month, c.month);
        assert_int_equal(back.day, c.day);
        assert_int_equal(back.hour * 10000 + back.minute * 100 + back.second, 235959);
        bool leap = c.year % 4 == 0 && (c.year % 100 != 0 || c.year % 400 == 0);
        if (++c.day > lengths[c.month - 1] + (leap && c.month == 2)) {
            c.day = 1;
            c.month++;
        }
        if (c.month > 12) {
            c.month = 1;
            c.year++;
        }
    }
}

static void reads_the_stamps_that_programs_write(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int64_t at;
        bool zoned;
    } rows[] = {
        {"1970-01-01T00:00:00Z", 0, true},
        {"2026-11-22T09:10:00Z", 1795338600, true},
        {"2026-11-22 09:10:00Z", 1795338600, true},
        {"2026-11-22T09:10Z", 1795338600, true},
        {"2026-11-22T09:10:00.000Z", 1795338600, true},
        {"2026-11-22T09:10:00,999999+00:00", 1795338600, true},
        {"2026-11-22T10:10:00+01:00", 1795338600, true},
        {"2026-11-22T10:10:00+0100", 1795338600, true},
        {"2026-11-22T10:10:00+01", 1795338600, true},
        {"2026-11-22T05:40:00-03:30", 1795338600, true},
        {"2026-11-22T09:10:00", 1795338600, false},
        {"2024-02-29T23:59:59Z", 1709251199, true},
        {"1969-12-31T23:59:59Z", -1, true},
        {"0000-01-01T00:00:00Z", INT64_C(-62167219200), true},
        {"9999-12-31T23:59:59Z", INT64_C(253402300799), true},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct rs_error err = {RS_OK, ""};
        struct rs_civil c;
        int64_t at = 1;
        bool zoned = !rows[i].zoned;
        check_ok(rs_when_parse_parts(rows[i].text, strlen(rows[i].text), &c, &at, &zoned, &err));
        assert_true(at == rows[i].at);
        assert_int_equal(zoned, rows[i].zoned);
        assert_int_equal(c.year, strtol(rows[i].text, NULL, 10));
    }
}

static void refuses_stamps_that_are_none(void **state)
{
    (void)state;
    static const char *const rows[] = {
        "",
        "2026-11-22",
        "2026-02-30T00:00:00Z",
        "2025-02-29T00:00:00Z",
        "2100-02-29T00:00:00Z",
        "2026-04-31T00:00:00Z",
        "2026-00-01T00:00:00Z",
        "2026-13-01T00:00:00Z",
        "2026-01-00T00:00:00Z",
        "2026-01-32T00:00:00Z",
        "2026-01-01T24:00:00Z",
        "2026-01-01T23:60:00Z",
        "2026-01-01T23:59:60Z",
        "2026-01-01T23:59:00.Z",
        "2026-01-01T23:59.5Z",
        "2026-01-01T23Z",
        "2026-01-01T23:59:00z",
        "2026-01-01t23:59:00Z",
        "2026-01-01T23:59:00Zx",
        "2026-01-01T23:59:00 Z",
        "2026-01-01T23:59:00+",
        "2026-01-01T23:59:00+1",
        "2026-01-01T23:59:00+01:",
        "2026-01-01T23:59:00+01:60",
        "2026-01-01T23:59:00+24:00",
        "2026-01-01T23:59:00+01:00:00",
        "26-01-01T23:59:00Z",
        "2026/01/01T23:59:00Z",
        "2026-1-1T23:59:00Z",
        " 2026-01-01T23:59:00Z",
        "-2026-01-01T23:59:00Z",
        "2026-01-01T23:59:0",
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct rs_error err = {RS_OK, ""};
        struct rs_civil c;
        int64_t at = 77;
        bool zoned = true;
        check_fails(rs_when_parse_parts(rows[i], strlen(rows[i]), &c, &at, &zoned, &err), RS_EINPUT,
                    "is not a date and time like");
        assert_int_equal(at, 77);
    }
}

static void a_cut_stamp_is_refused_at_every_length(void **state)
{
    (void)state;
    static const char text[] = "2026-11-22T10:10:00+01:00";
    for (size_t n = 0; n < sizeof(text) - 1; n++) {
        struct rs_error err = {RS_OK, ""};
        char *copy = malloc(n + 1);
        assert_non_null(copy);
        memcpy(copy, text, n);
        struct rs_civil c;
        int64_t at;
        bool zoned;
        bool good = n == 16 || n == 19 || n == 22; /* without seconds, zone, minutes of the zone */
        assert_int_equal(rs_when_parse_parts(copy, n, &c, &at, &zoned, &err),
                         good ? RS_OK : RS_EINPUT);
        free(copy);
    }
}

static void an_instant_needs_its_zone(void **state)
{
    (void)state;
    struct rs_error err = {RS_OK, ""};
    int64_t at = 0;
    check_ok(rs_when_parse("2026-11-22", &at, &err));
    assert_true(at == 1795305600);
    check_ok(rs_when_parse("1795338600", &at, &err));
    assert_true(at == 1795338600);
    check_ok(rs_when_parse("2026-11-22T10:10:00+01:00", &at, &err));
    assert_true(at == 1795338600);
    check_fails(rs_when_parse("2026-11-22T10:10:00", &at, &err), RS_EINPUT, "names no time zone");
    check_fails(rs_when_parse("2026-02-30", &at, &err), RS_EINPUT, "'2026-02-30' is not");
    check_fails(rs_when_parse("1795338600000", &at, &err), RS_EINPUT, "outside 0..253402300799");
    check_fails(rs_when_parse("-5", &at, &err), RS_EINPUT, "is not");
    check_fails(rs_when_parse("", &at, &err), RS_EINPUT, "is not");
    check_fails(rs_when_parse("yesterday", &at, &err), RS_EINPUT, "is not");
    assert_true(at == 1795338600);
}

static void durations_have_a_unit(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int64_t want;
    } good[] = {{"90s", 90}, {"5m", 300}, {"24h", 86400}, {"7d", 604800}, {"2w", 1209600}};
    static const char *const bad[] = {
        "",    "7",   "d",   "0d",  "-1d",           "1.5d", "7D",
        "7dd", "7 d", " 7d", "+7d", "999999999999w", "1y",   "9999999999999s"};
    struct rs_error err = {RS_OK, ""};
    int64_t seconds = 0;
    for (size_t i = 0; i < COUNT_OF(good); i++) {
        check_ok(rs_duration_parse(good[i].text, &seconds, &err));
        assert_true(seconds == good[i].want);
    }
    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        check_fails(rs_duration_parse(bad[i], &seconds, &err), RS_EINPUT, "duration");
    }
    assert_true(seconds == 1209600);
}

static void formats_what_it_parses(void **state)
{
    (void)state;
    char text[RS_WHEN_TEXT];
    rs_when_format(1795338600, text);
    assert_string_equal(text, "2026-11-22T09:10:00Z");
    rs_when_format(-1, text);
    assert_string_equal(text, "1969-12-31T23:59:59Z");
    rs_when_format(INT64_MAX, text);
    assert_string_equal(text, "9999-12-31T23:59:59Z");
    rs_when_format(INT64_MIN, text);
    assert_string_equal(text, "0000-01-01T00:00:00Z");
    uint64_t seed = 3;
    for (int i = 0; i < 20000; i++) {
        struct rs_error err = {RS_OK, ""};
        int64_t at = (int64_t)(check_random(&seed) % UINT64_C(253402300800)), back = -1;
        rs_when_format(at, text);
        check_ok(rs_when_parse(text, &back, &err));
        assert_true(back == at);
    }
}

static void fixed_zones_need_no_database(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        int64_t offset;
    } rows[] = {{"UTC", 0}, {"Z", 0}, {"+02:00", 7200}, {"-0330", -12600}, {"+05", 18000}};
    struct rs_civil c = {2026, 11, 22, 9, 10, 0};
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct rs_error err = {RS_OK, ""};
        struct rs_zone zone = {false, 99};
        int64_t at = 0;
        check_ok(rs_zone_open(rows[i].name, &zone, &err));
        assert_true(zone.fixed);
        check_ok(rs_zone_to_utc(&zone, &c, &at, &err));
        assert_true(at == 1795338600 - rows[i].offset);
    }
}

static void unknown_zones_are_refused(void **state)
{
    (void)state;
    static const char *const rows[] = {"",          "Europe/Berlim",  "../../../etc/passwd",
                                       "Europe",    "/etc/localtime", "Europe/../Europe/Berlin",
                                       "CET-1CEST", "+25:00",         "+1",
                                       "zone.tab",  "tzdata.zi",      "utc+2"};
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct rs_error err = {RS_OK, ""};
        struct rs_zone zone = {true, 5};
        check_fails(rs_zone_open(rows[i], &zone, &err), RS_EUSAGE, "is no known time zone");
        assert_int_equal(zone.offset, 5);
    }
}

static void open_zone(const char *name, struct rs_zone *zone)
{
    struct rs_error err = {RS_OK, ""};
    if (access("/usr/share/zoneinfo/Europe/Berlin", R_OK) != 0) {
        skip(); /* no zone database on this machine */
    }
    check_ok(rs_zone_open(name, zone, &err));
    assert_false(zone->fixed);
}

static void named_zones_follow_summer_time(void **state)
{
    (void)state;
    static const struct {
        const char *zone;
        struct rs_civil civil;
        const char *utc;
    } rows[] = {
        {"Europe/Berlin", {2026, 1, 15, 12, 0, 0}, "2026-01-15T11:00:00Z"},
        {"Europe/Berlin", {2026, 7, 15, 12, 0, 0}, "2026-07-15T10:00:00Z"},
        {"Europe/Berlin", {2026, 3, 29, 1, 59, 59}, "2026-03-29T00:59:59Z"},
        {"Europe/Berlin", {2026, 3, 29, 3, 0, 0}, "2026-03-29T01:00:00Z"},
        {"Europe/Berlin", {2026, 10, 25, 1, 59, 59}, "2026-10-24T23:59:59Z"},
        {"Europe/Berlin", {2026, 10, 25, 3, 0, 0}, "2026-10-25T02:00:00Z"},
        {"America/New_York", {2026, 11, 1, 2, 0, 0}, "2026-11-01T07:00:00Z"},
        {"Asia/Kolkata", {2026, 6, 1, 0, 0, 0}, "2026-05-31T18:30:00Z"},
        {"Pacific/Kiritimati", {2026, 6, 1, 0, 0, 0}, "2026-05-31T10:00:00Z"},
        {"Australia/Lord_Howe", {2026, 6, 1, 0, 0, 0}, "2026-05-31T13:30:00Z"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct rs_error err = {RS_OK, ""};
        struct rs_zone zone;
        char text[RS_WHEN_TEXT];
        int64_t at = 0;
        open_zone(rows[i].zone, &zone);
        check_ok(rs_zone_to_utc(&zone, &rows[i].civil, &at, &err));
        rs_when_format(at, text);
        assert_string_equal(text, rows[i].utc);
    }
}

static void an_hour_that_comes_twice_or_never_is_refused(void **state)
{
    (void)state;
    struct rs_error err = {RS_OK, ""};
    struct rs_zone zone;
    int64_t at = 5;
    const struct rs_civil twice = {2026, 10, 25, 2, 30, 0}, never = {2026, 3, 29, 2, 30, 0};
    const struct rs_civil first = {2026, 10, 25, 2, 0, 0}, last = {2026, 3, 29, 2, 59, 59};
    open_zone("Europe/Berlin", &zone);
    check_fails(rs_zone_to_utc(&zone, &twice, &at, &err), RS_EINPUT,
                "'2026-10-25T02:30:00' exists twice");
    check_fails(rs_zone_to_utc(&zone, &first, &at, &err), RS_EINPUT, "exists twice");
    check_fails(rs_zone_to_utc(&zone, &never, &at, &err), RS_EINPUT,
                "'2026-03-29T02:30:00' does not exist");
    check_fails(rs_zone_to_utc(&zone, &last, &at, &err), RS_EINPUT, "does not exist");
    /* Samoa left out a whole day */
    const struct rs_civil skipped = {2011, 12, 30, 12, 0, 0};
    open_zone("Pacific/Apia", &zone);
    check_fails(rs_zone_to_utc(&zone, &skipped, &at, &err), RS_EINPUT, "does not exist");
    assert_int_equal(at, 5);
}

static void a_scan_reads_what_the_parser_reads_or_nothing(void **state)
{
    static const struct {
        const char *text;
        size_t taken; /* 0: left to the parser */
    } rows[] = {
        {"2026-11-22T09:10:00Z", 20},
        {"2026-11-22T23:59:59+00:00", 25},
        {"2024-02-29T00:00:00Z,5", 20},
        {"2026-11-22T09:10:00Zoo", 20},
        {"2026-02-29T00:00:00Z", 0},
        {"2026-11-22T24:00:00Z", 0},
        {"2026-11-22T09:60:00Z", 0},
        {"2026-11-22T09:10:60Z", 0},
        {"2026-11-22T09:10:0:Z", 0},
        {"2026-11-22T09:10:00", 0},
        {"2026-11-22T09:10:00+01:00", 0},
        {"2026-11-22T09:10:00+00:0", 0},
        {"2026-11-22 09:10:00Z", 0},
        {"2026-13-22T09:10:00Z", 0},
        {"0000-01-01T00:00:00Z", 20},
        {"2026-11-22T09:10:00.5Z", 0},
        {"", 0},
    };
    (void)state;
    struct rs_when_cache cache = {.midnight = 0};
    for (size_t round = 0; round < 2; round++) {
        for (size_t i = 0; i < COUNT_OF(rows); i++) {
            int64_t at = -1, want = -2;
            struct rs_civil civil;
            struct rs_error err;
            bool zoned = false;
            const char *text = rows[i].text, *end = text + strlen(text);
            const char *stop = rs_when_scan(&cache, text, end, &at);
            assert_int_equal(stop != NULL ? stop - text : 0, rows[i].taken);
            if (stop != NULL) {
                check_ok(rs_when_parse_parts(text, rows[i].taken, &civil, &want, &zoned, &err));
                assert_true(at == want && zoned);
                assert_null(rs_when_scan(&cache, text, stop - 1, &at));
            }
        }
    }
    static const char zeros[40] = {0}; /* no date was seen yet */
    struct rs_when_cache fresh = {.midnight = 0};
    int64_t at = 0;
    assert_null(rs_when_scan(&fresh, zeros, zeros + sizeof(zeros), &at));
}

static void a_writer_that_knows_the_date_writes_the_same(void **state)
{
    (void)state;
    struct rs_when_cache cache = {.midnight = 0};
    uint64_t seed = 3;
    int64_t at = 0;
    for (int i = 0; i < 200000; i++) {
        uint64_t drawn = check_random(&seed);
        at = drawn % 16 == 0 ? (int64_t)(drawn >> 27) - (INT64_C(1) << 35) /* any year */
                             : at + (int64_t)(drawn % 40000) - 20000;
        struct rs_civil c;
        char want[96], got[RS_WHEN_TEXT];
        rs_civil_from_utc(at, &c);
        snprintf(want, sizeof(want), "%04d-%02d-%02dT%02d:%02d:%02dZ", c.year, c.month, c.day,
                 c.hour, c.minute, c.second);
        rs_when_write(&cache, at, got);
        assert_string_equal(got, want);
    }
    char got[RS_WHEN_TEXT];
    rs_when_write(&cache, INT64_MIN, got);
    assert_string_equal(got, "0000-01-01T00:00:00Z");
    rs_when_write(&cache, INT64_MAX, got);
    assert_string_equal(got, "9999-12-31T23:59:59Z");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_scan_reads_what_the_parser_reads_or_nothing),
        cmocka_unit_test(the_system_clock_goes),
        cmocka_unit_test(every_day_of_eight_centuries_is_the_next_of_the_last),
        cmocka_unit_test(reads_the_stamps_that_programs_write),
        cmocka_unit_test(refuses_stamps_that_are_none),
        cmocka_unit_test(a_cut_stamp_is_refused_at_every_length),
        cmocka_unit_test(an_instant_needs_its_zone),
        cmocka_unit_test(durations_have_a_unit),
        cmocka_unit_test(formats_what_it_parses),
        cmocka_unit_test(a_writer_that_knows_the_date_writes_the_same),
        cmocka_unit_test(fixed_zones_need_no_database),
        cmocka_unit_test(unknown_zones_are_refused),
        cmocka_unit_test(named_zones_follow_summer_time),
        cmocka_unit_test(an_hour_that_comes_twice_or_never_is_refused),
    };
    return cmocka_run_group_tests_name("when", tests, NULL, NULL);
}
