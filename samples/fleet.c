/* SPDX-License-Identifier: GPL-3.0-or-later */
/* fleet.c - write the exports of a made-up fleet; README.md says what of it lies here. */
#include "fleet.h"

#include "rightsize/number.h"
#include "rightsize/when.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define DEMO_END "2026-11-16T00:00:00Z"
#define DEMO_STREAM_DAYS 2
#define DEMO_CONSOLE_DAYS 7
#define DEMO_OLD_INVENTORY 7 /* days before the end */

static const char usage[] =
    "usage: fleet [OPTION...]\n"
    "  --kind KIND         demo: some twenty telling machines; mixed: as many ordinary ones as "
    "wanted;\n"
    "                      steady: the same, none of them switched off at night\n"
    "  --instances N       of the mixed or steady fleet (10), or the first N of the demo\n"
    "  --days D            length of the window (14)\n"
    "  --step S            seconds (300; 60 for stream)\n"
    "  --end TIME          end of the window (" DEMO_END ")\n"
    "  --seed S            another fleet (42)\n"
    "  --gaps N            missing samples of a thousand (80, demo 0)\n"
    "  --format NAME       gmd gmd-v1 csv csv-long console stream inventory volumes\n"
    "  -o FILE             instead of standard output\n"
    "  --write DIR         the demo's files\n";

struct format {
    const char *name;
    fleet_writer_fn *write;
};

static const struct format formats[] = {
    {"gmd", fleet_write_gmd},         {"gmd-v1", fleet_write_gmd_v1},
    {"csv", fleet_write_csv},         {"csv-long", fleet_write_csv_long},
    {"console", fleet_write_console}, {"stream", fleet_write_stream},
    {"volumes", fleet_write_volumes}, {"inventory", fleet_write_inventory},
};

struct options {
    int64_t instances, days, step, seed, gaps, end;
    const char *kind, *format, *output, *folder;
};

static const struct {
    const char *file, *format;
    unsigned carriers;
    int64_t days, step, age; /* age: days before the end at which an inventory was taken */
} demo_files[] = {
    {"metrics-us-east-1.json", "gmd", FLEET_IN_US, 14, 300, 0},
    {"metrics-eu-central-1.json", "gmd-v1", FLEET_IN_EU, 14, 300, 0},
    {"stream.ndjson", "stream", FLEET_IN_STREAM, DEMO_STREAM_DAYS, 60, 0},
    {"proxy.csv", "csv", FLEET_IN_CSV, 14, 300, 0},
    {"console.csv", "console", FLEET_IN_CONSOLE, DEMO_CONSOLE_DAYS, 300, 0},
    {"inventory-2026-11-16.json", "inventory", 0, 14, 300, 0},
    {"inventory-2026-11-09.json", "inventory", 0, 14, 300, DEMO_OLD_INVENTORY},
    {"volumes.json", "volumes", 0, 14, 300, 0},
};

static bool read_option(struct options *o, const char *name, const char *value,
                        struct rs_error *err)
{
    const struct {
        const char *name;
        const char **text;
        int64_t *number, min, max;
    } known[] = {
        {"--kind", &o->kind, NULL, 0, 0},
        {"--format", &o->format, NULL, 0, 0},
        {"-o", &o->output, NULL, 0, 0},
        {"--write", &o->folder, NULL, 0, 0},
        {"--instances", NULL, &o->instances, 1, 10000000},
        {"--days", NULL, &o->days, 1, 3660},
        {"--step", NULL, &o->step, 1, 86400},
        {"--seed", NULL, &o->seed, 0, INT64_MAX},
        {"--gaps", NULL, &o->gaps, 0, 1000},
    };
    if (strcmp(name, "--end") == 0) {
        return rs_when_parse(value, &o->end, err) == RS_OK;
    }
    for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
        if (strcmp(name, known[i].name) != 0) {
            continue;
        }
        if (known[i].text != NULL) {
            *known[i].text = value;
            return true;
        }
        return rs_parse_int(value, known[i].min, known[i].max, known[i].number, err) == RS_OK;
    }
    (void)rs_fail(err, RS_EUSAGE, "'%s' is not an option", name);
    return false;
}

