/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rightsize/secret.h"

#include <stdlib.h>
#include <string.h>

/* explicit_bzero is not POSIX; stores to volatile are not left out either. */
void rs_secret_wipe(void *bytes, size_t length)
{
    volatile unsigned char *p = bytes;
    for (size_t i = 0; i < length; i++) {
        p[i] = 0;
    }
}

void rs_secret_free(char *text)
{
    if (text != NULL) {
        rs_secret_wipe(text, strlen(text));
        free(text);
    }
}

void rs_secret_release(struct rs_buffer *buffer)
{
    if (buffer->capacity > 0) {
        rs_secret_wipe(buffer->data, buffer->capacity);
    }
    rs_buffer_release(buffer);
}
