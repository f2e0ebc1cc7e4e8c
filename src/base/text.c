/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rightsize/text.h"

#include "base/utf8.h"

#include <stdlib.h>
#include <string.h>

static bool is_bidirectional_control(uint32_t code)
{
    return code == 0x061C || code == 0x200E || code == 0x200F ||
           (code >= 0x202A && code <= 0x202E) || (code >= 0x2066 && code <= 0x2069);
}

/* How many bytes from the first on are ASCII that is shown as it is. */
static size_t printable_run(const char *text, size_t length)
{
    size_t n = 0;
    while (n < length && (unsigned char)(text[n] - 0x20) < 0x5F) {
        n++;
    }
    return n;
}

void rs_text_printable(struct rs_buffer *out, const char *text, size_t length)
{
    for (size_t i = 0; i < length;) {
        size_t run = printable_run(text + i, length - i);
        rs_buffer_append(out, text + i, run);
        i += run;
        if (i == length) {
            break;
        }
        uint32_t code = 0;
        size_t n = rs_utf8_decode(text + i, length - i, &code);
        if (n == 0 || code < 0x20 || code == 0x7F) {
            rs_buffer_printf(out, "\\x%02X", (unsigned)(unsigned char)text[i]);
            n = 1;
        } else if ((code >= 0x80 && code < 0xA0) || is_bidirectional_control(code)) {
            rs_buffer_printf(out, "\\u{%04X}", (unsigned)code);
        } else {
            rs_buffer_append(out, text + i, n);
        }
        i += n;
    }
}

static void json_character(struct rs_buffer *out, const char *bytes, size_t n)
{
    static const char short_forms[] = "\"\"\\\\\bb\ff\nn\rr\tt"; /* character, letter after '\' */
    unsigned char c = (unsigned char)bytes[0];
    for (size_t i = 0; n == 1 && i + 1 < sizeof(short_forms); i += 2) {
        if (bytes[0] == short_forms[i]) {
            char escaped[] = {'\\', short_forms[i + 1]};
            rs_buffer_append(out, escaped, sizeof(escaped));
            return;
        }
    }
    if (n == 0) {
        rs_buffer_text(out, RS_UTF8_REPLACEMENT);
    } else if (c < 0x20) {
        rs_buffer_printf(out, "\\u%04x", (unsigned)c);
    } else {
        rs_buffer_append(out, bytes, n);
    }
}

#define EIGHT(byte) (UINT64_C(0x0101010101010101) * (byte))
#define HIGH_BITS EIGHT(0x80)

static uint64_t zero_bytes(uint64_t word)
{
    return (word - EIGHT(1)) & ~word & HIGH_BITS;
}

/* All eight bytes mean themselves in a JSON string: ASCII without controls, '"' and '\\'. */
static bool is_plain(uint64_t word)
{
    uint64_t controls = (word - EIGHT(' ')) & ~word;
    return ((word | controls) & HIGH_BITS) == 0 && zero_bytes(word ^ EIGHT('"')) == 0 &&
           zero_bytes(word ^ EIGHT('\\')) == 0;
}

/*
 * Copies from the first byte on as long as bytes mean themselves, and tells how many do; behind
 * them, up to `length`, anything may be written. Eight bytes at a time: names are looked at once.
 */
static size_t copy_plain(char *to, const char *from, size_t length)
{
    size_t n = 0;
    uint64_t word;
    while (length - n >= sizeof(word)) {
        memcpy(&word, from + n, sizeof(word));
        if (!is_plain(word)) {
            break;
        }
        memcpy(to + n, &word, sizeof(word));
        size_t left = length - n - sizeof(word); /* fewer than eight: with some of those before */
        n += left == 0 || left >= sizeof(word) ? sizeof(word) : left;
    }
    while (n < length && (unsigned char)(from[n] - 0x20) < 0x60 && from[n] != '"' &&
           from[n] != '\\') {
        to[n] = from[n];
        n++;
    }
    return n;
}

static void json_string(struct rs_buffer *out, const char *text, size_t length)
{
    while (length > 0) {
        uint32_t code = 0;
        size_t n = rs_utf8_decode(text, length, &code);
        json_character(out, text, n);
        text += n == 0 ? 1 : n;
        length -= n == 0 ? 1 : n;
        char *place = rs_buffer_room(out, length);
        size_t plain = place != NULL ? copy_plain(place, text, length) : length;
        if (place != NULL) {
            rs_buffer_wrote(out, plain);
        }
        text += plain;
        length -= plain;
    }
    rs_buffer_char(out, '"');
}

