/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * kernel_lanes.h - the loops of kernel.h for one vector width; kernel.c includes it for each.
 *
 * Wants LANES, TARGET (an attribute or nothing), NAME(x), LOWER(a, b) and HIGHER(a, b), which give
 * b where a is NaN, REACHED(a, b), the bits of a >= b, COUNTED(n, a), n and one more in
 * each lane where a is no gap, and APART(p, by), p[0], p[by], p[2 * by] ...
 * Only additions here: a compiler may fuse a product with a sum, and bytes would then hang on the
 * CPU.
 */
typedef double NAME(reals) __attribute__((vector_size(LANES * 8)));
typedef uint64_t NAME(words) __attribute__((vector_size(LANES * 8)));
typedef int64_t NAME(masks) __attribute__((vector_size(LANES * 8)));

INLINE TARGET NAME(reals) NAME(load)(const double *from)
{
    NAME(reals) v;
    memcpy(&v, from, sizeof(v));
    return v;
}

INLINE TARGET NAME(reals) NAME(all)(double value)
{
    return value - (NAME(reals)){0}; /* not 0 + value, which costs an addition and -0.0 its sign */
}

/* Of lanes without a gap; by halves, for in a row each comparison waits for the one before. */
INLINE TARGET double NAME(highest_lane)(NAME(reals) v)
{
    double lanes[LANES];
    memcpy(lanes, &v, sizeof(v));
#pragma GCC unroll 3
    for (int half = LANES / 2; half > 0; half /= 2) {
#pragma GCC unroll 4
        for (int j = 0; j < half; j++) {
            lanes[j] = lanes[j] > lanes[j + half] ? lanes[j] : lanes[j + half];
        }
    }
    return lanes[0];
}

TARGET static void NAME(extent)(const double *values, size_t count, struct rs_extent *out)
{
    NAME(reals) low = NAME(all)(INFINITY), high = -low, low2 = low, high2 = high;
    NAME(masks) here = {0}, here2 = {0};
    size_t i = 0;
    for (; i + 2 * LANES <= count; i += 2 * LANES) {
        NAME(reals) a = NAME(load)(values + i), b = NAME(load)(values + i + LANES);
        low = LOWER(a, low);
        high = HIGHER(a, high);
        low2 = LOWER(b, low2);
        high2 = HIGHER(b, high2);
        here = COUNTED(here, a);
        here2 = COUNTED(here2, b);
    }
    low = LOWER(low2, low);
    high = HIGHER(high2, high);
    *out = (struct rs_extent){-NAME(highest_lane)(-low), NAME(highest_lane)(high), 0};
    for (int j = 0; j < LANES; j++) {
        out->count += (size_t)(here[j] + here2[j]);
    }
    for (; i < count; i++) {
        out->min = values[i] < out->min ? values[i] : out->min;
        out->max = values[i] > out->max ? values[i] : out->max;
        out->count += values[i] == values[i] ? 1 : 0;
    }
    out->min += 0.0; /* which of two zeros was seen first must not show */
    out->max += 0.0;
}

TARGET static double NAME(highest)(const double *values, size_t count)
{
    NAME(reals) a = NAME(all)(-INFINITY), b = a, c = a, d = a;
    size_t i = 0;
    for (; i + 4 * LANES <= count; i += 4 * LANES) {
        a = HIGHER(NAME(load)(values + i), a);
        b = HIGHER(NAME(load)(values + i + LANES), b);
        c = HIGHER(NAME(load)(values + i + 2 * LANES), c);
        d = HIGHER(NAME(load)(values + i + 3 * LANES), d);
    }
    double most = NAME(highest_lane)(HIGHER(HIGHER(a, b), HIGHER(c, d)));
    for (; i < count; i++) {
        most = values[i] > most ? values[i] : most;
    }
    return most + 0.0;
}

INLINE TARGET NAME(words) NAME(label_of)(const double *from, const struct rs_scale *s)
{
    NAME(reals) v = NAME(load)(from) - s->offset;
    v = HIGHER(v, NAME(all)(s->base));
    return ((NAME(words))v - s->origin) >> s->shift;
}

