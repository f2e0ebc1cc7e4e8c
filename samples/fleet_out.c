/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fleet.h"

#include "rightsize/when.h"

#include <stdlib.h>
#include <string.h>

#define OUT_SIZE ((size_t)1 << 20)
#define OUT_ROOM ((size_t)4096)

bool fleet_out_open(struct fleet_out *out, const char *path)
{
    bool standard = path == NULL || strcmp(path, "-") == 0;
    *out = (struct fleet_out){.file = standard ? stdout : fopen(path, "wb")};
    out->bytes = out->file != NULL ? malloc(OUT_SIZE + OUT_ROOM) : NULL;
    if (out->bytes == NULL && out->file != NULL && !standard) {
        fclose(out->file);
    }
    return out->bytes != NULL;
}

static void flush(struct fleet_out *out)
{
    if (out->length > 0 && fwrite(out->bytes, 1, out->length, out->file) != out->length) {
        out->failed = true;
    }
    out->length = 0;
}

bool fleet_out_close(struct fleet_out *out)
{
    flush(out);
    out->failed |= fflush(out->file) != 0;
    if (out->file != stdout) {
        out->failed |= fclose(out->file) != 0;
    }
    free(out->bytes);
    return !out->failed;
}

void fleet_put_bytes(struct fleet_out *out, const char *bytes, size_t n)
{
    memcpy(out->bytes + out->length, bytes, n);
    out->length += n;
    if (out->length >= OUT_SIZE) {
        flush(out);
    }
}

void fleet_put(struct fleet_out *out, const char *text)
{
    fleet_put_bytes(out, text, strlen(text));
}

void fleet_put_padded(struct fleet_out *out, uint64_t n, unsigned width)
{
    char digits[20];
    size_t at = sizeof(digits);
    do {
        digits[--at] = (char)('0' + n % 10);
        n /= 10;
    } while (n > 0 || sizeof(digits) - at < width);
    fleet_put_bytes(out, digits + at, sizeof(digits) - at);
}

void fleet_put_int(struct fleet_out *out, uint64_t n)
{
    fleet_put_padded(out, n, 1);
}

static void put_fraction(struct fleet_out *out, uint64_t fraction, unsigned decimals)
{
    char text[16] = ".";
    unsigned length = decimals + 1;
    for (unsigned i = decimals; i > 0; i--) {
        text[i] = (char)('0' + fraction % 10);
        fraction /= 10;
    }
    while (text[length - 1] == '0') {
        length--;
    }
    fleet_put_bytes(out, text, length);
}

void fleet_put_ratio(struct fleet_out *out, uint64_t numerator, uint64_t denominator,
                     unsigned decimals)
{
    static const uint64_t seven = 10000000;
    uint64_t whole = numerator / denominator, rest = numerator % denominator;
    uint64_t fraction = 0, power = 1;
    if (decimals == 14) { /* in two steps: the denominator times 10^14 would not fit */
        fraction = rest * seven / denominator * seven;
        rest = rest * seven % denominator;
        power = seven * seven;
        rest *= seven;
    } else if (decimals == 3) {
        power = 1000;
        rest *= power;
    }
    fraction += rest / denominator;
    if (rest % denominator * 2 >= denominator && ++fraction == power) {
        fraction = 0;
        whole++;
    }
    fleet_put_int(out, whole);
    if (fraction != 0) {
        put_fraction(out, fraction, decimals);
    }
}

void fleet_put_hex(struct fleet_out *out, uint64_t n, unsigned width)
{
    char digits[16];
    for (unsigned i = width; i > 0; i--, n >>= 4) {
        digits[i - 1] = "0123456789abcdef"[n & 15];
    }
    fleet_put_bytes(out, digits, width);
}

void fleet_put_when(struct fleet_out *out, int64_t at, const char separators[static 2])
{
    struct rs_civil c;
    rs_civil_from_utc(at, &c);
    const int parts[] = {c.year, c.month, c.day, c.hour, c.minute, c.second};
    const char before[] = {0, separators[0], separators[0], separators[1], ':', ':'};
    for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
        fleet_put_bytes(out, &before[i], i > 0);
        fleet_put_padded(out, (uint64_t)parts[i], i == 0 ? 4 : 2);
    }
}
