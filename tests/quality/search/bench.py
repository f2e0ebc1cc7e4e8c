# SPDX-License-Identifier: GPL-3.0-or-later
"""Demand statistics of every window once, then any sizing rule over all windows in one numpy pass.

The harness (rsbench) reads the series and the catalog; its way of scoring is repeated here on arrays:
a window is bad when CPU, network or disk exceed the type in more than 1 % of the following week's
samples, or memory exceeds it at all. `search.py check` compares the figures with the harness's own.
"""
import csv
import importlib
import os
import sys

import numpy as np

WEEK = 7
LONGEST = 56
PERCENTILES = (95.0, 98.0, 99.0, 99.5, 99.8, 99.9, 100.0)
MCR = r"^[mcr][567][ia]?$"
# name: (days of history, families, burstable types, only current generations)
PROTOCOLS = {
    "7d": (7, MCR, False, False),
    "14d": (14, MCR, False, False),
    "28d": (28, MCR, False, False),
    "56d": (56, MCR, False, False),  # beyond the protocols: does the rule still learn from longer history?
    "t3": (7, r"^([mcr][567][ia]?|t3a?)$", True, False),
    "all": (7, None, False, False),
    "new": (7, None, False, True),  # as `all`, without previous generations
}


def harness(folder):
    """The harness's loaders, from the folder that holds the package rsbench."""
    sys.path.insert(0, folder)
    return importlib.import_module("rsbench.data"), importlib.import_module("rsbench.catalog")


def _percentile(x, p):
    return float(np.percentile(x, p)) if len(x) else np.nan


def _finite(x):
    return x[np.isfinite(x)]


def _peak(x):
    x = _finite(x)
    return float(x.max()) if len(x) else np.nan