INLINE TARGET void NAME(label_block)(const double *from, const struct rs_scale *s, uint64_t *to)
{
    NAME(words) w = NAME(label_of)(from, s);
    w |= NAME(label_of)(from + LANES, s) << 16;
    w |= NAME(label_of)(from + 2 * LANES, s) << 32;
    w |= NAME(label_of)(from + 3 * LANES, s) << 48;
    memcpy(to, &w, sizeof(w));
}

TARGET static size_t NAME(label)(const double *values, size_t count, const struct rs_scale *scale,
                                 uint64_t *words)
{
    enum { BLOCK = RS_LABELS * LANES };
    const struct rs_scale s = *scale; /* words could overwrite it, for all the compiler knows */
    uint64_t *to = words;
    size_t i = 0;
    for (; i + BLOCK <= count; i += BLOCK, to += LANES) {
        NAME(label_block)(values + i, &s, to);
    }
    if (i < count) {
        double rest[BLOCK];
        for (size_t j = 0; j < BLOCK; j++) {
            rest[j] = i + j < count ? values[i + j] : (double)NAN;
        }
        NAME(label_block)(rest, &s, to);
        to += LANES;
    }
    return (size_t)(to - words);
}

/* totals[b] += the sum of the four counters of bucket b, which is below 65,536. */
TARGET static void NAME(merge)(const uint16_t *counts, size_t stride, size_t buckets,
                               uint32_t *totals)
{
    typedef uint16_t narrow __attribute__((vector_size(LANES * 4)));
    typedef uint32_t wide __attribute__((vector_size(LANES * 8)));
    for (size_t b = 0; b < buckets; b += (size_t)2 * LANES) {
        narrow part, sum = {0};
        wide total;
        for (size_t t = 0; t < RS_LABELS; t++) {
            memcpy(&part, counts + t * stride + b, sizeof(part));
            sum += part;
        }
        memcpy(&total, totals + b, sizeof(total));
        total += __builtin_convertvector(sum, wide);
        memcpy(totals + b, &total, sizeof(total));
    }
}

/*
 * Adds the bits of `v` rounded by `step`, not its value, to *sum: that waits for no addition of
 * doubles, of which the rounding needs enough. Returns what is left.
 */
INLINE TARGET NAME(reals) NAME(split)(NAME(reals) v, NAME(reals) step, NAME(words) * sum)
{
    NAME(reals) rounded = v + step;
    *sum += (NAME(words))rounded;
    return v - (rounded - step);
}

INLINE TARGET NAME(reals) NAME(no_gaps)(NAME(reals) v)
{
    return (NAME(reals))((NAME(masks))v & (v == v));
}

TARGET static size_t NAME(fold)(const double *values, size_t count, const double steps[RS_FOLDS],
                                int folds, uint64_t sums[RS_FOLDS])
{
    NAME(reals) first = NAME(all)(steps[0]), second = NAME(all)(steps[1]);
    NAME(reals) third = NAME(all)(steps[2]);
    NAME(words) s[RS_FOLDS] = {{0}};
    size_t i = 0;
    for (; folds == 2 && i + LANES <= count; i += LANES) {
        NAME(reals) v = NAME(no_gaps)(NAME(load)(values + i));
        (void)NAME(split)(NAME(split)(v, first, &s[0]), second, &s[1]);
    }
    for (; i < count; i += LANES) {
        double some[LANES] = {0};
        memcpy(some, values + i, (count - i < LANES ? count - i : LANES) * sizeof(some[0]));
        NAME(reals) v = NAME(no_gaps)(NAME(load)(some));
        v = NAME(split)(NAME(split)(v, first, &s[0]), second, &s[1]);
        (void)NAME(split)(v, third, &s[2]);
    }
    for (int f = 0; f < RS_FOLDS; f++) {
        for (int j = 0; j < LANES; j++) {
            sums[f] += s[f][j];
        }
    }
    return i;
}

