/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * catalog.h - what can be rented: the types of one provider with the prices of one region
 * (level 2). The files are described in catalog/README.md and schema/catalog-1.schema.json.
 */
#ifndef RIGHTSIZE_CATALOG_H
#define RIGHTSIZE_CATALOG_H

#include "rightsize/status.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum rs_flags_offer { /* struct rs_offer.flags */
                      RS_OFFER_BARE_METAL = 1 << 0,
                      RS_OFFER_CURRENT_GENERATION = 1 << 1,
                      RS_OFFER_BURSTABLE = 1 << 2, /* CPU credits */
                      RS_OFFER_FLEX = 1 << 3,      /* flex: baseline most of the time */
                      RS_OFFER_ENA_REQUIRED = 1 << 4,
                      RS_OFFER_ENA_SUPPORTED = 1 << 5,
                      RS_OFFER_NVME_EBS = 1 << 6, /* EBS volumes appear as NVMe devices */
                      RS_OFFER_HVM = 1 << 7,
                      RS_OFFER_PV = 1 << 8,
                      RS_OFFER_PRICE_ESTIMATED = 1 << 9,
                      RS_OFFER_DELISTED = 1 << 10,
                      RS_OFFER_I386 = 1 << 11,           /* runs 32-bit x86 images as well */
                      RS_OFFER_PRICE_OVERRIDE = 1 << 12, /* the user's own, rs_catalog_set_prices */
                      RS_OFFER_CUSTOM = 1 << 13 /* a shape by rule; its price is computed */
};

/* Unknown numbers are NaN, unknown texts NULL, unknown flags not set. Everything is owned by the
 * catalog. */
struct rs_offer {
    const char *type, *family, *size, *category; /* "m5.large", "m5", "large", "general" */
    const char *architecture;                    /* "x86_64", "arm64", "i386" */
    const char *cpu_vendor;                      /* "Intel", "AMD", "AWS" */
    const char *hypervisor;                      /* "nitro", "xen", "none" */
    const char *gpu_model;
    unsigned flags;
    int generation; /* 0: unknown */
    double vcpus, cores, memory_bytes, clock_ghz;
    double cpu_score;      /* CoreMark per vCPU relative to the m5 of as many vCPUs */
    double burst_baseline; /* share of each vCPU, 0..1; burstable and flex only */
    double credits_per_hour, credits_max;
    double net_baseline, net_peak; /* bytes per second, each direction */
    double max_enis;
    double ebs_baseline, ebs_peak;         /* bytes per second, read plus write */
    double ebs_baseline_ops, ebs_peak_ops; /* operations per second */
    double max_attachments;
    double disk_count, disk_bytes; /* instance store; 0: none */
    /* Limits that vendors do not publish for a family; an own catalog may tell them. */
    double net_packets;     /* per second, in plus out */
    double disk_throughput; /* of all of the instance store; bytes per second, read plus write */
    double disk_ops;        /* operations per second, read plus write */
    double gpu_count, gpu_memory_bytes, accelerator_count;
    double price; /* on demand, Linux, shared tenancy, per hour; NaN: not sold here */
    double reserved_1y, reserved_3y; /* standard, no upfront, effective per hour */
    const char *price_date;          /* of this price; NULL: not priced, or own */
    double spot_saving;              /* 1 - spot price / price; below 0 where spot was dearer */
    double interruption; /* spot, a month: 0 below 5 %, 1 5..10, 2 10..15, 3 15..20, 4 above 20 */
    double watts_idle, watts_10, watts_50, watts_100; /* of the instance's share of its host */
};

struct rs_catalog;

struct rs_catalog_info { /* owned by the catalog */
    const char *provider, *region, *region_name, *currency;
    const char *facts_date;                     /* "2026-08-02" */
    const char *price_date, *oldest_price_date; /* the commonest (older of two as common) and the
                                                 * oldest of the region's; "2026-08" exists too */
    const char *source;                         /* one sentence on where the figures come from */
    size_t priced, estimated, custom; /* custom shapes are priced, and not counted as estimated */
};

/*
 * Load the types of `provider` with the prices of `region` from the folder `directory`.
 * The caller frees *out with rs_catalog_free.
 * region NULL: facts only, every price NaN.
 * RS_EIO: a file cannot be read; RS_EINPUT: not a catalog, wrong version, or a value out of range,
 * with file and place; RS_ENODATA: the provider or region is not in the catalog, the message names
 * the nearest; RS_ENOMEM.
 */
