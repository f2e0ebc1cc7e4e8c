/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rightsize/text.h"
#include "source/collectd.h"
#include "source/devices.h"
#include "source/names.h"

#include <ctype.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DATE 10

static bool begins(const char *text, const char *prefix)
{
    return strncmp(text, prefix, strlen(prefix)) == 0;
}

static bool keep(char *out, size_t size, const char *text, size_t length)
{
    if (length >= size) {
        return false;
    }
    memcpy(out, text, length);
    out[length] = '\0';
    return true;
}

/* "percent-idle-2026-11-22", with or without ".gz". */
static bool cut_date(const char *file, struct rs_collectd_name *out)
{
    size_t length = strlen(file);
    if (length > 3 && strcmp(file + length - 3, ".gz") == 0) {
        length -= 3;
    }
    if (length < DATE + 2) {
        return false;
    }
    const char *date = file + length - DATE;
    for (size_t i = 0; i < DATE; i++) {
        bool dash = i == 4 || i == 7;
        if (dash ? date[i] != '-' : !isdigit((unsigned char)date[i])) {
            return false;
        }
    }
    return date[-1] == '-' && keep(out->date, sizeof(out->date), date, DATE) &&
           keep(out->kind, sizeof(out->kind), file, (size_t)(date - 1 - file));
}

static enum rs_collectd_family family_of(const char *plugin, const char *kind)
{
    static const struct {
        const char *plugin, *kind;
        enum rs_collectd_family family;
    } rows[] = {
        {"interface-", "if_octets", RS_COLLECTD_OCTETS},
        {"interface-", "if_packets", RS_COLLECTD_PACKETS},
        {"disk-", "disk_octets", RS_COLLECTD_DISK_OCTETS},
        {"disk-", "disk_ops", RS_COLLECTD_DISK_OPS},
    };
    bool percent = begins(kind, "percent-");
    if (strcmp(plugin, "cpu") == 0 || begins(plugin, "cpu-") ||
        strcmp(plugin, "aggregation-cpu-average") == 0) {
        return percent || begins(kind, "cpu-") ? RS_COLLECTD_CPU : RS_COLLECTD_NONE;
    }
    if (strcmp(plugin, "memory") == 0) {
        return percent || begins(kind, "memory-") ? RS_COLLECTD_MEMORY : RS_COLLECTD_NONE;
    }
    if (strcmp(plugin, "swap") == 0) {
        return percent || begins(kind, "swap-") ? RS_COLLECTD_SWAP : RS_COLLECTD_NONE;
    }
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        if (begins(plugin, rows[i].plugin) && strcmp(kind, rows[i].kind) == 0) {
            return rows[i].family;
        }
    }
    return RS_COLLECTD_NONE;
}

/* The last component of text[0..*length-1], cut off; an empty one when there is none. */
static const char *last_part(const char *text, size_t *length, size_t *width)
{
    size_t end = *length;
    while (end > 0 && text[end - 1] == '/') {
        end--;
    }
    size_t begin = end;
    while (begin > 0 && text[begin - 1] != '/') {
        begin--;
    }
    *length = begin;
    *width = end - begin;
    return text + begin;
}

bool rs_collectd_name_of(const char *path, struct rs_collectd_name *out)
{
    size_t length = strlen(path), width = 0;
    memset(out, 0, sizeof(*out));
    out->family = RS_COLLECTD_NONE;
    const char *file = last_part(path, &length, &width);
    if (!keep(out->file, sizeof(out->file), file, width) || !cut_date(out->file, out)) {
        return false;
    }
    const char *plugin = last_part(path, &length, &width);
    if (!keep(out->plugin, sizeof(out->plugin), plugin, width)) {
        return false;
    }
    size_t folder = length;
    const char *host = last_part(path, &length, &width);
    bool named = width > 0 && !(host[0] == '.' && width <= 2);
    out->family = family_of(out->plugin, out->kind);
    if (named && !keep(out->host, sizeof(out->host), host, width)) {
        return false;
    }
    if (folder == 0) {
        return keep(out->folder, sizeof(out->folder), width == 0 && path[0] == '/' ? "/" : ".", 1);
    }
    return keep(out->folder, sizeof(out->folder), path, folder);
}

void rs_collectd_parts_release(struct rs_collectd_parts *parts)
{
    for (size_t i = 0; i < parts->count; i++) {
        free(parts->items[i].path);
        free(parts->items[i].plugin);
        free(parts->items[i].kind);
    }
    free(parts->items);
    memset(parts, 0, sizeof(*parts));
}

static enum rs_status add_part(struct rs_collectd_parts *parts, const char *path,
                               const char *plugin, const char *kind, bool own, struct rs_error *err)
{
    if (parts->count == RS_COLLECTD_PARTS) {
        return rs_fail(err, RS_EINPUT, "more than %d files make up one value", RS_COLLECTD_PARTS);
    }
    enum rs_status rc = rs_array_reserve(&parts->items, &parts->capacity, parts->count + 1,
                                         sizeof(*parts->items), err);
    if (rc != RS_OK) {
        return rc;
    }
    struct rs_collectd_part *part = &parts->items[parts->count++];
    memset(part, 0, sizeof(*part));
    part->own = own;
    rc = rs_text_copy(path, &part->path, err);
    if (rc == RS_OK) {
        rc = rs_text_copy(plugin, &part->plugin, err);
    }
    return rc == RS_OK ? rs_text_copy(kind, &part->kind, err) : rc;
}

