/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rightsize/when.h"

#include "rightsize/number.h"

#include <assert.h>
#include <string.h>
#include <time.h>

#define LAST_SECOND INT64_C(253402300799)  /* 9999-12-31T23:59:59Z */
#define FIRST_SECOND INT64_C(-62167219200) /* 0000-01-01T00:00:00Z */

static int64_t system_now(void *payload)
{
    (void)payload;
    return (int64_t)time(NULL);
}

const struct rs_clock rs_clock_system = {system_now, NULL};

/*
 * Days since 1970-01-01, counting years from March so that the leap day comes last: H. Hinnant,
 * "chrono-Compatible Low-Level Date Algorithms", days_from_civil and civil_from_days.
 */
static int64_t days_from_civil(int64_t year, int month, int day)
{
    year -= month <= 2;
    int64_t era = (year >= 0 ? year : year - 399) / 400;
    int64_t of_era = year - era * 400;
    int64_t of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}

int64_t rs_civil_to_utc(const struct rs_civil *civil)
{
    assert(civil->month >= 1 && civil->month <= 12 && civil->day >= 1 && civil->day <= 31);
    return days_from_civil(civil->year, civil->month, civil->day) * RS_DAY_SECONDS +
           civil->hour * 3600 + civil->minute * 60 + civil->second;
}

void rs_civil_from_utc(int64_t at, struct rs_civil *out)
{
    int64_t second = at % RS_DAY_SECONDS, days = at / RS_DAY_SECONDS;
    if (second < 0) {
        second += RS_DAY_SECONDS;
        days--;
    }
    days += 719468;
    int64_t era = (days >= 0 ? days : days - 146096) / 146097;
    int64_t day_of_era = days - era * 146097;
    int64_t of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    int64_t day_of_year = day_of_era - (365 * of_era + of_era / 4 - of_era / 100);
    int month = (int)((5 * day_of_year + 2) / 153);
    out->day = (int)(day_of_year - (153 * month + 2) / 5) + 1;
    out->month = month < 10 ? month + 3 : month - 9;
    out->year = (int)(of_era + era * 400 + (out->month <= 2));
    out->hour = (int)(second / 3600);
    out->minute = (int)(second / 60 % 60);
    out->second = (int)(second % 60);
}

/* `count` digits at *p; moves *p behind them. */
static bool digits(const char **p, const char *end, int count, int *out)
{
    if (end - *p < count) {
        return false;
    }
    int value = 0;
    for (int i = 0; i < count; i++) {
        unsigned digit = (unsigned)((*p)[i] - '0');
        if (digit > 9) {
            return false;
        }
        value = value * 10 + (int)digit;
    }
    *p += count;
    *out = value;
    return true;
}

static bool literal(const char **p, const char *end, char wanted)
{
    if (*p == end || **p != wanted) {
        return false;
    }
    ++*p;
    return true;
}

static bool parse_date(const char **p, const char *end, struct rs_civil *c)
{
    static const int lengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    if (!digits(p, end, 4, &c->year) || !literal(p, end, '-') || !digits(p, end, 2, &c->month) ||
        !literal(p, end, '-') || !digits(p, end, 2, &c->day) || c->month < 1 || c->month > 12) {
        return false;
    }
    bool leap = c->year % 4 == 0 && (c->year % 100 != 0 || c->year % 400 == 0);
    return c->day >= 1 && c->day <= lengths[c->month - 1] + (c->month == 2 && leap);
}

static bool parse_time(const char **p, const char *end, struct rs_civil *c)
{
    if (!digits(p, end, 2, &c->hour) || !literal(p, end, ':') || !digits(p, end, 2, &c->minute) ||
        c->hour > 23 || c->minute > 59) {
        return false;
    }
    c->second = 0;
    if (!literal(p, end, ':')) {
        return true;
    }
    if (!digits(p, end, 2, &c->second) || c->second > 59) {
        return false;
    }
    if (!literal(p, end, '.') && !literal(p, end, ',')) {
        return true;
    }
    const char *fraction = *p;
    while (*p < end && **p >= '0' && **p <= '9') {
        ++*p;
    }
    return *p > fraction;
}

