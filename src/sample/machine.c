/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rightsize/machine.h"

#include "sample/files.h"
#include "sample/proc_private.h"

#include "rightsize/text.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <sys/utsname.h>

#define DMI "sys/class/dmi/id/"
#define AZURE_CHASSIS "7783-7084-3265-9085-8269-3286-77"

/* Firmware and files are outside text: what is not printable UTF-8 is as good as missing. */
static bool say(const struct rs_root *root, const char *path, char *out, size_t size)
{
    bool good = rs_root_peek(root, path, out, size) && rs_text_is_utf8(out, strlen(out));
    for (char *p = out; good && *p != '\0'; p++) {
        good = (unsigned char)*p >= ' ' && *p != 127;
    }
    if (!good) {
        out[0] = '\0';
    }
    return good;
}

static bool is_instance_id(const char *text)
{
    size_t digits = strncmp(text, "i-", 2) == 0 ? strspn(text + 2, "0123456789abcdef") : 0;
    return (digits == 8 || digits == 17) && text[2 + digits] == '\0';
}

static void read_cloud(const struct rs_root *root, struct rs_machine *m)
{
    char vendor[128], product[64], chassis[64], tag[64];
    (void)say(root, DMI "sys_vendor", vendor, sizeof(vendor));
    (void)say(root, DMI "product_name", product, sizeof(product));
    (void)say(root, DMI "chassis_asset_tag", chassis, sizeof(chassis));
    const char *provider = "local";
    if (strcmp(vendor, "Amazon EC2") == 0) {
        provider = "aws";
        snprintf(m->hypervisor, sizeof(m->hypervisor), "nitro");
        if (strchr(product, '.') != NULL) {
            snprintf(m->type, sizeof(m->type), "%s", product);
        }
        if (say(root, DMI "board_asset_tag", tag, sizeof(tag)) && is_instance_id(tag)) {
            snprintf(m->id, sizeof(m->id), "%s", tag);
        }
    } else if (strcmp(product, "Google Compute Engine") == 0) {
        provider = "gcp";
    } else if (strcmp(chassis, AZURE_CHASSIS) == 0) {
        provider = "azure";
    }
    snprintf(m->provider, sizeof(m->provider), "%s", provider);
}

static void read_model(struct rs_root *root, struct rs_machine *m)
{
    struct rs_cursor text, line;
    if (!rs_file_read_once(root, "proc/cpuinfo", &text)) {
        return;
    }
    while (rs_cursor_line(&text, &line)) {
        if (!rs_cursor_skip(&line, "model name")) {
            continue;
        }
        while (line.at < line.end && strchr(": \t", *line.at) != NULL && *line.at != '\0') {
            line.at++;
        }
        if (!rs_cursor_copy(line, m->model, sizeof(m->model)) ||
            !rs_text_is_utf8(m->model, strlen(m->model))) {
            m->model[0] = '\0';
        }
        return;
    }
}

static void read_names(const struct rs_root *root, struct rs_machine *m)
{
    if (!say(root, "proc/sys/kernel/hostname", m->name, sizeof(m->name)) ||
        strcmp(m->name, "localhost") == 0 || strcmp(m->name, "(none)") == 0) {
        m->name[0] = '\0';
    }
    (void)say(root, "etc/machine-id", m->machine_id, sizeof(m->machine_id));
    if (m->id[0] == '\0' && m->name[0] != '\0') {
        memcpy(m->id, m->name, sizeof(m->id));
    } else if (m->id[0] == '\0' && m->machine_id[0] != '\0') {
        snprintf(m->id, sizeof(m->id), "machine-%s", m->machine_id);
    }
}

static void describe_shape(struct rs_machine *m)
{
    double gib = (double)m->shape.memory / (1 << 30);
    if (m->shape.vcpus > 0) {
        snprintf(m->vcpus, sizeof(m->vcpus), "%.4g", m->shape.vcpus);
    }
    if (m->shape.memory > 0) {
        snprintf(m->memory, sizeof(m->memory), "%" PRId64, m->shape.memory >> 20);
    }
    if (m->type[0] == '\0' && m->shape.vcpus > 0 && m->shape.memory > 0) {
        snprintf(m->type, sizeof(m->type), "local:%.0fx%.0fGiB", ceil(m->shape.vcpus), ceil(gib));
    }
}

