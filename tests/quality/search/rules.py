# SPDX-License-Identifier: GPL-3.0-or-later
"""Rules on arrays: a rule maps (protocol, statistics) to the index of the type chosen for each window."""
import numpy as np

from bench import feasible

MIB = 2.0**20
HOURS_30 = 30 * 12  # samples of five minutes


def cheapest(p, ok):
    """Cheapest type that fits; not cheaper than now, or none: keep."""
    ok = ok & p.target
    i = ok.argmax(1)
    good = ok[np.arange(len(i)), i] & (p.price[i] < p.now - 1e-12)
    return np.where(good, i, p.cur)


def compute_optimizer(cpu, head, mem_head):
    """14 days at most, percentile `cpu` (90, 95 or 99.5), shares of the new capacity left free."""
    j = (90, 95, 99.5).index(cpu)

    def rule(p, s):
        t = s["tail"]
        mem = np.where(np.isfinite(t[:, 3]), t[:, 3] / (1 - mem_head), p.memcap)
        ok = feasible(p, t[:, j] / (1 - head), mem, t[:, 4 + j], t[:, 7 + j], s["mean"])
        a = cheapest(p, ok)
        return np.where(t[:, 10] < HOURS_30, p.cur, a)
    return rule


def first_rule(cpu=99.5, head=.25, pad=128, a=.04, b=.05, wc=.5, least=.20, io=.25, k=1.0):
    """The rule this search began from: list price plus a crowding charge, blind to the window's length."""
    def lost(d, cap, now):
        u = np.minimum(d / now, 1.0)[:, None]
        return np.maximum(np.minimum(d[:, None] / cap, 1.0) - u, 0) / np.maximum(1 - u, .02)

    def rule(p, s):
        peak = np.where(np.isfinite(s["peak"]), s["peak"], p.memcap)
        need = np.minimum(peak * (1 + head) + pad * MIB, np.maximum(p.memcap, peak))
        ok = feasible(p, s["cpu", cpu], need, s["net", 99.5] * (1 + io), s["disk", 99.5] * (1 + io), s["mean"])
        now = p.now[:, None]
        ok &= (p.price <= (1 - least) * now + 1e-12) & (p.price < now - 1e-12) & p.target
        charge = k * (a + b * now) * (lost(peak + pad * MIB, p.mem, p.memcap)
                                      + wc * lost(np.nan_to_num(s["cpu", cpu]), p.vcpus, p.cores))
        gain = np.where(ok, now - p.price - charge, -1.0)
        i = gain.argmax(1)
        move = (gain[np.arange(len(i)), i] > 1e-12) & (s["valid"] >= HOURS_30) & np.isfinite(s["cpu", cpu])
        return np.where(move, i, p.cur)
    return rule


def peer(cpu, cpu_factor, mem_factor, net=False):
    """Percentile of the CPU and the highest memory, each times a factor; no look at network or disk unless asked."""
    def rule(p, s):
        none = np.full(len(p.cur), np.nan)
        mem = np.where(np.isfinite(s["peak"]), s["peak"] * mem_factor, p.memcap)
        ok = feasible(p, s["cpu", cpu] * cpu_factor, mem, s["net", cpu] if net else none,
                      s["disk", cpu] if net else none, s["mean"])
        return cheapest(p, ok)
    return rule


# The unit of the charge: the lowest price of one vCPU among the region's current fixed-performance
# general, compute and memory types; here us-east-1 (c6g.medium), dollars an hour.
VCPU_PRICE = 0.034


def crowding(k=1.0, unit=1.4, share=.02, head=.25, cpu_head=.10, burst_head=False, pad=64, least=.20, cpu_part=0.0,
             floor_weeks=2, recurring=True, learn=1.0, cpu=99.5, weekly=True, vcpu_price=VCPU_PRICE):
    """List price plus a crowding charge that learns the length of the history.

    fits   : memory >= min(now, peak of the last `floor_weeks` weeks x (1 + head) + pad); CPU >= the worse week's
             P99.5 x (1 + cpu_head), never asking for more than now; network, disk >= P99.5; saves `least`
    charge : k (unit x vCPU price + share x price now) x 14 / (7 + days)
             x the larger of: share of the free memory given up (1 when the highest peak would not fit), and
             the number of weeks before the floor whose peak would not fit (`recurring`)
    `learn` is the power of 14 / (7 + days): the chance that the next week beats d days is 7 / (7 + d)."""
    def rule(p, s):
        c, d = p.cat, p.days
        sel = p.candidates
        price, vcpus, mem = c.price[sel], c.vcpus[sel], c.mem[sel]
        col = lambda x: np.nan_to_num(x)[:, None]
        known = np.isfinite(s["peak"])
        weeks = s["weeks"]
        peak = np.where(known, s["peak"], p.memcap)
        recent = weeks[:, -floor_weeks:].max(1)
        recent = np.where(recent > 0, recent, peak)  # nothing seen lately: the highest peak there is
        need = np.minimum(recent * (1 + head) + pad * MIB, np.maximum(p.memcap, recent))
        if weekly:
            used = np.nanmax(s["weekly"][:, -floor_weeks:, 0 if cpu == 99.5 else 1], 1)
        else:
            used = s["cpu", cpu]
        roomy = np.minimum(used * (1 + cpu_head), np.maximum(p.cores, used))
        fixed = c.burst[sel] >= 1
        ok = ((vcpus >= np.where(fixed | burst_head, col(roomy), col(used)) - 1e-9) & (mem >= need[:, None] - 1)
              & (c.net[sel] >= col(s["net", 99.5]) - 1e-6) & (c.disk[sel] >= col(s["disk", 99.5]) - 1e-6)
              & (fixed | (vcpus * c.burst[sel] >= col(s["mean"]))))
        now = p.now[:, None]
        ok &= (price <= (1 - least) * now + 1e-12) & (price < now - 1e-12)

        def lost(demand, cap, of):
            u = np.minimum(demand / of, 1.0)[:, None]
            return np.maximum(np.minimum(demand[:, None] / cap, 1.0) - u, 0) / np.maximum(1 - u, .02)
        crowd = lost(peak + pad * MIB, mem, p.memcap)
        less = mem < p.memcap[:, None]
        times = np.zeros_like(crowd)
        for j in range(weeks.shape[1] - floor_weeks):
            times += less & (weeks[:, j, None] + pad * MIB > mem)
        crowd = np.maximum(crowd, times) if recurring else np.maximum(crowd, np.minimum(times, 1))
        if cpu_part:
            crowd = crowd + cpu_part * lost(np.nan_to_num(used), vcpus, p.cores)
        charge = k * (unit * vcpu_price + share * now) * (14 / (7 + d)) ** learn * crowd
        gain = np.where(ok, now - price - charge, -1.0)
        i = gain.argmax(1)
        move = (gain[np.arange(len(i)), i] > 1e-12) & (s["valid"] >= HOURS_30) & np.isfinite(used)
        return np.where(move, sel[i], p.cur)
    return rule


PRESETS = {
    "savings": dict(k=.6, burst_head=True),
    "balanced": dict(),
    "performance": dict(k=2, head=.50, cpu_head=.20, least=.25),
}
