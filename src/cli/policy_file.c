/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/policy_file.h"

#include "cli/near.h"
#include "rightsize/buffer.h"
#include "rightsize/json.h"
#include "rightsize/number.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define LARGEST ((size_t)1 << 20) /* bytes of a file of figures that people write */
#define DEEPEST 8                 /* policies upon policies: more is a circle */
#define NAME_LETTERS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.-"

struct rs_policy_file {
    struct rs_buffer path;
    cJSON *document;
    const cJSON *policies; /* an object, or NULL */
};

static bool is_preset(const char *name)
{
    for (size_t i = 0; rs_policy_presets[i].name != NULL; i++) {
        if (strcmp(rs_policy_presets[i].name, name) == 0) {
            return true;
        }
    }
    return false;
}

struct nearest {
    const char *wanted;
    char key[64];
    size_t distance;
    bool exact;
};

static void compare_key(void *payload, const char *key, const char *value, bool is_number,
                        const char *meaning)
{
    struct nearest *n = payload;
    size_t distance = rs_near_distance(n->wanted, key);
    (void)value;
    (void)is_number;
    (void)meaning;
    if (n->key[0] == '\0' || distance < n->distance) {
        n->distance = distance;
        snprintf(n->key, sizeof(n->key), "%s", key);
    }
    n->exact = n->exact || strcmp(n->wanted, key) == 0;
}

/* A value as the text that --set would take. RS_EUSAGE: it is none. */
static enum rs_status text_of(const cJSON *value, struct rs_buffer *out, struct rs_error *err)
{
    char number[RS_NUMBER_TEXT];
    const cJSON *item = NULL;
    bool first = true;
    if (cJSON_IsNumber(value)) {
        rs_number_format(value->valuedouble, number);
        rs_buffer_text(out, number);
    } else if (cJSON_IsBool(value)) {
        rs_buffer_text(out, cJSON_IsTrue(value) ? "yes" : "no");
    } else if (cJSON_IsString(value)) {
        rs_buffer_text(out, value->valuestring);
    } else if (cJSON_IsArray(value)) {
        cJSON_ArrayForEach(item, value)
        {
            if (!cJSON_IsString(item)) {
                return rs_fail(err, RS_EUSAGE, "a list must hold texts, as [\"m7*\", \"c7*\"]");
            }
            rs_buffer_printf(out, "%s%s", first ? "" : ",", item->valuestring);
            first = false;
        }
    } else {
        return rs_fail(err, RS_EUSAGE, "give a number, a text, true, false or a list of texts");
    }
    return rs_buffer_status(out, err);
}

static enum rs_status set_key(struct rs_policy *policy, const cJSON *member, struct rs_error *err)
{
    struct nearest nearest = {.wanted = member->string};
    rs_policy_describe(policy, compare_key, &nearest);
    if (!nearest.exact) {
        return rs_fail(err, RS_EUSAGE,
                       "there is no such key, the nearest is '%s'; 'rightsize policy show' lists "
                       "them",
                       nearest.key);
    }
    struct rs_buffer text;
    rs_buffer_init(&text);
    enum rs_status rc = text_of(member, &text, err);
    if (rc == RS_OK) {
        rc = rs_policy_set(policy, member->string, text.length > 0 ? text.data : "", err);
    }
    rs_buffer_release(&text);
    return rc;
}

static enum rs_status fail_at(const struct rs_policy_file *file, const char *name, const char *key,
                              struct rs_error *err)
{
    struct rs_error why = *err;
    if (strncmp(why.text, file->path.data, file->path.length) == 0) {
        return why.code; /* it tells its place, in the policy that this one starts from */
    }
    return rs_fail(err, RS_EUSAGE, "%s: policies.%.32s%s%.64s%s: %.400s", file->path.data, name,
                   key != NULL ? "[\"" : "", key != NULL ? key : "", key != NULL ? "\"]" : "",
                   why.text);
}

