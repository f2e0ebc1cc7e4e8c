/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * relay.h - a long text made block by block by one thread while another hands the blocks on, in
 * their order; some blocks of memory, whatever its length (level 5, private).
 */
#ifndef RIGHTSIZE_CLI_RELAY_H
#define RIGHTSIZE_CLI_RELAY_H

#include "rightsize/buffer.h"
#include "rightsize/status.h"

#include <stdbool.h>

struct rs_relay_ends {
    /* Appends to `block`, which is empty, and says whether more will come. */
    enum rs_status (*make)(void *payload, struct rs_buffer *block, bool *more,
                           struct rs_error *err);
    enum rs_status (*take)(void *payload, const struct rs_buffer *block, struct rs_error *err);
    void *payload; /* of both, which run at the same time */
};

/*
 * All blocks; `take` runs in the caller's thread, `make` in one of its own where `apart` asks for
 * it and the system gives it. The first failure of either end stops both and is returned: what was
 * made before is taken still. RS_ENOMEM: a block could not grow.
 */
RS_CHECKED enum rs_status rs_relay_run(const struct rs_relay_ends *ends, bool apart,
                                       struct rs_error *err);

#endif
