"""The rows about answering: export beside its peers, memory, growth, start-up, confidence."""

import json
import os

import fleets
from context import ROOT
from measure import Job
from table import span

# The forms in which DuckDB has the fleet: what the table calls it, and the ratio wanted.
DUCK = {"wide": ("wide parquet", 8), "label": ("long table as imported", 12),
        "long": ("long table, integer series, sorted", 12)}
PERCENTILES = (50, 90, 95, 99, 99.5, 100)


def export_job(ctx, name, store, threads, *options):
    return Job(name, ctx.product(store, threads, "export", *options), reads=[store])


def our_quantiles(ctx, store):
    """Exports at each percentile, over the whole window: what a peer's answers are held against."""
    out = []
    for p in PERCENTILES:
        keys = ["--set", "recent_weeks=0"]
        for key in ("cpu", "memory", "io"):
            keys += ["--set", "%s.percentile=%g" % (key, p)]
        out.append(ctx.run(ctx.product(store, ctx.threads, "export", *keys), "export-%g.json" % p))
    return out


def floor_job(ctx, store):
    program = os.path.join(ctx.build, "bench_floor")
    return Job("reading the store's bytes", [program, store], reads=[store])


def fleet_rows(ctx, table):
    """Export of the large fleet: DuckDB, the floor, memory, bytes a sample."""
    count, days = ctx.sizes["export"], ctx.days
    what = "export, " + ctx.ours
    lack = ctx.need_room(count * days * 1e-4)
    if lack:
        table.skip(what, lack)
        return
    store = fleets.store(ctx, count, days)
    jobs = [export_job(ctx, "ours", store, ctx.threads), export_job(ctx, "ours, 1 thread", store, 1),
            floor_job(ctx, store)]
    duck = ctx.missing("DuckDB")
    if not duck:
        database, parquet = fleets.duck(ctx, count, days)
        for form in DUCK:
            argv = ctx.duck(database, "duck_%s.sql" % form, parquet=parquet, answer=ctx.path(form + ".csv"))
            jobs.append(Job("duck " + form, argv, inside=True,
                            reads=[parquet if form == "wide" else database]))
    took = ctx.by_turns(jobs)
    table.figures["export"] = took
    samples = int(fleets.info(ctx, store)["samples"])
    table.head("all recommendations of %d instances x %d days: %.1f M samples" % (count, days, samples / 1e6))
    ours = took["ours"]
    if duck:
        table.skip(what + " / DuckDB", "DuckDB is not installed")
    else:
        exports = our_quantiles(ctx, store)
        for form, (words, least) in DUCK.items():
            theirs = took["duck " + form]
            agreed = ctx.checked("quantiles", ctx.path(form + ".csv"), *exports)
            table.ratio("%s / DuckDB's quantiles, %s" % (what, words), ours, theirs, least,
                        agreed + ", DuckDB took %.0f MiB" % theirs.rss)
    floor = took["reading the store's bytes"].wall
    table.most("%s / reading the store's bytes" % what, ours.wall / floor, "x", 7,
               figure="%s : %s" % (span(ours.wall), span(floor)))
    table.most("export, 1 thread", took["ours, 1 thread"].wall, "s", None,
               figure="%s CPU" % span(took["ours, 1 thread"].cpu))
    table.most("peak memory of %s" % what, ours.rss, "MiB", 64)
    table.most("store size, lossless", os.path.getsize(store) / samples, "B a sample", 5.2,
               figure="%.0f MB" % (os.path.getsize(store) / 1e6))
    confidence_row(ctx, table, store, count)


def confidence_row(ctx, table, store, count):
    what = "export --confidence, " + ctx.ours
    if not ctx.has_confidence:
        table.skip(what, "this rightsize has no --confidence")
        return
    took = ctx.by_turns([export_job(ctx, "confidence", store, ctx.threads, "--confidence")])["confidence"]
    table.figures["confidence"] = {"confidence": took}
    table.most(what, took.wall, "s", 5 * count / 10000, figure="%s CPU" % span(took.cpu))