/* "Z", "+hh:mm", "+hhmm" or "+hh", the whole of it; *east in seconds. */
static bool parse_offset(const char *p, const char *end, int64_t *east)
{
    if (literal(&p, end, 'Z')) {
        *east = 0;
        return p == end;
    }
    bool west = literal(&p, end, '-');
    int hour = 0, minute = 0;
    if ((!west && !literal(&p, end, '+')) || !digits(&p, end, 2, &hour) || hour > 23) {
        return false;
    }
    if (p < end) {
        (void)literal(&p, end, ':');
        if (!digits(&p, end, 2, &minute) || minute > 59) {
            return false;
        }
    }
    *east = (west ? -1 : 1) * (hour * 3600 + minute * 60);
    return p == end;
}

static enum rs_status refuse(const char *text, size_t length, const char *what,
                             struct rs_error *err)
{
    int shown = (int)(length < 60 ? length : 60);
    return rs_fail(err, RS_EINPUT, "'%.*s' is not %s", shown, text, what);
}

enum rs_status rs_when_parse_parts(const char *text, size_t length, struct rs_civil *civil,
                                   int64_t *at, bool *zoned, struct rs_error *err)
{
    const char *p = text, *end = text + length;
    struct rs_civil c;
    if (!parse_date(&p, end, &c) || !(literal(&p, end, 'T') || literal(&p, end, ' ')) ||
        !parse_time(&p, end, &c)) {
        return refuse(text, length, "a date and time like 2026-11-22T09:10:00Z", err);
    }
    int64_t east = 0;
    bool with_zone = p < end;
    if (with_zone && !parse_offset(p, end, &east)) {
        return refuse(text, length, "a date and time like 2026-11-22T09:10:00Z", err);
    }
    *civil = c;
    *at = rs_civil_to_utc(&c) - east;
    *zoned = with_zone;
    return RS_OK;
}

enum rs_status rs_when_parse(const char *text, int64_t *out, struct rs_error *err)
{
    size_t length = strlen(text);
    if (length > 0 && strspn(text, "0123456789") == length) {
        return rs_parse_int(text, 0, LAST_SECOND, out, err);
    }
    const char *p = text, *end = text + length;
    struct rs_civil civil = {0};
    if (parse_date(&p, end, &civil) && p == end) {
        *out = rs_civil_to_utc(&civil);
        return RS_OK;
    }
    int64_t at = 0;
    bool zoned = false;
    enum rs_status rc = rs_when_parse_parts(text, length, &civil, &at, &zoned, err);
    if (rc != RS_OK) {
        return rc;
    }
    if (!zoned) {
        return rs_fail(err, RS_EINPUT, "'%.60s' names no time zone, add Z or an offset", text);
    }
    *out = at;
    return RS_OK;
}

static bool read_date(struct rs_when_cache *cache, const char *text)
{
    struct rs_civil civil = {0};
    const char *p = text, *end = text + sizeof(cache->date);
    if (end[-1] != 'T') {
        return false;
    }
    if (memcmp(text, cache->date, sizeof(cache->date)) == 0) {
        return true;
    }
    if (!parse_date(&p, end, &civil) || p + 1 != end) {
        return false;
    }
    memcpy(cache->date, text, sizeof(cache->date));
    cache->midnight = rs_civil_to_utc(&civil);
    return true;
}

/* "09:10:00" as seconds, or -1. */
static int32_t read_time(const char *text)
{
    unsigned h1 = (unsigned char)text[0] - 48U, h0 = (unsigned char)text[1] - 48U,
             m1 = (unsigned char)text[3] - 48U, m0 = (unsigned char)text[4] - 48U,
             s1 = (unsigned char)text[6] - 48U, s0 = (unsigned char)text[7] - 48U;
    unsigned hour = h1 * 10 + h0;
    bool good = (h1 <= 2) & (h0 <= 9) & (hour <= 23) & (m1 <= 5) & (m0 <= 9) & (s1 <= 5) &
                (s0 <= 9) & (text[2] == ':') & (text[5] == ':');
    return good ? (int32_t)(hour * 3600 + (m1 * 10 + m0) * 60 + s1 * 10 + s0) : -1;
}

