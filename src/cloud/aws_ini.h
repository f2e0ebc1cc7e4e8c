/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * aws_ini.h - ~/.aws/config and ~/.aws/credentials as botocore reads them: no inline comments, '#'
 * and ';' only at the start of a line, '=' and ':' kept inside values, indented lines belong to the
 * key above and are passed over, no limit to a line's length (private to cloud).
 */
#ifndef RIGHTSIZE_CLOUD_AWS_INI_H
#define RIGHTSIZE_CLOUD_AWS_INI_H

#include "rightsize/status.h"

#include <stdbool.h>
#include <stddef.h>

#define RS_AWS_INI_LIMIT ((size_t)4 << 20)

struct rs_aws_ini;

/*
 * RS_EINPUT names the line, and never shows it: a key in the wrong place is a secret still.
 */
RS_CHECKED enum rs_status rs_aws_ini_parse(const char *text, size_t length, struct rs_aws_ini **out,
                                           struct rs_error *err);
/* A file that does not exist is an empty one. RS_EIO, RS_EINPUT name the path. */
RS_CHECKED enum rs_status rs_aws_ini_read(const char *path, struct rs_aws_ini **out,
                                          struct rs_error *err);
/*
 * Keys are told apart without case, sections with it. Of two of the same name the later counts.
 * NULL: not there, or empty. Borrowed.
 */
const char *rs_aws_ini_get(const struct rs_aws_ini *ini, const char *section, const char *key);
bool rs_aws_ini_has(const struct rs_aws_ini *ini, const char *section);
void rs_aws_ini_free(struct rs_aws_ini *ini); /* wipes all values; NULL is fine */

#endif
