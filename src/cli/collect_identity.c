/* SPDX-License-Identifier: GPL-3.0-or-later */
/* collect_identity.c - the machine's identity from its cloud, once, when sampling begins. */
#include "cli/collect_identity.h"

#include "cli/lean.h"
#include "rightsize/metadata.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

static const char *variable(const char *name)
{
    const char *value = getenv(name);
    return value == NULL || value[0] == '\0' ? NULL : value;
}

/* Whom to ask, NULL: nobody. The service knows the machine this runs on, not one recorded in a
 * folder; a service that was named may be meant for that one. */
static const char *whom(const char *root, const struct rs_machine *machine, const char *endpoint)
{
    static const char *const clouds[] = {"gcp", "azure"};
    const char *off = variable("AWS_EC2_METADATA_DISABLED");
    bool own = strcmp(root, "/") == 0;
    for (size_t i = 0; i < sizeof(clouds) / sizeof(clouds[0]); i++) {
        if (strcmp(machine->provider, clouds[i]) == 0) {
            return own ? clouds[i] : NULL;
        }
    }
    if (off != NULL && strcasecmp(off, "true") == 0) {
        return NULL;
    }
    return endpoint != NULL || (own && strcmp(machine->provider, "aws") == 0) ? "aws" : NULL;
}

void rs_collect_identity(struct rs_context *context, const char *root, struct rs_machine *machine)
{
    const char *endpoint = variable("AWS_EC2_METADATA_SERVICE_ENDPOINT");
    const char *provider = whom(root, machine, endpoint);
    struct rs_metadata told;
    struct rs_error err = {RS_OK, ""};
    if (provider == NULL) {
        return;
    }
    if (rs_metadata_read(provider, strcmp(provider, "aws") == 0 ? endpoint : NULL, &told, &err) !=
        RS_OK) {
        rs_say(context, RS_LEVEL_INFO, "%s; it is %s, as its firmware and host name say", err.text,
               machine->id);
        return;
    }
    const struct rs_machine_facts facts = {provider,    told.id,   told.type,
                                           told.region, told.zone, told.name};
    rs_machine_learn(machine, &facts);
    rs_lean_give_back();
}
