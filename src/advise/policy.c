/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rightsize/policy.h"

#include "rightsize/number.h"
#include "rightsize/recommend.h"
#include "rightsize/when.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define HOUR ((int64_t)3600)
#define LONGEST ((int64_t)400 * RS_DAY_SECONDS) /* a year and its seam */

#define MIB 1048576.0
/* "a tenth more" as a share of the new capacity kept free */
#define MORE(share) (1.0 - 1.0 / (1.0 + (share)))

const struct rs_policy_preset rs_policy_presets[] = {
    {"balanced", "least cost for the risk: price plus a charge for the free memory given up"},
    {"savings", "the same with half of the charge: cheaper, no riskier than compute-optimizer"},
    {"performance", "the same with twice the charge and more headroom: safer"},
    {"compute-optimizer", "AWS Compute Optimizer's default: CPU P99.5 and 20 % headroom, memory "
                          "by its maximum and 20 %"},
    {"co-max-savings", "its \"maximum savings\": CPU P90 and no headroom, memory 10 %"},
    {"co-balanced", "its \"balanced\": CPU P95 and 30 % headroom, memory 30 %"},
    {"co-max-performance", "its \"maximum performance\": CPU P99.5 and 30 % headroom, memory 30 %"},
    {"krr", "robusta KRR's simple strategy: CPU P95, memory maximum and 15 % more, 14 days"},
    {"azure", "Azure Advisor's user-facing figures: CPU P95 to 40 %, memory P99 to 60 %, 7 days"},
    {"gcp", "like Compute Engine's recommender: 8 days; its figures are assumed, none published"},
    {NULL, NULL},
};

/* One row a preset, in the same order. */
static const struct numbers {
    double cpu_percentile, cpu_headroom, memory_percentile, memory_headroom, min_saving, crowding;
    int days;
    bool own; /* of the rule of rank.h, with its other settings */
    bool burst_headroom;
} preset_numbers[] = {
    {99.5, MORE(0.10), 100, MORE(0.25), 0.20, 1.0, 93, true, false},
    {99.5, MORE(0.10), 100, MORE(0.25), 0.20, 0.6, 93, true, true},
    {99.5, MORE(0.20), 100, MORE(0.50), 0.25, 2.0, 93, true, false},
    {99.5, 0.20, 100, 0.20, 0, 0, 14, false, true},
    {90, 0.0, 100, 0.10, 0, 0, 14, false, true},
    {95, 0.30, 100, 0.30, 0, 0, 14, false, true},
    {99.5, 0.30, 100, 0.30, 0, 0, 14, false, true},
    {95, 0.0, 100, MORE(0.15), 0, 0, 14, false, true},
    {95, 0.60, 99, 0.40, 0, 0, 7, false, true},
    {95, 0.20, 100, 0.20, 0, 0, 8, false, true},
};

/*
 * What Compute Optimizer leaves open is decided here, once for all presets but the first three:
 * - memory by its maximum: it names no percentile, and a process that lacks memory dies, while one
 *   that lacks CPU waits;
 * - network and disks at CPU's strictest percentile without headroom: it publishes neither, and the
 *   capacities used are baselines that bursts may exceed;
 * - any generation: it offers old types too; whoever pays less for one may prefer it;
 * - no minimum saving: it has none.
 */
static const struct rs_policy defaults = {
    .memory_percentile = 100.0,
    .io_percentile = 99.5,
    .io_headroom = 0.0,
    .lookback = 14 * (int64_t)RS_DAY_SECONDS, /* its default */
    .min_data = 30 * HOUR,                    /* it stays silent below */
    .min_saving = 0.0,
    .idle_cpu_percent = 5.0, /* its idle rule: both below */
    .idle_net_bytes_day = 5e6,
    .architecture = "current", /* another one needs other binaries */
    .burstable = "yes",
    .generation = "any",
    .options = 3,
    .cpu_speed = "off",       /* measured: src/README.md */
    .burst_mode = "standard", /* nothing is billed that no one has asked for */
    .infer_workload = true,   /* as Compute Optimizer does */
    .groups = true,           /* an Auto Scaling group has one launch template */
};

enum kind { NUMBER, SHARE, DURATION, WORD, LIST, FLAG, COUNT };

