/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/crew.h"

#include "../support/check.h"
#include "rightsize/buffer.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

#define SAMPLES 64

struct script { /* what one input brings */
    int batches, records;
    enum rs_status end; /* how reading it ends */
};

static const struct script scripts[] = {
    {500, 0, RS_OK}, {0, 0, RS_OK},     {20, 20, RS_OK}, {300, 2, RS_EINPUT},
    {1, 0, RS_OK},   {0, 3, RS_EINPUT}, {700, 0, RS_OK}, {90, 1, RS_OK},
};

struct run {
    size_t inputs;
    bool pack;
    int fail_at;     /* number of a call, from 1 */
    size_t end_at;   /* input whose end ends the work, from 1 */
    atomic_int busy; /* threads in a call for the store */
    atomic_int reading, most_reading;
    bool overlapped;
    struct rs_buffer text;
    int calls, finished, packed;
    atomic_int dropped;
};

static void name_of(size_t input, int batch, char out[static 32])
{
    snprintf(out, 32, "i-%zu-%d", input, batch);
}

static void make_batch(size_t input, int number, int64_t *at, double *values, char *name,
                       struct rs_batch *out)
{
    static const char *const regions[] = {"eu-west-1", NULL, "r"};
    name_of(input, number, name);
    for (int k = 0; k < SAMPLES; k++) {
        at[k] = 300 * (number + k);
        values[k] = number + k / 64.0;
    }
    *out = (struct rs_batch){.resource = name,
                             .provider = number % 2 == 0 ? "aws" : NULL,
                             .account = "",
                             .region = regions[number % 3],
                             .step = number % 5 == 4 ? 1 : 300, /* of 1 s it is not worth it */
                             .at = at,
                             .values = values,
                             .count = (size_t)(number % (SAMPLES + 1))};
}

static enum rs_status play(const struct script *script, size_t input, const struct rs_sink *sink,
                           struct rs_error *err)
{
    for (int i = 0; i < script->batches; i++) {
        char name[32];
        int64_t at[SAMPLES];
        double values[SAMPLES];
        struct rs_batch batch;
        make_batch(input, i, at, values, name, &batch);
        enum rs_status rc = sink->samples(sink->payload, &batch, err);
        if (rc != RS_OK) {
            return rc;
        }
        memset(name, 'x', sizeof(name) - 1); /* borrowed for the call only */
        memset(at, 1, sizeof(at));
    }
    for (int i = 0; i < script->records; i++) {
        struct rs_resource machine = {.id = "i-machine"};
        struct rs_attachment volume = {.volume = "vol-1"};
        enum rs_status rc = sink->resource(sink->payload, &machine, err);
        if (rc == RS_OK) {
            rc = sink->attachment(sink->payload, &volume, err);
        }
        if (rc != RS_OK) {
            return rc;
        }
        machine.id = volume.volume = NULL;
    }
    return script->end == RS_OK ? RS_OK : rs_fail(err, script->end, "line 7: odd");
}

static enum rs_status read_input(void *payload, size_t lane, size_t input,
                                 const struct rs_sink *sink, struct rs_error *err)
{
    struct run *run = payload;
    int now = atomic_fetch_add(&run->reading, 1) + 1;
    assert_true(lane < RS_CREW_MAX);
    if (now > atomic_load(&run->most_reading)) {
        atomic_store(&run->most_reading, now);
    }
    enum rs_status rc = play(&scripts[input % COUNT_OF(scripts)], input, sink, err);
    atomic_fetch_sub(&run->reading, 1);
    return rc;
}

static void enter(struct run *run)
{
    run->overlapped = run->overlapped || atomic_fetch_add(&run->busy, 1) != 0;
}

static enum rs_status leave(struct run *run, struct rs_error *err)
{
    run->calls++;
    bool fails = run->calls == run->fail_at;
    atomic_fetch_sub(&run->busy, 1);
    return fails ? rs_fail(err, RS_EIO, "disk full") : RS_OK;
}

static void write_head(struct run *run, const char *resource)
{
    rs_buffer_printf(&run->text, " %s", resource);
}

static enum rs_status see_samples(void *payload, size_t lane, const struct rs_batch *b,
                                  struct rs_error *err)
{
    struct run *run = payload;
    char name[32];
    int64_t at[SAMPLES];
    double values[SAMPLES];
    struct rs_batch want;
    size_t input = 0;
    int number = 0;
    (void)lane;
    enter(run);
    assert_int_equal(sscanf(b->resource, "i-%zu-%d", &input, &number), 2);
    make_batch(input, number, at, values, name, &want);
    assert_int_equal(b->count, want.count);
    assert_memory_equal(b->at, at, want.count * sizeof(at[0]));
    assert_memory_equal(b->values, values, want.count * sizeof(values[0]));
    assert_int_equal(b->provider == NULL, want.provider == NULL);
    assert_string_equal(b->account, "");
    assert_int_equal(b->region == NULL, want.region == NULL);
    assert_int_equal(b->step, want.step);
    write_head(run, b->resource);
    return leave(run, err);
}

static enum rs_status see_packed(void *payload, size_t lane, const struct rs_parcel *packed,
                                 struct rs_error *err)
{
    struct run *run = payload;
    (void)lane;
    enter(run);
    run->packed++;
    write_head(run, rs_parcel_batch(packed)->resource);
    return leave(run, err);
}

