/* SPDX-License-Identifier: GPL-3.0-or-later */
/* proof.h - what the proofs share: how a time of being short is told. */
#ifndef REPORT_PROOF_H
#define REPORT_PROOF_H

#include "report/grid.h"
#include "report/human.h"
#include "report/json_writer.h"
#include "rightsize/proof.h"

/* "shop-web-1" or, without a name, the id. */
const char *rs_proof_name(const char *id, const char *name);
void rs_proof_cell_text(struct rs_grid *grid, const char *text);
void rs_proof_cell_share(struct rs_grid *grid, double share);
/* "11-09 10:05": without the year; negative: "-". */
void rs_proof_moment(int64_t at, char out[static RS_HUMAN_TEXT]);
/* The members of an open object. */
void rs_proof_shortfall(struct rs_writer *w, const struct rs_shortfall *s);

/* The highest use of each day (of several, where the window is long) as shares of the new type. */
RS_CHECKED enum rs_status rs_simulation_spans(const struct rs_simulation *simulation,
                                              const struct rs_page *page, struct rs_buffer *out,
                                              struct rs_error *err);
void rs_simulation_write_days(const struct rs_simulation *simulation, struct rs_writer *w);

#endif
