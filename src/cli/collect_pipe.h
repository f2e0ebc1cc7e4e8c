/* SPDX-License-Identifier: GPL-3.0-or-later */
/* collect_pipe.h - reading in one thread, storing in another (level 5, private). */
#ifndef RIGHTSIZE_CLI_COLLECT_PIPE_H
#define RIGHTSIZE_CLI_COLLECT_PIPE_H

#include "rightsize/source.h"

struct rs_pipe {
    struct rs_sink sink; /* called by the caller's thread, in the order of the input */
    bool threaded;       /* false: all happens in the caller's thread */
    /* With sink.payload, by the thread that reads, before each batch; or NULL. */
    void (*notice)(void *payload);
};

/*
 * As source->read with the pipe's sink, and with the same outcome whether threaded or not: of two
 * failures that of the sink is answered, since it concerns what was read before.
 */
RS_CHECKED enum rs_status rs_pipe_read(const struct rs_pipe *pipe, const struct rs_source *source,
                                       const struct rs_source_request *request,
                                       struct rs_input *input, struct rs_tally *tally,
                                       struct rs_error *err);

#endif