static enum rs_status see_resource(void *payload, size_t lane, const struct rs_resource *resource,
                                   struct rs_error *err)
{
    struct run *run = payload;
    (void)lane;
    enter(run);
    write_head(run, resource->id);
    return leave(run, err);
}

static enum rs_status see_attachment(void *payload, size_t lane,
                                     const struct rs_attachment *attachment, struct rs_error *err)
{
    struct run *run = payload;
    (void)lane;
    enter(run);
    write_head(run, attachment->volume);
    return leave(run, err);
}

static enum rs_status see_end(void *payload, size_t lane, size_t input, enum rs_status rc,
                              struct rs_error *err)
{
    struct run *run = payload;
    (void)lane;
    enter(run);
    rs_buffer_printf(&run->text, " [%zu: %d %s]\n", input, (int)rc, rc != RS_OK ? err->text : "");
    run->finished++;
    atomic_fetch_sub(&run->busy, 1);
    return input + 1 == run->end_at ? rs_fail(err, RS_ENOMEM, "enough") : RS_OK;
}

static void see_drop(void *payload, size_t lane, size_t input)
{
    struct run *run = payload;
    (void)lane;
    (void)input;
    atomic_fetch_add(&run->dropped, 1);
}

static bool wants_packed(void *payload)
{
    return ((const struct run *)payload)->pack;
}

static enum rs_status run_crew(struct run *run, size_t threads, size_t ahead, bool one_by_one,
                               struct rs_error *err)
{
    const struct rs_crew_work work = {.payload = run,
                                      .inputs = run->inputs,
                                      .threads = threads,
                                      .one_by_one = one_by_one,
                                      .ahead = ahead,
                                      .read = read_input,
                                      .samples = see_samples,
                                      .packed = see_packed,
                                      .resource = see_resource,
                                      .attachment = see_attachment,
                                      .wants_packed = wants_packed,
                                      .finish = see_end,
                                      .drop = see_drop};
    rs_buffer_init(&run->text);
    *err = (struct rs_error){RS_OK, ""};
    return rs_crew_run(&work, err);
}

/* As one thread does it, whatever the threads, what may wait, packed or not, and what fails. */
static void compare(size_t inputs, int fail_at, size_t end_at, bool one_by_one)
{
    static const size_t ahead[] = {1, 5000, 1 << 20};
    struct run alone = {.inputs = inputs, .fail_at = fail_at, .end_at = end_at};
    struct rs_error err, first;
    enum rs_status rc = run_crew(&alone, 1, 0, one_by_one, &first);
    assert_int_equal(alone.packed, 0);
    for (size_t i = 0; i < 24; i++) {
        struct run run = {
            .inputs = inputs, .pack = i % 2 == 1, .fail_at = fail_at, .end_at = end_at};
        assert_int_equal(run_crew(&run, 2 + i / 2 % 4, ahead[i / 8], one_by_one, &err), rc);
        assert_string_equal(err.text, first.text);
        assert_string_equal(run.text.data, alone.text.data);
        assert_int_equal(run.calls, alone.calls);
        assert_int_equal(run.finished, alone.finished);
        assert_false(run.overlapped);
        assert_true(one_by_one ? run.most_reading <= 1 : run.most_reading <= RS_CREW_MAX);
        assert_int_equal(run.reading, 0);
        assert_true(rc == RS_OK ? run.dropped == 0 : run.dropped < RS_CREW_MAX);
        rs_buffer_release(&run.text);
    }
    rs_buffer_release(&alone.text);
}

static void any_number_of_threads_stores_what_one_does_in_its_order(void **state)
{
    (void)state;
    static const size_t inputs[] = {0, 1, 2, 3, 8, 19};
    for (size_t i = 0; i < COUNT_OF(inputs); i++) {
        compare(inputs[i], 0, 0, false);
    }
}

static void inputs_that_share_something_are_read_one_by_one(void **state)
{
    (void)state;
    compare(8, 0, 0, true);
    compare(8, 540, 0, true);
}

static void a_failure_of_storing_ends_its_input_only(void **state)
{
    (void)state;
    static const int fail_at[] = {1, 2, 300, 500, 501, 530, 541, 842, 844, 900, 1500};
    for (size_t i = 0; i < COUNT_OF(fail_at); i++) {
        compare(8, fail_at[i], 0, false);
    }
    struct run run = {.inputs = 4, .fail_at = 843};
    struct rs_error err;
    check_ok(run_crew(&run, 2, 0, false, &err));
    assert_non_null(strstr(run.text.data, "disk full]")); /* not what was read after it */
    assert_null(strstr(run.text.data, "line 7"));
    rs_buffer_release(&run.text);
}

static void the_end_of_an_input_may_end_the_work(void **state)
{
    (void)state;
    for (size_t end_at = 1; end_at <= 8; end_at++) {
        compare(8, 0, end_at, false);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(any_number_of_threads_stores_what_one_does_in_its_order),
        cmocka_unit_test(inputs_that_share_something_are_read_one_by_one),
        cmocka_unit_test(a_failure_of_storing_ends_its_input_only),
        cmocka_unit_test(the_end_of_an_input_may_end_the_work),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
