/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/human.h"

#include "rightsize/when.h"

#include <assert.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

void rs_human_digits(double value, char out[static RS_HUMAN_TEXT])
{
    double size = fabs(value);
    int decimals = size >= 99.95 ? 0 : size >= 9.995 ? 1 : 2;
    if (!isfinite(value)) {
        snprintf(out, RS_HUMAN_TEXT, "?");
    } else if (size >= 1e15) {
        snprintf(out, RS_HUMAN_TEXT, "%.3g", value);
    } else {
        snprintf(out, RS_HUMAN_TEXT, "%.*f", decimals, value);
    }
    char *dot = strchr(out, '.');
    if (dot != NULL && dot[1 + strspn(dot + 1, "0")] == '\0') { /* "8.00" says no more than "8" */
        *dot = '\0';
    }
}

struct rs_scale rs_human_scale(double value, enum rs_dimension d)
{
    static const char *const bytes[] = {"B", "KiB", "MiB", "GiB", "TiB", NULL};
    static const char *const rates[] = {"B/s", "kB/s", "MB/s", "GB/s", "TB/s", NULL};
    const char *const *units = rates;
    double base = 1000.0;
    switch (d) {
    case RS_DIM_CPU:
        return (struct rs_scale){1.0, "vCPU"};
    case RS_DIM_NET_PACKETS:
        return (struct rs_scale){1.0, "packets/s"};
    case RS_DIM_EBS_OPS:
    case RS_DIM_DISK_OPS:
        return (struct rs_scale){1.0, "ops/s"};
    case RS_DIM_GPU:
        return (struct rs_scale){1.0, "GPU"};
    case RS_DIM_MEMORY:
    case RS_DIM_GPU_MEMORY:
        units = bytes;
        base = 1024.0;
        break;
    default:
        break;
    }
    double divisor = 1.0;
    while (units[1] != NULL && fabs(value) >= 0.9995 * base * divisor) {
        divisor *= base;
        units++;
    }
    return (struct rs_scale){divisor, *units};
}

void rs_human_amount(double value, enum rs_dimension d, char out[static RS_HUMAN_TEXT])
{
    struct rs_scale scale = rs_human_scale(value, d);
    char digits[RS_HUMAN_TEXT];
    rs_human_digits(value / scale.divisor, digits);
    snprintf(out, RS_HUMAN_TEXT, isfinite(value) ? "%.30s %s" : "%.30s", digits, scale.unit);
}

void rs_human_share(double share, char out[static RS_HUMAN_TEXT])
{
    double percent = 100.0 * share;
    if (!isfinite(percent)) {
        snprintf(out, RS_HUMAN_TEXT, "?");
    } else if (fabs(percent) < 9.95 && percent != 0.0) {
        snprintf(out, RS_HUMAN_TEXT, "%.1f %%", percent);
    } else {
        snprintf(out, RS_HUMAN_TEXT, fabs(percent) < 1e15 ? "%.0f %%" : "%.3g %%", percent);
    }
}

void rs_human_money(double value, const char *currency, char out[static RS_HUMAN_TEXT])
{
    if (!isfinite(value)) {
        snprintf(out, RS_HUMAN_TEXT, "?");
        return;
    }
    const char *sign = value <= -0.005 ? "-" : "";
    bool dollars = currency == NULL || strcmp(currency, "USD") == 0;
    snprintf(out, RS_HUMAN_TEXT, fabs(value) < 1e15 ? "%s%.10s%s%.2f" : "%s%.10s%s%.3g", sign,
             dollars ? "$" : currency, dollars ? "" : " ", fabs(value));
}

void rs_human_price(double value, double size, char out[static RS_HUMAN_TEXT])
{
    int decimals = fmax(fabs(value), fabs(size)) < 9.995 ? 2 : 0;
    if (!isfinite(value)) {
        snprintf(out, RS_HUMAN_TEXT, "?");
    } else if (fabs(value) >= 1e15) {
        snprintf(out, RS_HUMAN_TEXT, "%.3g", value);
    } else if (fabs(value) < (decimals == 0 ? 0.5 : 0.005)) { /* no "-0.00" */
        snprintf(out, RS_HUMAN_TEXT, "0");
    } else {
        snprintf(out, RS_HUMAN_TEXT, "%.*f", decimals, value);
    }
}

void rs_human_percentile(double percentile, char out[static RS_HUMAN_TEXT])
{
    if (percentile >= 100.0) {
        snprintf(out, RS_HUMAN_TEXT, "max");
    } else {
        snprintf(out, RS_HUMAN_TEXT, isfinite(percentile) ? "P%.6g" : "?", percentile);
    }
}

void rs_human_span(int64_t seconds, char out[static RS_HUMAN_TEXT])
{
    static const struct {
        int64_t seconds;
        const char *name;
    } units[] = {{RS_DAY_SECONDS, "day"}, {3600, "hour"}, {60, "minute"}, {1, "second"}};
    size_t i = 0;
    while (i < 3 &&
           seconds < (i == 0 ? 3 : 2) * units[i].seconds) { /* "30 hours", not "1.3 days" */
        i++;
    }
    double amount = (double)seconds / (double)units[i].seconds;
    bool whole = seconds % units[i].seconds == 0;
    snprintf(out, RS_HUMAN_TEXT, "%.*f %s%s", whole ? 0 : 1, amount, units[i].name,
             amount == 1.0 ? "" : "s");
}

void rs_human_when(int64_t at, char out[static RS_HUMAN_TEXT])
{
    if (at < 0) {
        snprintf(out, RS_HUMAN_TEXT, "?");
        return;
    }
    char text[RS_WHEN_TEXT];
    rs_when_format(at, text);
    text[10] = ' ';
    snprintf(out, RS_HUMAN_TEXT, "%.16s", text);
}

const char *rs_human_finding(enum rs_finding finding)
{
    static const char *const names[RS_FINDING_COUNT] = {"under", "over", "optimized", "idle",
                                                        "unknown"};
    assert(finding < RS_FINDING_COUNT);
    return names[finding];
}
