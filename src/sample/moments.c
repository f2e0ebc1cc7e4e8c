/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sample/moments.h"

void rs_moments_begin(struct rs_moments *m, int64_t day)
{
    m->day = day;
    m->count = 0;
    m->dirty = false;
}

/* Where a moment would go; RS_SAMPLE_PEAKS: nowhere. */
static size_t place_for(const struct rs_moments *m, int64_t at, double cpu_percent)
{
    size_t lowest = 0;
    for (size_t i = 0; i < m->count; i++) {
        int64_t apart = at - m->held[i].at;
        if (apart > -RS_SAMPLE_PEAK_APART && apart < RS_SAMPLE_PEAK_APART) {
            return cpu_percent > m->held[i].cpu_percent ? i : RS_SAMPLE_PEAKS;
        }
        lowest = m->held[i].cpu_percent < m->held[lowest].cpu_percent ? i : lowest;
    }
    if (m->count < RS_SAMPLE_PEAKS) {
        return m->count;
    }
    return cpu_percent > m->held[lowest].cpu_percent ? lowest : RS_SAMPLE_PEAKS;
}

bool rs_moments_wants(const struct rs_moments *m, int64_t at, double cpu_percent)
{
    return cpu_percent > RS_SAMPLE_PEAK_PERCENT && place_for(m, at, cpu_percent) < RS_SAMPLE_PEAKS;
}

void rs_moments_enter(struct rs_moments *m)
{
    size_t place = place_for(m, m->candidate.at, m->candidate.cpu_percent);
    if (m->candidate.at / RS_DAY_SECONDS != m->day || place == RS_SAMPLE_PEAKS) {
        return;
    }
    m->held[place] = m->candidate;
    m->count = place == m->count ? place + 1 : m->count;
    m->dirty = true;
}