const char *rs_when_scan(struct rs_when_cache *cache, const char *text, const char *end,
                         int64_t *out)
{
    enum { ZONE = 19 };
    if (end - text <= ZONE || !read_date(cache, text)) {
        return NULL;
    }
    int32_t second = read_time(text + sizeof(cache->date));
    if (second < 0) {
        return NULL;
    }
    *out = cache->midnight + second;
    if (text[ZONE] == 'Z') {
        return text + ZONE + 1;
    }
    bool offset = end - text >= ZONE + 6 && memcmp(text + ZONE, "+00:00", 6) == 0;
    return offset ? text + ZONE + 6 : NULL;
}

enum rs_status rs_duration_parse(const char *text, int64_t *seconds, struct rs_error *err)
{
    static const char units[] = "smhdw";
    static const int64_t lengths[] = {1, 60, 3600, RS_DAY_SECONDS, 7 * RS_DAY_SECONDS};
    size_t n = strspn(text, "0123456789");
    const char *unit = text[n] == '\0' ? NULL : strchr(units, text[n]);
    if (n == 0 || n > 12 || unit == NULL || text[n + 1] != '\0') {
        return rs_fail(err, RS_EINPUT, "'%.60s' is not a duration like 90s, 5m, 24h, 7d or 2w",
                       text);
    }
    int64_t count = 0;
    for (size_t i = 0; i < n; i++) {
        count = count * 10 + (text[i] - '0');
    }
    int64_t length = lengths[unit - units];
    if (count == 0 || count > LAST_SECOND / length) {
        return rs_fail(err, RS_EINPUT, "'%.60s' is no duration above zero and below 8000 years",
                       text);
    }
    *seconds = count * length;
    return RS_OK;
}

/* Two digits and what follows them. */
static char *put_pair(char *p, uint32_t value, char behind)
{
    p[0] = (char)('0' + value / 10);
    p[1] = (char)('0' + value % 10);
    p[2] = behind;
    return p + 3;
}

static void turn_to_day_of(struct rs_when_cache *cache, int64_t at)
{
    struct rs_civil c;
    int64_t second = at % RS_DAY_SECONDS;
    rs_civil_from_utc(at, &c);
    cache->midnight = at - second - (second < 0 ? RS_DAY_SECONDS : 0);
    (void)put_pair(cache->date, (uint32_t)c.year / 100, '-');
    (void)put_pair(
        put_pair(put_pair(cache->date + 2, (uint32_t)c.year % 100, '-'), (uint32_t)c.month, '-'),
        (uint32_t)c.day, 'T');
}

void rs_when_write(struct rs_when_cache *cache, int64_t at, char out[static RS_WHEN_TEXT])
{
    at = at < FIRST_SECOND ? FIRST_SECOND : at > LAST_SECOND ? LAST_SECOND : at;
    int64_t of_day = at - cache->midnight;
    if (of_day < 0 || of_day >= RS_DAY_SECONDS || cache->date[0] == '\0') {
        turn_to_day_of(cache, at);
        of_day = at - cache->midnight;
    }
    uint32_t second = (uint32_t)of_day;
    memcpy(out, cache->date, sizeof(cache->date));
    char *p = put_pair(out + sizeof(cache->date), second / 3600, ':');
    p = put_pair(p, second / 60 % 60, ':');
    p = put_pair(p, second % 60, 'Z');
    *p = '\0';
}

void rs_when_format(int64_t at, char out[static RS_WHEN_TEXT])
{
    struct rs_when_cache none = {.midnight = 0};
    rs_when_write(&none, at, out);
}
