/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "source/names.h"

#include "rightsize/text.h"

#include <stdlib.h>
#include <string.h>

enum rs_status rs_array_reserve(void *array, size_t *capacity, size_t need, size_t size,
                                struct rs_error *err)
{
    if (need <= *capacity) {
        return RS_OK;
    }
    size_t wanted = *capacity < 16 ? 16 : *capacity;
    while (wanted < need) {
        if (wanted > SIZE_MAX / 2 / size) {
            return rs_fail(err, RS_ENOMEM, "out of memory for %zu elements", need);
        }
        wanted *= 2;
    }
    void *old = NULL;
    memcpy(&old, array, sizeof(old)); /* `array` is the address of a pointer of any type */
    void *grown = realloc(old, wanted * size);
    if (grown == NULL) {
        return rs_fail(err, RS_ENOMEM, "out of memory for %zu elements", need);
    }
    memcpy(array, &grown, sizeof(grown));
    *capacity = wanted;
    return RS_OK;
}

static uint32_t hash_of(const char *text)
{
    uint32_t hash = 2166136261U; /* FNV-1a, 32 bits */
    for (const unsigned char *p = (const unsigned char *)text; *p != '\0'; p++) {
        hash = (hash ^ *p) * 16777619U;
    }
    return hash ^ (hash >> 15);
}

/* The slot that holds `text`, or the free one where it belongs. */
static size_t slot_of(const struct rs_names *names, const char *text)
{
    size_t mask = names->slot_count - 1, slot = hash_of(text) & mask;
    while (names->slots[slot] != 0 && strcmp(names->text[names->slots[slot] - 1], text) != 0) {
        slot = (slot + 1) & mask;
    }
    return slot;
}

static enum rs_status grow_slots(struct rs_names *names, struct rs_error *err)
{
    size_t wanted = names->slot_count == 0 ? 64 : names->slot_count * 2;
    uint32_t *slots = calloc(wanted, sizeof(*slots));
    if (slots == NULL) {
        return rs_fail(err, RS_ENOMEM, "out of memory for %zu names", names->count);
    }
    free(names->slots);
    names->slots = slots;
    names->slot_count = wanted;
    for (size_t i = 0; i < names->count; i++) {
        slots[slot_of(names, names->text[i])] = (uint32_t)(i + 1);
    }
    return RS_OK;
}

enum rs_status rs_names_intern(struct rs_names *names, const char *text, size_t *number,
                               bool *added, struct rs_error *err)
{
    bool known = rs_names_find(names, text, number);
    if (added != NULL) {
        *added = !known;
    }
    if (known) {
        return RS_OK;
    }
    if (names->count == RS_NAMES_MAX) {
        return rs_fail(err, RS_EINPUT, "more than %zu names in one input: split it", RS_NAMES_MAX);
    }
    enum rs_status rc = rs_array_reserve(&names->text, &names->capacity, names->count + 1,
                                         sizeof(*names->text), err);
    if (rc == RS_OK && 2 * (names->count + 1) > names->slot_count) {
        rc = grow_slots(names, err);
    }
    char *copy = NULL;
    if (rc == RS_OK) {
        rc = rs_text_copy(text, &copy, err);
    }
    if (rc != RS_OK) {
        return rc;
    }
    names->slots[slot_of(names, text)] = (uint32_t)(names->count + 1);
    names->text[names->count] = copy;
    *number = names->count++;
    return RS_OK;
}

bool rs_names_find(const struct rs_names *names, const char *text, size_t *number)
{
    if (names->slot_count == 0) {
        return false;
    }
    uint32_t held = names->slots[slot_of(names, text)];
    if (held == 0) {
        return false;
    }
    *number = held - 1;
    return true;
}

void rs_names_release(struct rs_names *names)
{
    for (size_t i = 0; i < names->count; i++) {
        free(names->text[i]);
    }
    free(names->text);
    free(names->slots);
    memset(names, 0, sizeof(*names));
}
