/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the store knows of machines and what hangs on them, in whatever order it is told. */
#include "store_world.h"

/* All orders of the records below lead to the same store. */
static void inventory_does_not_depend_on_the_order_of_records(void **state)
{
    struct world *w = *state;
    struct rs_error err = {RS_OK, ""};
    static const struct rs_tag old_tags[] = {{"env", "test"}, {"team", "a"}};
    static const struct rs_tag new_tags[] = {{"env", "prod"}};
    struct rs_resource records[5] = {world_record("i-1", "m5.large", T0),
                                     world_record("i-1", "m5.large", T0 + DAY),
                                     world_record("i-1", "c5.large", T0 + 2 * DAY),
                                     world_record("i-1", "m5.large", T0 + 3 * DAY),
                                     world_record("i-1", "m5.xlarge", T0 + 3 * DAY)};
    records[0].name = "old";
    records[2].name = "new";
    records[0].tags = old_tags, records[0].tag_count = 2;
    records[1].tags = new_tags, records[1].tag_count = 1;
    records[1].ena = true;
    records[2].volumes = 3;
    records[3].launch_time = T0 - DAY;
    static const char resource_sql[] =
        "SELECT type, name, volumes, launch_time - 1700006400, network_interfaces, ena, "
        "first_observed_at - 1700006400, observed_at - 1700006400, known_at FROM resource";
    char *first = NULL;
    for (int order = 0; order < 120; order++) {
        int left[5] = {0, 1, 2, 3, 4}, rest = order;
        world_begin(w);
        for (int n = 5; n > 0; n--) {
            bool changed = false;
            int pick = rest % n;
            rest /= n;
            check_ok(rs_store_put_resource(w->store, &records[left[pick]], &changed, &err));
            assert_true(changed);
            memmove(&left[pick], &left[pick + 1], (size_t)(n - pick - 1) * sizeof(left[0]));
        }
        char *row = world_sql(w, resource_sql);
        first = first == NULL ? strdup(row) : first;
        assert_string_equal(row, first);
        free(row);
        world_expect(w, "SELECT key, value FROM tag", "env|prod\n");
        world_expect(w, "SELECT resource, (at - 1700006400) / 86400.0, type FROM type_changes",
                     "i-1|0|m5.large\ni-1|2|c5.large\ni-1|3|m5.large\ni-1|3|m5.xlarge\n");
        rs_store_rollback(w->store);
    }
    assert_int_equal(strncmp(first, "m5.xlarge|new|3|-86400|NULL|1|0|259200|", 39), 0);
    free(first);
}

static void an_unchanged_record_says_so(void **state)
{
    struct world *w = *state;
    static const struct rs_tag tags[] = {{"env", "test"}};
    struct rs_resource record = world_record("i-1", "m5.large", T0);
    record.name = "web";
    record.tags = tags, record.tag_count = 1;
    assert_true(world_put_resource(w, &record));
    assert_false(world_put_resource(w, &record));
    record.observed_at = T0 - 10;
    assert_true(world_put_resource(w, &record));
    record.observed_at = -1; /* unknown: older than everything */
    assert_false(world_put_resource(w, &record));
    record.zone = "eu-west-1a";
    record.name = "other";
    assert_true(world_put_resource(w, &record));
    assert_false(world_put_resource(w, &record));
    world_expect(w, "SELECT name, first_seen - 1700006400, last_seen - 1700006400 FROM resources",
                 "web|-10|0\n");
}

static void a_type_seen_between_two_equal_ones_is_a_change_and_back(void **state)
{
    struct world *w = *state;
    struct rs_resource records[] = {world_record("i-1", "a", T0 + 10),
                                    world_record("i-1", "a", T0 + 90),
                                    world_record("i-1", "b", T0 + 50)};
    for (size_t i = 0; i < COUNT_OF(records); i++) {
        world_put_resource(w, &records[i]);
    }
    world_expect(w, "SELECT at - 1700006400, type FROM type_changes", "10|a\n50|b\n90|a\n");
}

static void attachments_are_merged_and_unknown_starts_give_way(void **state)
{
    struct world *w = *state;
    struct rs_error err = {RS_OK, ""};
    static const struct {
        struct rs_attachment attachment;
        bool changed;
        const char *rows;
    } rows[] = {
        {{"vol-1", "i-1", "/dev/sda", -1, T0}, true, "vol-1|i-1|/dev/sda|NULL\n"},
        {{"vol-1", "i-1", "/dev/sda", -1, T0}, false, "vol-1|i-1|/dev/sda|NULL\n"},
        {{"vol-1", "i-1", "/dev/sda", 500, T0}, true, "vol-1|i-1|/dev/sda|500\n"},
        {{"vol-1", "i-1", NULL, -1, T0 + 5}, false, "vol-1|i-1|/dev/sda|500\n"},
        {{"vol-1", "i-1", NULL, 500, T0 + 5}, true, "vol-1|i-1|/dev/sda|500\n"},
        {{"vol-1", "i-1", NULL, 500, T0}, false, "vol-1|i-1|/dev/sda|500\n"},
        {{"vol-1", "i-2", NULL, 900, T0}, true, "vol-1|i-1|/dev/sda|500\nvol-1|i-2|NULL|900\n"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        bool changed = !rows[i].changed;
        world_begin(w);
        check_ok(rs_store_put_attachment(w->store, &rows[i].attachment, &changed, &err));
        world_commit(w);
        assert_int_equal(changed, rows[i].changed);
        world_expect(w, "SELECT * FROM volumes ORDER BY instance", rows[i].rows);
    }
    struct rs_attachment crossed = {"i-1", "vol-1", NULL, -1, T0};
    bool changed = true;
    world_begin(w);
    check_fails(rs_store_put_attachment(w->store, &crossed, &changed, &err), RS_EINPUT,
                "'vol-1' is a volume in the store");
    rs_store_rollback(w->store);
    world_expect(w, "SELECT count(*) FROM resources", "2\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        world_test(inventory_does_not_depend_on_the_order_of_records),
        world_test(an_unchanged_record_says_so),
        world_test(a_type_seen_between_two_equal_ones_is_a_change_and_back),
        world_test(attachments_are_merged_and_unknown_starts_give_way),
    };
    return cmocka_run_group_tests_name("store_inventory", tests, NULL, NULL);
}
