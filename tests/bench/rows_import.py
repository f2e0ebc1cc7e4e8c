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
    return Job(name, ctx.product(store, threads, "collect", *paths), reads=paths if fresh else paths + [store],
               before=gone(store) if fresh else None)


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
                                         answer=ctx.path("duck.csv")), reads=paths, before=gone(duck), inside=True))
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
                             Job("theirs", argv + [other] + some, reads=some, before=gone(other))])
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


CSV_FORMS = {"long": ("csv-long", "a row a sample"), "wide": ("csv", "a row an instant")}


def csv_rows(ctx, table):
    """CSV of one row a sample, and of one column a metric: all read the same files."""
    count = ctx.sizes["ingest"]
    lack = ctx.need_room(count * 3e-3)
    if lack:
        table.skip("CSV into the store", lack)
        return
    jobs = []
    for form, (kind, _) in CSV_FORMS.items():
        jobs += csv_jobs(ctx, form, fleets.write(ctx, ctx.path(form), kind, 0, count, ctx.days))
    took = ctx.by_turns(jobs)
    table.figures["csv"] = took
    samples = [int(fleets.info(ctx, ctx.path("csv-%s.db" % form))["samples"]) for form in CSV_FORMS]
    if samples[0] != samples[1]:
        raise Failed("%d samples in one form, %d in the other" % tuple(samples))
    table.head("CSV into the store: %.1f M samples" % (samples[0] / 1e6))
    for form in CSV_FORMS:
        csv_figures(ctx, table, form, took)


def csv_jobs(ctx, form, files):
    store = ctx.path("csv-%s.db" % form)
    jobs = [collect(ctx, "1 thread " + form, store, 1, files),
            collect(ctx, "threads " + form, store, ctx.threads, files)]
    if not ctx.missing("sqlite3"):
        peer = ctx.path("sqlite-%s.db" % form)
        jobs.append(Job("sqlite " + form, ["sh", ctx.peer("sqlite_%s.sh" % form), peer] + files,
                        reads=files, before=gone(peer)))
    if not ctx.missing("DuckDB"):
        peer = ctx.path("duck-%s.duckdb" % form)
        jobs.append(Job("duck " + form, ctx.duck(peer, "duck_csv_%s.sql" % form, files=ctx.path(form + "/*"),
                                                 answer=ctx.path("duck-%s.csv" % form)),
                        reads=files, before=gone(peer), inside=True))
    return jobs


def csv_figures(ctx, table, form, took):
    """The targets hold for one row a sample, which is how tables of samples are usually written."""
    store, said = ctx.path("csv-%s.db" % form), CSV_FORMS[form][1]
    for peer, words, missing, ours, threads, least in (
            ("sqlite", "sqlite3 .import", "sqlite3", "1 thread", "1 thread", 12),
            ("duck", "DuckDB read_csv", "DuckDB", "threads", ctx.ours, 3)):
        what = "collect, %s, %s / %s" % (said, threads, words)
        if "%s %s" % (peer, form) not in took:
            table.skip(what, missing + " is not installed")
            continue
        if peer == "sqlite":
            ctx.run(["sqlite3", "-csv", ctx.path("sqlite-%s.db" % form),
                     ".read " + ctx.peer("sqlite_totals_%s.sql" % form)], "sqlite-%s.csv" % form)
        agreed = check_totals(ctx, ctx.path("%s-%s.csv" % (peer, form)), store, SUMS_CSV)
        table.ratio(what, took["%s %s" % (ours, form)], took["%s %s" % (peer, form)],
                    least if form == "long" else None, agreed)
