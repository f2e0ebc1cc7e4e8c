/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/pieces.h"

#include "cli/fleet_run.h"
#include "cli/outlet.h"
#include "cli/relay.h"
#include "cli/spool.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#define SPOOL_MEMORY ((size_t)8 << 20)
#define COPIED_AT_ONCE ((size_t)256 << 10)
#define MANY 1000 /* for fewer a thread is not worth its start */

struct place { /* an entry that was written into the spool */
    struct rs_gist gist;
    struct rs_piece piece;
    char texts[]; /* of the gist */
};

struct rs_piece_list {
    const struct rs_pieces *pieces;
    struct rs_spool *spool;
    pthread_mutex_t lock; /* of the places */
    struct place **places;
    size_t count, capacity;
};

enum rs_status rs_piece_list_create(const struct rs_pieces *pieces, struct rs_piece_list **out,
                                    struct rs_error *err)
{
    struct rs_piece_list *list = calloc(1, sizeof(*list));
    if (list == NULL) {
        return rs_fail(err, RS_ENOMEM, "out of memory");
    }
    enum rs_status rc = rs_spool_create(SPOOL_MEMORY, &list->spool, err);
    if (rc != RS_OK) {
        free(list);
        return rc;
    }
    list->pieces = pieces;
    pthread_mutex_init(&list->lock, NULL);
    *out = list;
    return RS_OK;
}

void rs_piece_list_release(struct rs_piece_list *list)
{
    if (list == NULL) {
        return;
    }
    for (size_t i = 0; i < list->count; i++) {
        free(list->places[i]);
    }
    free(list->places);
    rs_spool_release(list->spool);
    pthread_mutex_destroy(&list->lock);
    free(list);
}

static const char *keep(const char *text, char **place)
{
    if (text == NULL) {
        return NULL;
    }
    size_t size = strlen(text) + 1;
    char *copy = *place;
    memcpy(copy, text, size);
    *place += size;
    return copy;
}

static struct place *place_of(const struct rs_entry *entry)
{
    struct rs_gist gist;
    rs_gist_of(entry, &gist);
    const char *texts[] = {gist.id, gist.name, gist.region, gist.account, gist.zone, gist.platform};
    size_t size = 0;
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        size += texts[i] != NULL ? strlen(texts[i]) + 1 : 0;
    }
    struct place *place = malloc(sizeof(*place) + size);
    if (place != NULL) {
        char *free_bytes = place->texts;
        gist.id = keep(gist.id, &free_bytes);
        gist.name = keep(gist.name, &free_bytes);
        gist.region = keep(gist.region, &free_bytes);
        gist.account = keep(gist.account, &free_bytes);
        gist.zone = keep(gist.zone, &free_bytes);
        gist.platform = keep(gist.platform, &free_bytes);
        place->gist = gist;
    }
    return place;
}

static bool add_place(struct rs_piece_list *list, struct place *place)
{
    if (list->count == list->capacity) {
        size_t wanted = list->capacity == 0 ? 256 : 2 * list->capacity;
        struct place **grown = realloc(list->places, wanted * sizeof(struct place *));
        if (grown == NULL) {
            return false;
        }
        list->places = grown;
        list->capacity = wanted;
    }
    list->places[list->count++] = place;
    return true;
}

enum rs_status rs_piece_list_add(struct rs_piece_list *list, const struct rs_report *report,
                                 const struct rs_entry *entry, struct rs_buffer *scratch,
                                 struct rs_error *err)
{
    struct place *place = place_of(entry);
    if (place == NULL) {
        return rs_fail(err, RS_ENOMEM, "out of memory for a resource");
    }
    rs_buffer_clear(scratch);
    list->pieces->entry(report, entry, scratch);
    enum rs_status rc = rs_buffer_status(scratch, err);
    if (rc == RS_OK) {
        rc = rs_spool_put(list->spool, scratch->data, scratch->length, &place->piece, err);
    }
    bool added = false;
    if (rc == RS_OK) {
        pthread_mutex_lock(&list->lock);
        added = add_place(list, place);
        pthread_mutex_unlock(&list->lock);
        rc = added ? RS_OK : rs_fail(err, RS_ENOMEM, "out of memory for the resources");
    }
    if (!added) {
        free(place);
    }
    return rc;
}

struct ranked { /* what most pairs differ in lies at hand, not behind a pointer */
    double figure;
    uint64_t id; /* its first eight bytes, the first one counting most */
    struct place *place;
};

static uint64_t front_of(const char *id)
{
    uint64_t front = 0;
    for (size_t i = 0; i < sizeof(front); i++) {
        front = front << 8 | (unsigned char)*id;
        id += *id != '\0';
    }
    return front;
}

static int compare_ranked(const struct ranked *a, const struct ranked *b,
                          enum rs_report_order order)
{
    if (a->figure > b->figure || a->figure < b->figure) {
        return a->figure > b->figure ? -1 : 1;
    }
    if (a->figure == b->figure && a->id != b->id && order != RS_ORDER_NAME) {
        return a->id < b->id ? -1 : 1;
    }
    return rs_gist_compare(&a->place->gist, &b->place->gist, order);
}

static int by_saving(const void *a, const void *b)
{
    return compare_ranked(a, b, RS_ORDER_SAVING);
}

