/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fleet.h"

#include <string.h>

#define NO_DISK .read = {0, 2000}, .write = {4000, 60000}, .io_bytes = 16384

const struct fleet_role fleet_demo_roles[] = {
    {"shop-web-1", "m5.2xlarge", "prod", "shop", "anna", "shop-web", FLEET_OFFICE, FLEET_IN_US,
     .cpu = {300, 2100}, .memory = {1700, 2900}, .in = {90000, 2600000}, .out = {150000, 7800000},
     NO_DISK},
    {"shop-search", "m5.4xlarge", "prod", "shop", "anna", NULL, FLEET_OFFICE, FLEET_IN_US,
     FLEET_NO_MEMORY, .cpu = {500, 2600}, .in = {50000, 900000}, .out = {80000, 2400000}, NO_DISK},
    {"shop-checkout", "m5.2xlarge", "prod", "shop", "ben", "shop-checkout", FLEET_OFFICE,
     FLEET_IN_US, FLEET_RESIZED, .cpu = {800, 5600}, .memory = {4800, 6100}, .in = {70000, 1900000},
     .out = {90000, 3100000}, NO_DISK},
    {"shop-canary", "m5.large", "prod", "shop", "ben", NULL, FLEET_OFFICE, FLEET_IN_US, FLEET_NEW,
     .cpu = {200, 1500}, .memory = {2100, 2600}, .in = {9000, 150000}, .out = {12000, 400000},
     NO_DISK},
    {"orders-db", "r5.2xlarge", "prod", "data", "carla", NULL, FLEET_OFFICE, FLEET_IN_US, FLEET_EBS,
     .cpu = {900, 4100}, .memory = {8850, 9090}, .in = {300000, 5200000}, .out = {400000, 9000000},
     .read = {600000, 21000000}, .write = {900000, 16000000}, .io_bytes = 16384},
    {"orders-archive", "r4.xlarge", "prod", "data", "carla", NULL, FLEET_NIGHTLY, FLEET_IN_US,
     FLEET_VOLUMES, .cpu = {150, 2300}, .memory = {3300, 4100}, .in = {9000, 3000000},
     .out = {9000, 700000}, .read = {20000, 52000000}, .write = {30000, 8000000},
     .io_bytes = 131072},
    {"session-cache", "r5.large", "prod", "platform", "dmitri", NULL, FLEET_FLAT, FLEET_IN_US,
     .cpu = {500, 1300}, .memory = {9150, 9420}, .in = {900000, 4200000}, .out = {2000000, 9900000},
     NO_DISK},
    {"nightly-report", "c5.xlarge", "prod", "data", "carla", NULL, FLEET_NIGHTLY, FLEET_IN_US,
     .cpu = {90, 10450}, .memory = {2200, 5900}, .in = {4000, 11000000}, .out = {4000, 2100000},
     NO_DISK},
    {"build-runner", "t3.small", "dev", "platform", "dmitri", NULL, FLEET_FLAT, FLEET_IN_US,
     FLEET_BURSTS, .cpu = {5200, 6700}, .memory = {4300, 5600}, .in = {20000, 400000},
     .out = {8000, 90000}, NO_DISK, .credits = 576, .drain = 48},
    {"intranet", "t3.large", "prod", "it", "emre", NULL, FLEET_OFFICE, FLEET_IN_US, FLEET_BURSTS,
     .cpu = {500, 2700}, .memory = {5600, 6500}, .in = {4000, 120000}, .out = {6000, 380000},
     NO_DISK, .credits = 864},
    {"jenkins-old", "m5.large", "dev", "platform", "nobody", NULL, FLEET_FLAT, FLEET_IN_US,
     .cpu = {40, 130}, .memory = {1500, 1560}, .in = {6, 19}, .out = {4, 13}, NO_DISK},
    {"wiki-legacy", "t3.medium", "prod", "it", "nobody", NULL, FLEET_OFFICE, FLEET_IN_US,
     .cpu = {30, 160}, .memory = {2700, 2790}, .in = {5, 20}, .out = {5, 24}, NO_DISK},
    {"dev-anna", "m5.xlarge", "dev", "shop", "anna", NULL, FLEET_WORKDAYS, FLEET_IN_US,
     .cpu = {300, 3900}, .memory = {2500, 4700}, .in = {3000, 260000}, .out = {2000, 70000},
     NO_DISK},
    {"lab-prototype", "x99.huge", "dev", "research", "farid", NULL, FLEET_OFFICE, FLEET_IN_US,
     .cpu = {1000, 4400}, .memory = {3000, 3600}, .in = {3000, 50000}, .out = {3000, 50000},
     NO_DISK},
    {"files-win", "m5.xlarge", "prod", "it", "emre", NULL, FLEET_OFFICE, FLEET_IN_US, FLEET_WINDOWS,
     .cpu = {400, 1900}, .memory = {3900, 5200}, .in = {20000, 1500000}, .out = {40000, 2900000},
     NO_DISK},
    {"search-api-arm", "m6g.xlarge", "prod", "shop", "gudrun", "search-api", FLEET_OFFICE,
     FLEET_IN_EU, .cpu = {900, 5400}, .memory = {4100, 5300}, .in = {60000, 1700000},
     .out = {90000, 4200000}, NO_DISK},
    {"cron-eu", "m5.xlarge", "prod", "data", "gudrun", NULL, FLEET_CRON, FLEET_IN_EU, FLEET_EBS,
     .cpu = {140, 7400}, .memory = {1900, 3300}, .in = {3000, 2900000}, .out = {3000, 800000},
     .read = {2000, 9000000}, .write = {9000, 12000000}, .io_bytes = 32768},
    {"payments-api", "c5.large", "prod", "payments", "hana", "payments", FLEET_OFFICE,
     FLEET_IN_STREAM, .cpu = {700, 3400}, .memory = {4400, 5100}, .in = {40000, 1100000},
     .out = {60000, 1900000}, NO_DISK},
    {"edge-proxy", "c5n.large", "prod", "platform", "dmitri", NULL, FLEET_OFFICE, FLEET_IN_CSV,
     .cpu = {900, 4600}, .memory = {2100, 2900}, .in = {41000000, 322000000},
     .out = {43000000, 335000000}, NO_DISK},
    {"mail-relay", "m5.large", "prod", "it", "emre", NULL, FLEET_OFFICE, FLEET_IN_CONSOLE,
     .cpu = {150, 900}, .memory = {2300, 2700}, .in = {3000, 90000}, .out = {3000, 110000},
     NO_DISK},
    {.name = NULL},
};

