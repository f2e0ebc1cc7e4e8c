/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rightsize/resource.h"

#include <stdio.h>
#include <string.h>

#define MARK "/gpu-"
#define DIGITS "0123456789"

static bool is_index(const char *text)
{
    size_t length = strlen(text);
    return length >= 1 && length <= 3 && strspn(text, DIGITS) == length;
}

bool rs_gpu_name(const char *instance, const char *index, char out[static 256])
{
    if (instance[0] == '\0' || !is_index(index)) {
        return false;
    }
    int length = snprintf(out, 256, "%s" MARK "%s", instance, index);
    return length > 0 && length < 256;
}

size_t rs_gpu_owner(const char *id)
{
    const char *slash = strrchr(id, '/');
    if (slash == NULL || strncmp(slash, MARK, strlen(MARK)) != 0 ||
        !is_index(slash + strlen(MARK))) {
        return 0;
    }
    return (size_t)(slash - id);
}
