#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes shape.csv beside this file: what trend.h, season.h and steps.h must answer, reckoned here
by other roads (all pairs at once, covariance of the hours, least squares on dummy columns).

Rows: kind, answers, values. Answers are C99 hexadecimal doubles, values short decimals; nan is a gap.
  trend   period slope low high p inflation level , values
  daily   strength p high low peak trough , hours from 00:00 UTC
  weekly  strength strength_daily p peak_day trough_day , hours from Monday 00:00 UTC
  step    p day , hours from Monday 00:00 UTC (one step, on whole days)
"""
import math
import pathlib
import platform

import numpy as np


def beta_q(a, b, x):
    """Regularized incomplete beta by Gauss-Legendre over the substituted integral."""
    if x <= 0.0:
        return 0.0
    nodes, weights = np.polynomial.legendre.leggauss(400)
    # t = x u^k flattens the pole at 0 for small a
    k = max(1.0, 3.0 / a)
    u = 0.5 * (nodes + 1.0)
    t = x * u**k
    log_beta = math.lgamma(a) + math.lgamma(b) - math.lgamma(a + b)
    f = np.exp((a - 1) * np.log(t) + (b - 1) * np.log1p(-t) - log_beta) * x * k * u ** (k - 1)
    return float(0.5 * np.sum(weights * f))


def f_tail(f, d1, d2):
    return beta_q(d2 / 2, d1 / 2, d2 / (d2 + d1 * f))


def t_two_sided(t, d):
    return beta_q(d / 2, 0.5, d / (d + t * t))


def inflation(residuals):
    e = np.asarray(residuals)
    n = int(np.sum(~np.isnan(e)))
    ss = np.nansum(e * e)
    if n < 6 or ss <= 0:
        return 1.0
    r = np.nansum(e[1:] * e[:-1]) / ss
    r = min((1 + n * r) / (n - 4), 0.9)
    if r <= 0:
        return 1.0
    k = np.arange(1, n)
    return float(1 + 2 * np.sum((1 - k / n) * r**k))


def trend(values, period):
    x = np.asarray(values, float)
    t = np.arange(len(x))
    ok = ~np.isnan(x)
    xs, ts = x[ok], t[ok]
    i, j = np.triu_indices(len(xs), 1)
    same = ts[i] % period == ts[j] % period
    i, j = i[same], j[same]
    slopes = np.sort((xs[j] - xs[i]) / (ts[j] - ts[i]))
    s = np.sum(np.sign(xs[j] - xs[i]))
    var = 0.0
    centred = np.full(len(x), np.nan)
    slope = float(np.median(slopes))
    for season in range(period):
        here = ok & (t % period == season)
        n = here.sum()
        if n == 0:
            continue
        var += n * (n - 1) * (2 * n + 5) / 18
        _, groups = np.unique(x[here], return_counts=True)
        var -= np.sum(groups * (groups - 1) * (2 * groups + 5)) / 18
        rest = x[here] - slope * t[here]
        centred[here] = rest - rest.mean()
    if np.nanmax(np.abs(centred)) <= 1e-12 * np.nanmax(np.abs(x)):
        wider = 1.0
    else:
        wider = inflation(centred)
    sd = math.sqrt(var * wider)
    z = max(abs(s) - 1, 0) / sd if sd > 0 else 0.0
    p = min(math.erfc(z / math.sqrt(2)), 1.0)
    c = 1.959963984540054 * sd
    m = len(slopes)
    low = slopes[int(max(math.floor((m - c) / 2) - 1, 0))]
    high = slopes[int(min(math.ceil((m + c) / 2), m - 1))]
    level = float(np.median(xs + slope * (len(x) - 1 - ts)))
    return [slope, low, high, p, wider, level]


def adjusted(x, columns):
    """x: rows x hours, folded into so many columns."""
    flat = x.reshape(-1, columns)
    within = np.nansum((flat - np.nanmean(flat, axis=0)) ** 2)
    about = np.nansum((x - np.nanmean(x)) ** 2)
    n = np.sum(~np.isnan(x))
    return max(1 - within / (n - columns) / (about / (n - 1)), 0.0)


def daily(hours):
    x = np.asarray(hours).reshape(-1, 24)
    days = len(x)
    e = x - x.mean(axis=1, keepdims=True)
    effect = e.mean(axis=0)
    covariance = (e - effect).T @ (e - effect) / (days - 1)
    eps = np.trace(covariance) ** 2 / (23 * np.trace(covariance @ covariance))
    f = days * np.sum(effect**2) / 23 / (np.trace(covariance) / 23)
    profile = x.mean(axis=0)
    return [adjusted(x, 24), f_tail(f, 23 * eps, 23 * eps * (days - 1)), profile.max(),
            profile.min(), float(profile.argmax()), float(profile.argmin())]


def weekly(hours):
    x = np.asarray(hours).reshape(-1, 168)
    y = x.reshape(len(x), 7, 24).mean(axis=2)
    weeks = len(y)
    day = y.mean(axis=0)
    rest = y - y.mean(axis=1, keepdims=True) - (day - day.mean())
    f = weeks * np.sum((day - day.mean()) ** 2) / (np.sum(rest**2) / (weeks - 1))
    return [adjusted(x, 168), adjusted(x, 24), f_tail(f, 3.0, 3.0 * (weeks - 1)),
            float(day.argmax()), float(day.argmin())]


def step(hours):
    y = np.asarray(hours).reshape(-1, 24).mean(axis=1)
    n = len(y)
    period = 7 if n >= 14 else 1
    dummies = np.stack([(np.arange(n) % period == k) * 1.0 for k in range(period)], axis=1)
    best, splits = None, 0
    for d in range(2, n - 1):
        design = np.column_stack([dummies, (np.arange(n) >= d) * 1.0])
        fit, _, rank, _ = np.linalg.lstsq(design, y, rcond=None)
        if rank <= period:
            continue
        rest = y - design @ fit
        splits += 1
        if best is None or rest @ rest < best[0]:
            best = (rest @ rest, d, fit[-1], rest, np.linalg.inv(design.T @ design)[-1, -1])
    left, d, delta, rest, unit = best
    freedom = n - period - 1
    t = abs(delta) / math.sqrt(left / freedom * unit * inflation(rest))
    return [min(splits * t_two_sided(t, freedom), 1.0), float(d)]


def rows(rng):
    yield "trend", [1.0], trend([1, 2, 3, 4, 5, 6, 7], 1), [1, 2, 3, 4, 5, 6, 7]
    for n, period in ((4, 1), (7, 1), (14, 1), (30, 1), (28, 7), (56, 8), (98, 7), (128, 1)):
        for slope in (0.0, 0.05, -1.0):
            noise = rng.normal(0, 1, n)
            x = np.round(10 + slope * np.arange(n) + noise, 3)
            yield "trend", [period], trend(x, period), x
            x = np.round(x + 3 * (np.arange(n) % period == 0))
            if n > 7:
                x[rng.integers(1, n, n // 10)] = np.nan
            yield "trend", [period], trend(x, period), x
        x = np.round(np.cumsum(rng.normal(0, 1, n)), 3)
        yield "trend", [period], trend(x, period), x
    for days in (3, 7, 14, 21):
        for size in (0.0, 1.0, 3.0):
            x = 20 + size * np.tile(np.sin(np.arange(24) / 24 * 2 * np.pi), days)
            for phi in (0.0, 0.9):
                e = rng.normal(0, 1, days * 24)
                for i in range(1, len(e)):
                    e[i] += phi * e[i - 1]
                both = np.round(x + e, 2)
                yield "daily", [], daily(both), both
    for weeks in (2, 3, 6):
        for size in (0.0, 1.0, 5.0):
            week = np.repeat([1.0, 1.1, 1.2, 1.1, 0.9, 0.2, 0.1], 24)
            x = 20 + size * np.tile(week, weeks) + rng.normal(0, 1, weeks * 168)
            x = np.round(x, 2)
            yield "weekly", [], weekly(x), x
    for days, at in ((7, 3), (10, 4), (14, 7), (21, 5), (28, 24)):
        x = rng.normal(0, 1, days * 24) + np.repeat(rng.normal(0, 0.4, days), 24) + 20
        x[at * 24:] += 6
        x = np.round(x, 2)
        yield "step", [], step(x), x


def text(numbers):
    return " ".join(float(v).hex() for v in numbers)


def main():
    rng = np.random.default_rng(20261125)
    here = pathlib.Path(__file__).resolve().parent
    with open(here / "shape.csv", "w", encoding="ascii") as out:
        out.write(f"# numpy {np.__version__}, Python {platform.python_version()}\n")
        for kind, head, answers, values in rows(rng):
            short = " ".join(repr(float(v)) for v in values)
            out.write(f"{kind} {text(head + answers)},{short}\n")


if __name__ == "__main__":
    main()