static void read_architecture(struct rs_machine *m)
{
    struct utsname name;
    const char *machine = uname(&name) == 0 ? name.machine : "";
    snprintf(m->architecture, sizeof(m->architecture), "%.15s",
             strcmp(machine, "aarch64") == 0                       ? "arm64"
             : machine[0] == 'i' && strcmp(machine + 2, "86") == 0 ? "i386"
                                                                   : machine);
}

static const char *known(const char *text)
{
    return text[0] == '\0' ? NULL : text;
}

static void fill_resource(struct rs_machine *m, int64_t at)
{
    const struct rs_tag tags[RS_MACHINE_TAGS] = {
        {"rightsize:vcpus", m->vcpus},
        {"rightsize:memory_mib", m->memory},
        {"rightsize:cpu_model", m->model},
        {"rightsize:machine_id", m->machine_id},
        {"rightsize:container", m->shape.container ? "yes" : ""},
    };
    size_t count = 0;
    for (size_t i = 0; i < RS_MACHINE_TAGS; i++) {
        if (tags[i].value[0] != '\0') {
            m->tags[count++] = tags[i];
        }
    }
    bool cloud = strcmp(m->provider, "aws") == 0; /* its inventory knows name and tags better */
    m->resource = (struct rs_resource){
        .id = m->id,
        .provider = m->provider,
        .name = cloud ? NULL : known(m->name),
        .region = known(m->region),
        .zone = known(m->zone),
        .type = known(m->type),
        .state = "running",
        .architecture = known(m->architecture),
        .platform = "Linux/UNIX",
        .hypervisor = known(m->hypervisor),
        .tags = cloud ? NULL : m->tags,
        .tag_count = cloud ? 0 : count,
        .launch_time = -1,
        .observed_at = at,
        .network_interfaces = -1,
        .volumes = -1,
        .first_seen = -1,
        .last_seen = -1,
    };
}

enum rs_status rs_machine_read(const char *root, const char *id, int64_t now,
                               struct rs_machine *out, struct rs_error *err)
{
    struct rs_proc *proc = NULL;
    memset(out, 0, sizeof(*out));
    enum rs_status rc = rs_proc_open(root, &proc, err);
    if (rc != RS_OK) {
        return rc;
    }
    rs_proc_shape(proc, &out->shape);
    read_cloud(&proc->root, out);
    read_names(&proc->root, out);
    read_model(&proc->root, out);
    read_architecture(out);
    describe_shape(out);
    rs_proc_close(proc);
    if (id != NULL) {
        if (id[0] == '\0' || strlen(id) >= sizeof(out->id)) {
            return rs_fail(err, RS_EUSAGE, "the name of a machine has 1 to 255 bytes");
        }
        snprintf(out->id, sizeof(out->id), "%s", id);
        out->named = true;
    }
    if (out->id[0] == '\0') {
        return rs_fail(err, RS_ENODATA,
                       "%s: the machine has neither host name nor machine-id; name it with "
                       "--instance",
                       root);
    }
    fill_resource(out, now);
    return RS_OK;
}

static void take(char *out, size_t size, const char *fact)
{
    if (fact != NULL && fact[0] != '\0' && strlen(fact) < size) {
        memcpy(out, fact, strlen(fact) + 1);
    }
}

void rs_machine_learn(struct rs_machine *m, const struct rs_machine_facts *facts)
{
    take(m->provider, sizeof(m->provider), facts->provider);
    take(m->type, sizeof(m->type), facts->type);
    take(m->region, sizeof(m->region), facts->region);
    take(m->zone, sizeof(m->zone), facts->zone);
    take(m->name, sizeof(m->name), facts->name);
    if (!m->named) {
        take(m->id, sizeof(m->id), facts->id);
    }
    fill_resource(m, m->resource.observed_at);
}