void rs_text_json(struct rs_buffer *out, const char *text)
{
    size_t length = strlen(text);
    char *place = rs_buffer_room(out, length + 2);
    if (place == NULL) {
        return;
    }
    *place++ = '"';
    size_t plain = copy_plain(place, text, length);
    if (plain == length) {
        place[length] = '"';
        rs_buffer_wrote(out, length + 2);
    } else {
        rs_buffer_wrote(out, 1 + plain);
        json_string(out, text + plain, length - plain);
    }
}

static const char *html_entity(char c)
{
    switch (c) {
    case '&':
        return "&amp;";
    case '<':
        return "&lt;";
    case '>':
        return "&gt;";
    case '"':
        return "&quot;";
    case '\'':
        return "&#39;";
    default:
        return (unsigned char)c < 0x20 ? "" : NULL;
    }
}

void rs_text_html(struct rs_buffer *out, const char *text)
{
    size_t length = strlen(text);
    for (size_t i = 0; i < length;) {
        size_t run = 0; /* ASCII without an entity */
        while ((unsigned char)(text[i + run] - 0x20) < 0x60 && html_entity(text[i + run]) == NULL) {
            run++;
        }
        rs_buffer_append(out, text + i, run);
        i += run;
        if (i == length) {
            break;
        }
        uint32_t code = 0;
        size_t n = rs_utf8_decode(text + i, length - i, &code);
        const char *entity = n == 0 ? RS_UTF8_REPLACEMENT : html_entity(text[i]);
        if (entity != NULL) {
            rs_buffer_text(out, entity);
        } else {
            rs_buffer_append(out, text + i, n);
        }
        i += n == 0 ? 1 : n;
    }
}

void rs_text_csv(struct rs_buffer *out, const char *text)
{
    bool formula = text[0] != '\0' && strchr("=+-@\t\r", text[0]) != NULL;
    bool quoted = strpbrk(text, ",\"\r\n") != NULL;
    if (quoted) {
        rs_buffer_char(out, '"');
    }
    if (formula) {
        rs_buffer_char(out, '\'');
    }
    for (const char *quote; (quote = strchr(text, '"')) != NULL; text = quote + 1) {
        rs_buffer_append(out, text, (size_t)(quote + 1 - text));
        rs_buffer_char(out, '"');
    }
    rs_buffer_text(out, text);
    if (quoted) {
        rs_buffer_char(out, '"');
    }
}

bool rs_text_is_utf8(const char *text, size_t length)
{
    for (size_t i = 0; i < length;) {
        uint32_t code = 0;
        size_t n = rs_utf8_decode(text + i, length - i, &code);
        if (n == 0) {
            return false;
        }
        i += n;
    }
    return true;
}

/* The next character; a byte that is not UTF-8 counts as one. `text` is not at its end. */
static const char *next_character(const char *text)
{
    text++;
    while (((unsigned char)*text & 0xC0) == 0x80) {
        text++;
    }
    return text;
}

bool rs_text_matches(const char *pattern, const char *text)
{
    const char *star = NULL, *resume = NULL; /* after the last '*', and where it ends so far */
    while (*text != '\0') {
        if (*pattern == '*') {
            star = ++pattern;
            resume = text;
        } else if (*pattern == '?') {
            pattern++;
            text = next_character(text);
        } else if (*pattern == *text) {
            pattern++;
            text++;
        } else if (star != NULL) {
            pattern = star;
            text = resume = next_character(resume);
        } else {
            return false;
        }
    }
    while (*pattern == '*') {
        pattern++;
    }
    return *pattern == '\0';
}

enum rs_status rs_text_copy(const char *text, char **out, struct rs_error *err)
{
    if (text == NULL) {
        *out = NULL;
        return RS_OK;
    }
    size_t size = strlen(text) + 1;
    char *copy = malloc(size);
    if (copy == NULL) {
        return rs_fail(err, RS_ENOMEM, "out of memory for a text of %zu bytes", size - 1);
    }
    memcpy(copy, text, size);
    *out = copy;
    return RS_OK;
}