/* The files of one plug-in's folder that belong to the family and the day. */
static enum rs_status list_plugin(const struct rs_collectd_name *name, const char *plugin,
                                  struct rs_collectd_parts *out, struct rs_error *err)
{
    char path[2048];
    enum rs_status rc = RS_OK;
    snprintf(path, sizeof(path), "%s/%s", name->folder, plugin);
    DIR *folder = opendir(path);
    if (folder == NULL) {
        return RS_OK;
    }
    for (struct dirent *entry; rc == RS_OK && (entry = readdir(folder)) != NULL;) {
        struct rs_collectd_name other = {.family = RS_COLLECTD_NONE};
        if (strlen(entry->d_name) >= sizeof(other.file) || !cut_date(entry->d_name, &other) ||
            strcmp(other.date, name->date) != 0 || family_of(plugin, other.kind) != name->family) {
            continue;
        }
        bool own = strcmp(plugin, name->plugin) == 0 && strcmp(entry->d_name, name->file) == 0;
        int length = snprintf(path, sizeof(path), "%s/%s/%s", name->folder, plugin, entry->d_name);
        if (length > 0 && (size_t)length < sizeof(path)) {
            rc = add_part(out, path, plugin, other.kind, own, err);
        }
    }
    closedir(folder);
    return rc;
}

static enum rs_status list_host(const struct rs_collectd_name *name, struct rs_collectd_parts *out,
                                struct rs_error *err)
{
    enum rs_status rc = RS_OK;
    DIR *folder = opendir(name->folder);
    if (folder == NULL) {
        return RS_OK;
    }
    for (struct dirent *entry; rc == RS_OK && (entry = readdir(folder)) != NULL;) {
        bool same = strlen(entry->d_name) < sizeof(name->plugin) &&
                    family_of(entry->d_name, name->kind) == name->family;
        if (same) {
            rc = list_plugin(name, entry->d_name, out, err);
        }
    }
    closedir(folder);
    return rc;
}

static int by_path(const void *left, const void *right)
{
    const struct rs_collectd_part *a = left, *b = right;
    return strcmp(a->path, b->path);
}

static void drop(struct rs_collectd_parts *parts, size_t i)
{
    struct rs_collectd_part gone = parts->items[i];
    memmove(&parts->items[i], &parts->items[i + 1], (parts->count - i - 1) * sizeof(*parts->items));
    parts->count--;
    free(gone.path);
    free(gone.plugin);
    free(gone.kind);
}

/* "cpu" before "cpu-0", "cpu-1" ... before their average; percent before jiffies and bytes. */
static int class_of(const struct rs_collectd_part *part, enum rs_collectd_family family)
{
    bool percent = begins(part->kind, "percent-");
    int rank = 0;
    if (family == RS_COLLECTD_CPU) {
        rank = strcmp(part->plugin, "cpu") == 0 ? 4 : begins(part->plugin, "cpu-") ? 2 : 0;
        return rank + (percent ? 1 : 0);
    }
    return percent ? 0 : 1;
}

/* Keep one way of saying it: a day's file and its compressed twin, percent and bytes ... */
static void keep_best(struct rs_collectd_parts *parts, enum rs_collectd_family family)
{
    int best = 0;
    for (size_t i = 0; i < parts->count; i++) {
        int class = class_of(&parts->items[i], family);
        best = class > best ? class : best;
    }
    for (size_t i = parts->count; i-- > 0;) {
        const struct rs_collectd_part *part = &parts->items[i];
        bool twin = i > 0 && strcmp(parts->items[i - 1].plugin, part->plugin) == 0 &&
                    strcmp(parts->items[i - 1].kind, part->kind) == 0;
        if (twin || class_of(part, family) < best) {
            drop(parts, i);
        }
    }
}

static enum rs_status keep_devices(struct rs_collectd_parts *parts, enum rs_collectd_family family,
                                   struct rs_error *err)
{
    struct rs_devices *devices = calloc(1, sizeof(*devices));
    bool disks = family == RS_COLLECTD_DISK_OCTETS || family == RS_COLLECTD_DISK_OPS;
    if (devices == NULL) {
        return rs_fail(err, RS_ENOMEM, "out of memory for a list of devices");
    }
    rs_devices_clear(devices, disks ? RS_DEVICE_DISK : RS_DEVICE_INTERFACE);
    for (size_t i = 0; i < parts->count; i++) {
        (void)rs_devices_add(devices, strchr(parts->items[i].plugin, '-') + 1);
    }
    for (size_t i = parts->count; i-- > 0;) {
        const char *device = strchr(parts->items[i].plugin, '-') + 1;
        bool counts = false;
        for (size_t k = 0; k < devices->count; k++) {
            counts = counts ||
                     (strcmp(devices->item[k].name, device) == 0 && rs_devices_counts(devices, k));
        }
        if (!counts) {
            drop(parts, i);
        }
    }
    free(devices);
    return RS_OK;
}

enum rs_status rs_collectd_gather(const struct rs_collectd_name *name, const char *path,
                                  struct rs_collectd_parts *out, struct rs_error *err)
{
    bool own = false;
    enum rs_status rc = list_host(name, out, err);
    for (size_t i = 0; i < out->count; i++) {
        own = own || out->items[i].own;
    }
    if (rc == RS_OK && !own) { /* from a pipe, or the folder is closed */
        rs_collectd_parts_release(out);
        rc = add_part(out, path, name->plugin, name->kind, true, err);
    }
    if (rc != RS_OK) {
        return rc;
    }
    qsort(out->items, out->count, sizeof(*out->items), by_path);
    keep_best(out, name->family);
    bool devices = name->family >= RS_COLLECTD_OCTETS && name->family <= RS_COLLECTD_DISK_OPS;
    return devices ? keep_devices(out, name->family, err) : RS_OK;
}