RS_CHECKED enum rs_status rs_catalog_load(const char *directory, const char *provider,
                                          const char *region, struct rs_catalog **out,
                                          struct rs_error *err);
/*
 * Load a user's own catalog: one file of kind "catalog" with facts and prices together
 * (catalog/README.md). info.region is NULL when the file names none: it serves every region.
 * RS_EIO, RS_EINPUT with file and place, RS_ENOMEM.
 */
RS_CHECKED enum rs_status rs_catalog_load_file(const char *path, struct rs_catalog **out,
                                               struct rs_error *err);
void rs_catalog_free(struct rs_catalog *catalog); /* NULL is fine */

const struct rs_catalog_info *rs_catalog_info(const struct rs_catalog *catalog);
size_t rs_catalog_count(const struct rs_catalog *catalog);
/* Sorted by name. */
const struct rs_offer *rs_catalog_at(const struct rs_catalog *catalog, size_t i);
/* Priced offers in order of price, then of name; i < rs_catalog_info()->priced. */
const struct rs_offer *rs_catalog_by_price(const struct rs_catalog *catalog, size_t i);
const struct rs_offer *rs_catalog_find(const struct rs_catalog *catalog, const char *type);
/* Seconds from the catalog's price_date to `now`, 0 or more; -1: it has no prices. */
int64_t rs_catalog_price_age(const struct rs_catalog *catalog, int64_t now);
#define RS_CATALOG_OLD_SECONDS ((int64_t)90 * 86400) /* older prices deserve a warning */

/*
 * A user's own prices: a CSV of two columns, type and price per hour, with or without a header. A
 * header may name limits behind them (net_pps, disk_mbytes_per_s, disk_iops, in the units of a
 * catalog's columns); then a price or limit may be empty, which leaves what the catalog says.
 */
struct rs_price_list;
/* RS_EIO; RS_EINPUT: a row of other than two fields or those of the header, an unknown column, a
 * figure out of range, a type twice, with file and line; RS_ENOMEM. The caller frees *out with
 * rs_price_list_free. */
RS_CHECKED enum rs_status rs_price_list_read(const char *path, struct rs_price_list **out,
                                             struct rs_error *err);
void rs_price_list_free(struct rs_price_list *list); /* NULL is fine */
/* Override prices and limits of the catalog's types; prices of the list are marked
 * RS_OFFER_PRICE_OVERRIDE and no longer estimated. The list remembers which of its types were met.
 * RS_ENOMEM. */
RS_CHECKED enum rs_status rs_catalog_set_prices(struct rs_catalog *catalog,
                                                struct rs_price_list *list, struct rs_error *err);
/* The i-th type that no catalog had so far, or NULL when there are no more. */
const char *rs_price_list_unmet(const struct rs_price_list *list, size_t i);

/* Regions of a provider: names sorted, an array ended by NULL; the caller frees with
 * rs_catalog_regions_free. */
RS_CHECKED enum rs_status rs_catalog_regions(const char *directory, const char *provider,
                                             char ***out, struct rs_error *err);
void rs_catalog_regions_free(char **regions);
/* The providers of a catalog, in the order of its index; freed like regions. */
RS_CHECKED enum rs_status rs_catalog_providers(const char *directory, char ***out,
                                               struct rs_error *err);
/* The region to take where none is asked for; the caller frees *out. RS_ENODATA: the index has no
 * such provider, or that has no region. */
RS_CHECKED enum rs_status rs_catalog_default_region(const char *directory, const char *provider,
                                                    char **out, struct rs_error *err);

struct rs_catalog_filter { /* NULL, NaN and -1 ask nothing */
    const char *pattern;   /* wildcard on the type's name */
    const char *architecture;
    double min_vcpus, max_vcpus, min_memory_bytes, max_memory_bytes, max_price;
    int burstable, gpu, current_generation, bare_metal, custom; /* 1 yes, 0 no */
};
void rs_catalog_filter_init(struct rs_catalog_filter *filter);
bool rs_catalog_filter_accepts(const struct rs_catalog_filter *filter,
                               const struct rs_offer *offer);

#endif
