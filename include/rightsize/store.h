/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * store.h - the SQLite file of samples and inventory; the schema is schema/NNN_*.sql (level 2).
 *
 * Samples lie in day chunks: one blob a series and UTC day, losslessly packed (chunk.h). A sample's
 * instant is kept as the slot of its step, the nearest multiple of the step.
 */
#ifndef RIGHTSIZE_STORE_H
#define RIGHTSIZE_STORE_H

#include "rightsize/resource.h"
#include "rightsize/series.h"
#include "rightsize/status.h"

#include <stdbool.h>

struct rs_store; /* owns the connection and its prepared statements */

enum rs_store_mode {
    RS_STORE_READ, /* must exist; nothing is written, not even a migration */
    RS_STORE_WRITE /* created (0600) with its folder when missing; migrated */
};

/*
 * RS_EIO     cannot be opened or created, is a symbolic link, is not a SQLite database, is another
 *            program's database, is damaged, is read-only (WRITE), or is locked for longer than
 *            the busy time-out (30 s).
 * RS_EINPUT  written by a newer schema than this program knows (the message says both numbers).
 *            READ: or by an older one, which any opening for WRITE brings up to date.
 * RS_ENODATA READ of a file that does not exist or is empty.
 */
RS_CHECKED enum rs_status rs_store_open(const char *path, enum rs_store_mode mode,
                                        struct rs_store **out, struct rs_error *err);
void rs_store_close(struct rs_store *store); /* rolls back an open transaction; NULL is fine */

/* One transaction per input file. begin takes the write lock at once, or waits for it. */
RS_CHECKED enum rs_status rs_store_begin(struct rs_store *store, struct rs_error *err);
RS_CHECKED enum rs_status rs_store_commit(struct rs_store *store, struct rs_error *err);
/*
 * From the first call to the second a commit may be lost when the power is cut, whole and with all
 * after it, never when the program is killed; the second waits until all is on the disk. WRITE
 * mode, outside a transaction.
 */
RS_CHECKED enum rs_status rs_store_defer_sync(struct rs_store *store, struct rs_error *err);
RS_CHECKED enum rs_status rs_store_sync(struct rs_store *store, struct rs_error *err);
void rs_store_rollback(struct rs_store *store); /* fine without a transaction */

/* The schema that this program writes: what user_version becomes. */
int rs_store_schema_version(void);

struct rs_put_tally {
    int64_t fresh;     /* slots that were empty */
    int64_t replaced;  /* slots whose value changed */
    int64_t unchanged; /* slots that held the same value already */
    int64_t merged;    /* samples of the batch that fell on a slot another one had already taken */
};

/*
 * Merge a batch into the store, inside a transaction; *tally is added to. Idempotent.
 * A resource not seen before is created; provider, account and region fill in what is unknown.
 * RS_EINPUT: the step is not valid, an instant is outside 1970..9999, a value is not finite, the
 * resource's name is not 1..255 bytes, it is of the other kind in the store, or it would have more
 * than 256 series. RS_EIO also where no transaction is open. After a failure roll back.
 */
RS_CHECKED enum rs_status rs_store_put(struct rs_store *store, const struct rs_batch *batch,
                                       struct rs_put_tally *tally, struct rs_error *err);
/*
 * The part of rs_store_put that needs no store, for threads that do it beside each other: checked,
 * laid out by days, encoded. A packer is one thread's at a time; what it packs is a copy.
 */
struct rs_packer;
struct rs_parcel;
RS_CHECKED enum rs_status rs_packer_create(struct rs_packer **out, struct rs_error *err);
void rs_packer_free(struct rs_packer *packer); /* NULL is fine */
/* NULL: it cannot be, or would take more memory than the batch; then rs_store_put it as it is. */
struct rs_parcel *rs_packer_pack(struct rs_packer *packer, const struct rs_batch *batch);
size_t rs_parcel_bytes(const struct rs_parcel *packed);
/* What it was made of but for the samples themselves, which are NULL. */
const struct rs_batch *rs_parcel_batch(const struct rs_parcel *packed);
void rs_parcel_free(struct rs_parcel *packed); /* NULL is fine */
/* As rs_store_put of the batch that was packed. */
RS_CHECKED enum rs_status rs_store_put_parcel(struct rs_store *store,
                                              const struct rs_parcel *packed,
                                              struct rs_put_tally *tally, struct rs_error *err);
