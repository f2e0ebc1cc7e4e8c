/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "advise/workload.h"

#include <string.h>
#include <strings.h>

#define TOLD "rightsize:workload"
#define EMR_TAGS "aws:elasticmapreduce:"
#define WORD_MAX 64

/* All but Microsoft's are published for arm64 by their projects or by AWS. */
static const struct kind {
    const char *type; /* Compute Optimizer's name */
    bool arm64;
    const char *words[4]; /* whole, lower case */
} kinds[] = {
    {"AmazonEmr", true, {"emr", "elasticmapreduce"}},
    {"ApacheCassandra", true, {"cassandra"}},
    {"ApacheHadoop", true, {"hadoop", "hdfs"}},
    {"Memcached", true, {"memcached", "memcache"}},
    {"Nginx", true, {"nginx"}},
    {"PostgreSql", true, {"postgresql", "postgres", "pgsql"}},
    {"Redis", true, {"redis"}},
    {"Kafka", true, {"kafka"}},
    {"SQLServer", false, {"sqlserver", "mssql"}},
};
#define KINDS (sizeof(kinds) / sizeof(kinds[0]))

static const struct kind *kind_by_type(const char *type)
{
    for (size_t i = 0; i < KINDS; i++) {
        if (strcasecmp(type, kinds[i].type) == 0) {
            return &kinds[i];
        }
    }
    return NULL;
}

static const struct kind *kind_by_word(const char *word)
{
    for (size_t i = 0; i < KINDS; i++) {
        for (size_t k = 0; k < 4 && kinds[i].words[k] != NULL; k++) {
            if (strcmp(word, kinds[i].words[k]) == 0) {
                return &kinds[i];
            }
        }
    }
    return NULL;
}

static bool is_of_word(char c)
{
    return ((unsigned char)c & 0x80U) != 0 || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           (c >= '0' && c <= '9');
}

/* The next word of *text in lower case; false: there is none. One that is too long is no name. */
static bool next_word(const char **text, char word[static WORD_MAX])
{
    const char *p = *text;
    size_t length = 0;
    while (*p != '\0' && !is_of_word(*p)) {
        p++;
    }
    bool any = *p != '\0';
    for (; is_of_word(*p); p++) {
        if (length < WORD_MAX - 1) {
            word[length++] = *p >= 'A' && *p <= 'Z' ? (char)(*p - 'A' + 'a') : *p;
        }
    }
    word[length] = '\0';
    *text = p;
    return any;
}

/* What must stay on x86_64 goes before what need not: a machine may run both. */
static const struct kind *kind_in(const char *text)
{
    char word[WORD_MAX], before[WORD_MAX] = "";
    const struct kind *first = NULL;
    for (const char *p = text; p != NULL && next_word(&p, word);) {
        bool two_words = strcmp(before, "sql") == 0 && strcmp(word, "server") == 0;
        const struct kind *kind = two_words ? kind_by_type("SQLServer") : kind_by_word(word);
        if (kind != NULL && (first == NULL || !kind->arm64)) {
            first = kind;
        }
        memcpy(before, word, sizeof(before));
    }
    return first;
}

static void take(struct rs_runs *out, const struct kind *kind, const char *source, const char *text)
{
    if (kind != NULL && (out->type == NULL || (out->arm64 && !kind->arm64))) {
        out->type = kind->type;
        out->arm64 = kind->arm64;
        out->source = source;
        out->text = text;
    }
}

static const char *tag_value(const struct rs_resource *resource, const char *key)
{
    for (size_t i = 0; i < resource->tag_count; i++) {
        const struct rs_tag *tag = &resource->tags[i];
        if (strcmp(tag->key, key) == 0 && tag->value != NULL && tag->value[0] != '\0') {
            return tag->value;
        }
    }
    return NULL;
}

static void infer(const struct rs_resource *resource, struct rs_runs *out)
{
    take(out, kind_in(resource->platform), "platform", resource->platform);
    take(out, kind_in(resource->name), "name", resource->name);
    take(out, kind_in(resource->group), "Auto Scaling group", resource->group);
    for (size_t i = 0; i < resource->tag_count; i++) {
        const struct rs_tag *tag = &resource->tags[i];
        if (strncmp(tag->key, EMR_TAGS, strlen(EMR_TAGS)) == 0) {
            take(out, kind_by_type("AmazonEmr"), "tag", tag->key);
        }
        take(out, kind_in(tag->key), "tag", tag->key);
        take(out, kind_in(tag->value), "tag", tag->value);
    }
}

struct rs_runs rs_workload_of(const struct rs_resource *resource, const struct rs_policy *policy)
{
    struct rs_runs out = {.type = NULL};
    const char *told = tag_value(resource, TOLD);
    const struct kind *kind = told != NULL ? kind_by_type(told) : NULL;
    kind = told != NULL && kind == NULL ? kind_in(told) : kind;
    take(&out, kind, "tag " TOLD, told);
    out.told = kind != NULL;
    if (told == NULL && policy->infer_workload) {
        infer(resource, &out);
    }
    out.windows = resource->platform != NULL && strncasecmp(resource->platform, "windows", 7) == 0;
    return out;
}

static bool is_arm(const char *architecture)
{
    return architecture != NULL && strncmp(architecture, "arm64", 5) == 0;
}

const char *rs_workload_effort(const struct rs_runs *runs, unsigned differences,
                               const struct rs_offer *offer)
{
    if ((differences & RS_DIFFERS_ARCHITECTURE) == 0) {
        return "VeryLow";
    }
    bool arm = is_arm(offer->architecture);
    if (arm && (runs->windows || (runs->type != NULL && !runs->arm64))) {
        return "High";
    }
    return runs->type != NULL ? "Low" : "Medium";
}

void rs_workload_note(struct rs_study *study)
{
    const struct rs_advice *out = study->out;
    const struct rs_runs *runs = &study->runs;
    const struct rs_offer *other = NULL;
    for (size_t i = 0; i < out->option_count && other == NULL; i++) {
        bool differs = (out->options[i].differences & RS_DIFFERS_ARCHITECTURE) != 0;
        other = differs ? out->options[i].offer : NULL;
    }
    if (other == NULL || (runs->type == NULL && !runs->windows)) {
        return;
    }
    bool arm = is_arm(other->architecture);
    if (runs->windows && arm) {
        rs_study_note(study, "WorkloadNeedsX86",
                      "it runs %.64s, of which there is no build for arm64 instances",
                      study->work->resource->platform);
    } else if (runs->type != NULL) {
        rs_study_note(study, runs->told ? "WorkloadTold" : "WorkloadInferred",
                      "it %s %s, by its %s '%.100s'; %s for %.16s",
                      runs->told ? "runs" : "seems to run", runs->type, runs->source, runs->text,
                      arm && !runs->arm64 ? "there is no build" : "there are builds",
                      other->architecture);
    }
}
