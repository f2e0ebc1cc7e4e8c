/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * commitment.h - reserved instances and savings plans that are paid for already, and which machines
 * they cover (level 2). What is covered costs nothing more, so giving it up saves nothing.
 *
 * Read as AWS itself tells them: the answers of `aws ec2 describe-reserved-instances` and
 * `aws savingsplans describe-savings-plans`, as JSON.
 */
#ifndef RIGHTSIZE_COMMITMENT_H
#define RIGHTSIZE_COMMITMENT_H

#include "rightsize/status.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum rs_commitment_kind {
    RS_COMMITMENT_RESERVED,
    RS_COMMITMENT_PLAN_INSTANCE, /* EC2 Instance Savings Plan: a family in a region */
    RS_COMMITMENT_PLAN_COMPUTE   /* Compute Savings Plan: any instance */
};

struct rs_commitment { /* texts owned; NULL: none */
    enum rs_commitment_kind kind;
    char *id;
    char *type;          /* reserved: "m5.large" */
    char *family;        /* reserved and instance plans: "m5" */
    char *region, *zone; /* zone: reserved for that zone only */
    char *platform;      /* reserved: "Linux/UNIX" */
    char *currency;      /* plans; of `hourly` */
    bool flexible;       /* reserved: serves any size of its family, see below */
    int64_t count;       /* reserved: instances */
    double hourly;       /* plans: committed spending; reserved: NaN */
    int64_t start, end;  /* half open */
    double used;         /* by rs_commitments_cover: share of it, 0..1; NaN: not in force */
};

struct rs_commitments {
    struct rs_commitment *items;
    size_t count, capacity;
    size_t passed_over; /* not active, or plans for something else than EC2 */
};

/*
 * Add those of a file. region: of reserved instances with regional scope, which the answer does not
 * tell; NULL: not known. RS_EIO, RS_ENOMEM; RS_EINPUT with file and element: neither answer, a
 * member missing or out of range, or a regional reservation and no region.
 */
RS_CHECKED enum rs_status rs_commitments_read(struct rs_commitments *commitments, const char *path,
                                              const char *region, struct rs_error *err);
void rs_commitments_release(struct rs_commitments *commitments); /* a zeroed one is fine */

struct rs_committed_use { /* a machine that runs all month; borrowed texts, NULL: unknown */
    const char *id, *type, *family, *size, *region, *zone, *platform, *currency;
    double price;      /* on demand, an hour; NaN: unknown, then only reservations cover it */
    double plan_price; /* at a savings plan's rate, an hour; NaN: unknown */
    double covered;    /* out: share that is paid for already, 0..1 */
};

/*
 * Hand out what is in force at `at`, and set `covered` of every use and `used` of every commitment.
 * The order of the uses does not matter.
 *
 * Reserved instances first: those of a zone to their type there; then those of a region to their
 * type, or, when flexible, to their family from the smallest size to the largest by AWS's
 * normalization factors (nano 0.25, micro 0.5, small 1, medium 2, large 4, xlarge 8, Nxlarge 8 N).
 * Flexible are regional ones of Linux/UNIX with default tenancy; not bare metal, nor the families
 * whose sizes AWS does not exchange (commitment.c lists them).
 * Then the savings plans, EC2 Instance ones before Compute ones, each to the uses with the largest
 * share saved, 1 - plan_price / price, first. Equal ones by size, then by id.
 * Source: Amazon EC2 User Guide, "How Reserved Instance discounts are applied"; Savings Plans User
 * Guide, "How Savings Plans apply to your AWS usage". RS_ENOMEM.
 */
RS_CHECKED enum rs_status rs_commitments_cover(struct rs_commitments *commitments, int64_t at,
                                               struct rs_committed_use *uses, size_t count,
                                               struct rs_error *err);

/* AWS's normalization factor of a size ("2xlarge" -> 16); 0: it has none ("metal", NULL). */
double rs_size_factor(const char *size);

#endif