/*
 * Whether what comes is likely not to be there yet, as was the last day put: then it is worth
 * packing, where otherwise most of it would be for nothing.
 */
bool rs_store_expects_new(const struct rs_store *store);
/*
 * Merge an inventory record (order-free: an older observation never overwrites a newer one, but
 * adds to the history of types; of two observed at the same instant the greater value stays; what
 * a record does not know it leaves alone; `ena` stays once declared). *changed says whether
 * anything was written. Inside a transaction. RS_EINPUT as for rs_store_put.
 */
RS_CHECKED enum rs_status rs_store_put_resource(struct rs_store *store,
                                                const struct rs_resource *resource, bool *changed,
                                                struct rs_error *err);
RS_CHECKED enum rs_status rs_store_put_attachment(struct rs_store *store,
                                                  const struct rs_attachment *attachment,
                                                  bool *changed, struct rs_error *err);

struct rs_collection {  /* what was collected when and from what; borrowed */
    const char *source; /* path as given */
    const char *format; /* importer's name */
    int64_t at;         /* when, by the program's clock */
    int64_t bytes;      /* raw bytes read */
    uint32_t crc32;     /* of the raw bytes */
    int64_t series, fresh, replaced, unchanged, rejected;
    const char *first_rejected; /* or NULL */
};
/* The same source with the same bytes is logged once. */
RS_CHECKED enum rs_status rs_store_log(struct rs_store *store, const struct rs_collection *entry,
                                       struct rs_error *err);

/* Instant after the newest sample (its slot's end) of any instance; RS_ENODATA: no sample. */
RS_CHECKED enum rs_status rs_store_newest(struct rs_store *store, int64_t *out,
                                          struct rs_error *err);
/* Instant of the first day with samples, -1: none. Quick, unlike rs_store_info. */
RS_CHECKED enum rs_status rs_store_oldest(struct rs_store *store, int64_t *out,
                                          struct rs_error *err);

struct rs_type_change {
    int64_t at; /* first observation of this type */
    const char *type;
};

struct rs_stored {  /* one resource with its samples of a window; owned by the scan */
    int64_t number; /* of the resource in this store, which it keeps */
    const struct rs_resource *resource;
    const struct rs_series *series; /* whole window each; EBS volumes summed over the instance */
    size_t series_count;
    const struct rs_type_change *changes; /* ascending; the last one is the current type */
    size_t change_count;
    size_t volume_count; /* volumes whose samples went into the EBS sums; 0: the instance's own */
    const struct rs_peak_cause *peaks; /* remembered in the window, highest first */
    size_t peak_count;
};
typedef enum rs_status rs_stored_fn(void *payload, const struct rs_stored *stored,
                                    struct rs_error *err);

struct rs_scan {
    struct rs_window window; /* whole multiples of 300 s are best; each series is cut to it */
    const char *resource;    /* id or exact name, or NULL for all */
    const char *region;      /* or NULL */
    bool samples;            /* false: inventory only, no series */
    /*
     * Bit per enum rs_metric: only series of these; 0: all. Without samples, those named here are
     * shown as far as the store's days hold them, from the first sample to the last whatever the
     * window, with NULL for values (and no slots where there are none yet), and no tags.
     */
    uint64_t metrics;
    const int64_t *numbers; /* NULL: all; else only resources of these numbers, ascending */
    size_t number_count;
};