static const char *const architectures[] = {"current", "any", "x86_64", "arm64", "i386", NULL};
static const char *const burstables[] = {"yes", "no", "same", NULL};
static const char *const generations[] = {"any", "current", NULL};
static const char *const modes[] = {"standard", "unlimited", NULL};
static const char *const speeds[] = {"off", "guard", "score", NULL};

static const struct key {
    const char *name;
    enum kind kind;
    size_t offset, size;
    double min, max;
    const char *const *words;
    const char *meaning;
} keys[] = {
#define FIELD(member) offsetof(struct rs_policy, member), sizeof(((struct rs_policy *)0)->member)
    {"cpu.percentile", NUMBER, FIELD(cpu_percentile), 0, 100, NULL,
     "percentile of CPU use that must fit, 0..100"},
    {"cpu.headroom", SHARE, FIELD(cpu_headroom), 0, 0.95, NULL,
     "share of the new CPU kept free, 0..0.95 or a percentage"},
    {"cpu.speed", WORD, FIELD(cpu_speed), 0, 0, speeds,
     "off: a vCPU is a vCPU; score: by its speed; guard: only where it is slower"},
    {"memory.percentile", NUMBER, FIELD(memory_percentile), 0, 100, NULL,
     "percentile of memory use that must fit, 0..100; 100 is the maximum"},
    {"memory.headroom", SHARE, FIELD(memory_headroom), 0, 0.95, NULL,
     "share of the new memory kept free, 0..0.95 or a percentage"},
    {"io.percentile", NUMBER, FIELD(io_percentile), 0, 100, NULL,
     "percentile of network and disk use that must fit, 0..100"},
    {"io.headroom", SHARE, FIELD(io_headroom), 0, 0.95, NULL,
     "share of the new network and disk capacity kept free"},
    {"lookback", DURATION, FIELD(lookback), 300, (double)LONGEST, NULL,
     "how far back samples count, as 14d"},
    {"min_data", DURATION, FIELD(min_data), 1, (double)LONGEST, NULL,
     "samples for less time than this make the confidence low, as 30h"},
    {"min_saving", SHARE, FIELD(min_saving), 0, 1, NULL,
     "share of today's price an offer must save, 0..1 or a percentage"},
    {"idle.cpu_percent", NUMBER, FIELD(idle_cpu_percent), 0, 100, NULL,
     "idle when the CPU never exceeds this percentage ..."},
    {"idle.net_bytes_per_day", NUMBER, FIELD(idle_net_bytes_day), 0, 1e18, NULL,
     "... and the network carries fewer bytes a day than this"},
    {"architecture", WORD, FIELD(architecture), 0, 0, architectures,
     "of offered types: current, any, x86_64, arm64 or i386"},
    {"burstable", WORD, FIELD(burstable), 0, 0, burstables,
     "types with CPU credits: yes, no, or same (only if it is one today)"},
    {"generation", WORD, FIELD(generation), 0, 0, generations, "of offered types: any or current"},
    {"include", LIST, FIELD(include), 0, 0, NULL,
     "only these types or families: names with * and ?, separated by commas"},
    {"exclude", LIST, FIELD(exclude), 0, 0, NULL,
     "never these types or families: names with * and ?, separated by commas"},
    {"down_only", FLAG, FIELD(down_only), 0, 1, NULL,
     "never offer a dearer type, even to a machine that lacks something"},
    {"recent_weeks", COUNT, FIELD(recent_weeks), 0, 57, NULL,
     "CPU and memory by the busiest of so many last weeks; 0: the whole window at once"},
    {"memory.pad", NUMBER, FIELD(memory_pad), 0, 1e15, NULL, "bytes added to the need of memory"},
    {"capped", FLAG, FIELD(capped), 0, 1, NULL,
     "never ask for more CPU or memory than it has, unless it runs short (95 %)"},
    {"burstable.headroom", FLAG, FIELD(burst_headroom), 0, 1, NULL,
     "CPU headroom on burstable types too, which are limited by credits"},
    {"burst.mode", WORD, FIELD(burst_mode), 0, 0, modes,
     "types with CPU credits: standard (throttled without) or unlimited (surplus is paid)"},
    {"crowding", NUMBER, FIELD(crowding), 0, 1000, NULL,
     "scale of the charge for free memory given up; 0: price alone"},
    {"confidence.resamples", COUNT, FIELD(resamples), 0, 10000, NULL,
     "times to draw the days at hand anew, to see whether the answer stays; 0: none"},
    {"workload.infer", FLAG, FIELD(infer_workload), 0, 1, NULL,
     "tell from name and tags what it runs, for the effort of another architecture"},
    {"groups", FLAG, FIELD(groups), 0, 1, NULL,
     "one type for all machines of an Auto Scaling group, or of a role"},
    {"group.tag", LIST, FIELD(group_tag), 0, 0, NULL,
     "machines of one type with the same value of this tag have one role; empty: no roles"},
    {"options", COUNT, FIELD(options), 1, RS_MAX_OPTIONS, NULL, "how many offers to rank, 1..10"},
#undef FIELD
};

