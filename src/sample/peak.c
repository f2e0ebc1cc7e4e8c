/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rightsize/peak.h"

#include "rightsize/text.h"
#include "sample/files.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define PROCESSES_MAX 8192 /* beyond, the rest is not looked at: the greatest are rarely there */

struct counted {
    uint64_t pid, start, ticks, io;
};

struct rs_peak_scan {
    struct rs_root root;
    struct counted first[PROCESSES_MAX];
    size_t count, hint; /* hint: where the search goes on, both scans come in the same order */
    double hertz, page;
};

struct process { /* one line of /proc/PID/stat */
    struct counted counted;
    uint64_t resident; /* pages */
    char name[32];
};

struct finalist {
    uint64_t pid;
    struct rs_peak_process shown;
};

struct finals {
    struct finalist top[RS_PEAK_KINDS][RS_PEAK_RANKS];
    double io_total;
};

const char *rs_peak_kind_name(enum rs_peak_kind kind)
{
    static const char *const names[RS_PEAK_KINDS] = {"cpu", "memory", "io"};
    return names[kind];
}

enum rs_status rs_peak_open(const char *root, struct rs_peak_scan **out, struct rs_error *err)
{
    struct rs_peak_scan *scan = calloc(1, sizeof(*scan));
    if (scan == NULL) {
        return rs_fail(err, RS_ENOMEM, "out of memory");
    }
    scan->root.fd = open(root, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (scan->root.fd < 0) {
        free(scan);
        return rs_fail(err, RS_EIO, "%s: cannot open: %s", root, strerror(errno));
    }
    scan->hertz = (double)sysconf(_SC_CLK_TCK);
    scan->page = (double)sysconf(_SC_PAGESIZE);
    *out = scan;
    return RS_OK;
}

void rs_peak_close(struct rs_peak_scan *scan)
{
    if (scan != NULL) {
        (void)close(scan->root.fd);
        free(scan);
    }
}

static uint64_t read_io(const struct rs_root *root, const char *pid)
{
    char path[64], text[512];
    uint64_t sum = 0, value = 0;
    snprintf(path, sizeof(path), "proc/%s/io", pid);
    if (!rs_root_peek(root, path, text, sizeof(text))) { /* of others: for root only */
        return 0;
    }
    struct rs_cursor cursor = {text, text + strlen(text)}, line;
    while (rs_cursor_line(&cursor, &line)) {
        if ((rs_cursor_skip(&line, "read_bytes:") || rs_cursor_skip(&line, "write_bytes:")) &&
            rs_cursor_u64(&line, &value)) {
            sum += value;
        }
    }
    return sum;
}

/* "1 (na (m)e) S 0 ...": the name may hold anything, so it ends at the last ')'. */
static bool read_process(const struct rs_root *root, const char *pid, struct process *out)
{
    char path[64], text[1024], skipped[32];
    snprintf(path, sizeof(path), "proc/%s/stat", pid);
    if (!rs_root_peek(root, path, text, sizeof(text))) {
        return false;
    }
    char *open_at = strchr(text, '('), *close_at = strrchr(text, ')');
    if (open_at == NULL || close_at == NULL || close_at < open_at) {
        return false;
    }
    uint64_t user = 0, system = 0;
    struct rs_cursor line = {close_at + 1, text + strlen(text)};
    *out = (struct process){.resident = 0};
    for (int field = 3; field <= 24; field++) { /* as proc(5) numbers them */
        uint64_t *target = field == 14   ? &user
                           : field == 15 ? &system
                           : field == 22 ? &out->counted.start
                           : field == 24 ? &out->resident
                                         : NULL;
        bool read = target != NULL ? rs_cursor_u64(&line, target)
                                   : rs_cursor_word(&line, "", skipped, sizeof(skipped));
        if (!read) {
            return false;
        }
    }
    *close_at = '\0';
    size_t length = strlen(open_at + 1);
    memcpy(out->name, open_at + 1, length < sizeof(out->name) ? length : sizeof(out->name) - 1);
    if (!rs_text_is_utf8(out->name, strlen(out->name))) { /* cut in a letter, or never text */
        for (char *p = out->name; *p != '\0'; p++) {
            *p = (unsigned char)*p < 128 ? *p : '?';
        }
    }
    out->counted.pid = strtoull(pid, NULL, 10);
    out->counted.ticks = user + system;
    out->counted.io = read_io(root, pid);
    return true;
}

typedef void process_fn(void *payload, const struct process *process);

static void each_process(struct rs_root *root, process_fn *fn, void *payload)
{
    int fd = openat(root->fd, "proc", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *folder = fd < 0 ? NULL : fdopendir(fd);
    if (folder == NULL) {
        if (fd >= 0) {
            (void)close(fd);
        }
        return;
    }
    for (struct dirent *entry; (entry = readdir(folder)) != NULL;) {
        struct process process;
        size_t digits = strspn(entry->d_name, "0123456789");
        if (digits > 0 && digits < 20 && entry->d_name[digits] == '\0' &&
            read_process(root, entry->d_name, &process)) {
            fn(payload, &process);
        }
    }
    (void)closedir(folder);
}

static void keep(void *payload, const struct process *process)
{
    struct rs_peak_scan *scan = payload;
    if (scan->count < PROCESSES_MAX) {
        scan->first[scan->count++] = process->counted;
    }
}

void rs_peak_begin(struct rs_peak_scan *scan)
{
    scan->count = scan->hint = 0;
    each_process(&scan->root, keep, scan);
}

static const struct counted *find_first(struct rs_peak_scan *scan, const struct counted *now)
{
    for (size_t i = 0; i < scan->count; i++) {
        size_t k = (scan->hint + i) % scan->count;
        if (scan->first[k].pid == now->pid && scan->first[k].start == now->start) {
            scan->hint = k + 1;
            return &scan->first[k];
        }
    }
    return NULL;
}

static void enter(struct finalist top[RS_PEAK_RANKS], const struct process *process, double amount)
{
    size_t at = RS_PEAK_RANKS;
    while (at > 0 && amount > top[at - 1].shown.share) {
        at--;
    }
    if (at == RS_PEAK_RANKS) {
        return;
    }
    memmove(&top[at + 1], &top[at], (RS_PEAK_RANKS - 1 - at) * sizeof(top[0]));
    top[at] = (struct finalist){.pid = process->counted.pid, .shown.share = amount};
    memcpy(top[at].shown.name, process->name, sizeof(process->name));
}

struct second {
    struct rs_peak_scan *scan;
    struct finals finals;
};

static void compare(void *payload, const struct process *process)
{
    struct second *s = payload;
    const struct counted *now = &process->counted, *before = find_first(s->scan, now);
    if (before == NULL && s->scan->count == PROCESSES_MAX) {
        return; /* perhaps it was there, and not kept */
    }
    uint64_t ticks = before == NULL ? 0 : before->ticks, io = before == NULL ? 0 : before->io;
    double moved = now->io > io ? (double)(now->io - io) : 0;
    s->finals.io_total += moved;
    enter(s->finals.top[RS_PEAK_CPU], process,
          now->ticks > ticks ? (double)(now->ticks - ticks) : 0);
    enter(s->finals.top[RS_PEAK_MEMORY], process, (double)process->resident);
    enter(s->finals.top[RS_PEAK_IO], process, moved);
}

static bool ends_in(struct rs_cursor part, const char *suffix)
{
    size_t n = strlen(suffix), length = (size_t)(part.end - part.at);
    return length > n && memcmp(part.end - n, suffix, n) == 0;
}

/* "/system.slice/backup.service" -> "backup.service": the deepest service or scope, else the
 * deepest group that is not a slice. */
static void name_unit(struct rs_cursor group, char *out, size_t size)
{
    bool unit = false;
    for (const char *p = group.at; p < group.end;) {
        const char *slash = memchr(p, '/', (size_t)(group.end - p));
        struct rs_cursor part = {p, slash == NULL ? group.end : slash};
        bool is_unit = ends_in(part, ".service") || ends_in(part, ".scope");
        if ((is_unit || !unit) && !ends_in(part, ".slice") && (size_t)(part.end - part.at) < size) {
            unit = (rs_cursor_copy(part, out, size) && is_unit) || unit;
        }
        p = part.end + 1;
    }
}

/* The unified hierarchy's line, or that of systemd's own: both name units. */
static void read_unit(const struct rs_root *root, uint64_t pid, char *out, size_t size)
{
    char path[64], text[2048];
    snprintf(path, sizeof(path), "proc/%llu/cgroup", (unsigned long long)pid);
    out[0] = '\0';
    if (!rs_root_peek(root, path, text, sizeof(text))) {
        return;
    }
    struct rs_cursor cursor = {text, text + strlen(text)}, line;
    while (out[0] == '\0' && rs_cursor_line(&cursor, &line)) {
        uint64_t number;
        if (rs_cursor_u64(&line, &number) &&
            (rs_cursor_skip(&line, "::/") || rs_cursor_skip(&line, ":name=systemd:/"))) {
            name_unit(line, out, size);
        }
    }
    if (!rs_text_is_utf8(out, strlen(out))) {
        out[0] = '\0';
    }
}

void rs_peak_end(struct rs_peak_scan *scan, double seconds, double vcpus, int64_t memory,
                 struct rs_peak *out)
{
    struct second s = {.scan = scan};
    scan->hint = 0;
    each_process(&scan->root, compare, &s);
    const double wholes[RS_PEAK_KINDS] = {seconds * scan->hertz * vcpus,
                                          (double)memory / scan->page, s.finals.io_total};
    for (size_t kind = 0; kind < RS_PEAK_KINDS; kind++) {
        out->count[kind] = 0;
        for (size_t i = 0; i < RS_PEAK_RANKS && wholes[kind] > 0; i++) {
            struct finalist *f = &s.finals.top[kind][i];
            double percent = floor(f->shown.share * 1e4 / wholes[kind] + 0.5) / 100;
            if (percent < 0.01) {
                break;
            }
            f->shown.share = fmin(percent, 100);
            read_unit(&scan->root, f->pid, f->shown.unit, sizeof(f->shown.unit));
            out->top[kind][out->count[kind]++] = f->shown;
        }
    }
}