TARGET static void NAME(columns)(const double *values, size_t count, double maxima[RS_COLUMNS])
{
    enum { VECTORS = RS_COLUMNS / LANES };
    NAME(reals) most[VECTORS];
    size_t i = 0;
    for (int j = 0; j < VECTORS; j++) {
        most[j] = NAME(all)(-INFINITY);
    }
    for (; i + RS_COLUMNS <= count; i += RS_COLUMNS) {
#pragma GCC unroll 32 /* else the vectors lie in memory */
        for (int j = 0; j < VECTORS; j++) {
            most[j] = HIGHER(NAME(load)(values + i + j * LANES), most[j]);
        }
    }
    memcpy(maxima, most, sizeof(most));
    for (int j = 0; i < count; i++, j++) {
        maxima[j] = values[i] > maxima[j] ? values[i] : maxima[j];
    }
}

/* A quarter of the maxima are weighed against all: more would cost more than a closer bound saves.
 */
TARGET static double NAME(bound)(const double maxima[RS_COLUMNS], size_t wanted)
{
    double best = -INFINITY;
    for (size_t p = 0; p < RS_COLUMNS / 4; p += LANES) {
        NAME(reals) weighed = NAME(load)(maxima + p);
        NAME(masks) even = {0}, odd = {0};
        for (size_t i = 0; i < RS_COLUMNS; i += 2) {
            even -= NAME(all)(maxima[i]) >= weighed;
            odd -= NAME(all)(maxima[i + 1]) >= weighed;
        }
        for (int j = 0; j < LANES; j++) {
            bool enough = (size_t)(even[j] + odd[j]) >= wanted;
            best = enough && weighed[j] > best ? weighed[j] : best;
        }
    }
    return best;
}

TARGET static size_t NAME(reach)(const double *values, size_t count, double least, uint32_t *where)
{
    enum { BLOCK = 64 };
    NAME(reals) bound = NAME(all)(least);
    size_t found = 0, i = 0;
    for (; i + BLOCK <= count; i += BLOCK) {
        uint64_t hits = 0;
#pragma GCC unroll 32 /* else the vectors lie in memory */
        for (int j = 0; j < BLOCK; j += LANES) {
            hits |= (uint64_t)REACHED(NAME(load)(values + i + j), bound) << j;
        }
        for (; hits != 0; hits &= hits - 1) {
            where[found++] = (uint32_t)i + (uint32_t)__builtin_ctzll(hits);
        }
    }
    for (; i < count; i++) {
        where[found] = (uint32_t)i;
        found += values[i] >= least ? 1 : 0;
    }
    return found;
}

/* Each is compared with each, which for some dozens is sooner done than sorting with branches. */
TARGET static void NAME(order)(double *values, size_t count, double *out)
{
    size_t padded = (count + LANES - 1) / LANES * LANES;
    for (size_t i = count; i < padded; i++) {
        values[i] = INFINITY;
    }
    for (size_t i = 0; i < padded; i += LANES) {
        NAME(reals) v = NAME(load)(values + i);
        NAME(masks) lower = {0};
        for (size_t j = 0; j < count; j++) {
            lower -= NAME(all)(values[j]) < v;
        }
        for (int j = 0; j < LANES; j++) {
            out[lower[j]] = v[j];
        }
    }
}

/* A lane a run, so that each is summed in its order. */
TARGET static bool NAME(some_runs)(const double *values, size_t length, double *mean, double *max)
{
    NAME(reals) one = NAME(all)(1.0), sum = {0}, n = {0}, top = NAME(all)(-INFINITY);
    for (const double *end = values + length; values < end; values++) {
        NAME(reals) v = {APART(values, length)};
        NAME(masks) here = v == v;
        sum += (NAME(reals))((NAME(masks))v & here);
        n += (NAME(reals))((NAME(masks))one & here);
        top = HIGHER(v, top);
    }
    sum /= n;
    NAME(masks) odd = (sum - sum != 0.0) & (n != 0.0);
    top = (NAME(reals))((NAME(masks))top | (n == 0.0));
    memcpy(mean, &sum, sizeof(sum));
    memcpy(max, &top, sizeof(top));
    int64_t any = 0;
    for (int j = 0; j < LANES; j++) {
        any |= odd[j];
    }
    return any == 0;
}

