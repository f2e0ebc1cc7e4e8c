/* SPDX-License-Identifier: GPL-3.0-or-later */
/* proc_world.h - a root folder with proc and sys of the test's own making. */
#ifndef UNIT_PROC_WORLD_H
#define UNIT_PROC_WORLD_H

#include "../support/check.h"
#include "../support/scratch.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct root {
    char path[512];
};

static inline int root_make(void **state)
{
    struct root *r = calloc(1, sizeof(*r));
    assert_non_null(r);
    assert_non_null(mkdtemp(scratch_name(r->path, sizeof(r->path), "root")));
    *state = r;
    return 0;
}

static inline int root_remove(void **state)
{
    struct root *r = *state;
    char command[600];
    snprintf(command, sizeof(command), "rm -rf '%s'", r->path);
    int code = system(command);
    free(r);
    return code;
}

/* Write a file below the root in place, as the kernel's change under an open descriptor. */
static inline void put_bytes(const struct root *r, const char *name, const char *bytes, size_t n)
{
    char path[1024];
    snprintf(path, sizeof(path), "%s/%s", r->path, name);
    for (char *p = path + strlen(r->path) + 1; *p != '\0'; p++) {
        if (*p == '/') {
            *p = '\0';
            (void)mkdir(path, 0700);
            *p = '/';
        }
    }
    FILE *file = fopen(path, "r+"); /* not "w": cutting to nothing makes some filesystems sync */
    file = file != NULL ? file : fopen(path, "w");
    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, n, file), n);
    assert_int_equal(fflush(file), 0);
    assert_int_equal(ftruncate(fileno(file), (off_t)n), 0);
    assert_int_equal(fclose(file), 0);
}

__attribute__((format(printf, 3, 4))) static inline void put(const struct root *r, const char *name,
                                                             const char *format, ...)
{
    char text[8192];
    va_list args;
    va_start(args, format);
    int n = vsnprintf(text, sizeof(text), format, args);
    va_end(args);
    assert_true(n >= 0 && (size_t)n < sizeof(text));
    put_bytes(r, name, text, (size_t)n);
}

static inline void take_away(const struct root *r, const char *name)
{
    char path[1024];
    snprintf(path, sizeof(path), "%s/%s", r->path, name);
    assert_int_equal(unlink(path), 0);
}

static inline const char *fixtures(const char *name)
{
    static char path[2][600];
    static unsigned turn;
    char *out = path[turn++ % 2];
    const char *root = access("tests/fixtures", F_OK) == 0 ? "tests/fixtures" : "../tests/fixtures";
    snprintf(out, sizeof(path[0]), "%s/%s", root, name);
    return out;
}

#endif
