/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "catalog/catalog_pool.h"

#include "rightsize/text.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#define BLOCK_BYTES ((size_t)16384)

struct rs_catalog_block {
    struct rs_catalog_block *next;
    size_t used;
    char bytes[BLOCK_BYTES];
};

void rs_catalog_pool_release(struct rs_catalog_pool *pool)
{
    while (pool->blocks != NULL) {
        struct rs_catalog_block *block = pool->blocks;
        pool->blocks = block->next;
        free(block);
    }
}

static bool is_plain(const char *text, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        unsigned char c = (unsigned char)text[i];
        if (c < 0x20 || c == 0x7f) {
            return false;
        }
    }
    return rs_text_is_utf8(text, length);
}

static char *reserve(struct rs_catalog_pool *pool, size_t size)
{
    struct rs_catalog_block *block = pool->blocks;
    if (block == NULL || BLOCK_BYTES - block->used < size) {
        block = malloc(sizeof(*block));
        if (block == NULL) {
            return NULL;
        }
        block->next = pool->blocks;
        block->used = 0;
        pool->blocks = block;
    }
    char *at = block->bytes + block->used;
    block->used += size;
    return at;
}

enum rs_status rs_catalog_pool_text(struct rs_catalog_pool *pool, const char *text, size_t length,
                                    const char *previous, const char **out, struct rs_error *err)
{
    if (previous != NULL && strlen(previous) == length && memcmp(previous, text, length) == 0) {
        *out = previous;
        return RS_OK;
    }
    if (length > RS_CATALOG_TEXT_LIMIT) {
        return rs_fail(err, RS_EINPUT, "a text of %zu bytes is longer than %d", length,
                       RS_CATALOG_TEXT_LIMIT);
    }
    if (!is_plain(text, length)) {
        return rs_fail(err, RS_EINPUT, "a text has control characters or is not UTF-8");
    }
    char *copy = reserve(pool, length + 1);
    if (copy == NULL) {
        return rs_fail(err, RS_ENOMEM, "out of memory for the texts of a catalog");
    }
    memcpy(copy, text, length);
    copy[length] = '\0';
    *out = copy;
    return RS_OK;
}
