/* SPDX-License-Identifier: GPL-3.0-or-later */
/* scratch.h - files and folders of a test, outside the source tree. */
#ifndef RIGHTSIZE_TESTS_SCRATCH_H
#define RIGHTSIZE_TESTS_SCRATCH_H

#include <stdio.h>
#include <stdlib.h>

/* A pattern for mkstemp or mkdtemp, which refuse one that was cut off. */
static inline char *scratch_name(char *out, size_t size, const char *name)
{
    const char *temporary = getenv("TMPDIR"), *build = getenv("BUILD");
    snprintf(out, size, "%s/%s-XXXXXX",
             temporary != NULL ? temporary
             : build != NULL   ? build
                               : "/tmp",
             name);
    return out;
}

#endif