/*
 * Every instance in order of first appearance, one pass over the chunks whatever the number of
 * resources. Series without a sample in the window are left out; those left are in order of metric,
 * statistic and step. All is read as of one moment. The callback must not write to this store.
 * A status of the callback ends the scan and is returned.
 * RS_ENODATA: `resource` was named and there is none such; RS_EINPUT: several bear that name (the
 * message lists their ids), or the window is empty, outside 1970..9999 or too long for a series.
 */
RS_CHECKED enum rs_status rs_store_scan(struct rs_store *store, const struct rs_scan *scan,
                                        rs_stored_fn *fn, void *payload, struct rs_error *err);

/*
 * The same scan asked for one resource at a time, so that several threads share it: reading, which
 * touches the store, takes turns under the callers' lock; unpacking, which does not, runs beside
 * it. The store must not be written to or closed while a cursor is open; the texts of `scan` are
 * borrowed until then. Statuses as above; what is wrong with a chunk is seen by rs_load_unpack.
 */
struct rs_cursor;
struct rs_load; /* one resource, packed, and the memory it is unpacked in: reused, one a thread */
RS_CHECKED enum rs_status rs_store_cursor_open(struct rs_store *store, const struct rs_scan *scan,
                                               struct rs_cursor **out, struct rs_error *err);
void rs_cursor_close(struct rs_cursor *cursor); /* NULL is fine */
/* One thread at a time. *more false: none is left, and *load is void. After a failure close. */
RS_CHECKED enum rs_status rs_cursor_next(struct rs_cursor *cursor, struct rs_load *load, bool *more,
                                         struct rs_error *err);
RS_CHECKED enum rs_status rs_load_create(struct rs_load **out, struct rs_error *err);
void rs_load_release(struct rs_load *load); /* NULL is fine */
/* Which one of the scan's resources it holds: 0, 1, 2 ... */
int64_t rs_load_ordinal(const struct rs_load *load);
/* Any thread, nothing shared. *out is valid until `load` is used again. */
RS_CHECKED enum rs_status rs_load_unpack(struct rs_load *load, const struct rs_stored **out,
                                         struct rs_error *err);

struct rs_stored_name { /* what tells an instance and its group; texts NULL = unknown */
    int64_t number;
    const char *id, *name, *state, *provider, *account, *region, *type, *group;
    const char *tag; /* the value of the one asked for */
};
typedef enum rs_status rs_stored_name_fn(void *payload, const struct rs_stored_name *listed,
                                         struct rs_error *err);
/*
 * Every instance in ascending order of its number, without its samples and much else that a scan
 * reads. tag NULL: none. A status of fn ends it and is returned.
 */
RS_CHECKED enum rs_status rs_store_list(struct rs_store *store, const char *tag,
                                        rs_stored_name_fn *fn, void *payload, struct rs_error *err);

/*
 * `rightsize sql`: one SELECT; each row to fn with its column names. Values as text (reals as the
 * shortest decimal that reads back the same, blobs as X'0A'), NULL is NULL. A status of fn ends it.
 * RS_EUSAGE: not exactly one SELECT, or SQLite finds it wrong.
 */
typedef enum rs_status rs_sql_row_fn(void *payload, int columns, const char *const *names,
                                     const char *const *values, struct rs_error *err);
RS_CHECKED enum rs_status rs_store_sql(struct rs_store *store, const char *sql, rs_sql_row_fn *fn,
                                       void *payload, struct rs_error *err);

struct rs_store_info {
    int schema_version;
    int64_t file_bytes;
    int64_t resources, volumes, series, chunks, samples, collections;
    int64_t oldest, newest; /* instants of the first and last day with samples; -1: none */
    int64_t last_collected; /* -1: never */
};
RS_CHECKED enum rs_status rs_store_info(struct rs_store *store, struct rs_store_info *out,
                                        struct rs_error *err);
/*
 * SQLite's integrity check, foreign keys, and every chunk decoded against its checksum and its
 * summary columns. RS_EIO with the first fault; *checked counts chunks.
 */
RS_CHECKED enum rs_status rs_store_check(struct rs_store *store, int64_t *checked,
                                         struct rs_error *err);
