/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "source/head.h"

#include <string.h>
#include <strings.h>

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

const char *rs_head_trim(const char *head, size_t *length)
{
    if (*length >= 3 && memcmp(head, "\xEF\xBB\xBF", 3) == 0) {
        head += 3;
        *length -= 3;
    }
    while (*length > 0 && is_blank(*head)) {
        head++;
        (*length)--;
    }
    return head;
}

/* Past the string that begins after its quote; `end` when it is cut off. */
static const char *after_string(const char *p, const char *end)
{
    while (p < end && *p != '"') {
        p += *p == '\\' && p + 1 < end ? 2 : 1;
    }
    return p < end ? p + 1 : end;
}

/* `p` stands behind the opening brace. */
static bool object_has(const char *p, const char *end, const char *key)
{
    size_t depth = 1, width = strlen(key);
    bool at_key = true;
    while (p < end && depth > 0) {
        char c = *p++;
        if (c == '"') {
            const char *close = after_string(p, end);
            if (depth == 1 && at_key && (size_t)(close - p) == width + 1 &&
                memcmp(p, key, width) == 0) {
                return true;
            }
            p = close;
            at_key = false;
        } else if (c == '{' || c == '[') {
            depth++;
        } else if (c == '}' || c == ']') {
            depth--;
        } else if (c == ',' && depth == 1) {
            at_key = true;
        }
    }
    return false;
}

bool rs_head_has_member(const char *head, size_t length, const char *opening, const char *key)
{
    const char *p = rs_head_trim(head, &length), *end = p + length;
    for (; *opening != '\0'; opening++) {
        while (p < end && is_blank(*p)) {
            p++;
        }
        if (p == end || *p != *opening) {
            return false;
        }
        p++;
    }
    return object_has(p, end, key);
}

static size_t first_line(const char *head, size_t length)
{
    const char *newline = memchr(head, '\n', length);
    size_t width = newline != NULL ? (size_t)(newline - head) : length;
    return width > 0 && head[width - 1] == '\r' ? width - 1 : width;
}

bool rs_head_has_field(const char *head, size_t length, const char *name)
{
    const char *p = rs_head_trim(head, &length);
    size_t line = first_line(p, length), width = strlen(name), begin = 0;
    for (size_t i = 0; i <= line; i++) {
        if (i < line && p[i] != ',' && p[i] != ';' && p[i] != '\t') {
            continue;
        }
        size_t from = begin, to = i;
        while (from < to && (is_blank(p[from]) || p[from] == '"')) {
            from++;
        }
        while (to > from && (is_blank(p[to - 1]) || p[to - 1] == '"')) {
            to--;
        }
        if (to - from == width && strncasecmp(p + from, name, width) == 0) {
            return true;
        }
        begin = i + 1;
    }
    return false;
}

bool rs_head_is_table(const char *head, size_t length)
{
    const char *p = rs_head_trim(head, &length);
    size_t line = first_line(p, length);
    bool cells = false;
    for (size_t i = 0; i < line; i++) {
        unsigned char c = (unsigned char)p[i];
        if ((c < 0x20 && c != '\t') || c == 0x7F) {
            return false;
        }
        cells = cells || c == ',' || c == ';' || c == '\t';
    }
    return cells && p[0] != '{' && p[0] != '[' && p[0] != '<';
}

bool rs_head_holds(const char *head, size_t length, const char *bytes)
{
    size_t width = strlen(bytes);
    for (size_t i = 0; i + width <= length; i++) {
        if (head[i] == bytes[0] && memcmp(head + i, bytes, width) == 0) {
            return true;
        }
    }
    return false;
}
