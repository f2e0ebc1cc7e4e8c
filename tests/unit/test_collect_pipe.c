/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/collect_pipe.h"

#include "../support/check.h"
#include "rightsize/buffer.h"

#include <pthread.h>
#include <stdlib.h>

struct script { /* what the source does, by the request's `now` */
    int batches, records;
    enum rs_status end; /* how it ends */
};

struct seen { /* what the sink was given */
    struct rs_buffer text;
    int calls, fail_at, notices;
    pthread_t thread;
    bool strange; /* called by another thread */
};

static const struct script scripts[] = {
    {0, 0, RS_OK}, {1, 0, RS_OK},     {500, 0, RS_OK},     {500, 20, RS_OK},
    {0, 3, RS_OK}, {0, 0, RS_EINPUT}, {300, 2, RS_EINPUT},
};

static enum rs_status play(const struct rs_source_request *request, struct rs_input *input,
                           const struct rs_sink *sink, struct rs_tally *tally, struct rs_error *err)
{
    const struct script *script = &scripts[request->now];
    static const char *const regions[] = {"eu-west-1", NULL, "r"};
    (void)input;
    for (int i = 0; i < script->batches; i++) {
        char name[16];
        int64_t at[64];
        double values[64];
        snprintf(name, sizeof(name), "i-%d", i);
        for (int k = 0; k < 64; k++) {
            at[k] = 300 * (i + k);
            values[k] = i + k / 64.0;
        }
        struct rs_batch batch = {.resource = name,
                                 .provider = i % 2 == 0 ? "aws" : NULL,
                                 .account = "",
                                 .region = regions[i % 3],
                                 .step = 300,
                                 .at = at,
                                 .values = values,
                                 .count = (size_t)(i % 65)};
        enum rs_status rc = sink->samples(sink->payload, &batch, err);
        if (rc != RS_OK) {
            return rc;
        }
        memset(name, 'x', sizeof(name) - 1); /* borrowed for the call only */
        tally->samples += i % 65;
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

static const struct rs_source player = {"player", "a script", NULL, play, false};

static enum rs_status next_call(struct seen *seen, struct rs_error *err)
{
    seen->strange = seen->strange || !pthread_equal(seen->thread, pthread_self());
    seen->calls++;
    return seen->calls == seen->fail_at ? rs_fail(err, RS_EIO, "disk full") : RS_OK;
}

static enum rs_status see_samples(void *payload, const struct rs_batch *b, struct rs_error *err)
{
    struct seen *seen = payload;
    rs_buffer_printf(&seen->text, "%s %s %s %s %d:", b->resource,
                     b->provider != NULL ? b->provider : "-", b->account,
                     b->region != NULL ? b->region : "-", (int)b->step);
    for (size_t i = 0; i < b->count; i++) {
        rs_buffer_printf(&seen->text, " %d=%g", (int)b->at[i], b->values[i]);
    }
    return next_call(seen, err);
}

static enum rs_status see_resource(void *payload, const struct rs_resource *resource,
                                   struct rs_error *err)
{
    struct seen *seen = payload;
    rs_buffer_text(&seen->text, resource->id);
    return next_call(seen, err);
}

static enum rs_status see_attachment(void *payload, const struct rs_attachment *attachment,
                                     struct rs_error *err)
{
    struct seen *seen = payload;
    rs_buffer_text(&seen->text, attachment->volume);
    return next_call(seen, err);
}

static void notice(void *payload)
{
    struct seen *seen = payload;
    seen->notices++;
}

static enum rs_status run(size_t script, bool threaded, int fail_at, struct seen *seen,
                          struct rs_tally *tally, struct rs_error *err)
{
    struct rs_pipe pipe = {.sink = {see_samples, see_resource, see_attachment, seen},
                           .threaded = threaded,
                           .notice = notice};
    struct rs_source_request request = {.now = (int64_t)script};
    memset(seen, 0, sizeof(*seen));
    memset(tally, 0, sizeof(*tally));
    *err = (struct rs_error){RS_OK, ""};
    rs_buffer_init(&seen->text);
    seen->fail_at = fail_at;
    seen->thread = pthread_self();
    return rs_pipe_read(&pipe, &player, &request, NULL, tally, err);
}

static void two_threads_do_what_one_does(void **state)
{
    (void)state;
    static const int fail_at[] = {0, 1, 2, 299, 300, 301, 302, 500, 510};
    for (size_t s = 0; s < COUNT_OF(scripts); s++) {
        for (size_t f = 0; f < COUNT_OF(fail_at); f++) {
            struct seen one, two;
            struct rs_tally first, second;
            struct rs_error err_one, err_two;
            enum rs_status rc_one = run(s, false, fail_at[f], &one, &first, &err_one);
            enum rs_status rc_two = run(s, true, fail_at[f], &two, &second, &err_two);
            assert_int_equal(rc_one, rc_two);
            assert_string_equal(err_one.text, err_two.text);
            assert_int_equal(one.calls, two.calls);
            assert_string_equal(one.text.data, two.text.data);
            assert_false(one.strange || two.strange);
            if (rc_one == RS_OK) {
                assert_int_equal(one.notices, two.notices);
                assert_int_equal(one.notices, scripts[s].batches);
                assert_memory_equal(&first, &second, sizeof(first));
            }
            rs_buffer_release(&one.text);
            rs_buffer_release(&two.text);
        }
    }
}

static void the_failure_of_what_was_read_before_is_answered(void **state)
{
    (void)state;
    struct seen seen;
    struct rs_tally tally;
    struct rs_error err;
    assert_int_equal(run(6, true, 0, &seen, &tally, &err), RS_EINPUT);
    assert_string_equal(err.text, "line 7: odd");
    assert_int_equal(seen.calls, 304);
    rs_buffer_release(&seen.text);
    assert_int_equal(run(6, true, 303, &seen, &tally, &err), RS_EIO);
    assert_string_equal(err.text, "disk full");
    rs_buffer_release(&seen.text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(two_threads_do_what_one_does),
        cmocka_unit_test(the_failure_of_what_was_read_before_is_answered),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