static enum rs_status take(const struct rs_policy_file *file, const char *name, int depth,
                           struct rs_policy *out, struct rs_error *err)
{
    const cJSON *own = file != NULL ? rs_json_member(file->policies, name) : NULL;
    const cJSON *member = NULL;
    if (own == NULL) {
        return rs_policy_preset(name, out, err);
    }
    if (depth == DEEPEST) {
        return rs_fail(err, RS_EUSAGE, "its base leads back to itself; begin with a preset");
    }
    const char *base = rs_json_optional_text(own, "base");
    enum rs_status rc =
        base != NULL ? take(file, base, depth + 1, out, err) : rs_policy_preset(NULL, out, err);
    if (rc != RS_OK) {
        return fail_at(file, name, "base", err);
    }
    cJSON_ArrayForEach(member, own)
    {
        if (strcmp(member->string, "base") == 0 || strcmp(member->string, "summary") == 0) {
            continue;
        }
        if ((rc = set_key(out, member, err)) != RS_OK) {
            return fail_at(file, name, member->string, err);
        }
    }
    snprintf(out->name, sizeof(out->name), "%s", name);
    return RS_OK;
}

static enum rs_status check_policy(const struct rs_policy_file *file, const cJSON *own,
                                   struct rs_error *err)
{
    const char *name = own->string;
    struct rs_policy policy;
    size_t length = strlen(name);
    if (!cJSON_IsObject(own)) {
        (void)rs_fail(err, RS_EUSAGE, "it must be an object of keys, as {\"cpu.headroom\": 0.3}");
    } else if (is_preset(name)) {
        (void)rs_fail(err, RS_EUSAGE, "a preset has that name; choose another");
    } else if (length == 0 || length >= sizeof(policy.name) ||
               strspn(name, NAME_LETTERS) != length) {
        (void)rs_fail(err, RS_EUSAGE, "name it with 1 to %zu letters, digits, '_', '.' or '-'",
                      sizeof(policy.name) - 1);
    } else if (rs_json_member(own, "base") != NULL && rs_json_optional_text(own, "base") == NULL) {
        (void)rs_fail(err, RS_EUSAGE, "base must be the name of a policy");
    } else {
        return take(file, name, 0, &policy, err);
    }
    return fail_at(file, name, NULL, err);
}

static enum rs_status check(struct rs_policy_file *file, struct rs_error *err)
{
    const char *path = file->path.data;
    const cJSON *member = NULL, *own = NULL, *chosen = rs_json_member(file->document, "default");
    if (!cJSON_IsObject(file->document)) {
        return rs_fail(err, RS_EUSAGE, "%s: it must be an object {\"policies\": {...}}", path);
    }
    cJSON_ArrayForEach(member, file->document)
    {
        if (strcmp(member->string, "default") != 0 && strcmp(member->string, "policies") != 0) {
            return rs_fail(err, RS_EUSAGE, "%s: '%.64s' is neither \"default\" nor \"policies\"",
                           path, member->string);
        }
    }
    file->policies = rs_json_member(file->document, "policies");
    if (file->policies != NULL && !cJSON_IsObject(file->policies)) {
        return rs_fail(err, RS_EUSAGE, "%s: policies must be an object of named policies", path);
    }
    cJSON_ArrayForEach(own, file->policies)
    {
        enum rs_status rc = check_policy(file, own, err);
        if (rc != RS_OK) {
            return rc;
        }
    }
    const char *name = cJSON_IsString(chosen) ? chosen->valuestring : NULL;
    if (chosen != NULL &&
        (name == NULL || (!is_preset(name) && rs_json_member(file->policies, name) == NULL))) {
        return rs_fail(err, RS_EUSAGE, "%s: default must name a policy of the file or a preset",
                       path);
    }
    return RS_OK;
}

/* *must: somebody named it. An empty path: there is none. */
static enum rs_status find_path(const char *path, struct rs_buffer *out, bool *must,
                                struct rs_error *err)
{
    const char *kept = getenv("RIGHTSIZE_POLICY_FILE"), *config = getenv("XDG_CONFIG_HOME");
    const char *home = getenv("HOME");
    path = path != NULL ? path : kept; /* set to nothing: no file at all */
    *must = path != NULL;
    if (path != NULL) {
        rs_buffer_text(out, path);
    } else if (config != NULL && *config == '/') { /* the XDG rules: a relative path is ignored */
        rs_buffer_printf(out, "%s/rightsize/policy.json", config);
    } else if (home != NULL && *home == '/') {
        rs_buffer_printf(out, "%s/.config/rightsize/policy.json", home);
    }
    return rs_buffer_status(out, err);
}

