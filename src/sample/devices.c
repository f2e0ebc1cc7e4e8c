/* SPDX-License-Identifier: GPL-3.0-or-later */
/* devices.c - counters of devices that come and go, summed by kind. */
#include "sample/meters.h"

#include <string.h>

void rs_device_table_begin(struct rs_device_table *t)
{
    for (size_t i = 0; i < t->count; i++) {
        t->devices[i].seen = false;
    }
    t->broken = t->overflown = false;
    t->busiest = 0;
    memset(t->sums, 0, sizeof(t->sums));
}

static struct rs_device *find(struct rs_device_table *t, const char *name)
{
    for (size_t i = 0; i < t->count; i++) {
        if (!t->devices[i].seen && strcmp(t->devices[i].name, name) == 0) {
            return &t->devices[i];
        }
    }
    return NULL;
}

static void compare(struct rs_device_table *t, const struct rs_device *d, const uint64_t *now)
{
    for (size_t i = 0; i < RS_DEVICE_COUNTERS; i++) {
        if (now[i] < d->counters[i]) {
            t->broken = true;
            return;
        }
    }
    for (size_t i = 0; i < RS_DEVICE_COUNTERS; i++) {
        t->sums[d->kind][i] += now[i] - d->counters[i];
    }
    uint64_t busy = now[t->peak] - d->counters[t->peak];
    t->busiest = busy > t->busiest ? busy : t->busiest;
}

void rs_device_table_add(struct rs_device_table *t, const char *name, const uint64_t *counters,
                         rs_device_kind_fn *kind, void *payload)
{
    struct rs_device *d = find(t, name);
    if (d == NULL) {
        if (t->count == RS_DEVICES_MAX) {
            t->overflown = true;
            return;
        }
        d = &t->devices[t->count++];
        memset(d, 0, sizeof(*d));
        memcpy(d->name, name, strlen(name) + 1); /* the reader's words have the same limit */
        d->kind = kind(payload, name);
        t->broken = t->broken || d->kind != 0;
    } else if (d->kind != 0) {
        compare(t, d, counters);
    }
    d->seen = true;
    memcpy(d->counters, counters, sizeof(d->counters));
}

void rs_device_table_end(struct rs_device_table *t)
{
    size_t kept = 0;
    for (size_t i = 0; i < t->count; i++) {
        if (t->devices[i].seen) {
            if (kept != i) {
                t->devices[kept] = t->devices[i];
            }
            kept++;
        } else {
            t->broken = t->broken || t->devices[i].kind != 0;
        }
    }
    t->count = kept;
    t->broken = t->broken || t->overflown;
}