static int by_id(const void *a, const void *b)
{
    return compare_ranked(a, b, RS_ORDER_ID);
}

static int by_name(const void *a, const void *b)
{
    return compare_ranked(a, b, RS_ORDER_NAME);
}

static int by_cost(const void *a, const void *b)
{
    return compare_ranked(a, b, RS_ORDER_COST);
}

static enum rs_status sort(struct rs_piece_list *list, enum rs_report_order order,
                           struct rs_error *err)
{
    static int (*const orders[])(const void *, const void *) = {[RS_ORDER_SAVING] = by_saving,
                                                                [RS_ORDER_ID] = by_id,
                                                                [RS_ORDER_NAME] = by_name,
                                                                [RS_ORDER_COST] = by_cost};
    struct ranked *ranked = calloc(list->count + 1, sizeof(*ranked));
    if (ranked == NULL) {
        return rs_fail(err, RS_ENOMEM, "out of memory for %zu resources", list->count);
    }
    for (size_t i = 0; i < list->count; i++) {
        const struct rs_gist *gist = &list->places[i]->gist;
        ranked[i] = (struct ranked){.figure = order == RS_ORDER_SAVING ? gist->saving
                                              : order == RS_ORDER_COST ? gist->now
                                                                       : 0.0,
                                    .id = front_of(gist->id),
                                    .place = list->places[i]};
    }
    qsort(ranked, list->count, sizeof(*ranked), orders[order]);
    for (size_t i = 0; i < list->count; i++) {
        list->places[i] = ranked[i].place;
    }
    free(ranked);
    return RS_OK;
}

static enum rs_status cover(const struct rs_piece_list *list, struct rs_frame *frame,
                            struct rs_error *err)
{
    const struct rs_gist **gists = calloc(list->count + 1, sizeof(*gists));
    if (gists == NULL) {
        return rs_fail(err, RS_ENOMEM, "out of memory for %zu machines", list->count);
    }
    for (size_t i = 0; i < list->count; i++) {
        gists[i] = &list->places[i]->gist;
    }
    enum rs_status rc = rs_frame_cover(frame, gists, list->count, err);
    free(gists);
    return rc;
}

static enum rs_status make_frame(const struct rs_piece_list *list, const struct rs_report *report,
                                 struct rs_frame *frame, struct rs_error *err)
{
    enum rs_status rc = RS_OK;
    frame->report = report;
    for (size_t i = 0; i < list->count; i++) {
        frame->totals.currency = rs_totals_currency(frame->totals.currency, &list->places[i]->gist);
    }
    for (size_t i = 0; i < list->count && rc == RS_OK; i++) {
        rc = rs_frame_add(frame, &list->places[i]->gist, err);
    }
    return rc == RS_OK && report->commitments != NULL ? cover(list, frame, err) : rc;
}

struct copying { /* the payload of both ends */
    struct rs_piece_list *list;
    const struct rs_frame *frame;
    struct rs_outlet *outlet;
    size_t next;
};

/* Reading the spool takes nearly as long as writing the answer: each has its thread. */
static enum rs_status gather(void *payload, struct rs_buffer *block, bool *more,
                             struct rs_error *err)
{
    struct copying *c = payload;
    struct rs_piece_list *list = c->list;
    enum rs_status rc = RS_OK;
    if (c->next == 0) {
        list->pieces->head(c->frame, block);
    }
    while (c->next < list->count && block->length < COPIED_AT_ONCE && rc == RS_OK) {
        rs_buffer_text(block, c->next > 0 ? list->pieces->between : "");
        rc = rs_spool_get(list->spool, list->places[c->next++]->piece, block, err);
    }
    *more = c->next < list->count;
    if (!*more && rc == RS_OK) {
        list->pieces->foot(c->frame, block);
    }
    return rc;
}

static enum rs_status write_block(void *payload, const struct rs_buffer *block,
                                  struct rs_error *err)
{
    struct copying *c = payload;
    return rs_outlet_write(c->outlet, block->data, block->length, err);
}

static enum rs_status put_together(struct rs_piece_list *list, const struct rs_frame *frame,
                                   bool apart, struct rs_outlet *outlet, struct rs_error *err)
{
    struct copying copying = {.list = list, .frame = frame, .outlet = outlet};
    struct rs_relay_ends ends = {.make = gather, .take = write_block, .payload = &copying};
    return rs_relay_run(&ends, apart, err);
}

enum rs_status rs_piece_list_write(struct rs_piece_list *list, const struct rs_report *report,
                                   enum rs_report_order order, const struct rs_context *context,
                                   const char *path, struct rs_error *err)
{
    struct rs_frame frame = {.report = NULL};
    struct rs_outlet outlet;
    bool apart = list->count >= MANY && rs_fleet_threads(context) > 1;
    enum rs_status rc = sort(list, order, err);
    if (rc == RS_OK) {
        rc = make_frame(list, report, &frame, err);
    }
    if (rc == RS_OK && (rc = rs_outlet_open(&outlet, context, path, err)) == RS_OK) {
        rc = put_together(list, &frame, apart, &outlet, err);
        if (rc == RS_OK) {
            rc = rs_outlet_commit(&outlet, err);
        } else {
            rs_outlet_abandon(&outlet);
        }
    }
    rs_frame_release(&frame);
    return rc;
}
