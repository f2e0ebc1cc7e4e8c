/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/json_parts.h"

static void put_commitment(struct rs_writer *w, const struct rs_commitment *c, double now,
                           double then)
{
    static const char *const kinds[] = {[RS_COMMITMENT_RESERVED] = "reserved_instances",
                                        [RS_COMMITMENT_PLAN_INSTANCE] = "ec2_instance_savings_plan",
                                        [RS_COMMITMENT_PLAN_COMPUTE] = "compute_savings_plan"};
    rs_writer_row(w, NULL);
    rs_writer_text(w, "id", c->id);
    rs_writer_text(w, "kind", kinds[c->kind]);
    rs_writer_text(w, "type", c->type);
    rs_writer_text(w, "family", c->family);
    rs_writer_text(w, "place", c->zone != NULL ? c->zone : c->region);
    rs_writer_when(w, "until", c->end);
    rs_writer_rounded(w, "used_now_percent", 100.0 * now);
    rs_writer_rounded(w, "used_then_percent", 100.0 * then);
    rs_writer_end(w);
}

void rs_json_cover(struct rs_writer *w, const struct rs_cover *cover)
{
    rs_writer_object(w, "commitments");
    rs_json_money(w, RS_MONEY("uncovered_now_monthly"), cover->currency, cover->uncovered_now);
    rs_json_money(w, RS_MONEY("uncovered_then_monthly"), cover->currency, cover->uncovered_then);
    rs_json_money(w, RS_MONEY("saving_monthly"), cover->currency, cover->saving);
    rs_writer_count(w, "passed_over", (int64_t)cover->commitments->passed_over);
    rs_writer_array(w, "items");
    for (size_t i = 0; i < cover->commitments->count; i++) {
        put_commitment(w, &cover->commitments->items[i], cover->used_now[i], cover->used_then[i]);
    }
    rs_writer_end(w);
    rs_writer_array(w, "machines");
    for (size_t i = 0; i < cover->count; i++) {
        const struct rs_covered *m = &cover->machines[i];
        rs_writer_row(w, NULL);
        rs_writer_text(w, "id", m->id);
        rs_writer_rounded(w, "covered_now_percent", 100.0 * m->now);
        rs_writer_rounded(w, "covered_then_percent", 100.0 * m->then);
        rs_json_money(w, RS_MONEY("saving_monthly"), cover->currency, m->saving);
        rs_writer_end(w);
    }
    rs_writer_end(w);
    rs_writer_end(w);
}
