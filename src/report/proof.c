/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/proof.h"

#include "report/page.h"

#include <math.h>
#include <string.h>

const char *rs_proof_name(const char *id, const char *name)
{
    return name != NULL && name[0] != '\0' ? name : id;
}

void rs_proof_cell_text(struct rs_grid *grid, const char *text)
{
    struct rs_buffer shown;
    rs_buffer_init(&shown);
    rs_page_text(&shown, grid->page, text);
    rs_grid_cell(grid, shown.data, NULL);
    grid->failed = grid->failed || shown.failed;
    rs_buffer_release(&shown);
}

void rs_proof_cell_share(struct rs_grid *grid, double share)
{
    char text[RS_HUMAN_TEXT];
    rs_human_share(share, text);
    rs_grid_cell(grid, text, NULL);
}

void rs_proof_moment(int64_t at, char out[static RS_HUMAN_TEXT])
{
    char text[RS_HUMAN_TEXT];
    rs_human_when(at, text);
    memcpy(out, at < 0 ? "-" : text + 5, at < 0 ? 2 : strlen(text + 5) + 1);
}

void rs_proof_shortfall(struct rs_writer *w, const struct rs_shortfall *s)
{
    rs_writer_count(w, "samples", (int64_t)s->samples);
    rs_writer_count(w, "short_samples", (int64_t)s->short_samples);
    rs_writer_rounded(w, "short_share", s->share);
    rs_writer_rounded(w, "depth", s->depth);
    rs_writer_when(w, "first_short_at", s->first_at);
    rs_writer_when(w, "worst_at", s->worst_at);
    rs_writer_count(w, "longest_seconds", s->longest);
    rs_writer_when(w, "longest_from", s->longest_from);
    rs_writer_bool(w, "held_to_baseline", s->throttled);
}
