/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The document is described in the help of `rightsize backtest`. */
#include "report/proof.h"

#include "rightsize/number.h"

#include <string.h>

static void put_key(void *payload, const char *key, const char *value, bool is_number,
                    const char *meaning)
{
    struct rs_writer *w = payload;
    double number = 0.0;
    (void)meaning;
    if (is_number && rs_number_scan(value, strlen(value), &number)) {
        rs_writer_number(w, key, number);
    } else {
        rs_writer_text(w, key, value);
    }
}

static void put_short(struct rs_writer *w, const char *key, const struct rs_replay *replay)
{
    rs_writer_array(w, key);
    for (int i = 0; i < RS_DIM_COUNT; i++) {
        enum rs_dimension d = (enum rs_dimension)i;
        const struct rs_shortfall *s = &replay->dimension[d];
        if (rs_shortfall_counts(s, d)) {
            rs_writer_row(w, NULL);
            rs_writer_text(w, "resource", rs_dimension_info(d)->name);
            rs_writer_number(w, "capacity", s->capacity);
            rs_proof_shortfall(w, s);
            rs_writer_end(w);
        }
    }
    rs_writer_end(w);
}

static void put_machine(struct rs_writer *w, const struct rs_trial *trial)
{
    double now = trial->now.offer->price * RS_HOURS_PER_MONTH;
    double then = trial->then.offer->price * RS_HOURS_PER_MONTH;
    rs_writer_object(w, NULL);
    rs_writer_text(w, "id", trial->id);
    rs_writer_text(w, "name", trial->name);
    rs_writer_text(w, "from", trial->now.offer->type);
    rs_writer_text(w, "to", trial->then.offer->type);
    rs_writer_text(w, "currency", trial->currency);
    rs_writer_rounded(w, "monthly_now", now);
    rs_writer_rounded(w, "monthly_then", then);
    rs_writer_bool(w, "memory_judged", trial->then.dimension[RS_DIM_MEMORY].known);
    put_short(w, "short_now", &trial->now);
    put_short(w, "short_then", &trial->then);
    rs_writer_end(w);
}

static void put_totals(struct rs_writer *w, const struct rs_backtest_totals *t)
{
    double machines = (double)t->machines;
    rs_writer_row(w, "totals");
    rs_writer_count(w, "machines", (int64_t)t->machines);
    rs_writer_count(w, "moves", (int64_t)t->moves);
    rs_writer_text(w, "currency", t->currency);
    rs_writer_rounded(w, "monthly_now", t->monthly_now);
    rs_writer_rounded(w, "monthly_then", t->monthly_then);
    rs_writer_rounded(w, "monthly_saving", t->monthly_now - t->monthly_then);
    rs_writer_rounded(w, "relative_cost", t->monthly_then / t->monthly_now);
    rs_writer_count(w, "not_in_sums", (int64_t)t->other_currency);
    rs_writer_count(w, "short_now", (int64_t)t->short_now);
    rs_writer_count(w, "short_then", (int64_t)t->short_then);
    rs_writer_count(w, "newly_short", (int64_t)t->newly_short);
    rs_writer_rounded(w, "short_share", (double)t->short_then / machines);
    rs_writer_rounded(w, "short_share_by_price", t->short_then_price);
    rs_writer_end(w);
}

static void put_policy(struct rs_writer *w, const struct rs_backtest *test, size_t policy)
{
    struct rs_backtest_totals totals;
    rs_backtest_totals(test, policy, &totals);
    rs_writer_object(w, NULL);
    rs_writer_text(w, "name", test->policies[policy].name);
    rs_writer_row(w, "settings");
    rs_policy_describe(&test->policies[policy], put_key, w);
    rs_writer_end(w);
    put_totals(w, &totals);
    rs_writer_array(w, "machines");
    for (size_t i = 0; i < test->trial_count; i++) {
        if (test->trials[i].policy == policy) {
            put_machine(w, &test->trials[i]);
        }
    }
    rs_writer_end(w);
    rs_writer_end(w);
}

enum rs_status rs_backtest_json(const struct rs_backtest *test, struct rs_buffer *out,
                                struct rs_error *err)
{
    struct rs_writer w;
    rs_writer_init(&w, out);
    rs_writer_object(&w, NULL);
    rs_writer_text(&w, "schema_version", "1.0");
    rs_writer_when(&w, "generated_at", test->generated_at);
    rs_writer_when(&w, "seen_from", test->seen_from);
    rs_writer_when(&w, "hidden_from", test->hidden.from);
    rs_writer_when(&w, "hidden_to", test->hidden.to);
    rs_writer_array(&w, "policies");
    for (size_t p = 0; p < test->policy_count; p++) {
        put_policy(&w, test, p);
    }
    rs_writer_end(&w);
    rs_writer_array(&w, "not_judged");
    for (size_t i = 0; i < test->untried_count; i++) {
        rs_writer_row(&w, NULL);
        rs_writer_text(&w, "id", test->untried[i].id);
        rs_writer_text(&w, "name", test->untried[i].name);
        rs_writer_text(&w, "reason", test->untried[i].reason);
        rs_writer_end(&w);
    }
    rs_writer_end(&w);
    rs_writer_end(&w);
    return rs_buffer_status(out, err);
}
