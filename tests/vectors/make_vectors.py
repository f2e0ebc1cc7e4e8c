#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes the quantile vectors beside this file, with numpy as the independent program.

quantile.csv: the first line says the program, the second the fractions q; each further row is
numpy.percentile(values, 100 q, method="linear") for each q, a comma, and the values. Numbers are
C99 hexadecimal doubles, so that no decimal stands between the programs.
"""
import pathlib
import platform

import numpy as np

QS = (0.0, 0.005, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.98, 0.99, 0.995, 0.999, 1.0)


def arrays(rng):
    yield [0.0]
    yield [-0.0, 0.0, -0.0]
    yield [1.7] * 7
    yield [0.1] * 4
    yield [1.0, 2.0]
    yield [1e308, 1.7e308]
    yield [5e-324, 1e-323, 2e-323, 1.0]
    yield [2.0**53, 2.0**53 + 2, 2.0**53 + 4]
    yield [1.0, np.nextafter(1.0, 2.0)]
    yield [np.nextafter(1.0, 0.0), 1.0, np.nextafter(1.0, 2.0)]
    yield [0.0] * 99 + [100.0]
    yield list(range(100))
    yield list(range(100, 0, -1))
    for n in (1, 2, 3, 5, 10, 37, 101):
        yield rng.uniform(0, 100, n)
        yield np.round(rng.uniform(0, 100, n), 3)
        yield rng.exponential(5.0, n)
        yield rng.lognormal(10, 4, n)
        yield rng.integers(0, 4, n).astype(float)
        yield 10.0 ** rng.uniform(-300, 300, n)
        yield rng.normal(0, 1, n)
        yield np.sort(rng.uniform(1e9, 1e9 + 1, n))


def main():
    rng = np.random.default_rng(20260802)
    here = pathlib.Path(__file__).resolve().parent
    percents = [100.0 * q for q in QS]
    with open(here / "quantile.csv", "w", encoding="ascii") as out:
        out.write(f"# numpy {np.__version__}, Python {platform.python_version()}, "
                  "numpy.percentile(values, 100 * q, method='linear')\n")
        # what is asked of ours is the fraction numpy itself makes of it: 100 q / 100
        out.write(" ".join((p / 100.0).hex() for p in percents) + "\n")
        for values in arrays(rng):
            values = np.asarray(values, dtype=np.float64)
            answers = np.percentile(values, percents, method="linear")
            out.write(" ".join(float(a).hex() for a in answers) + ",")
            out.write(" ".join(float(v).hex() for v in values) + "\n")


if __name__ == "__main__":
    main()