static const struct format *find_format(const char *name)
{
    for (size_t i = 0; i < sizeof(formats) / sizeof(formats[0]); i++) {
        if (strcmp(formats[i].name, name) == 0) {
            return &formats[i];
        }
    }
    return NULL;
}

static int write_file(struct fleet_plan *plan, size_t instances, const struct format *format,
                      const char *path)
{
    struct fleet_out out;
    plan->to -= plan->to % plan->step;
    plan->from -= plan->from % plan->step;
    if (!fleet_build(plan, instances)) {
        fprintf(stderr, "fleet: out of memory\n");
        return 1;
    }
    bool done = fleet_out_open(&out, path);
    if (done) {
        done = format->write(plan, &out);
        done = fleet_out_close(&out) && done;
    }
    if (!done) {
        fprintf(stderr, "fleet: cannot write '%s': %s\n", path != NULL ? path : "-",
                strerror(errno));
    }
    free(plan->machines);
    return done ? 0 : 1;
}

static int write_demo(const struct options *o)
{
    char path[4096];
    int failed = 0;
    for (size_t i = 0; i < sizeof(demo_files) / sizeof(demo_files[0]); i++) {
        struct fleet_plan plan = {.from = o->end - demo_files[i].days * 86400,
                                  .to = o->end,
                                  .step = demo_files[i].step,
                                  .seed = (uint64_t)o->seed,
                                  .carriers = demo_files[i].carriers,
                                  .observed_at = o->end - demo_files[i].age * 86400};
        int n = snprintf(path, sizeof(path), "%s/%s", o->folder, demo_files[i].file);
        if (n < 0 || (size_t)n >= sizeof(path)) {
            fprintf(stderr, "fleet: the name of the folder is too long\n");
            return 1;
        }
        failed |= write_file(&plan, 0, find_format(demo_files[i].format), path);
    }
    return failed;
}

static int write_one(const struct options *o)
{
    const struct format *format = find_format(o->format);
    bool steady = strcmp(o->kind, "steady") == 0, mixed = steady || strcmp(o->kind, "mixed") == 0;
    if (format == NULL || (!mixed && strcmp(o->kind, "demo") != 0)) {
        fprintf(stderr, "fleet: no such format or kind\n%s", usage);
        return 2;
    }
    int64_t step = o->step > 0 ? o->step : format->write == fleet_write_stream ? 60 : 300;
    int64_t count = o->instances > 0 ? o->instances : mixed ? 10 : 0;
    struct fleet_plan plan = {.from = o->end - o->days * 86400,
                              .to = o->end,
                              .step = step,
                              .seed = (uint64_t)o->seed,
                              .gaps = (uint32_t)(o->gaps >= 0 ? o->gaps
                                                 : mixed      ? 80
                                                              : 0),
                              .mixed = mixed,
                              .steady = steady,
                              .observed_at = o->end};
    return write_file(&plan, (size_t)count, format, o->output);
}

int main(int argc, char **argv)
{
    struct rs_error err = {RS_OK, ""};
    struct options o = {.days = 14, .seed = 42, .gaps = -1, .kind = "demo", .format = "gmd"};
    bool good = rs_when_parse(DEMO_END, &o.end, &err) == RS_OK;
    for (int i = 1; good && i < argc; i += 2) {
        if (i + 1 == argc) {
            (void)rs_fail(&err, RS_EUSAGE, "'%s' wants a value, or is not an option", argv[i]);
        }
        good = i + 1 < argc && read_option(&o, argv[i], argv[i + 1], &err);
    }
    if (good && (o.days * 86400 > o.end || o.end > INT64_C(253402300799))) {
        (void)rs_fail(&err, RS_EUSAGE, "the window must lie between the years 1970 and 9999");
        good = false;
    }
    if (!good) {
        fprintf(stderr, "fleet: %s\n%s", err.text, usage);
        return 2;
    }
    return o.folder != NULL ? write_demo(&o) : write_one(&o);
}
