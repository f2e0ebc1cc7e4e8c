/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "stats/select.h"

#include "stats/order.h"
#include "stats/select_top.h"

#include <math.h>
#include <stdbool.h>
#include <string.h>

/* FEW: sorted by insertion. SOME: a table of 128 buckets costs less than it saves. */
enum { FEW = 32, SOME = 512, SMALL_TABLE = 128, OCTAVES = 32, DEEPEST = 2, PART = 16383 };

struct task {
    const double *values;
    size_t slots;
    struct rs_extent extent;
    size_t before; /* values of the whole that are lower than these */
    const size_t *ranks;
    size_t rank_count;
    double *into, *spare; /* `slots` each; `spare` may hold the values themselves */
    int depth;
};

struct bucket {
    size_t label, before, count;
    size_t first_rank, rank_count;
    size_t begin, end; /* its values in task.into */
};

struct buckets {
    struct bucket list[RS_RANKS_MOST];
    size_t count;
};

static uint64_t bits_of(double value)
{
    uint64_t bits = 0;
    memcpy(&bits, &value, sizeof(bits));
    return bits;
}

static double at_least(double value, double least)
{
    return value > least ? value : least;
}

static size_t choose_scale(const struct rs_extent *extent, struct rs_scale *s)
{
    size_t buckets = extent->count < SOME ? SMALL_TABLE : RS_BUCKETS;
    s->offset = extent->min < 0.0 ? extent->min : 0.0;
    uint64_t low = bits_of(extent->min - s->offset), high = bits_of(extent->max - s->offset);
    uint64_t reach = (uint64_t)OCTAVES << 52;
    low = high > reach && high - reach > low ? high - reach : low;
    memcpy(&s->base, &low, sizeof(s->base));
    s->shift = 0;
    while ((high - low) >> s->shift >= buckets - 1) {
        s->shift++;
    }
    s->origin = low - (((uint64_t)1 << s->shift) - 1);
    return buckets;
}

static size_t label_of(double value, const struct rs_scale *s)
{
    return (size_t)((bits_of(at_least(value - s->offset, s->base)) - s->origin) >> s->shift);
}

static void count_labels(const struct rs_kernel *kernel, struct rs_tables *t, const uint64_t *words,
                         size_t count, size_t buckets)
{
    memset(t->totals, 0, buckets * sizeof(t->totals[0]));
    for (size_t from = 0; from < count; from += PART) { /* else 16 bits overflow */
        size_t to = count - from > PART ? from + PART : count;
        for (int l = 0; l < RS_LABELS; l++) {
            memset(t->counts[l], 0, buckets * sizeof(t->counts[l][0]));
        }
        for (size_t i = from; i < to; i++) {
            t->counts[0][words[i] & 0xffff]++;
            t->counts[1][words[i] >> 16 & 0xffff]++;
            t->counts[2][words[i] >> 32 & 0xffff]++;
            t->counts[3][words[i] >> 48]++;
        }
        kernel->merge(t->counts[0], RS_BUCKETS, buckets, t->totals);
    }
}

static void want_bucket(struct rs_tables *t, struct buckets *b, size_t label, size_t before)
{
    struct bucket *last = b->count > 0 ? &b->list[b->count - 1] : NULL;
    size_t begin = last != NULL ? last->begin + last->count : 0;
    b->list[b->count++] = (struct bucket){
        .label = label, .before = before, .count = t->totals[label], .begin = begin, .end = begin};
    t->wanted[label] = (uint8_t)b->count;
}

/* The bucket of a rank, from the bucket reached before; eight that lie before it are one step. */
static void walk(const uint32_t *totals, size_t rank, size_t *label, size_t *before)
{
    enum { STRIDE = 8 };
    for (;;) {
        const uint32_t *of = totals + *label;
        size_t sum = of[0], step = 1;
        if (*label % STRIDE == 0) {
            size_t eight = sum + of[1] + of[2] + of[3] + of[4] + of[5] + of[6] + of[7];
            bool over = rank >= *before + eight;
            sum = over ? eight : sum;
            step = over ? STRIDE : 1;
        }
        if (rank < *before + sum) {
            return;
        }
        *before += sum;
        *label += step;
    }
}

static void find_buckets(const struct task *task, struct rs_tables *t, struct buckets *b)
{
    size_t label = 0, before = task->before;
    for (size_t r = 0; r < task->rank_count; r++) {
        size_t rank = task->ranks[r];
        struct bucket *last = b->count > 0 ? &b->list[b->count - 1] : NULL;
        if (last == NULL || rank >= last->before + last->count) {
            walk(t->totals, rank, &label, &before);
            want_bucket(t, b, label, before);
            last = &b->list[b->count - 1];
            last->first_rank = r;
        }
        last->rank_count++;
    }
}

/* No branch on a sample: each index is written, and kept when its bucket is wanted. */
static size_t gather(const uint64_t *words, size_t count, size_t lanes, const uint8_t *wanted,
                     uint32_t *where)
{
    size_t kept = 0;
    for (size_t block = 0; block < count; block += lanes) {
        uint32_t step = (uint32_t)lanes, at = (uint32_t)(block * RS_LABELS);
        for (size_t j = block; j < block + lanes; j++, at++) {
            uint64_t w = words[j];
            where[kept] = at;
            kept += wanted[w & 0xffff] != 0;
            where[kept] = at + step;
            kept += wanted[w >> 16 & 0xffff] != 0;
            where[kept] = at + 2 * step;
            kept += wanted[w >> 32 & 0xffff] != 0;
            where[kept] = at + 3 * step;
            kept += wanted[w >> 48] != 0;
        }
    }
    return kept;
}

