/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/bits.h"

#include "store/bytes.h"

void rs_bits_put(struct rs_bit_writer *w, uint64_t v, unsigned width)
{
    if (width == 64) { /* all values of a chunk are as wide, so nothing is held */
        rs_put64(w->out, v);
        w->out += 8;
        return;
    }
    w->bits |= v << w->held;
    w->held += width;
    rs_put64(w->out, w->bits);
    unsigned whole = w->held / 8;
    w->out += whole;
    w->bits = whole == 8 ? 0 : w->bits >> (whole * 8);
    w->held %= 8;
}

void rs_bits_end(struct rs_bit_writer *w)
{
    if (w->held > 0) {
        *w->out++ = (unsigned char)w->bits;
        w->held = 0;
        w->bits = 0;
    }
}