def slow_rows(ctx, table):
    """Export of a small fleet, 1 thread, beside pandas and sqlite3."""
    count, days = ctx.sizes["slow"], ctx.days
    peers = {"pandas": 25, "sqlite3": 200}
    lacking = [p for p in peers if ctx.missing(p)]
    table.head("all recommendations of %d instances x %d days, 1 thread" % (count, days))
    for peer in lacking:
        table.skip("export / " + peer, peer + " is not installed")
    if len(lacking) == len(peers):
        return
    store = fleets.store(ctx, count, days)
    samples = ctx.run([ctx.rightsize, "--db", store, "export", "--samples", "-o", "csv"], "samples.csv")
    jobs = [export_job(ctx, "ours", store, 1)]
    if "pandas" not in lacking:
        ctx.run([ctx.pandas, ctx.peer("pandas_prepare.py"), samples, ctx.path("pandas.pickle")])
        jobs.append(Job("pandas", [ctx.pandas, ctx.peer("pandas_quantiles.py"), ctx.path("pandas.pickle"),
                                   ctx.path("pandas.csv")], inside=True, reads=[ctx.path("pandas.pickle")]))
    if "sqlite3" not in lacking:
        ctx.run(["sh", ctx.peer("sqlite_prepare.sh"), ctx.path("window.db"), samples])
        jobs.append(Job("sqlite3", ["sqlite3", "-csv", "-cmd", ".output " + ctx.path("sqlite3.csv"),
                                    ctx.path("window.db"), ".read " + ctx.peer("sqlite_quantiles.sql")],
                        reads=[ctx.path("window.db")]))
    took = ctx.by_turns(jobs)
    table.figures["slow"] = took
    exports = our_quantiles(ctx, store)
    names = {"pandas": "groupby.quantile of pandas", "sqlite3": "window functions of sqlite3"}
    for peer in (p for p in peers if p not in lacking):
        agreed = ctx.checked("quantiles", ctx.path(peer + ".csv"), *exports)
        table.ratio("export / " + names[peer],
                    took["ours"], took[peer], peers[peer], agreed)


def growth_rows(ctx, table):
    """CPU time a sample and memory of stores of other sizes."""
    sizes = [ctx.sizes["few"], ctx.sizes["many"], ctx.sizes["far"]]
    lack = ctx.need_room(max(n * d for n, d in sizes) * 1.3e-5)
    if lack:
        table.skip("cost a sample as fleet and window grow", lack)
        return
    stores = {size: fleets.store(ctx, *size) for size in sizes}
    took = ctx.by_turns([export_job(ctx, "%d x %d" % s, path, 1) for s, path in stores.items()])
    table.figures["growth"] = took
    cost = {s: took["%d x %d" % s].cpu / int(fleets.info(ctx, path)["samples"]) * 1e9
            for s, path in stores.items()}
    base = ctx.sizes["few"]
    table.head("cost as fleet and window grow, 1 thread")
    for size, word in ((ctx.sizes["many"], "instances"), (ctx.sizes["far"], "days")):
        what = "CPU a sample, %d instances x %d days : %d x %d" % (*size, *base)
        table.most(what, cost[size] / cost[base], "x", 1.2,
                   figure="%.3g ns : %.3g ns" % (cost[size], cost[base]))
        table.most("peak memory of that export, many " + word, took["%d x %d" % size].rss, "MiB", 64)


def start_rows(ctx, table):
    """What a user waits for at a prompt."""
    store, samples = ctx.path("demo.db"), os.path.join(ROOT, "samples", "demo")
    ctx.run(ctx.product(store, 1, "collect", samples))
    jobs = [Job("version", [ctx.rightsize, "--version"]),
            Job("type", [ctx.rightsize, "catalog", "show", "m5.large"]),
            Job("report", ctx.product(store, ctx.threads, "report"))]
    took = ctx.by_turns(jobs, 4)
    table.figures["start"] = took
    table.head("at a prompt")
    table.most("rightsize --version", took["version"].wall * 1e3, "ms", 5)
    table.most("catalog show m5.large", took["type"].wall * 1e3, "ms", 30)
    table.most("report on samples/", took["report"].wall * 1e3, "ms", 30)


def kernel_row(ctx, table):
    """build/bench_kernel times the quantile kernel beside GSL's sort, and compares the bits."""
    program = os.path.join(ctx.build, "bench_kernel")
    what = "quantile kernel / gsl_sort and GSL's quantile"
    if ctx.size == "self" or not os.access(program, os.X_OK):
        table.skip(what, "a tiny fleet" if ctx.size == "self" else "there is no " + program)
        return
    with open(ctx.run([program]), encoding="utf-8") as f:
        lengths = [row for row in map(json.loads, f) if row["best"]]
    table.head("the kernel that selects quantiles")
    worst = min(lengths, key=lambda row: row["ratio"])
    table.add(what, "%.3g : %.3g ns a sample" % (worst["ours_ns"], worst["gsl_ns"]), "%.1f x" % worst["ratio"],
              ">= 15 x", worst["ratio"] >= 15, "worst of %d lengths, %d samples, %s; bit-identical" % (
                  len(lengths), worst["samples"], worst["vectors"]), worst["ratio"])
