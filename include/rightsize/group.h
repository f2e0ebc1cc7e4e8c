/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * group.h - one answer for machines that do the same work: an Auto Scaling group has one launch
 * template, and the machines of a role are kept alike by whoever runs them (level 3).
 *
 * Each member is read once for what it could be moved to; then one type is chosen that under-sizes
 * none of them, at the least sum of the members' scores (rank.h).
 */
#ifndef RIGHTSIZE_GROUP_H
#define RIGHTSIZE_GROUP_H

#include "rightsize/recommend.h"

/*
 * What one member can be moved to. Zeroed at first, then reused; release it at last.
 *
 * Only what can still make a difference is worked out: a type that does not hold two of the
 * members is neither for all nor for all but one, and of a group without any other type and with
 * a member that is short nothing is left to say but how many of it can be judged.
 */
struct rs_claim {
    const struct rs_catalog *catalog;
    const struct rs_offer *current; /* NULL: unknown */
    bool judged;                    /* false: there is too little to say what would hold it */
    bool under;                     /* today's type does not hold it */
    bool settled;                   /* asked for nothing but `judged` */
    bool unsure; /* settled, and series without values do not tell whether it can be judged */
    double need[RS_DIM_COUNT]; /* NaN: unknown */
    size_t count;              /* of the catalog's offers, which the sets are of (by place) */
    uint64_t *open;            /* asked about */
    uint64_t *held;            /* of those, the ones that hold it */
    int64_t *score;            /* of each of these, 1e-9 an hour */
    size_t capacity;
};

/*
 * What rs_group_ask asked for. A claim that is settled may be read of series without values, as a
 * scan without samples shows them. Pure; any thread. `desk` and statuses as for rs_recommend.
 */
RS_CHECKED enum rs_status rs_claim_read(struct rs_desk *desk, const struct rs_workload *workload,
                                        const struct rs_catalog *catalog,
                                        const struct rs_policy *policy, struct rs_claim *claim,
                                        struct rs_error *err);
void rs_claim_release(struct rs_claim *claim);

struct rs_group;
enum rs_group_kind { RS_GROUP_SCALING, RS_GROUP_TAG };

/* Texts are copied; the catalog must outlive the group. RS_ENOMEM. */
RS_CHECKED enum rs_status rs_group_create(enum rs_group_kind kind, const char *name,
                                          const struct rs_catalog *catalog, struct rs_group **out,
                                          struct rs_error *err);
void rs_group_free(struct rs_group *group); /* NULL is fine */
/*
 * Ask for a claim of one more member. How far others have been added by then makes no difference
 * to the answer, nor does the order in which claims are added. RS_ENOMEM.
 */
RS_CHECKED enum rs_status rs_group_ask(const struct rs_group *group, struct rs_claim *claim,
                                       struct rs_error *err);
/* Whether claims are asked for nothing but `judged`, for which series of the CPU are enough. */
bool rs_group_is_settled(const struct rs_group *group);
/* The claim is one that this group asked for. */
RS_CHECKED enum rs_status rs_group_add(struct rs_group *group, const char *id,
                                       const struct rs_claim *claim, struct rs_error *err);
/* Choose. After it nothing is added. RS_ENOMEM. */
RS_CHECKED enum rs_status rs_group_decide(struct rs_group *group, const struct rs_policy *policy,
                                          struct rs_error *err);

enum rs_group_verdict {
    RS_GROUP_ALONE,  /* fewer than two members: each answers for itself */
    RS_GROUP_UNTOLD, /* fewer than two can be judged, or a price is unknown: each for itself */
    RS_GROUP_KEEP,   /* no other type is worth it for all: each keeps what it has */
    RS_GROUP_MOVE,   /* all to `offer` */
    RS_GROUP_NONE    /* one needs more than it has, and no type holds all */
};

struct rs_group_answer { /* borrowed from the group */
    enum rs_group_kind kind;
    const char *name;
    enum rs_group_verdict verdict;
    size_t members, judged;
    const struct rs_offer *offer; /* MOVE: for all; KEEP: the one that all have, if they do */
    /*
     * The one member without which the others could share a type that is RS_OUTLIER_SAVING cheaper,
     * and that type; NULL: there is no such. It is named, not left out.
     */
    const char *outlier;
    const struct rs_offer *without;
    enum rs_dimension outlier_by; /* of which it needs more than `without` has */
    double outlier_need;          /* its need */
    double others_need;           /* the highest of the others; NaN: unknown */
};
#define RS_OUTLIER_SAVING 0.2 /* of the price: less is not worth a second type in a group */

/* After rs_group_decide. */
const struct rs_group_answer *rs_group_answer(const struct rs_group *group);

#endif
