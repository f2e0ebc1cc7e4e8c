/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "source/shown.h"

#include "rightsize/text.h"

#include <string.h>

void rs_shown_line(const char *text, char *out, size_t size)
{
    struct rs_buffer buffer;
    rs_buffer_init(&buffer);
    rs_text_printable(&buffer, text, strlen(text));
    size_t length = buffer.length < size - 1 ? buffer.length : size - 1;
    while (length > 0 && length < buffer.length &&
           ((unsigned char)buffer.data[length] & 0xC0) == 0x80) {
        length--; /* cut between characters, not within one */
    }
    memcpy(out, buffer.data, length);
    out[length] = '\0';
    rs_buffer_release(&buffer);
}

const char *rs_shown(const char *text, char out[static RS_SHOWN])
{
    rs_shown_line(text != NULL ? text : "", out, RS_SHOWN);
    return out;
}
