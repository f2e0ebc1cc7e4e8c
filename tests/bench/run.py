"""The benchmark: makes fleets, runs the program and its peers by turns, prints one table.

run.py [--quick | --selftest] [--only WORD,...] BUILD

Figures go to BUILD/bench.json as well. What is made lies below $BENCH_DIR (BUILD/bench) and serves
the next run of the same program. RUNS is how often each job runs. Exit 1: a peer's answers differ
from ours, or a program failed. Targets that are missed do not fail the run: the table says so.
"""

import os
import platform
import sys
import time

import rows_export
import rows_import
from context import Context
from measure import Failed
from table import Table

GROUPS = {
    "start": rows_export.start_rows, "kernel": rows_export.kernel_row, "json": rows_import.json_rows,
    "csv": rows_import.csv_rows, "export": rows_export.fleet_rows, "slow": rows_export.slow_rows,
    "growth": rows_export.growth_rows,
}


def processor():
    try:
        with open("/proc/cpuinfo", encoding="utf-8") as f:
            return next(line.split(":", 1)[1].strip() for line in f if line.startswith("model name"))
    except (OSError, StopIteration):
        return platform.processor()


def main(argv):
    size = "full"
    groups = list(GROUPS)
    while argv and argv[0].startswith("--"):
        option = argv.pop(0)
        if option == "--only":
            groups = argv.pop(0).split(",")
        else:
            size = {"--quick": "quick", "--selftest": "self"}[option]
    build = os.path.abspath(argv[0])
    ctx = Context(size, build, os.path.abspath(os.environ.get("BENCH_DIR") or os.path.join(build, "bench")))
    table, fault, start = Table(), None, time.time()
    for group in groups:
        ctx.say(group)
        try:
            GROUPS[group](ctx, table)
        except Failed as e:
            fault = str(e)
            table.skip(group, "FAILED, this run is void: " + fault)
    facts = {"size": size, "runs": ctx.sizes["runs"], "cpu": processor(), "cpus": os.cpu_count(),
             "load": os.getloadavg(), "seconds": round(time.time() - start), "void": fault}
    print("%s, %d CPUs, load %.1f; medians of %d, each job by turns; %s" % (
        facts["cpu"], facts["cpus"], facts["load"][0], facts["runs"],
        "%d threads" % ctx.threads if ctx.has_threads else "1 thread: this rightsize has no --threads"))
    print(table.text())
    table.write(os.path.join(ctx.folder if size == "self" else build, "bench.json"), facts)
    ctx.close()
    return 1 if fault else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
