/* SPDX-License-Identifier: GPL-3.0-or-later */
/* An instant that was read is written and read again as the same one. */
#include "fuzz.h"

#include "rightsize/when.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct rs_error err = {RS_OK, ""};
    struct rs_civil civil;
    int64_t at = 0, again = 0, seconds = 0;
    bool zoned = false;
    char *text = malloc(size + 1), written[RS_WHEN_TEXT];
    if (text == NULL) {
        return 0;
    }
    memcpy(text, data, size);
    text[size] = '\0';
    if (rs_when_parse_parts((const char *)data, size, &civil, &at, &zoned, &err) == RS_OK) {
        FUZZ_HOLDS(civil.month >= 1 && civil.month <= 12 && civil.day >= 1 && civil.day <= 31);
        FUZZ_HOLDS(zoned || at == rs_civil_to_utc(&civil));
    }
    if (rs_when_parse(text, &at, &err) == RS_OK && at >= -62167219200 && at <= 253402300799) {
        rs_when_format(at, written);
        FUZZ_HOLDS(rs_when_parse(written, &again, &err) == RS_OK && again == at);
    }
    if (rs_duration_parse(text, &seconds, &err) == RS_OK) {
        FUZZ_HOLDS(seconds > 0);
    }
    free(text);
    return 0;
}
