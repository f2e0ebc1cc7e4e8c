/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The filter options of `rightsize catalog`. */
#include "cli/cmd_catalog.h"
#include "rightsize/number.h"

#include <math.h>
#include <string.h>

#define GIB (1024.0 * 1024.0 * 1024.0)

/* A number and, where units are taken, its unit; a bare number counts `unit`. */
static bool parse_amount(const char *text, size_t length, double unit, bool units, double *out)
{
    static const struct {
        const char *name;
        double bytes;
    } known[] = {{"GiB", GIB}, {"MiB", GIB / 1024}, {"TiB", GIB * 1024}, {"GB", 1e9},
                 {"MB", 1e6},  {"TB", 1e12},        {"G", GIB},          {"M", GIB / 1024},
                 {"Gi", GIB},  {"Mi", GIB / 1024}};
    char digits[32];
    struct rs_error err;
    size_t n = 0;
    while (n < length && strchr("0123456789.", text[n]) != NULL) {
        n++;
    }
    if (n == 0 || n >= sizeof(digits)) {
        return false;
    }
    memcpy(digits, text, n);
    digits[n] = '\0';
    for (size_t i = 0; n < length && units && i < sizeof(known) / sizeof(known[0]); i++) {
        if (strlen(known[i].name) == length - n &&
            memcmp(known[i].name, text + n, length - n) == 0) {
            unit = known[i].bytes;
            n = length;
        }
    }
    if (n != length || rs_parse_double(digits, 0, 1e12, out, &err) != RS_OK) {
        return false;
    }
    *out *= unit;
    return true;
}

/* "N", "N-M", "N-", "-M". */
static enum rs_status parse_span(const char *option, const char *text, double unit, bool units,
                                 double *min, double *max, struct rs_error *err)
{
    if (text == NULL) {
        return RS_OK;
    }
    const char *dash = strchr(text, '-');
    size_t low = dash != NULL ? (size_t)(dash - text) : strlen(text);
    bool good =
        low > 0 ? parse_amount(text, low, unit, units, min) : dash != NULL && dash[1] != '\0';
    if (good && dash == NULL) {
        *max = *min;
    } else if (good && dash[1] != '\0') {
        good = parse_amount(dash + 1, strlen(dash + 1), unit, units, max);
    }
    if (!good || (!isnan(*min) && *max < *min)) {
        return rs_fail(err, RS_EUSAGE, "--%s '%.64s' is not N, N-M, N- or -M%s", option, text,
                       units ? " with GiB (meant by a bare number), MiB, TiB, GB, MB or TB" : "");
    }
    return RS_OK;
}

static enum rs_status parse_yes_no(const char *option, const char *text, int *out,
                                   struct rs_error *err)
{
    if (text == NULL) {
        return RS_OK;
    }
    if (strcmp(text, "yes") != 0 && strcmp(text, "no") != 0) {
        return rs_fail(err, RS_EUSAGE, "--%s '%.64s' is not yes or no", option, text);
    }
    *out = strcmp(text, "yes") == 0;
    return RS_OK;
}

enum rs_status rs_catalog_parse_filter(const struct rs_catalog_options *o,
                                       struct rs_catalog_filter *out, struct rs_error *err)
{
    rs_catalog_filter_init(out);
    out->architecture = o->arch;
    out->max_price = o->max_price;
    enum rs_status rc = parse_yes_no("burstable", o->burstable, &out->burstable, err);
    if (rc == RS_OK) {
        rc = parse_yes_no("current-generation", o->generation, &out->current_generation, err);
    }
    if (rc == RS_OK) {
        rc = parse_yes_no("gpu", o->gpu, &out->gpu, err);
    }
    if (rc == RS_OK) {
        out->custom = 0; /* hundreds of them would bury the listed ones */
        rc = parse_yes_no("custom", o->custom, &out->custom, err);
    }
    if (rc == RS_OK) {
        rc = parse_span("vcpus", o->vcpus, 1, false, &out->min_vcpus, &out->max_vcpus, err);
    }
    if (rc == RS_OK) {
        rc = parse_span("memory", o->memory, GIB, true, &out->min_memory_bytes,
                        &out->max_memory_bytes, err);
    }
    return rc;
}
