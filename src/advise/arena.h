/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * arena.h - memory that is taken piece by piece and given back all at once.
 *
 * After the largest round so far every later one fits one block that is already there: no call of
 * the allocator, and no fresh page for the kernel to clear.
 */
#ifndef RIGHTSIZE_ADVISE_ARENA_H
#define RIGHTSIZE_ADVISE_ARENA_H

#include "rightsize/status.h"

#include <stddef.h>

struct rs_arena_block;

struct rs_arena { /* zeroed: empty */
    struct rs_arena_block *blocks;
    size_t taken; /* since the last reset, over all blocks */
};

/*
 * Room for `count` elements of `size` bytes, aligned to 64 bytes, with whatever was there before;
 * valid until the next reset. NULL: no memory.
 */
void *rs_arena_take(struct rs_arena *arena, size_t count, size_t size);
/* What was taken is free to be taken again. */
void rs_arena_reset(struct rs_arena *arena);
void rs_arena_release(struct rs_arena *arena);

#endif