def training(m, end, days, slots):
    """Statistics of the `days` before slot `end`: what a rule may know."""
    cut = lambda name, d: getattr(m, name)[max(0, end - d * slots):end]
    cpu, tail = _finite(cut("cpu", days)), min(days, 14)
    blocks = cut("mem", days).reshape(days, slots) if end >= days * slots else None
    with np.errstate(all="ignore"):
        daily = np.array([_peak(b) for b in blocks]) if blocks is not None else np.full(days, np.nan)
    weekly = np.full((LONGEST // WEEK, 2), np.nan)  # newest last: P99.5 and P99.8 of each week of its own
    for w in range(days // WEEK):
        x = _finite(m.cpu[max(0, end - (w + 1) * WEEK * slots):end - w * WEEK * slots])
        weekly[LONGEST // WEEK - 1 - w] = _percentile(x, 99.5), _percentile(x, 99.8)
    d = {"cpu": [_percentile(cpu, p) for p in PERCENTILES], "mean": float(cpu.mean()) if len(cpu) else np.nan,
         "peak": _peak(cut("mem", days)), "valid": len(cpu), "weekly": weekly,
         "daily": np.pad(daily, (LONGEST - days, 0), constant_values=np.nan),
         "net": [_percentile(_finite(cut("net", days)), p) for p in PERCENTILES],
         "disk": [_percentile(_finite(cut("disk", days)), p) for p in PERCENTILES]}
    d["tail"] = ([_percentile(_finite(cut("cpu", tail)), p) for p in (90, 95, 99.5)] + [_peak(cut("mem", tail))]
                 + [_percentile(_finite(cut(k, tail)), p) for k in ("net", "disk") for p in (90, 95, 99.5)]
                 + [len(_finite(cut("cpu", tail)))])
    return d


def _allowed(x, share=.01):
    """The value that a capacity must reach so that at most `share` of the samples are over it."""
    x = np.sort(_finite(x).astype(float))[::-1]
    return float(x[int(np.floor(share * len(x)))]) if len(x) else 0.0


def windows(m, days, slots):
    """Ends of the training windows: as the harness, every test week, half of the CPU samples present."""
    n, end, out = m.n(), days * slots, []
    while end + WEEK * slots <= n + slots // 24:
        a, b = m.cpu[end - days * slots:end], m.cpu[end:end + WEEK * slots]
        if np.isfinite(a).mean() >= .5 and np.isfinite(b).mean() >= .5:
            out.append(end)
        end += WEEK * slots
    return out


def collect(machines, slots, days):
    """Arrays over all windows of one length of history: shift 0 and, for churn, one day earlier."""
    rows, weeks, who, ends = {0: [], 1: []}, [], [], []
    test = {k: [] for k in ("cpu", "mem", "net", "disk")}
    for j, m in enumerate(machines):
        for end in windows(m, days, slots):
            rows[0].append(training(m, end, days, slots))
            early = end - slots - days * slots >= 0
            rows[1].append(training(m, end - slots, days, slots) if early else None)
            who.append(j)
            ends.append(end)
            for k in test:
                x = getattr(m, k)[end:end + WEEK * slots]
                test[k].append(np.nan_to_num(_peak(x)) if k == "mem" else _allowed(x))
    out = {"who": np.array(who), "end": np.array(ends), "week": np.array(ends) // (WEEK * slots)}
    for k in test:
        out["test_" + k] = np.array(test[k])
    empty = {k: np.full_like(np.asarray(v, float), np.nan) for k, v in rows[0][0].items()}
    for s in (0, 1):
        for k in rows[0][0]:
            out[f"{k}{s}"] = np.array([r[k] if r else empty[k] for r in rows[s]], float)
    out["has1"] = np.array([r is not None for r in rows[1]])
    return out


def credits_bad(demand, vcpus, base, slot_hours):
    """Share of samples over capacity for a burstable type in standard mode, all windows at once (rows)."""
    full = 24 / slot_hours * base * vcpus
    balance = np.full(len(demand), full / 2)
    over, seen = np.zeros(len(demand)), np.zeros(len(demand))
    for t in range(demand.shape[1]):
        x = demand[:, t]
        f = np.isfinite(x)
        avail = np.minimum(vcpus, base * vcpus + balance)
        over += f & (x > avail * (1 + 1e-9))
        seen += f
        used = np.where(f, np.minimum(np.where(f, x, 0), avail), 0)
        balance = np.where(f, np.clip(balance + base * vcpus - used, 0, full), np.minimum(full, balance + base * vcpus))
    return np.where(seen > 0, over / np.maximum(seen, 1), 0.0)


class Protocol:
    """One protocol: windows, catalog, current types and which type would be bad in which window."""

    def __init__(self, name, machines, slots, stats, catalog_module, catalog, region, current):
        self.name = name
        self.days, families, burst, new = PROTOCOLS[name]
        cat = catalog_module.load(catalog, "include" if burst else "exclude", "x86_64", None, families, region)
        self.cat, self.s = cat, stats[self.days]
        s = self.s
        self.price, self.vcpus, self.mem = cat.price, cat.vcpus, cat.mem
        place = [cat.like(m.cores, m.mem_prov) for m in machines]
        assert None not in place
        self.cur = np.array(place)[s["who"]]
        self.target = np.array([not new or n in current for n in cat.name])
        cores, prov = np.array([m.cores for m in machines]), np.array([m.mem_prov for m in machines])
        self.cores, self.memcap = cores[s["who"]], prov[s["who"]]
        self.now = cat.price[self.cur]
        caps = np.stack([cat.vcpus, cat.mem, cat.net, cat.disk, cat.vcpus * cat.burst], 1)
        kept = []  # targets that no type before them in the order of prices matches in everything
        for i in np.flatnonzero(self.target & (cat.price < self.now.max())):
            if not any((caps[j] >= caps[i]).all() for j in kept):
                kept.append(i)
        self.candidates = np.array(kept)
        over = lambda need, cap: need[:, None] > cap[None, :] * (1 + 1e-9)
        bad = over(s["test_cpu"], cat.vcpus)
        if burst:
            long = WEEK * slots
            dem = np.full((len(s["who"]), long), np.nan)
            for row, j, e in zip(dem, s["who"], s["end"]):
                x = machines[j].cpu[e:e + long]
                row[:len(x)] = x
            for v, b in sorted({(v, b) for v, b in zip(cat.vcpus, cat.burst) if b < 1}):
                bad[:, (cat.vcpus == v) & (cat.burst == b)] = (credits_bad(dem, v, b, 24 / slots) > .01)[:, None]
        self.bad_cpu, self.bad_mem = bad, over(s["test_mem"], cat.mem)
        self.bad = bad | self.bad_mem | over(s["test_net"], cat.net) | over(s["test_disk"], cat.disk)

    def subset(self, keep):
        """The same protocol over some of its windows (cross-validation)."""
        o = Protocol.__new__(Protocol)
        o.__dict__.update(self.__dict__)
        o.s = {k: v[keep] for k, v in self.s.items()}
        for k in ("cur", "cores", "memcap", "now", "bad_cpu", "bad_mem", "bad"):
            setattr(o, k, getattr(self, k)[keep])
        return o

    def stat(self, shift):
        """What a rule may look at, in one dictionary."""
        s = self.s
        d = {k: s[f"{k}{shift}"] for k in ("mean", "peak", "valid", "daily", "weekly", "tail")}
        daily = np.where(np.isfinite(d["daily"]), d["daily"], 0.0)[:, -self.days:]
        d["weeks"] = daily.reshape(len(daily), -1, WEEK).max(2)  # memory peaks, newest week last
        for k in ("cpu", "net", "disk"):
            d.update({(k, p): s[f"{k}{shift}"][:, i] for i, p in enumerate(PERCENTILES)})
        return d

    def score(self, rule, churn=True, weights=None):
        """cost, bad, price-weighted bad, churn per day, mean of ratios."""
        a = rule(self, self.stat(0))
        n = np.arange(len(a))
        w = np.ones(len(a)) if weights is None else weights
        bad = self.bad[n, a]
        r = {"cost": (self.price[a] * w).sum() / (self.now * w).sum(), "bad": 100 * (bad * w).sum() / w.sum(),
             "priced": 100 * (bad * self.now * w).sum() / (self.now * w).sum(),
             "ratio": (self.price[a] / self.now * w).sum() / w.sum(), "moved": 100 * (a != self.cur).mean(),
             "mem": 100 * self.bad_mem[n, a].mean(), "cpu": 100 * self.bad_cpu[n, a].mean()}
        if churn:
            b = rule(self, self.stat(1))
            h = self.s["has1"]
            r["churn"] = 100 * (a != b)[h].mean()
        return r


def feasible(p, cpu, mem, net, disk, mean):
    """Windows x types: which hold the demand (not known = no demand), burstable ones by their baseline."""
    z = lambda x: np.nan_to_num(x)[:, None]
    c = p.cat
    ok = (c.vcpus >= z(cpu) - 1e-9) & (c.mem >= z(mem) - 1) & (c.net >= z(net) - 1e-6) & (c.disk >= z(disk) - 1e-6)
    if (c.burst < 1).any():
        ok &= (c.burst >= 1) | (c.vcpus * c.burst >= z(mean))
    return ok


def load(data_path, catalog, region, rsbench, cache=None, names=PROTOCOLS):
    """All protocols wanted, and the catalog's figures that a rule may scale by."""
    data, catalog_module = harness(rsbench)
    machines = data.load(data_path, 0, cache)
    slots, path = data.DAY, cache and cache + ".stats.npz"
    if path and os.path.exists(path):
        flat = dict(np.load(path))
    else:
        flat = {f"{d}/{k}": v for d in (7, 14, 28, 56) for k, v in collect(machines, slots, d).items()}
        if path:
            np.savez(path, **flat)
    stats = {d: {k.split("/", 1)[1]: v for k, v in flat.items() if k.startswith(f"{d}/")} for d in (7, 14, 28, 56)}
    current = {r["instance_type"] for r in csv.DictReader(open(catalog.split(",")[0])) if r["current_generation"] == "1"}
    return {n: Protocol(n, machines, slots, stats, catalog_module, catalog, region, current) for n in names}
