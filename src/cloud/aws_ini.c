/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cloud/aws_ini.h"

#include "rightsize/buffer.h"
#include "rightsize/secret.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

struct entry { /* key NULL: the section itself */
    char *section, *key, *value;
};

struct rs_aws_ini {
    struct entry *items;
    size_t count, capacity;
};

struct reading {
    struct rs_aws_ini *ini;
    char *section; /* owned; NULL before the first */
    size_t indent; /* of the key at hand */
    bool has_key;
    size_t line;
};

static char *copy(const char *text, size_t length)
{
    char *out = malloc(length + 1);
    if (out != NULL) {
        memcpy(out, text, length);
        out[length] = '\0';
    }
    return out;
}

static void free_entry(struct entry *e)
{
    free(e->section);
    free(e->key);
    rs_secret_free(e->value);
}

static bool reserve(struct rs_aws_ini *ini)
{
    if (ini->count < ini->capacity) {
        return true;
    }
    size_t capacity = ini->capacity > 0 ? 2 * ini->capacity : 32;
    struct entry *items = realloc(ini->items, capacity * sizeof(*items));
    if (items == NULL) {
        return false;
    }
    ini->items = items;
    ini->capacity = capacity;
    return true;
}

/* Takes the entry over; whole: all of its texts could be copied. */
static enum rs_status add(struct rs_aws_ini *ini, struct entry e, bool whole, struct rs_error *err)
{
    if (!whole || !reserve(ini)) {
        free_entry(&e);
        return rs_fail(err, RS_ENOMEM, "out of memory");
    }
    ini->items[ini->count++] = e;
    return RS_OK;
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r';
}

/* "[profile \"with space\"]" is the section "profile with space", as a shell would split it. */
static enum rs_status open_section(struct reading *r, const char *text, size_t length,
                                   struct rs_error *err)
{
    const char *end = memchr(text, ']', length);
    if (end == NULL) {
        return rs_fail(err, RS_EINPUT, "line %zu: a section has no ']'", r->line);
    }
    char *name = copy(text + 1, (size_t)(end - text) - 1);
    if (name == NULL) {
        return rs_fail(err, RS_ENOMEM, "out of memory");
    }
    size_t n = 0;
    bool gap = false;
    for (const char *p = name; *p != '\0'; p++) {
        bool quoted = *p == '"' || *p == '\'';
        gap = gap || (is_blank(*p) && n > 0);
        if (quoted || is_blank(*p)) {
            if (quoted && strncmp(name, "profile ", 8) == 0) { /* kept as it is up to the end */
                const char *close = strrchr(p + 1, *p);
                size_t inside = close != NULL ? (size_t)(close - p) - 1 : strlen(p + 1);
                memmove(name + n + (gap ? 1 : 0), p + 1, inside);
                if (gap) {
                    name[n++] = ' ';
                }
                n += inside;
                gap = false;
                break;
            }
            continue;
        }
        if (gap) {
            name[n++] = ' ';
            gap = false;
        }
        name[n++] = *p;
    }
    name[n] = '\0';
    free(r->section);
    r->section = name;
    r->has_key = false;
    struct entry e = {copy(name, n), NULL, NULL};
    return add(r->ini, e, e.section != NULL, err);
}

static enum rs_status read_key(struct reading *r, const char *text, size_t length,
                               struct rs_error *err)
{
    size_t cut = 0;
    while (cut < length && text[cut] != '=' && text[cut] != ':') {
        cut++;
    }
    if (r->section == NULL || cut == length || cut == 0) {
        return rs_fail(err, RS_EINPUT, "line %zu: %s", r->line,
                       r->section == NULL ? "a key stands before the first section"
                                          : "expected a section or 'key = value'");
    }
    size_t key = cut, from = cut + 1;
    while (key > 0 && is_blank(text[key - 1])) {
        key--;
    }
    while (from < length && is_blank(text[from])) {
        from++;
    }
    struct entry e = {copy(r->section, strlen(r->section)), copy(text, key),
                      copy(text + from, length - from)};
    r->has_key = true;
    return add(r->ini, e, e.section != NULL && e.key != NULL && e.value != NULL, err);
}

static enum rs_status read_line(struct reading *r, const char *text, size_t length,
                                struct rs_error *err)
{
    size_t indent = 0;
    while (length > 0 && is_blank(text[length - 1])) {
        length--;
    }
    while (indent < length && is_blank(text[indent])) {
        indent++;
    }
    text += indent;
    length -= indent;
    if (length == 0 || *text == '#' || *text == ';') {
        return RS_OK;
    }
    if (r->has_key && indent > r->indent) {
        return RS_OK; /* a map inside a value, as in "s3 =": nothing we ask for */
    }
    r->indent = indent;
    return *text == '[' ? open_section(r, text, length, err) : read_key(r, text, length, err);
}

enum rs_status rs_aws_ini_parse(const char *text, size_t length, struct rs_aws_ini **out,
                                struct rs_error *err)
{
    struct reading r = {.ini = calloc(1, sizeof(*r.ini)), .line = 0};
    enum rs_status rc =
        r.ini != NULL ? RS_OK : rs_fail(err, RS_ENOMEM, "out of memory for a profile");
    if (rc == RS_OK && memchr(text, '\0', length) != NULL) {
        rc = rs_fail(err, RS_EINPUT, "it is not text");
    }
    size_t at = length >= 3 && memcmp(text, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0;
    while (rc == RS_OK && at < length) {
        const char *end = memchr(text + at, '\n', length - at);
        size_t n = end != NULL ? (size_t)(end - text) - at : length - at;
        r.line++;
        rc = read_line(&r, text + at, n, err);
        at += n + 1;
    }
    free(r.section);
    if (rc != RS_OK) {
        rs_aws_ini_free(r.ini);
        return rc;
    }
    *out = r.ini;
    return RS_OK;
}

enum rs_status rs_aws_ini_read(const char *path, struct rs_aws_ini **out, struct rs_error *err)
{
    struct rs_buffer text;
    rs_buffer_init(&text);
    enum rs_status rc = RS_OK;
    if (access(path, F_OK) == 0 || (errno != ENOENT && errno != ENOTDIR)) {
        rc = rs_buffer_read_file(&text, path, RS_AWS_INI_LIMIT, err);
    }
    if (rc == RS_OK && (rc = rs_aws_ini_parse(text.data, text.length, out, err)) != RS_OK) {
        rc = rs_fail_where(err, "%s", path);
    }
    rs_secret_release(&text);
    return rc;
}

const char *rs_aws_ini_get(const struct rs_aws_ini *ini, const char *section, const char *key)
{
    for (size_t i = ini->count; i-- > 0;) {
        const struct entry *e = &ini->items[i];
        if (e->key != NULL && strcmp(e->section, section) == 0 && strcasecmp(e->key, key) == 0) {
            return e->value[0] != '\0' ? e->value : NULL;
        }
    }
    return NULL;
}

bool rs_aws_ini_has(const struct rs_aws_ini *ini, const char *section)
{
    for (size_t i = 0; i < ini->count; i++) {
        if (strcmp(ini->items[i].section, section) == 0) {
            return true;
        }
    }
    return false;
}

void rs_aws_ini_free(struct rs_aws_ini *ini)
{
    if (ini != NULL) {
        for (size_t i = 0; i < ini->count; i++) {
            free_entry(&ini->items[i]);
        }
        free(ini->items);
        free(ini);
    }
}