#define KEYS (sizeof(keys) / sizeof(keys[0]))

/*
 * The own rule's settings, found on real machines (src/README.md): the last two weeks set the need,
 * since a spike of a month ago should be paid for, not obeyed; 64 MiB damp what is tiny; and what a
 * machine has is enough for it as long as it does not run short.
 */
static void apply_numbers(const struct numbers *n, struct rs_policy *out)
{
    out->cpu_percentile = n->cpu_percentile;
    out->cpu_headroom = n->cpu_headroom;
    out->memory_percentile = n->memory_percentile;
    out->memory_headroom = n->memory_headroom;
    out->min_saving = n->min_saving;
    out->crowding = n->crowding;
    out->lookback = n->days * (int64_t)RS_DAY_SECONDS;
    out->burst_headroom = n->burst_headroom;
    if (n->own) {
        out->recent_weeks = 2;
        out->memory_pad = 64.0 * MIB;
        out->capped = true;
        snprintf(out->group_tag, sizeof(out->group_tag), "role");
        snprintf(out->generation, sizeof(out->generation), "current");
    }
}

enum rs_status rs_policy_preset(const char *name, struct rs_policy *out, struct rs_error *err)
{
    char known[400] = "";
    for (size_t i = 0; rs_policy_presets[i].name != NULL; i++) {
        const char *preset = rs_policy_presets[i].name;
        if (name == NULL || strcmp(name, preset) == 0) {
            *out = defaults;
            snprintf(out->name, sizeof(out->name), "%s", preset);
            apply_numbers(&preset_numbers[i], out);
            return RS_OK;
        }
        size_t used = strlen(known);
        snprintf(known + used, sizeof(known) - used, "%s%s", i > 0 ? ", " : "", preset);
    }
    return rs_fail(err, RS_EUSAGE, "no policy '%.64s'; there are %s", name, known);
}

static enum rs_status fail_key(const char *key, struct rs_error *err)
{
    char known[480] = "";
    for (size_t i = 0; i < KEYS; i++) {
        size_t used = strlen(known);
        snprintf(known + used, sizeof(known) - used, "%s%s", i > 0 ? ", " : "", keys[i].name);
    }
    return rs_fail(err, RS_EUSAGE, "no policy key '%.64s'; there are %s", key, known);
}

static enum rs_status parse_number(const struct key *key, const char *value, double *out,
                                   struct rs_error *err)
{
    char digits[64];
    size_t length = strlen(value);
    bool percent = key->kind == SHARE && length > 0 && value[length - 1] == '%';
    double scale = percent ? 100.0 : 1.0;
    if (length >= sizeof(digits)) {
        return rs_fail(err, RS_EINPUT, "'%.32s...' is too long for a number", value);
    }
    snprintf(digits, sizeof(digits), "%.*s", (int)(percent ? length - 1 : length), value);
    double parsed = 0.0;
    enum rs_status rc = rs_parse_double(digits, key->min * scale, key->max * scale, &parsed, err);
    if (rc == RS_OK) {
        *out = parsed / scale;
    }
    return rc;
}

static enum rs_status parse_duration(const struct key *key, const char *value, int64_t *out,
                                     struct rs_error *err)
{
    int64_t seconds = 0;
    enum rs_status rc = rs_duration_parse(value, &seconds, err);
    if (rc == RS_OK && (seconds < (int64_t)key->min || seconds > (int64_t)key->max)) {
        return rs_fail(err, RS_EINPUT, "'%.32s' is outside %.0fs..%.0fd", value, key->min,
                       key->max / RS_DAY_SECONDS);
    }
    if (rc == RS_OK) {
        *out = seconds;
    }
    return rc;
}

