/* SPDX-License-Identifier: GPL-3.0-or-later */
/* secret.h - forgetting what nobody else may read (level 0). */
#ifndef RIGHTSIZE_SECRET_H
#define RIGHTSIZE_SECRET_H

#include "rightsize/buffer.h"

#include <stddef.h>

/* Overwrite with zeros, also where the compiler sees that nobody reads them. */
void rs_secret_wipe(void *bytes, size_t length);
/* Wipe a text up to its NUL and free it; NULL is fine. */
void rs_secret_free(char *text);
/* Wipe all that the buffer has room for and release it. */
void rs_secret_release(struct rs_buffer *buffer);

#endif
