/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fleet.h"

#include "rightsize/when.h"

#include <stdlib.h>
#include <string.h>

#define DEEP "                " /* as far in as awscli puts the elements */

struct stamp { /* one line of Timestamps, without the comma */
    char text[48];
    size_t length;
};

struct desk { /* the working space of one run, one entry a slot */
    const struct fleet_plan *plan;
    size_t slots;
    struct stamp *stamps;
    uint32_t *levels;
    struct fleet_value *values;
};

static void stamp_init(struct stamp *stamp, int64_t at, bool numeric)
{
    char when[RS_WHEN_TEXT];
    rs_when_format(at, when);
    when[strlen(when) - 1] = '\0';
    int n = numeric ? snprintf(stamp->text, sizeof(stamp->text), DEEP "%lld", (long long)at)
                    : snprintf(stamp->text, sizeof(stamp->text), DEEP "\"%s+00:00\"", when);
    stamp->length = (size_t)n;
}

static bool desk_open(struct desk *desk, const struct fleet_plan *plan, bool numeric)
{
    desk->plan = plan;
    desk->slots = (size_t)((plan->to - plan->from) / plan->step);
    desk->stamps = calloc(desk->slots + 1, sizeof(*desk->stamps));
    desk->levels = calloc(desk->slots + 1, sizeof(*desk->levels));
    desk->values = calloc(desk->slots + 1, sizeof(*desk->values));
    if (desk->stamps == NULL || desk->levels == NULL || desk->values == NULL) {
        return false;
    }
    for (size_t i = 0; i < desk->slots; i++) { /* newest first */
        stamp_init(&desk->stamps[i], plan->to - plan->step * (int64_t)(i + 1), numeric);
    }
    return true;
}

static void desk_close(struct desk *desk)
{
    free(desk->stamps);
    free(desk->levels);
    free(desk->values);
}

static void put_timestamps(struct fleet_out *out, const struct desk *desk)
{
    const char *before = "[\n";
    for (size_t i = 0; i < desk->slots; i++) {
        if (desk->values[i].denominator != 0) {
            fleet_put_bytes(out, before, 2);
            fleet_put_bytes(out, desk->stamps[i].text, desk->stamps[i].length);
            before = ",\n";
        }
    }
    fleet_put(out, before[0] == '[' ? "[]" : "\n            ]");
}

static void put_values(struct fleet_out *out, const struct desk *desk)
{
    const char *before = "[\n";
    for (size_t i = 0; i < desk->slots; i++) {
        const struct fleet_value *value = &desk->values[i];
        if (value->denominator == 0) {
            continue;
        }
        fleet_put_bytes(out, before, 2);
        fleet_put_bytes(out, DEEP, sizeof(DEEP) - 1);
        fleet_put_ratio(out, value->numerator, value->denominator,
                        value->denominator == 1 ? 0 : 14);
        if (value->numerator % value->denominator == 0) {
            fleet_put_bytes(out, ".0", 2);
        }
        before = ",\n";
    }
    fleet_put(out, before[0] == '[' ? "[]" : "\n            ]");
}

static void put_result(struct fleet_out *out, const struct desk *desk,
                       const struct fleet_column *column, size_t id)
{
    const char *const words[] = {column->resource, " ", column->name_space, " ",
                                 column->name,     " ", column->statistic,  " "};
    fleet_put(out, id == 0 ? "\n        {\n" : ",\n        {\n");
    fleet_put(out, "            \"Id\": \"m");
    fleet_put_int(out, id);
    fleet_put(out, "\",\n            \"Label\": \"");
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
        fleet_put(out, words[i]);
    }
    fleet_put_int(out, (uint64_t)desk->plan->step);
    fleet_put(out, "\",\n            \"Timestamps\": ");
    put_timestamps(out, desk);
    fleet_put(out, ",\n            \"Values\": ");
    put_values(out, desk);
    fleet_put(out, ",\n            \"StatusCode\": \"Complete\"\n        }");
}

static void sample_column(struct desk *desk, const struct fleet_machine *machine,
                          const struct fleet_column *column)
{
    for (size_t i = 0; i < desk->slots; i++) {
        int64_t at = desk->plan->to - desk->plan->step * (int64_t)(i + 1);
        struct fleet_value value = fleet_sample(desk->plan, machine, column, at, desk->levels[i]);
        if (column->metric == FLEET_MEMORY) { /* a share becomes percent */
            value.numerator *= 100;
        }
        desk->values[i] = value;
    }
}

static bool write_answers(const struct fleet_plan *plan, struct fleet_out *out, bool numeric)
{
    struct fleet_column columns[FLEET_MAX_COLUMNS];
    struct desk desk;
    size_t id = 0;
    bool done = desk_open(&desk, plan, numeric);
    fleet_put(out, "{\n    \"MetricDataResults\": [");
    for (size_t m = 0; done && m < plan->count; m++) {
        const struct fleet_machine *machine = &plan->machines[m];
        for (size_t i = 0; i < desk.slots; i++) {
            desk.levels[i] = fleet_level(machine, plan->to - plan->step * (int64_t)(i + 1));
        }
        size_t count = fleet_columns(machine, plan->mixed, columns);
        for (size_t c = 0; c < count; c++) {
            sample_column(&desk, machine, &columns[c]);
            put_result(out, &desk, &columns[c], id++);
        }
    }
    fleet_put(out, id == 0 ? "],\n" : "\n    ],\n");
    fleet_put(out, "    \"Messages\": []\n}\n");
    desk_close(&desk);
    return done;
}

bool fleet_write_gmd(const struct fleet_plan *plan, struct fleet_out *out)
{
    return write_answers(plan, out, false);
}

bool fleet_write_gmd_v1(const struct fleet_plan *plan, struct fleet_out *out)
{
    return write_answers(plan, out, true);
}
