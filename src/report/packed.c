/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/packed.h"

#include <stdlib.h>
#include <string.h>

struct rs_packed {
    struct rs_gist gist;
    const char *entry;    /* its fixed parts, then its lists; behind the tags */
    struct rs_tag tags[]; /* the texts lie behind the entry */
};

struct list { /* an array within the entry */
    size_t at, element, capacity;
    size_t count_at; /* where the number of elements in use is kept */
    size_t text_at;  /* of an element: a text that ends it; 0: none */
};

#define LIST(list, type, capacity, count, text)                                                    \
    {                                                                                              \
        offsetof(struct rs_entry, list), sizeof(struct type), capacity,                            \
            offsetof(struct rs_entry, count), text                                                 \
    }

static const struct list lists[] = {
    /* in the order in which they lie */
    LIST(advice.reasons, rs_reason, 2 * (size_t)RS_DIM_COUNT, advice.reason_count, 0),
    LIST(advice.options, rs_option_offer, RS_MAX_OPTIONS, advice.option_count, 0),
    LIST(advice.notes, rs_note, RS_MAX_NOTES, advice.note_count, offsetof(struct rs_note, text)),
    LIST(advice.gates, rs_gate_count, RS_MAX_GATES, advice.gate_count, 0),
    LIST(advice.observations, rs_observation, RS_MAX_OBSERVATIONS, advice.observation_count,
         offsetof(struct rs_observation, text)),
    LIST(elsewhere, rs_elsewhere, RS_MAX_ELSEWHERE, elsewhere_count, 0),
};
#define LISTS (sizeof(lists) / sizeof(lists[0]))

static size_t count_of(const struct list *list, const struct rs_entry *entry)
{
    size_t count = 0;
    memcpy(&count, (const char *)entry + list->count_at, sizeof(count));
    return count;
}

static size_t element_size(const struct list *list, const char *element)
{
    const size_t text = list->text_at;
    return text == 0 ? list->element : text + strlen(element + text) + 1;
}

/* What lies before list i and behind the one before it; i == LISTS: behind the last one. */
static size_t fixed_part(size_t i, size_t *at)
{
    *at = i > 0 ? lists[i - 1].at + lists[i - 1].element * lists[i - 1].capacity : 0;
    return (i < LISTS ? lists[i].at : sizeof(struct rs_entry)) - *at;
}

static void put(char **to, size_t *size, const void *from, size_t length)
{
    if (*to != NULL) {
        memcpy(*to, from, length);
        *to += length;
    }
    *size += length;
}

/* to NULL: only how many bytes it takes. */
static size_t put_entry(const struct rs_entry *entry, char *to)
{
    const char *base = (const char *)entry;
    size_t size = 0, at = 0;
    for (size_t i = 0; i <= LISTS; i++) {
        size_t length = fixed_part(i, &at);
        put(&to, &size, base + at, length);
    }
    for (size_t i = 0; i < LISTS; i++) {
        for (size_t k = 0; k < count_of(&lists[i], entry); k++) {
            const char *element = base + lists[i].at + k * lists[i].element;
            put(&to, &size, element, element_size(&lists[i], element));
        }
    }
    return size;
}

static size_t size_of(const char *text)
{
    return text != NULL ? strlen(text) + 1 : 0;
}

/* Points *text to a copy of it at *place, and that behind the copy. */
static void move_text(const char **text, char **place)
{
    size_t size = size_of(*text);
    if (size > 0) {
        memcpy(*place, *text, size);
        *text = *place;
        *place += size;
    }
}

#define TEXTS 11

static void list_texts(struct rs_entry *entry, const char **texts[static TEXTS])
{
    const char **all[TEXTS] = {&entry->id,
                               &entry->name,
                               &entry->provider,
                               &entry->account,
                               &entry->region,
                               &entry->type,
                               &entry->state,
                               &entry->zone,
                               &entry->platform,
                               &entry->advice.resize.from,
                               &entry->advice.resize.to};
    memcpy(texts, all, sizeof(all));
}

static void fill(struct rs_packed *packed, struct rs_entry *entry, size_t size)
{
    const char **texts[TEXTS];
    char *bytes = (char *)(packed->tags + entry->tag_count), *place = bytes + size;
    list_texts(entry, texts);
    for (size_t i = 0; i < TEXTS; i++) {
        move_text(texts[i], &place);
    }
    for (size_t i = 0; i < entry->tag_count; i++) {
        packed->tags[i] = entry->tags[i];
        move_text(&packed->tags[i].key, &place);
        move_text(&packed->tags[i].value, &place);
    }
    entry->tags = packed->tags;
    rs_gist_of(entry, &packed->gist);
    packed->entry = bytes;
    (void)put_entry(entry, bytes);
}

struct rs_packed *rs_packed_of(const struct rs_entry *entry)
{
    struct rs_entry copy = *entry;
    const char **texts[TEXTS];
    size_t size = put_entry(entry, NULL), room = size + entry->tag_count * sizeof(*entry->tags);
    copy.curve = NULL;
    list_texts(&copy, texts);
    for (size_t i = 0; i < TEXTS; i++) {
        room += size_of(*texts[i]);
    }
    for (size_t i = 0; i < entry->tag_count; i++) {
        room += size_of(entry->tags[i].key) + size_of(entry->tags[i].value);
    }
    struct rs_packed *packed = malloc(sizeof(*packed) + room);
    if (packed != NULL) {
        fill(packed, &copy, size);
    }
    return packed;
}

void rs_packed_open(const struct rs_packed *packed, struct rs_entry *out)
{
    const char *from = packed->entry;
    char *base = (char *)out;
    for (size_t i = 0; i <= LISTS; i++) {
        size_t at = 0, length = fixed_part(i, &at);
        memcpy(base + at, from, length);
        from += length;
    }
    for (size_t i = 0; i < LISTS; i++) {
        for (size_t k = 0; k < count_of(&lists[i], out); k++) {
            size_t length = element_size(&lists[i], from);
            memcpy(base + lists[i].at + k * lists[i].element, from, length);
            from += length;
        }
    }
}

const struct rs_gist *rs_packed_gist(const struct rs_packed *packed)
{
    return &packed->gist;
}
