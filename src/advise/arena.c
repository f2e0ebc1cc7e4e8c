/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "advise/arena.h"

#include <stdint.h>
#include <stdlib.h>

#define ALIGNMENT ((size_t)64)
#define SMALLEST ((size_t)1 << 16)

struct rs_arena_block {
    struct rs_arena_block *next;
    size_t size, used; /* of the bytes behind the head */
};

static unsigned char *bytes_of(struct rs_arena_block *block)
{
    uintptr_t address = (uintptr_t)(block + 1);
    size_t skip = (size_t)(-address & (ALIGNMENT - 1));
    return (unsigned char *)(block + 1) + skip;
}

static struct rs_arena_block *add_block(struct rs_arena *arena, size_t size)
{
    if (size > SIZE_MAX - sizeof(struct rs_arena_block) - ALIGNMENT) {
        return NULL;
    }
    struct rs_arena_block *block = malloc(sizeof(*block) + ALIGNMENT + size);
    if (block != NULL) {
        *block = (struct rs_arena_block){arena->blocks, size, 0};
        arena->blocks = block;
    }
    return block;
}

void *rs_arena_take(struct rs_arena *arena, size_t count, size_t size)
{
    if (size != 0 && count > (SIZE_MAX / 4 - arena->taken) / size) {
        return NULL;
    }
    size_t wanted = (count * size + ALIGNMENT - 1) & ~(ALIGNMENT - 1);
    struct rs_arena_block *block = arena->blocks;
    if (block == NULL || block->size - block->used < wanted) {
        size_t room = wanted > arena->taken ? wanted : arena->taken;
        block = add_block(arena, room > SMALLEST ? room : SMALLEST);
    }
    if (block == NULL) {
        return NULL;
    }
    void *out = bytes_of(block) + block->used;
    block->used += wanted;
    arena->taken += wanted;
    return out;
}

void rs_arena_reset(struct rs_arena *arena)
{
    size_t taken = arena->taken;
    arena->taken = 0;
    if (arena->blocks != NULL && arena->blocks->next != NULL) { /* one block in their place */
        rs_arena_release(arena);
        (void)add_block(arena, taken + taken / 4);
    } else if (arena->blocks != NULL) {
        arena->blocks->used = 0;
    }
}

void rs_arena_release(struct rs_arena *arena)
{
    while (arena->blocks != NULL) {
        struct rs_arena_block *next = arena->blocks->next;
        free(arena->blocks);
        arena->blocks = next;
    }
    arena->taken = 0;
}