static enum rs_status read_document(struct rs_policy_file *file, struct rs_error *err)
{
    struct rs_buffer text;
    rs_buffer_init(&text);
    enum rs_status rc = rs_buffer_read_file(&text, file->path.data, LARGEST, err);
    if (rc != RS_OK && rc != RS_ENOMEM) { /* its message names the file */
        struct rs_error why = *err;
        rc = rs_fail(err, RS_EUSAGE, "%s", why.text);
    } else if (rc == RS_OK) {
        rc = rs_json_parse(text.length > 0 ? text.data : "", text.length, &file->document, err);
        if (rc != RS_OK && rc != RS_ENOMEM) {
            struct rs_error why = *err;
            rc = rs_fail(err, RS_EUSAGE, "%s: %.400s", file->path.data, why.text);
        }
    }
    rs_buffer_release(&text);
    return rc;
}

enum rs_status rs_policy_file_open(const char *path, struct rs_policy_file **out,
                                   struct rs_error *err)
{
    bool must = false;
    *out = NULL;
    struct rs_policy_file *file = calloc(1, sizeof(*file));
    if (file == NULL) {
        return rs_fail(err, RS_ENOMEM, "out of memory for the policies");
    }
    rs_buffer_init(&file->path);
    enum rs_status rc = find_path(path, &file->path, &must, err);
    if (rc == RS_OK && (file->path.length == 0 || (!must && access(file->path.data, F_OK) != 0))) {
        rs_policy_file_close(file);
        return RS_OK;
    }
    if (rc == RS_OK) {
        rc = read_document(file, err);
    }
    if (rc == RS_OK) {
        rc = check(file, err);
    }
    if (rc == RS_OK) {
        *out = file;
    } else {
        rs_policy_file_close(file);
    }
    return rc;
}

void rs_policy_file_close(struct rs_policy_file *file)
{
    if (file != NULL) {
        rs_buffer_release(&file->path);
        cJSON_Delete(file->document);
        free(file);
    }
}

const char *rs_policy_file_path(const struct rs_policy_file *file)
{
    return file->path.data;
}

const char *rs_policy_file_default(const struct rs_policy_file *file)
{
    return file != NULL ? rs_json_optional_text(file->document, "default") : NULL;
}

const char *rs_policy_file_name(const struct rs_policy_file *file, size_t i, const char **summary)
{
    const cJSON *own = NULL;
    size_t at = 0;
    *summary = NULL;
    if (file == NULL) {
        return NULL;
    }
    cJSON_ArrayForEach(own, file->policies)
    {
        if (at++ == i) {
            *summary = rs_json_optional_text(own, "summary");
            return own->string;
        }
    }
    return NULL;
}

/* A name that is not there is answered with the file's as well. */
static enum rs_status fail_name(const struct rs_policy_file *file, struct rs_error *err)
{
    struct rs_error why = *err;
    struct rs_buffer names;
    const char *summary = NULL, *name = NULL;
    rs_buffer_init(&names);
    for (size_t i = 0; (name = rs_policy_file_name(file, i, &summary)) != NULL; i++) {
        rs_buffer_printf(&names, "%s%s", i > 0 ? ", " : "", name);
    }
    enum rs_status rc = rs_fail(err, RS_EUSAGE, "%.300s, and in %.200s %.200s", why.text,
                                file->path.data, names.length > 0 ? names.data : "none");
    rs_buffer_release(&names);
    return rc;
}

enum rs_status rs_policy_file_take(const struct rs_policy_file *file, const char *name,
                                   struct rs_policy *out, struct rs_error *err)
{
    name = name != NULL ? name : rs_policy_file_default(file);
    if (name == NULL) {
        return rs_policy_preset(NULL, out, err);
    }
    enum rs_status rc = take(file, name, 0, out, err);
    bool unknown = file != NULL && rc == RS_EUSAGE && rs_json_member(file->policies, name) == NULL;
    return unknown ? fail_name(file, err) : rc;
}
