"""The table of a run: what was measured, beside what, and whether the target is met."""

import json


class Table:
    def __init__(self):
        self.rows = []
        self.figures = {}  # by group and job, for the JSON

    def head(self, text):
        self.rows.append({"head": text})

    def ratio(self, what, ours, peer, least, note=""):
        """How many times our wall time the peer takes; at least `least` is wanted. And of CPU time."""
        value = peer.wall / ours.wall
        target = "" if least is None else ">= %g x" % least
        met = None if least is None else value >= least
        self.add(what, "%s : %s" % (span(ours.wall), span(peer.wall)), "%.1f x" % value, target, met, note, value,
                 peer.cpu / ours.cpu)

    def most(self, what, value, unit, limit, figure=""):
        """A value that may be `limit` at most."""
        target = "" if limit is None else "<= %g %s" % (limit, unit)
        met = None if limit is None else value <= limit
        self.add(what, figure, "%.3g %s" % (value, unit), target, met, "", value)

    def skip(self, what, why):
        self.add(what, "", "", "", None, "skipped: " + why, None)

    def add(self, what, figure, shown, target, met, note, value, by_cpu=None):
        self.rows.append({"what": what, "figure": figure, "result": shown, "target": target,
                          "met": met, "note": note, "value": value, "cpu_ratio": by_cpu})

    def text(self):
        met = {True: "yes", False: "NO", None: ""}
        rows = [r if "head" in r else (
            r["what"], r["figure"], r["result"], r["target"], met[r["met"]],
            "" if r["cpu_ratio"] is None else "%.1f x" % r["cpu_ratio"], r["note"]) for r in self.rows]
        title = ("ours / theirs", "took", "result", "target", "met", "by CPU", "")
        widths = [max([len(r[i]) for r in rows if isinstance(r, tuple)] + [len(title[i])]) for i in range(6)]
        lines = []
        for r in [title] + rows:
            if isinstance(r, tuple):
                lines.append("  ".join(["  " + r[0].ljust(widths[0])] + [c.ljust(w) for c, w in zip(r[1:], widths[1:])]
                                       + [r[6]]).rstrip())
            else:
                lines.append(r["head"])
        return "\n".join(lines)

    def write(self, path, facts):
        groups = {g: {job: x.as_json() for job, x in jobs.items()} for g, jobs in self.figures.items()}
        with open(path, "w", encoding="utf-8") as f:
            json.dump({**facts, "rows": self.rows, "figures": groups}, f, indent=2)
            f.write("\n")


def span(seconds):
    if seconds < 1:
        return "%.3g ms" % (seconds * 1000)
    return "%.0f s" % seconds if seconds >= 100 else "%.3g s" % seconds
