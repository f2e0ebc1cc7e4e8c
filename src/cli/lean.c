/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _DEFAULT_SOURCE /* madvise: glibc's posix_madvise does nothing for DONTNEED */
#include "cli/lean.h"

#include <malloc.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>

struct mapping {
    uintptr_t from, to;
    char rights[5];
    char path[256];
};

static bool read_mapping(FILE *maps, struct mapping *out)
{
    char line[512];
    unsigned long long from = 0, to = 0;
    if (fgets(line, sizeof(line), maps) == NULL ||
        sscanf(line, "%llx-%llx %4s %*s %*s %*s %255s", &from, &to, out->rights, out->path) != 4) {
        out->path[0] = '\0';
        return !feof(maps);
    }
    out->from = (uintptr_t)from;
    out->to = (uintptr_t)to;
    return true;
}

/* Constants just before writable data of the same file hold relocated pointers: not to be lost. */
static bool is_relocated(const struct mapping *m, const struct mapping *next)
{
    return next->rights[1] == 'w' && strcmp(m->path, next->path) == 0;
}

static void drop(const struct mapping *m, const struct mapping *next)
{
    bool code = strcmp(m->rights, "r-xp") == 0;
    bool constants = strcmp(m->rights, "r--p") == 0 && !is_relocated(m, next);
    if (m->path[0] == '/' && (code || constants)) {
        (void)madvise((void *)m->from, m->to - m->from, MADV_DONTNEED);
    }
}

void rs_lean_give_back(void)
{
#ifdef __GLIBC__
    (void)malloc_trim(0);
#endif
    FILE *maps = fopen("/proc/self/maps", "re");
    struct mapping m = {0, 0, "", ""}, next = {0, 0, "", ""};
    while (maps != NULL && read_mapping(maps, &next)) {
        drop(&m, &next);
        m = next;
    }
    if (maps != NULL) {
        (void)fclose(maps);
    }
}