/* Delete samples of days wholly before `before` (rounded down to a UTC day). WRITE mode. */
RS_CHECKED enum rs_status rs_store_prune(struct rs_store *store, int64_t before,
                                         int64_t *samples_deleted, struct rs_error *err);

/*
 * For a sampler that adds a few samples at a time: they lie in the store like any others, but wait
 * outside the day chunks until rs_store_absorb moves them. A scan sees those of instances already,
 * in the place of what the chunks hold; rs_store_info counts them, and rs_store_prune moves them
 * first where one of them would go.
 * `at` ascending. Statuses as for rs_store_put; inside a transaction.
 */
RS_CHECKED enum rs_status rs_store_put_recent(struct rs_store *store, const struct rs_batch *batch,
                                              struct rs_error *err);
/* Move what waits into the chunks, in a transaction of its own; nothing waiting is fine. */
RS_CHECKED enum rs_status rs_store_absorb(struct rs_store *store, struct rs_put_tally *tally,
                                          struct rs_error *err);

struct rs_store_peak { /* one process at one of a day's highest moments; borrowed */
    int64_t at;
    double cpu_percent; /* of the machine */
    const char *kind;   /* "cpu", "memory", "io" */
    int rank;           /* from 1 */
    const char *name;
    const char *unit; /* or NULL */
    double share;     /* percent, 0..100 */
};
/*
 * Put them in the place of what the store holds less than `apart` seconds from their instants with
 * no higher cpu_percent, then keep `moments` instants of each of their UTC days, those of the
 * highest. Inside a transaction. RS_EINPUT: an instant or a share is out of range.
 */
RS_CHECKED enum rs_status rs_store_put_peaks(struct rs_store *store, const char *resource,
                                             const struct rs_store_peak *peaks, size_t count,
                                             int moments, int64_t apart, struct rs_error *err);

/* Hold at most about so many KiB of the file in memory (WRITE: 16384 unless said, READ: 2048). */
RS_CHECKED enum rs_status rs_store_set_cache(struct rs_store *store, int kib, struct rs_error *err);

/*
 * How far a live source has come: the instant after the newest sample of one series, -1 for none;
 * and the window for which it has asked for everything of an instance, empty for none.
 */
RS_CHECKED enum rs_status rs_store_series_end(struct rs_store *store, const char *resource,
                                              enum rs_metric metric, enum rs_statistic statistic,
                                              int64_t step, int64_t *out, struct rs_error *err);
RS_CHECKED enum rs_status rs_store_asked(struct rs_store *store, const char *resource,
                                         struct rs_window *out, struct rs_error *err);
/* Inside a transaction. RS_EINPUT as for rs_store_put. */
RS_CHECKED enum rs_status rs_store_set_asked(struct rs_store *store, const char *resource,
                                             struct rs_window window, struct rs_error *err);

#define RS_MERGE_NOTES 16

struct rs_merge_tally {
    struct rs_put_tally put;
    int64_t conflicts; /* slots where both stores hold a value, and not the same */
    int64_t resources, resources_changed, attachments_changed;
    int64_t collections, peaks;     /* rows of the log, causes of peaks, that were new */
    int64_t type_conflicts;         /* two types of one machine, observed at the same instant */
    char note[RS_MERGE_NOTES][256]; /* those conflicts, named */
    size_t note_count, notes_dropped;
};
/*
 * Everything `other` (open for READ) holds into `store` (WRITE), in one transaction; *tally is
 * added to. Twice changes nothing, and the order of several stores does not matter but for slots
 * where they hold different values: there `store` keeps its own, or takes the other's with
 * prefer_other. Inventory counts by when it was observed, as for rs_store_put_resource.
 * RS_EUSAGE: both are the same file; RS_EINPUT as for rs_store_put. Nothing is written then.
 */
RS_CHECKED enum rs_status rs_store_merge(struct rs_store *store, struct rs_store *other,
                                         bool prefer_other, struct rs_merge_tally *tally,
                                         struct rs_error *err);

#endif
