/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store_world.h"

#define STORE_ALL                                                                                  \
    "SELECT (SELECT group_concat(id || quote(data) || n || '/' || vmin || '/' || vmax || '/' || "  \
    "vsum) FROM chunk), (SELECT group_concat(id || '/' || first_at || '/' || last_at) FROM "       \
    "series)"

struct sides { /* the same in two stores: as it is, and packed */
    struct world *plain, *packed;
    struct rs_packer *packer;
};

static struct sides open_both(void **state)
{
    struct rs_error err = {RS_OK, ""};
    struct sides s = {*state, NULL, NULL};
    void *other = NULL;
    assert_int_equal(world_open(&other), 0);
    s.packed = other;
    check_ok(rs_packer_create(&s.packer, &err));
    return s;
}

static void close_both(struct sides *s)
{
    void *other = s->packed;
    rs_packer_free(s->packer);
    assert_int_equal(world_close(&other), 0);
}

static void put_both(struct sides *s, const struct rs_batch *batch)
{
    struct rs_error err = {RS_OK, ""};
    struct rs_put_tally tally = {0}, want = world_put(s->plain, batch);
    struct rs_parcel *packed = rs_packer_pack(s->packer, batch);
    assert_non_null(packed);
    assert_string_equal(rs_parcel_batch(packed)->resource, batch->resource);
    assert_int_equal(rs_parcel_batch(packed)->count, batch->count);
    assert_true(rs_parcel_bytes(packed) > 0);
    world_begin(s->packed);
    check_ok(rs_store_put_parcel(s->packed->store, packed, &tally, &err));
    world_commit(s->packed);
    rs_parcel_free(packed);
    assert_memory_equal(&tally, &want, sizeof(tally));
    assert_int_equal(rs_store_expects_new(s->packed->store), rs_store_expects_new(s->plain->store));
    char *all = world_sql(s->plain, STORE_ALL);
    world_expect(s->packed, STORE_ALL, all);
    free(all);
}

static void what_is_packed_makes_the_same_store(void **state)
{
    enum { MOST = 2000 };
    struct sides s = open_both(state);
    uint64_t random = 7;
    int64_t at[MOST];
    double values[MOST];
    for (int round = 0; round < 60; round++) {
        static const int64_t steps[] = {300, 60, 3600, 86400};
        size_t count = 1000 + check_random(&random) % 1000;
        int64_t step = steps[round % 4], from = T0 + (int64_t)(check_random(&random) % 5) * 40000;
        for (size_t i = 0; i < count; i++) { /* in order, newest first, in none */
            size_t k = round % 3 == 0   ? i
                       : round % 3 == 1 ? count - i
                                        : check_random(&random) % MOST;
            at[i] = from + (int64_t)k * step / (round % 5 == 0 ? 2 : 1) +
                    (int64_t)(check_random(&random) % 3);
            values[i] = (double)(check_random(&random) % 4000) / 100;
        }
        struct rs_batch batch = world_batch(round % 2 == 0 ? "i-a" : "i-b", at, values, count);
        batch.step = step;
        batch.region = round % 7 == 0 ? "eu-west-1" : NULL;
        if (step < 86400) {
            put_both(&s, &batch);
        }
    }
    close_both(&s);
}

static void a_batch_again_is_known_and_a_part_of_it_replaced(void **state)
{
    struct sides s = open_both(state);
    int64_t at[600];
    double values[600];
    for (int i = 0; i < 600; i++) {
        at[i] = T0 + 300 * i;
        values[i] = i % 7;
    }
    struct rs_batch batch = world_batch("i-a", at, values, 600);
    assert_true(rs_store_expects_new(s.packed->store));
    put_both(&s, &batch);
    assert_true(rs_store_expects_new(s.packed->store));
    put_both(&s, &batch);
    assert_false(rs_store_expects_new(s.packed->store));
    values[300] = 99;
    at[599] += 30 * DAY;
    put_both(&s, &batch);
    assert_true(rs_store_expects_new(s.packed->store));
    close_both(&s);
}

static void what_cannot_be_packed_or_would_grow_is_left(void **state)
{
    struct rs_error err = {RS_OK, ""};
    struct rs_packer *packer = NULL;
    int64_t at[64], bad_at[] = {T0, -1};
    double values[64], bad[] = {1, (double)NAN};
    (void)state;
    check_ok(rs_packer_create(&packer, &err));
    for (int i = 0; i < 64; i++) {
        at[i] = T0 + DAY * i;
        values[i] = 1;
    }
    struct rs_batch sparse = world_batch("i-a", at, values, 64);
    sparse.step = 1; /* a bitmap of 10 KiB for each of 64 samples */
    assert_null(rs_packer_pack(packer, &sparse));
    sparse.step = 7;
    assert_null(rs_packer_pack(packer, &sparse));
    struct rs_batch batch = world_batch("i-a", at, bad, 2);
    assert_null(rs_packer_pack(packer, &batch));
    batch = world_batch("i-a", bad_at, values, 2);
    assert_null(rs_packer_pack(packer, &batch));
    batch = world_batch("i-a", at, values, 0);
    assert_null(rs_packer_pack(packer, &batch));
    rs_packer_free(packer);
    rs_packer_free(NULL);
    rs_parcel_free(NULL);
}

static void packed_samples_need_a_transaction_and_a_sound_name(void **state)
{
    struct sides s = open_both(state);
    struct rs_error err = {RS_OK, ""};
    struct rs_put_tally tally = {0};
    int64_t at[300];
    double values[300];
    for (int i = 0; i < 300; i++) {
        at[i] = T0 + 300 * i;
        values[i] = i;
    }
    struct rs_batch batch = world_batch("", at, values, 300);
    struct rs_parcel *packed = rs_packer_pack(s.packer, &batch);
    assert_non_null(packed);
    check_fails(rs_store_put_parcel(s.packed->store, packed, &tally, &err), RS_EIO,
                "no transaction");
    world_begin(s.packed);
    check_fails(rs_store_put_parcel(s.packed->store, packed, &tally, &err), RS_EINPUT,
                "1 to 255 bytes");
    rs_store_rollback(s.packed->store);
    assert_int_equal(tally.fresh, 0);
    rs_parcel_free(packed);
    close_both(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        world_test(what_is_packed_makes_the_same_store),
        world_test(a_batch_again_is_known_and_a_part_of_it_replaced),
        cmocka_unit_test(what_cannot_be_packed_or_would_grow_is_left),
        world_test(packed_samples_need_a_transaction_and_a_sound_name),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
