/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "advise/burst.h"

#include "advise/risk.h"
#include "rightsize/when.h"

#include <math.h>

double rs_burst_peak(const struct rs_offer *offer, enum rs_dimension d)
{
    double peak = NAN;
    switch (d) {
    case RS_DIM_NET_IN:
    case RS_DIM_NET_OUT:
        peak = offer->net_peak;
        break;
    case RS_DIM_EBS_BYTES:
        peak = offer->ebs_peak;
        break;
    case RS_DIM_EBS_OPS:
        peak = offer->ebs_peak_ops;
        break;
    default:
        break;
    }
    return peak > rs_offer_capacity(offer, d) ? peak : NAN;
}

double rs_burst_share(const struct rs_study *study, const struct rs_offer *offer,
                      enum rs_dimension d)
{
    return isnan(rs_burst_peak(offer, d))
               ? NAN
               : rs_risk_short_share(study, d, rs_offer_capacity(offer, d));
}

static int64_t first_above(const struct rs_series *s, double limit)
{
    size_t i = 0;
    while (i < s->slots && !(s->values[i] > limit)) { /* a gap is not above */
        i++;
    }
    return rs_series_at(s, i);
}

void rs_burst_note(struct rs_study *study)
{
    static const struct {
        enum rs_dimension d[2];
        const char *code;
    } rows[] = {{{RS_DIM_NET_IN, RS_DIM_NET_OUT}, "NetworkBursts"},
                {{RS_DIM_EBS_BYTES, RS_DIM_EBS_OPS}, "EbsBursts"}};
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        double a = rs_burst_share(study, study->current, rows[i].d[0]);
        double b = rs_burst_share(study, study->current, rows[i].d[1]);
        enum rs_dimension d = b > a || isnan(a) ? rows[i].d[1] : rows[i].d[0];
        double share = fmax(a, b), limit = rs_offer_capacity(study->current, d);
        if (!(share > 0.0)) {
            continue;
        }
        char when[RS_WHEN_TEXT];
        rs_when_format(first_above(&study->traces[d], limit), when);
        rs_study_note(study, rows[i].code,
                      "%s is above the baseline of %.32s in %.2g %% of the time, first at %s: such "
                      "bursts last only as long as saved I/O credits do",
                      rs_dimension_info(d)->title, study->current->type, 100.0 * share, when);
    }
}
