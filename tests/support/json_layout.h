/* SPDX-License-Identifier: GPL-3.0-or-later */
/* json_layout.h - a document is laid out as report/json_writer.h says. */
#ifndef SUPPORT_JSON_LAYOUT_H
#define SUPPORT_JSON_LAYOUT_H

#include "check.h"

#include <stdbool.h>

#define LAYOUT_DEPTH 32

/* Where the string that begins at `at` ends. */
static inline const char *layout_after_string(const char *at)
{
    for (at++; *at != '"'; at++) {
        at += *at == '\\';
    }
    return at;
}

/* An object or array without another inside has no line break, any other begins with one. */
static inline void check_layout(const char *text)
{
    const char *opened[LAYOUT_DEPTH];
    bool nests[LAYOUT_DEPTH];
    size_t depth = 0;
    for (const char *at = text; *at != '\0'; at++) {
        if (*at == '"') {
            at = layout_after_string(at);
        } else if (*at == '{' || *at == '[') {
            assert_true(depth < LAYOUT_DEPTH);
            if (depth > 0) {
                nests[depth - 1] = true;
            }
            opened[depth] = at;
            nests[depth++] = false;
        } else if (*at == '}' || *at == ']') {
            assert_true(depth > 0);
            const char *from = opened[--depth];
            bool broken = memchr(from, '\n', (size_t)(at - from)) != NULL;
            if (broken != nests[depth] || (broken && from[1] != '\n')) {
                fail_msg("layout of %.80s", from);
            }
        }
    }
    assert_int_equal(depth, 0);
}

#endif
