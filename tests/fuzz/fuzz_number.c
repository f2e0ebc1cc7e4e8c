/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A scanned number is the one strtod reads, to the bit, and survives being written. */
#include "fuzz.h"

#include "rightsize/number.h"

#include <float.h>
#include <math.h>
#include <string.h>

static bool same(double a, double b)
{
    return memcmp(&a, &b, sizeof(a)) == 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *text = malloc(size + 1), *end = NULL, written[RS_NUMBER_TEXT];
    double value = 0, again = 0;
    struct rs_error err = {RS_OK, ""};
    if (text == NULL) {
        return 0;
    }
    memcpy(text, data, size);
    text[size] = '\0';
    if (rs_number_scan((const char *)data, size, &value)) {
        FUZZ_HOLDS(same(strtod(text, &end), value) && end == text + size);
        rs_number_format(value, written);
        FUZZ_HOLDS(rs_number_scan(written, strlen(written), &again) && same(value, again));
        FUZZ_HOLDS(rs_parse_double(text, -DBL_MAX, DBL_MAX, &again, &err) == RS_OK);
        FUZZ_HOLDS(same(value, again));
    }
    if (size >= sizeof(value)) {
        memcpy(&value, data, sizeof(value));
        rs_number_format(value, written);
        bool good = rs_number_scan(written, strlen(written), &again);
        FUZZ_HOLDS(isfinite(value) ? good && same(value, again) : strcmp(written, "null") == 0);
    }
    free(text);
    return 0;
}
