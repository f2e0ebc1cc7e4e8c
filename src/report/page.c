/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/page.h"

#include "rightsize/text.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>
#include <wctype.h>

/* Of valid UTF-8; a stray byte is passed over as one character. */
static uint32_t next_code(const char **text)
{
    const unsigned char *p = (const unsigned char *)*text;
    size_t more = p[0] >= 0xF0 ? 3 : p[0] >= 0xE0 ? 2 : p[0] >= 0xC0 ? 1 : 0;
    uint32_t code = more == 0 ? p[0] : p[0] & (0x3FU >> more);
    size_t i = 1;
    for (; i <= more && (p[i] & 0xC0U) == 0x80U; i++) {
        code = code << 6 | (p[i] & 0x3FU);
    }
    *text += i;
    return code;
}

/* libsmartcols never ends on a character that the locale cannot decode: none may reach it. */
static bool locale_shows(const char *bytes, size_t length)
{
    mbstate_t state = {0};
    wchar_t wide = 0;
    return mbrtowc(&wide, bytes, length, &state) == length && iswprint((wint_t)wide) != 0;
}

bool rs_page_unicode(const struct rs_page *page)
{
    return page->unicode && locale_shows("→", strlen("→"));
}

const char *rs_page_arrow(const struct rs_page *page)
{
    return rs_page_unicode(page) ? "→" : "->";
}

static void append_shown(struct rs_buffer *out, const struct rs_page *page, const char *text)
{
    bool unicode = rs_page_unicode(page);
    while (*text != '\0') {
        const char *begin = text;
        uint32_t code = next_code(&text);
        if (code < 0x80 || (unicode && locale_shows(begin, (size_t)(text - begin)))) {
            rs_buffer_append(out, begin, (size_t)(text - begin));
        } else {
            rs_buffer_printf(out, "\\u{%04X}", (unsigned)code);
        }
    }
}

void rs_page_text(struct rs_buffer *out, const struct rs_page *page, const char *text)
{
    struct rs_buffer safe;
    if (text == NULL) {
        return;
    }
    rs_buffer_init(&safe);
    rs_text_printable(&safe, text, strlen(text));
    append_shown(out, page, safe.data);
    out->failed = out->failed || safe.failed;
    rs_buffer_release(&safe);
}

static size_t code_columns(uint32_t code)
{
    static const struct {
        uint32_t first, last;
        size_t columns;
    } ranges[] = {{0x0300, 0x036F, 0},   {0x200B, 0x200F, 0},  {0x20D0, 0x20FF, 0},
                  {0xFE00, 0xFE0F, 0},   {0x1100, 0x115F, 2},  {0x2E80, 0xA4CF, 2},
                  {0xAC00, 0xD7A3, 2},   {0xF900, 0xFAFF, 2},  {0xFE30, 0xFE6F, 2},
                  {0xFF00, 0xFF60, 2},   {0xFFE0, 0xFFE6, 2},  {0x1F300, 0x1FAFF, 2},
                  {0x20000, 0x3FFFD, 2}, {0xE0100, 0xE01EF, 0}};
    for (size_t i = 0; i < sizeof(ranges) / sizeof(ranges[0]); i++) {
        if (code >= ranges[i].first && code <= ranges[i].last) {
            return ranges[i].columns;
        }
    }
    return 1;
}

size_t rs_page_columns(const char *text)
{
    size_t columns = 0;
    while (*text != '\0') {
        columns += code_columns(next_code(&text));
    }
    return columns;
}

size_t rs_page_fit(const char *text, size_t columns)
{
    const char *end = text;
    size_t used = 0;
    while (*end != '\0') {
        const char *next = end;
        used += code_columns(next_code(&next));
        if (used > columns) {
            break;
        }
        end = next;
    }
    return (size_t)(end - text);
}

size_t rs_page_break(const char *text, size_t columns)
{
    size_t fit = rs_page_fit(text, columns);
    if (text[fit] == '\0') {
        return fit;
    }
    for (size_t i = fit; i > 0; i--) {
        if (text[i] == ' ' && text[i + 1] != '%') { /* "31 %" stays together */
            return i;
        }
    }
    if (fit == 0) {
        const char *next = text;
        next_code(&next);
        fit = (size_t)(next - text);
    }
    return fit;
}

void rs_page_paragraph(struct rs_buffer *out, const struct rs_page *page, size_t indent,
                       size_t hang, const char *text)
{
    size_t width = page->width > 0 ? (size_t)page->width : SIZE_MAX;
    size_t margin = indent - (hang < indent ? hang : indent);
    do {
        size_t room = width > margin + 20 ? width - margin : 20;
        size_t n = rs_page_break(text, room);
        rs_buffer_printf(out, "%*s", (int)margin, "");
        rs_buffer_append(out, text, n);
        rs_buffer_char(out, '\n');
        text += n;
        text += strspn(text, " ");
        margin = indent;
    } while (*text != '\0');
}