static enum rs_status parse_word(const struct key *key, const char *value, char *out,
                                 struct rs_error *err)
{
    for (size_t i = 0; key->words[i] != NULL; i++) {
        if (strcmp(key->words[i], value) == 0) {
            snprintf(out, key->size, "%s", value);
            return RS_OK;
        }
    }
    return rs_fail(err, RS_EINPUT, "'%.64s' is none of its values (%s)", value, key->meaning);
}

static enum rs_status parse_list(const struct key *key, const char *value, char *out,
                                 struct rs_error *err)
{
    if (strlen(value) >= key->size) {
        return rs_fail(err, RS_EINPUT, "the list is longer than %zu bytes", key->size - 1);
    }
    snprintf(out, key->size, "%s", value);
    return RS_OK;
}

static enum rs_status parse_flag(const char *value, bool *out, struct rs_error *err)
{
    bool yes = strcmp(value, "yes") == 0 || strcmp(value, "true") == 0;
    if (!yes && strcmp(value, "no") != 0 && strcmp(value, "false") != 0) {
        return rs_fail(err, RS_EINPUT, "'%.64s' is neither yes nor no", value);
    }
    *out = yes;
    return RS_OK;
}

static enum rs_status parse_count(const struct key *key, const char *value, int *out,
                                  struct rs_error *err)
{
    int64_t count = 0;
    enum rs_status rc = rs_parse_int(value, (int64_t)key->min, (int64_t)key->max, &count, err);
    if (rc == RS_OK) {
        *out = (int)count;
    }
    return rc;
}

static enum rs_status set_member(const struct key *key, const char *value, char *member,
                                 struct rs_error *err)
{
    switch (key->kind) {
    case NUMBER:
    case SHARE:
        return parse_number(key, value, (double *)(void *)member, err);
    case DURATION:
        return parse_duration(key, value, (int64_t *)(void *)member, err);
    case WORD:
        return parse_word(key, value, member, err);
    case LIST:
        return parse_list(key, value, member, err);
    case FLAG:
        return parse_flag(value, (bool *)member, err);
    case COUNT:
        break;
    }
    return parse_count(key, value, (int *)(void *)member, err);
}

enum rs_status rs_policy_set(struct rs_policy *policy, const char *key, const char *value,
                             struct rs_error *err)
{
    assert(policy != NULL && key != NULL && value != NULL);
    for (size_t i = 0; i < KEYS; i++) {
        if (strcmp(keys[i].name, key) == 0) {
            struct rs_error why = {RS_OK, ""};
            if (set_member(&keys[i], value, (char *)policy + keys[i].offset, &why) == RS_OK) {
                return RS_OK;
            }
            return rs_fail(err, RS_EUSAGE, "policy key '%s': %.400s", key, why.text);
        }
    }
    return fail_key(key, err);
}

static void format_duration(int64_t seconds, char *out, size_t size)
{
    static const struct {
        int64_t seconds;
        char unit;
    } units[] = {{RS_DAY_SECONDS, 'd'}, {3600, 'h'}, {60, 'm'}, {1, 's'}};
    size_t i = 0;
    while (seconds % units[i].seconds != 0) {
        i++;
    }
    snprintf(out, size, "%" PRId64 "%c", seconds / units[i].seconds, units[i].unit);
}

void rs_policy_describe(const struct rs_policy *policy, rs_policy_key_fn *fn, void *payload)
{
    for (size_t i = 0; i < KEYS; i++) {
        const char *member = (const char *)policy + keys[i].offset;
        char text[RS_NUMBER_TEXT];
        const char *value = text;
        bool is_number = false;
        switch (keys[i].kind) {
        case NUMBER:
        case SHARE:
            rs_number_format(*(const double *)(const void *)member, text);
            is_number = true;
            break;
        case DURATION:
            format_duration(*(const int64_t *)(const void *)member, text, sizeof(text));
            break;
        case FLAG:
            value = *(const bool *)member ? "yes" : "no";
            break;
        case COUNT:
            snprintf(text, sizeof(text), "%d", *(const int *)(const void *)member);
            is_number = true;
            break;
        case WORD:
        case LIST:
            value = member;
            break;
        }
        fn(payload, keys[i].name, value, is_number, keys[i].meaning);
    }
}
