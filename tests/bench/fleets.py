"""Fleets as files, stores made of them, and the peers' own copies of the same samples."""

import glob
import os
import shutil

from context import END, ROOT

PART = 50  # instances a file: about 48 MB of JSON for a week
ROLES = 5  # kinds of machine in turn: a file holds as many of each
SLICE = 1000  # instances that lie on the disk as JSON at once


def parts(first, count, days):
    """(seed, instances) of the files for instances first..first+count: each seed another fleet."""
    part = max(ROLES, min(PART, PART * 7 // days) // ROLES * ROLES)
    return [(1 + at, min(part, first + count - at)) for at in range(first, first + count, part)]


def write(ctx, folder, form, first, count, days):
    """Files of one format below `folder`; returns their paths."""
    os.makedirs(folder, exist_ok=True)
    end = {"gmd": ".json", "inventory": ".json"}.get(form, ".csv")
    paths = []
    for seed, instances in parts(first, count, days):
        paths.append(os.path.join(folder, "%s-%06d%s" % (form, seed, end)))
        ctx.run([ctx.fleet, "--kind", "steady", "--instances", str(instances), "--days", str(days),
                 "--end", END, "--seed", str(seed), "--format", form, "-o", paths[-1]])
    return paths


def slices(ctx, count, days, form="gmd"):
    """Files of at most a gigabyte at a time: (first instance, paths); they go when the next come."""
    folder = ctx.path("slice")
    step = max(PART, SLICE * 7 // days // PART * PART)
    for first in range(0, count, step):
        yield first, write(ctx, folder, form, first, min(step, count - first), days)
        shutil.rmtree(folder)


def is_kept(path, mark):
    """Whether `path` was made whole by the programs that `mark` stands for; else it is removed."""
    if os.path.exists(path) and os.path.exists(path + ".made"):
        with open(path + ".made", encoding="utf-8") as f:
            if f.read() == mark or os.environ.get("BENCH_KEEP"):
                return True
    for old in glob.glob(path + "*"):
        shutil.rmtree(old) if os.path.isdir(old) else os.unlink(old)
    return False


def keep(path, mark):
    with open(path + ".made", "w", encoding="utf-8") as f:
        f.write(mark)


def store(ctx, count, days):
    """A store of `count` instances over `days` days, collected from CloudWatch's JSON."""
    path = os.path.join(ctx.folder, "fleet-%dx%d.db" % (count, days))
    mark = ctx.digest(ctx.rightsize, ctx.fleet)
    if is_kept(path, mark):
        return path
    for first, paths in slices(ctx, count, days):
        ctx.say("collecting %d days of %d instances, from instance %d on" % (days, count, first))
        ctx.run(ctx.product(path, ctx.threads, "collect", *paths))
    for _, paths in slices(ctx, count, days, "inventory"):
        ctx.run(ctx.product(path, ctx.threads, "collect", "--as-of", END, *paths))
    keep(path, mark)
    return path


def info(ctx, path):
    """What `store info` says, as {name: text}."""
    rows = (line.split(None) for line in ctx.told("--db", path, "store", "info").splitlines())
    return {" ".join(row[:-1]): row[-1] for row in rows if row}


def duck(ctx, count, days):
    """The same samples for DuckDB: (database with a long table, glob of wide parquet files)."""
    path = os.path.join(ctx.folder, "duck-%dx%d" % (count, days))
    sources = glob.glob(os.path.join(ROOT, "samples", "*.[ch]"))
    mark = ctx.digest(*sorted(sources), ctx.peer("duck_build.sql"))
    database, parquet = os.path.join(path, "long.duckdb"), os.path.join(path, "wide-*.parquet")
    if is_kept(path, mark):
        return database, parquet
    os.makedirs(path)
    for first, _ in slices(ctx, count, days):
        ctx.say("filling DuckDB from instance %d on" % first)
        ctx.run(ctx.duck(database, "duck_build.sql", files=ctx.path("slice/*.json"), first=first,
                         parquet=parquet.replace("*", "%06d" % first)))
    keep(path, mark)
    return database, parquet
