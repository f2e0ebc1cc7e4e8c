/* SPDX-License-Identifier: GPL-3.0-or-later */
/* study.h - one recommendation in the making, shared by the modules of this room. */
#ifndef RIGHTSIZE_ADVISE_STUDY_H
#define RIGHTSIZE_ADVISE_STUDY_H

#include "advise/trace.h"
#include "advise/weeks.h"
#include "rightsize/group.h"

struct rs_market {                  /* borrowed; what rs_recommend makes of a catalog */
    bool known;                     /* false: there is no catalog */
    const struct rs_offer *current; /* the machine's own type, or NULL */
    const struct rs_offer *earlier[RS_MAX_EARLIER]; /* of work->earlier_types; NULL: unknown */
    const struct rs_catalog *catalog;     /* where all its offers come from; NULL: see `offers` */
    const char *currency;                 /* of its prices; NULL: USD */
    const struct rs_offer *const *offers; /* in any order; of a catalog: set by rs_advise */
    size_t count;
    bool foreign; /* offers of another cloud: an unknown limit passes, a dearer type too */
    struct rs_claim *claim; /* group.h; NULL, or takes what would hold it instead of an answer */
};

struct rs_tail;

struct rs_runs {        /* what the machine runs: workload.h */
    const char *type;   /* "Redis"; NULL: not known */
    bool arm64;         /* there are builds of it */
    bool told;          /* by its tag, not inferred */
    bool windows;       /* on Windows, which stays on x86_64 */
    const char *source; /* "name", "tag", ... and the text that names it */
    const char *text;
};
struct rs_desk;
struct rs_shelf;

struct rs_study {
    const struct rs_workload *work;
    const struct rs_policy *policy;
    struct rs_offer own; /* the current type, with the size the machine tells of itself */
    const struct rs_offer *current; /* &own; NULL: unknown */
    struct rs_desk *desk;           /* rs_desk_clear sets it, and what lies on it */
    const struct rs_shelf *shelf;   /* the market; NULL: there is none */
    struct rs_reader reader;        /* of `work` */
    struct rs_series use;           /* mean vCPUs in use, for CPU credits; may be empty */
    double use_mean;                /* of `use`; NaN: unknown */
    double use_peak;                /* of `use`; 0 where there is none */
    double
        use_ahead; /* the same, or of its last seven days when that is more: what next week takes */
    struct rs_series *traces;              /* RS_DIM_COUNT: what was read, or empty; borrowed */
    struct rs_tail *tails;                 /* NULL, or RS_DIM_COUNT of them (risk.h) */
    int64_t step;                          /* of the samples counted in out->samples; 0: none */
    bool cpu_span;                         /* out->samples counts CPU samples */
    const struct rs_offer *const *earlier; /* of work->earlier_types; NULL: none is known */
    size_t left_out;                       /* CPU samples of an earlier type that is not known */
    size_t converted;                      /* CPU samples of an earlier type that is */
    struct rs_runs runs;                   /* only where other architectures may be offered */
    bool memory_is_proxy;
    bool credits_gone; /* the current type runs out of CPU credits ... */
    int64_t credits_gone_at;
    double charged; /* surplus credits a second that CloudWatch saw charged; 0: none, or unknown */
    bool credits_measured;           /* ... by CloudWatch's own balance, not by simulation */
    double saturated;                /* share of the samples with the mean CPU at its limit, 0..1 */
    double week_peaks[RS_MAX_WEEKS]; /* of memory, bytes; NaN: not measured in that week */
    size_t weeks;
    double unit_price;    /* of the cheapest vCPU of the region, an hour; NaN: none is sold */
    double surplus;       /* what surplus credits of the current type cost an hour (surplus.h) */
    const char *currency; /* of all prices, never NULL */
    bool foreign;         /* the market is */
    bool under;           /* something needed exceeds the current type */
    double unlock;        /* an hour, that known memory could save at most; NaN: none */
    struct rs_advice *out;
};

/*
 * Sets study->own and study->current. What the machine itself says it has goes before what its type
 * should have: firmware and kernel keep some memory, and a machine elsewhere may only be like its
 * type.
 */
void rs_study_take_current(struct rs_study *study, const struct rs_offer *offer);
/* Adds a note; beyond RS_MAX_NOTES it is dropped. `code` is static text. */
RS_PRINTF(3, 4)
void rs_study_note(struct rs_study *study, const char *code, const char *format, ...);
/* Counts types that `gate` (static text) turned away. */
void rs_study_reject(struct rs_study *study, const char *gate, size_t count);

/* The whole of rs_recommend, on a catalog or a plain array of offers. Same statuses. */
RS_CHECKED enum rs_status rs_advise(struct rs_desk *desk, const struct rs_workload *work,
                                    const struct rs_market *market, const struct rs_policy *policy,
                                    struct rs_advice *out, struct rs_error *err);

#endif
