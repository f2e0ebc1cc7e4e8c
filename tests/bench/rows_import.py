"""The rows about importing: JSON and CSV into the store, and the same file again."""

import os
import sqlite3

import fleets
from measure import Failed, Job

SUMS_JSON = ("SELECT metric || ' ' || statistic, count(*), printf('%.17g', sum(value))"
             " FROM samples WHERE resource LIKE 'i-%' GROUP BY metric, statistic")
SUMS_CSV = ("SELECT metric, count(*), printf('%.17g', sum(value)) FROM samples"
            " GROUP BY metric")


def gone(*paths):
    """Removes databases with their logs, ahead of a run."""
    def remove():
        for path in paths:
            for end in ("", "-wal", "-shm", ".wal"):
                if os.path.exists(path + end):
                    os.unlink(path + end)
    return remove


def check_totals(ctx, peer, store, query):
    ours = ctx.run([ctx.rightsize, "--db", store, "sql", query], "totals")
    return ctx.checked("totals", peer, ours)


def collect(ctx, name, store, threads, paths, fresh=True):
    return Job(name, ctx.product(store, threads, "collect", *paths), before=gone(store) if fresh else None)


def json_rows(ctx, table):
    """Pretty-printed get-metric-data, beside DuckDB and scripts."""
    count = ctx.sizes["ingest"]
    lack = ctx.need_room(count * 2.5e-3)
    if lack:
        table.skip("JSON into the store", lack)
        return
    paths = fleets.write(ctx, ctx.path("json"), "gmd", 0, count, ctx.days)
    store, duck = ctx.path("json.db"), ctx.path("json.duckdb")
    jobs = [collect(ctx, "first", store, ctx.threads, paths),
            collect(ctx, "again", store, ctx.threads, paths, fresh=False)]
    if not ctx.missing("DuckDB"):
        jobs.append(Job("duck", ctx.duck(duck, "duck_json.sql", files=ctx.path("json/*.json"),
                                         answer=ctx.path("duck.csv")), before=gone(duck), inside=True))
    took = ctx.by_turns(jobs)
    table.figures["json"] = took
    samples = int(fleets.info(ctx, store)["samples"])
    table.head("JSON of the AWS CLI into the store: %d files, %.2f GB, %.1f M samples" % (
        len(paths), sum(os.path.getsize(p) for p in paths) / 1e9, samples / 1e6))
    what = "collect, " + ctx.ours
    if "duck" in took:
        agreed = check_totals(ctx, ctx.path("duck.csv"), store, SUMS_JSON)
        table.ratio(what + " / DuckDB read_json", took["first"], took["duck"], 7, agreed)
    else:
        table.skip(what + " / DuckDB read_json", "DuckDB is not installed")
    table.ratio("the first time / the same again", took["again"], took["first"], 1.5, "identical re-import")
    script_rows(ctx, table, paths)


def script_rows(ctx, table, paths):
    """A part of the files, 1 thread, beside what a script would do."""
    store, other = ctx.path("script.db"), ctx.path("peer.db")
    for size, peer, argv, least in (
            ("script", "python3", ["python3", ctx.peer("json_sqlite.py")], 15),
            ("jq", "jq", ["sh", ctx.peer("jq_sqlite.sh")], None)):
        words = {"python3": "Python json + sqlite3", "jq": "jq | sqlite3 .import"}[peer]
        what = "collect of %d instances, 1 thread / %s" % (ctx.sizes[size], words)
        lacking = ctx.missing(peer, *(["sqlite3"] if peer == "jq" else []))
        if lacking:
            table.skip(what, lacking + " is not installed")
            continue
        some = paths[:max(1, ctx.sizes[size] // fleets.PART)]
        took = ctx.by_turns([collect(ctx, "ours", store, 1, some),
                             Job("theirs", argv + [other] + some, before=gone(other))])
        table.figures[size] = took
        table.ratio(what, took["ours"], took["theirs"], least, same_count(ctx, store, other))


def same_count(ctx, store, other):
    """The other store holds as many samples: say so, or void the run."""
    db = sqlite3.connect(other)
    theirs = db.execute("SELECT count(*) FROM sample").fetchone()[0]
    db.close()
    ours = int(fleets.info(ctx, store)["samples"])
    if theirs != ours:
        raise Failed("%d samples, the peer has %d" % (ours, theirs))
    return "%d samples each" % ours


def csv_rows(ctx, table):
    """CSV of one column a metric, as we read it; peers get that file and one of a row a sample."""
    count = ctx.sizes["ingest"]
    lack = ctx.need_room(count * 3e-3)
    if lack:
        table.skip("CSV into the store", lack)
        return
    wide = fleets.write(ctx, ctx.path("wide"), "csv", 0, count, ctx.days)
    long = fleets.write(ctx, ctx.path("long"), "csv-long", 0, count, ctx.days)
    store, duck = ctx.path("csv.db"), ctx.path("csv.duckdb")
    jobs = [collect(ctx, "1 thread", store, 1, wide), collect(ctx, "threads", store, ctx.threads, wide)]
    if not ctx.missing("sqlite3"):
        for name, files in (("long", long), ("wide", wide)):
            peer = ctx.path("sqlite-%s.db" % name)
            jobs.append(Job("sqlite " + name, ["sh", ctx.peer("sqlite_%s.sh" % name), peer] + files,
                            before=gone(peer)))
    if not ctx.missing("DuckDB"):
        for name, script in (("long", "duck_csv_long.sql"), ("wide", "duck_csv.sql")):
            jobs.append(Job("duck " + name, ctx.duck(
                duck, script, files=ctx.path(name + "/*"), answer=ctx.path("duck-%s.csv" % name)),
                before=gone(duck), inside=True))
    took = ctx.by_turns(jobs)
    table.figures["csv"] = took
    csv_figures(ctx, table, store, took)


def csv_figures(ctx, table, store, took):
    samples = int(fleets.info(ctx, store)["samples"])
    forms = {"long": "a row a sample", "wide": "a row an instant, as ours"}
    table.head("CSV into the store: %.1f M samples" % (samples / 1e6))
    for peer, words, ours, threads, least in (
            ("sqlite", "sqlite3 .import", "1 thread", "1 thread", 12),
            ("duck", "DuckDB read_csv", "threads", ctx.ours, 3)):
        for form, said in forms.items():
            what = "collect, %s / %s, %s" % (threads, words, said)
            if peer + " " + form not in took:
                table.skip(what, {"sqlite": "sqlite3", "duck": "DuckDB"}[peer] + " is not installed")
                continue
            if peer == "sqlite":
                ctx.run(["sqlite3", "-csv", ctx.path("sqlite-%s.db" % form),
                         ".read " + ctx.peer("sqlite_totals_%s.sql" % form)], "sqlite-%s.csv" % form)
            agreed = check_totals(ctx, ctx.path("%s-%s.csv" % (peer, form)), store, SUMS_CSV)
            table.ratio(what, took[ours], took["%s %s" % (peer, form)], least, agreed)