const struct fleet_role fleet_mixed_roles[] = {
    {"web", NULL, "prod", "shop", "anna", "web", FLEET_OFFICE, FLEET_IN_US, FLEET_EBS,
     .cpu = {300, 3800}, .memory = {2200, 4600}, .in = {60000, 2900000}, .out = {90000, 8100000},
     .read = {1000, 200000}, .write = {9000, 900000}, .io_bytes = 16384},
    {"batch", NULL, "prod", "data", "carla", NULL, FLEET_NIGHTLY, FLEET_IN_US, FLEET_EBS,
     .cpu = {90, 10300}, .memory = {1900, 7300}, .in = {4000, 12000000}, .out = {4000, 5000000},
     .read = {2000, 61000000}, .write = {4000, 39000000}, .io_bytes = 131072},
    {"idle", NULL, "dev", "it", "nobody", NULL, FLEET_FLAT, FLEET_IN_US, FLEET_EBS,
     .cpu = {30, 150}, .memory = {900, 1400}, .in = {5, 19}, .out = {5, 17}, .read = {0, 200},
     .write = {300, 4000}, .io_bytes = 4096},
    {"database", NULL, "prod", "data", "carla", NULL, FLEET_OFFICE, FLEET_IN_US, FLEET_EBS,
     .cpu = {800, 4500}, .memory = {7900, 9200}, .in = {200000, 6100000}, .out = {300000, 9900000},
     .read = {500000, 48000000}, .write = {700000, 22000000}, .io_bytes = 16384},
    {"dev", NULL, "dev", "shop", "ben", NULL, FLEET_WORKDAYS, FLEET_IN_US, FLEET_EBS,
     .cpu = {200, 4100}, .memory = {2100, 5200}, .in = {2000, 300000}, .out = {2000, 80000},
     .read = {500, 900000}, .write = {2000, 1200000}, .io_bytes = 8192},
    {.name = NULL},
};

/* The first FLEET_DRAWN are what the mixed fleet draws from. */
static const struct fleet_type types[] = {
    {"m5.large", 8192, "x86_64"},    {"m5.xlarge", 16384, "x86_64"},
    {"m5.2xlarge", 32768, "x86_64"}, {"m5.4xlarge", 65536, "x86_64"},
    {"c5.large", 4096, "x86_64"},    {"c5.xlarge", 8192, "x86_64"},
    {"c5.2xlarge", 16384, "x86_64"}, {"r5.large", 16384, "x86_64"},
    {"r5.xlarge", 32768, "x86_64"},  {"r5.2xlarge", 65536, "x86_64"},
    {"m6i.large", 8192, "x86_64"},   {"m6i.2xlarge", 32768, "x86_64"},
    {"c6i.xlarge", 8192, "x86_64"},  {"r6i.xlarge", 32768, "x86_64"},
    {"m6g.large", 8192, "arm64"},    {"m6g.xlarge", 16384, "arm64"},
    {"t3.small", 2048, "x86_64"},    {"t3.medium", 4096, "x86_64"},
    {"t3.large", 8192, "x86_64"},    {"c5n.large", 5376, "x86_64"},
    {"r4.xlarge", 31232, "x86_64"},  {"x99.huge", 131072, "x86_64"},
};
#define FLEET_DRAWN 19

const struct fleet_type *fleet_type_find(const char *name)
{
    size_t i = 0;
    while (strcmp(types[i].name, name) != 0) { /* the roles above name none that is not here */
        i++;
    }
    return &types[i];
}

const struct fleet_type *fleet_type_draw(uint64_t dice)
{
    return &types[dice % FLEET_DRAWN];
}