static void part(const struct task *task, const struct rs_room *room, size_t kept,
                 const struct rs_scale *scale, struct buckets *b)
{
    for (size_t i = 0; i < kept; i++) {
        size_t at = room->where[i];
        if (at < task->slots && !isnan(task->values[at])) {
            double value = task->values[at];
            size_t number = room->tables->wanted[label_of(value, scale)];
            task->into[b->list[number - 1].end++] = value;
        }
    }
}

static void take_ranks(const struct task *task, const struct rs_room *room, const double *sorted)
{
    for (size_t r = 0; r < task->rank_count; r++) {
        room->sorted[task->ranks[r]] = sorted[task->ranks[r] - task->before];
    }
}

static size_t copy_present(const struct task *task)
{
    size_t count = 0;
    for (size_t i = 0; i < task->slots; i++) {
        if (!isnan(task->values[i])) {
            task->into[count++] = task->values[i];
        }
    }
    return count;
}

static bool precedes(double a, double b)
{
    return a < b || (a == b && signbit(a) && !signbit(b));
}

static void sort_few(double *values, size_t count)
{
    for (size_t i = 1; i < count; i++) {
        double value = values[i];
        size_t j = i;
        for (; j > 0 && precedes(value, values[j - 1]); j--) {
            values[j] = values[j - 1];
        }
        values[j] = value;
    }
}

static void take_flat(const struct task *task, const struct rs_room *room)
{
    size_t negative = 0; /* zeros */
    for (size_t i = 0; task->extent.min == 0.0 && i < task->slots; i++) {
        negative += !isnan(task->values[i]) && signbit(task->values[i]) ? 1 : 0;
    }
    for (size_t r = 0; r < task->rank_count; r++) {
        size_t rank = task->ranks[r];
        room->sorted[rank] = rank - task->before < negative ? -0.0 : task->extent.min;
    }
}

static void solve(const struct rs_kernel *kernel, const struct rs_room *room,
                  const struct task *task);

static void solve_bucket(const struct rs_kernel *kernel, const struct rs_room *room,
                         const struct task *task, const struct bucket *bucket)
{
    struct task inner = {.values = task->into + bucket->begin,
                         .slots = bucket->count,
                         .before = bucket->before,
                         .ranks = task->ranks + bucket->first_rank,
                         .rank_count = bucket->rank_count,
                         .into = task->spare + bucket->begin,
                         .spare = task->into + bucket->begin,
                         .depth = task->depth + 1};
    if (bucket->count <= FEW) {
        sort_few(inner.spare, bucket->count);
        take_ranks(&inner, room, inner.spare);
        return;
    }
    kernel->extent(inner.values, inner.slots, &inner.extent);
    solve(kernel, room, &inner);
}

static void divide(const struct rs_kernel *kernel, const struct rs_room *room,
                   const struct task *task)
{
    struct rs_tables *t = room->tables;
    struct buckets b = {.count = 0};
    struct rs_scale scale;
    size_t buckets = choose_scale(&task->extent, &scale);
    size_t words = kernel->label(task->values, task->slots, &scale, room->words);
    count_labels(kernel, t, room->words, words, buckets);
    t->totals[0] -= (uint32_t)(words * RS_LABELS - task->extent.count); /* gaps and padding */
    memset(t->wanted, 0, buckets);
    find_buckets(task, t, &b);
    size_t kept = gather(room->words, words, kernel->lanes, t->wanted, room->where);
    part(task, room, kept, &scale, &b);
    for (size_t i = 0; i < b.count; i++) { /* the tables are free again */
        solve_bucket(kernel, room, task, &b.list[i]);
    }
}

static void solve(const struct rs_kernel *kernel, const struct rs_room *room,
                  const struct task *task)
{
    if (task->extent.min == task->extent.max) {
        take_flat(task, room);
    } else if (task->extent.count <= FEW) {
        sort_few(task->into, copy_present(task));
        take_ranks(task, room, task->into);
    } else if (task->depth > DEEPEST) {
        size_t count = copy_present(task);
        rs_order_ascending(task->into, task->spare, count);
        take_ranks(task, room, task->into);
    } else {
        divide(kernel, room, task);
    }
}

/* Only the values that reach a bound are wanted: they are a task of their own. */
static struct task narrow(const struct task *task, const struct rs_kernel *kernel,
                          const struct rs_room *room, size_t count)
{
    struct task inner = *task;
    for (size_t i = 0; i < count; i++) {
        room->left[i] = task->values[room->where[i]];
    }
    inner.values = room->left;
    inner.slots = count;
    inner.before = task->extent.count - count;
    inner.into = room->right;
    inner.spare = room->left;
    kernel->extent(inner.values, inner.slots, &inner.extent);
    return inner;
}

struct rs_reached rs_select(const struct rs_kernel *kernel, const struct rs_room *room,
                            const double *values, size_t slots, const struct rs_extent *extent,
                            const size_t *ranks, size_t rank_count)
{
    struct task task = {.values = values,
                        .slots = slots,
                        .extent = *extent,
                        .ranks = ranks,
                        .rank_count = rank_count,
                        .into = room->left,
                        .spare = room->right};
    struct rs_reached top = rs_top_reach(kernel, room, values, slots, extent, ranks[0]);
    if (rs_top_rank(kernel, room, values, extent, &top, ranks, rank_count)) {
        return top;
    }
    if (top.count > 0 && top.count < slots / 2) {
        task = narrow(&task, kernel, room, top.count);
    }
    solve(kernel, room, &task);
    return (struct rs_reached){INFINITY, 0};
}