TARGET static bool NAME(runs)(const double *values, size_t count, size_t length, double *mean,
                              double *max)
{
    bool finite = true;
    size_t i = 0;
    for (; i + LANES <= count; i += LANES) {
        finite = NAME(some_runs)(values + i * length, length, mean + i, max + i) && finite;
    }
    for (; i < count; i++) {
        double sum = 0.0, n = 0.0, top = -INFINITY;
        for (size_t j = i * length; j < (i + 1) * length; j++) {
            double v = values[j];
            sum += v == v ? v : 0.0;
            n += v == v ? 1.0 : 0.0;
            top = v > top ? v : top;
        }
        mean[i] = sum / n;
        max[i] = n > 0.0 ? top : (double)NAN;
        finite = finite && (n == 0.0 || isfinite(sum));
    }
    return finite;
}

TARGET static size_t NAME(find)(const double *values, size_t count, double least)
{
    enum { BLOCK = 8 * LANES };
    size_t i = 0;
    for (; i + BLOCK <= count; i += BLOCK) {
        NAME(masks) reached = {0};
        for (size_t j = 0; j < BLOCK; j += LANES) {
            reached |= NAME(load)(values + i + j) >= least;
        }
        int64_t any = 0;
        for (int j = 0; j < LANES; j++) {
            any |= reached[j];
        }
        if (any != 0) {
            break;
        }
    }
    while (i < count && !(values[i] >= least)) {
        i++;
    }
    return i;
}

/* One past the last value. */
TARGET static size_t NAME(end)(const double *values, size_t count)
{
    enum { BLOCK = 4 * LANES };
    for (; count >= BLOCK; count -= BLOCK) {
        NAME(masks) here = {0};
        for (size_t j = 0; j < BLOCK; j += LANES) {
            here = COUNTED(here, NAME(load)(values + count - BLOCK + j));
        }
        int64_t any = 0;
        for (int j = 0; j < LANES; j++) {
            any |= here[j];
        }
        if (any != 0) {
            break;
        }
    }
    while (count > 0 && values[count - 1] != values[count - 1]) {
        count--;
    }
    return count;
}

TARGET static size_t NAME(above)(const double *values, size_t count, double limit)
{
    NAME(masks) hits = {0};
    size_t i = 0, above = 0;
    for (; i + LANES <= count; i += LANES) {
        hits -= NAME(load)(values + i) > limit;
    }
    for (int j = 0; j < LANES; j++) {
        above += (size_t)hits[j];
    }
    for (; i < count; i++) {
        above += values[i] > limit ? 1 : 0;
    }
    return above;
}

TARGET static void NAME(scaled)(const double *values, size_t count, double factor, double *out)
{
    size_t i = 0;
    for (; i + LANES <= count; i += LANES) {
        NAME(reals) v = NAME(load)(values + i) * factor;
        memcpy(out + i, &v, sizeof(v));
    }
    for (; i < count; i++) {
        out[i] = values[i] * factor;
    }
}

TARGET static void NAME(sums)(const double *a, const double *b, size_t count, double *out)
{
    size_t i = 0;
    for (; i + LANES <= count; i += LANES) {
        NAME(reals) x = NAME(load)(a + i), y = NAME(load)(b + i), sum = x + y;
        NAME(masks) there = x == x, both = sum == sum;
        NAME(masks) one = ((NAME(masks))x & there) | ((NAME(masks))y & ~there);
        NAME(masks) v = ((NAME(masks))sum & both) | (one & ~both);
        memcpy(out + i, &v, sizeof(v));
    }
    for (; i < count; i++) {
        double sum = a[i] + b[i], one = a[i] == a[i] ? a[i] : b[i];
        out[i] = sum == sum ? sum : one;
    }
}

static const struct rs_kernel NAME(kernel) = {
    .name = VARIANT,
    .lanes = LANES,
    .extent = NAME(extent),
    .highest = NAME(highest),
    .label = NAME(label),
    .merge = NAME(merge),
    .fold = NAME(fold),
    .columns = NAME(columns),
    .bound = NAME(bound),
    .reach = NAME(reach),
    .order = NAME(order),
    .runs = NAME(runs),
    .find = NAME(find),
    .end = NAME(end),
    .above = NAME(above),
    .scaled = NAME(scaled),
    .sums = NAME(sums),
};

#undef LANES
#undef TARGET
#undef NAME
#undef LOWER
#undef HIGHER
#undef REACHED
#undef COUNTED
#undef APART
#undef VARIANT
