/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cloud/aws_ec2.h"
#include "cloud/cloudwatch_fetch.h"

#include <stdlib.h>
#include <string.h>

#define PAGES_MAX 10000 /* a service whose pages never end is ill */

static enum rs_status take_resource(void *payload, const struct rs_resource *resource,
                                    struct rs_error *err)
{
    struct rs_cw_fetch *f = payload;
    enum rs_status rc = rs_cw_plan_add_instance(&f->plan, resource, err);
    f->told->machines++;
    return rc == RS_OK && !f->what->dry
               ? f->keeper->sink.resource(f->keeper->sink.payload, resource, err)
               : rc;
}

static enum rs_status take_attachment(void *payload, const struct rs_attachment *attachment,
                                      struct rs_error *err)
{
    struct rs_cw_fetch *f = payload;
    enum rs_status rc = rs_cw_plan_add_volume(&f->plan, attachment->volume, err);
    f->told->volumes++;
    return rc == RS_OK && !f->what->dry
               ? f->keeper->sink.attachment(f->keeper->sink.payload, attachment, err)
               : rc;
}

/* One answered page into keeper and plan, wholly or not at all. */
static enum rs_status take_page(struct rs_cw_fetch *f, const struct rs_aws_call *call,
                                struct rs_buffer *token, struct rs_error *err)
{
    const struct rs_aws_keeper *k = f->keeper;
    const struct rs_sink sink = {NULL, take_resource, take_attachment, f};
    size_t before = f->plan.target_count;
    int64_t machines = f->told->machines, volumes = f->told->volumes;
    enum rs_status rc = f->what->dry ? RS_OK : k->begin(k->sink.payload, err);
    if (rc != RS_OK) {
        return rc;
    }
    rc = rs_aws_instances_read(call->answer.data, call->answer.length, call->region, f->what->now,
                               &sink, token, err);
    if (rc == RS_OK && !f->what->dry) {
        rc = k->commit(k->sink.payload, err);
    }
    if (rc != RS_OK) {
        if (!f->what->dry) {
            k->rollback(k->sink.payload);
        }
        rs_cw_plan_cut(&f->plan, before);
        f->told->machines = machines;
        f->told->volumes = volumes;
    }
    return rc;
}

/* The call is asked again when its answer is no use, as often as any. */
static enum rs_status ask_page(struct rs_cw_fetch *f, struct rs_aws_call *call,
                               struct rs_buffer *token, struct rs_error *err)
{
    for (int attempt = 1;; attempt++) {
        enum rs_status rc = rs_aws_call_wait(f->aws, call, err);
        if (rc != RS_OK) {
            f->told->rc = rc;
            f->told->err = *err;
            return RS_OK;
        }
        f->told->bytes += (int64_t)call->answer.length;
        rc = take_page(f, call, token, err);
        if (rc != RS_EINPUT) {
            return rc;
        }
        if (attempt >= f->aws->attempts) {
            f->told->rc = rs_fail_where(err, "ec2 %s: the answer is no use", call->region);
            f->told->err = *err;
            return RS_OK;
        }
    }
}

static enum rs_status discover_instances(struct rs_cw_fetch *f, struct rs_error *err)
{
    const struct rs_aws_filter filter = {f->what->tags, f->what->tag_count, f->what->states,
                                         f->what->state_count};
    struct rs_aws_call call;
    struct rs_buffer token;
    enum rs_status rc = RS_OK;
    rs_aws_call_init(&call);
    rs_buffer_init(&token);
    call.service = "ec2";
    call.region = f->told->region;
    for (int page = 0; rc == RS_OK && f->told->rc == RS_OK && (page == 0 || token.length > 0);
         page++) {
        rs_buffer_clear(&call.body);
        rc = rs_aws_instances_body(&filter, page > 0 ? token.data : NULL, &call.body, err);
        rs_buffer_clear(&token);
        if (rc == RS_OK) {
            rc = ask_page(f, &call, &token, err);
        }
        if (page == PAGES_MAX) {
            f->told->rc =
                rs_fail(&f->told->err, RS_EIO, "ec2 %s: its pages do not end", call.region);
        }
    }
    rs_aws_call_release(&call);
    rs_buffer_release(&token);
    return rc;
}

