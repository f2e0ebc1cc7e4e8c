/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/cmd_catalog.h"

#include <string.h>

#define AT(member) offsetof(struct rs_catalog_options, member)
static const struct rs_option options_table[] = {
    {"provider", 0, RS_OPTION_TEXT, AT(provider), "NAME", "the provider (default aws)"},
    {"region", 'r', RS_OPTION_TEXT, AT(region), "REGION",
     "prices of REGION (default us-east-1, us-central1, eastus)"},
    {"arch", 0, RS_OPTION_TEXT, AT(arch), "ARCH", "x86_64, arm64 or i386"},
    {"vcpus", 0, RS_OPTION_TEXT, AT(vcpus), "N[-M]", "this many vCPUs; N- at least, -M at most"},
    {"memory", 0, RS_OPTION_TEXT, AT(memory), "N[-M]",
     "this much memory: 16, 16GiB, 512MiB-4GiB, 64GB-"},
    {"max-price", 0, RS_OPTION_NUMBER, AT(max_price), "PRICE", "at most PRICE an hour"},
    {"burstable", 0, RS_OPTION_TEXT, AT(burstable), "yes|no", "only (or no) burstable types"},
    {"current-generation", 0, RS_OPTION_TEXT, AT(generation), "yes|no",
     "only (or no) current generations"},
    {"gpu", 0, RS_OPTION_TEXT, AT(gpu), "yes|no", "only (or no) types with GPUs"},
    {"custom", 0, RS_OPTION_TEXT, AT(custom), "yes|no",
     "only (or no, the default) custom shapes, priced by rule"},
    {"like", 0, RS_OPTION_TEXT, AT(like), "TYPE", "find: the nearest types of other families"},
    {"limit", 0, RS_OPTION_COUNT, AT(limit), "N", "at most N types (--like: default 20)"},
    {"into", 0, RS_OPTION_TEXT, AT(into), "DIR",
     "import, update: the folder to write (else the user's)"},
    {"url", 0, RS_OPTION_TEXT, AT(url), "URL", "update: fetch this instead of the vendor's list"},
    {"output", 'o', RS_OPTION_TEXT, AT(output), "FORMAT", "table (default), csv or json"},
    {.name = NULL},
};

static const struct {
    const char *name;
    enum rs_status (*run)(struct rs_context *, const struct rs_catalog_options *, int, char **,
                          struct rs_error *);
} subcommands[] = {
    {"list", rs_catalog_cmd_list}, {"find", rs_catalog_cmd_list},
    {"show", rs_catalog_cmd_show}, {"import", rs_catalog_cmd_import},
    {"diff", rs_catalog_cmd_diff}, {"update", rs_catalog_cmd_update},
};

static enum rs_status run(struct rs_context *context, const void *options, int argc, char **argv,
                          struct rs_error *err)
{
    for (size_t i = 0; i < sizeof(subcommands) / sizeof(subcommands[0]); i++) {
        if (strcmp(argv[0], subcommands[i].name) == 0) {
            return subcommands[i].run(context, options, argc, argv, err);
        }
    }
    return rs_fail(err, RS_EUSAGE, "'catalog %s' is not list, find, show, import, update or diff",
                   argv[0]);
}

const struct rs_command rs_cmd_catalog = {
    .name = "catalog",
    .operands = "list|find [PATTERN] | show TYPE | import FILE... | update | diff OLD NEW",
    .summary = "the instance types, their facts and prices",
    .about =
        "list    the types of a region by name, those that match PATTERN ('m5.*') and the filters\n"
        "find    the same by price; find --like TYPE: the type nearest to TYPE of each other\n"
        "        family, of the clouds that --catalog names or of all. Distance is\n"
        "        |log2 of the ratio of vCPUs| + |log2 of the ratio of memory|, and 1/2 more where\n"
        "        the architecture differs; burstable, GPU and bare metal must agree. price_ratio\n"
        "        is the price over that of TYPE\n"
        "show    everything the catalog knows of one type; what it does not know is 'unknown'\n"
        "import  the vendors' own files into the user's catalog (--into DIR): the answers of\n"
        "        aws ec2 describe-instance-types and describe-spot-price-history, the AWS price\n"
        "        list of AmazonEC2 (JSON or CSV), gcloud compute machine-types list\n"
        "        --format=json, az vm list-sizes, pages of the Azure Retail Prices API\n"
        "update  the public price list of --provider aws or azure for --region, over HTTPS, into\n"
        "        the user's catalog\n"
        "diff    what changed between two catalogs, folders or files",
    .min_operands = 1,
    .max_operands = -1,
    .options = options_table,
    .options_size = sizeof(struct rs_catalog_options),
    .run = run,
};