struct listing { /* the pages of one metric */
    struct rs_aws_call call;
    struct rs_cw_fetch *fetch;
    const struct rs_cw_mapping *mapping;
    int pages;
};

static enum rs_status take_listed(void *payload, const struct rs_cw_listed *listed,
                                  struct rs_error *err)
{
    struct listing *l = payload;
    return rs_cw_plan_add_listing(&l->fetch->plan, l->mapping, listed, err);
}

static enum rs_status take_list(struct listing *l, struct rs_aws_queue *queue,
                                struct rs_buffer *token, struct rs_error *err)
{
    if (l->call.rc != RS_OK) {
        rs_cw_fetch_miss(l->fetch, &l->call.err);
        return RS_OK;
    }
    l->fetch->told->bytes += (int64_t)l->call.answer.length;
    enum rs_status rc =
        rs_cw_list_read(l->call.answer.data, l->call.answer.length, take_listed, l, token, err);
    if (rc == RS_EINPUT) {
        rs_aws_queue_again(queue, &l->call, err->text);
        return RS_OK;
    }
    if (rc == RS_OK && token->length > 0 && ++l->pages < PAGES_MAX) {
        rs_buffer_clear(&l->call.body);
        rc = rs_cw_list_body(l->mapping->name_space, l->mapping->metric, token->data, &l->call.body,
                             err);
        rs_aws_queue_add(queue, &l->call);
    }
    return rc;
}

/* All metrics side by side; each one's pages one after another. */
static enum rs_status discover_agents(struct rs_cw_fetch *f, struct rs_error *err)
{
    size_t count = 0;
    struct rs_aws_queue *queue = NULL;
    struct rs_aws_call *done = NULL;
    struct rs_buffer token;
    for (const struct rs_cw_mapping *m = rs_cw_mappings; m->name_space != NULL; m++) {
        count += rs_cw_plan_is_listed(&f->plan, m) ? 1 : 0;
    }
    struct listing *all = calloc(count + 1, sizeof(*all));
    if (all == NULL) {
        return rs_fail(err, RS_ENOMEM, "out of memory");
    }
    rs_buffer_init(&token);
    size_t n = 0;
    enum rs_status rc = rs_aws_queue_open(f->aws, &queue, err);
    for (const struct rs_cw_mapping *m = rs_cw_mappings; rc == RS_OK && m->name_space != NULL;
         m++) {
        if (rs_cw_plan_is_listed(&f->plan, m)) {
            struct listing *l = &all[n++];
            rs_aws_call_init(&l->call);
            l->fetch = f;
            l->mapping = m;
            l->call.service = "monitoring";
            l->call.region = f->told->region;
            l->call.target = RS_CW_LIST_TARGET;
            l->call.owner = l;
            rc = rs_cw_list_body(m->name_space, m->metric, NULL, &l->call.body, err);
            rs_aws_queue_add(queue, &l->call);
        }
    }
    while (rc == RS_OK && (rc = rs_aws_queue_next(queue, &done, err)) == RS_OK && done != NULL) {
        rc = take_list(done->owner, queue, &token, err);
    }
    rs_aws_queue_close(queue);
    while (n > 0) {
        rs_aws_call_release(&all[--n].call);
    }
    rs_buffer_release(&token);
    free(all);
    return rc;
}

enum rs_status rs_cw_discover(struct rs_cw_fetch *f, struct rs_error *err)
{
    enum rs_status rc = discover_instances(f, err);
    return rc == RS_OK && f->told->rc == RS_OK && f->told->machines > 0 ? discover_agents(f, err)
                                                                        : rc;
}
