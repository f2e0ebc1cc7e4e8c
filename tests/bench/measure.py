"""Run programs by turns and keep their wall time, CPU time and peak memory."""

import glob
import json
import os
import statistics
import time


class Failed(Exception):
    """A program ended badly; the text holds its last words."""


class Job:
    """A program to measure.

    before: called, untimed, ahead of each run.
    reads:  files (or patterns) that it reads; each is read once ahead of each run, so that all find
            theirs in the page cache, whatever ran before and whatever the host takes back.
    inside: the program says on its last line of output, as JSON, how many `seconds` and `cpu`
            its own work took; start-up and loading of data are then no part of the figure.
    """

    def __init__(self, name, argv, reads=(), before=None, inside=False, stdin=None):
        self.name, self.argv, self.before, self.inside = name, argv, before, inside
        self.reads, self.stdin = reads, stdin


class Figures:
    """What the runs of one job took: medians, and the runs themselves."""

    def __init__(self, runs):
        self.runs = runs
        self.wall, self.cpu, self.rss = (statistics.median(x) for x in zip(*runs))

    def as_json(self):
        return {"wall_s": self.wall, "cpu_s": self.cpu, "rss_mib": self.rss,
                "runs": [{"wall_s": w, "cpu_s": c, "rss_mib": r} for w, c, r in self.runs]}


def spawn(argv, out, stdin=None):
    """Run argv with its output in the file `out`: (wall, CPU, MiB at most)."""
    flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC
    actions = [(os.POSIX_SPAWN_OPEN, 0, stdin or os.devnull, os.O_RDONLY, 0),
               (os.POSIX_SPAWN_OPEN, 1, out, flags, 0o644),
               (os.POSIX_SPAWN_OPEN, 2, out + ".err", flags, 0o644)]
    start = time.perf_counter()
    pid = os.posix_spawnp(argv[0], argv, os.environ, file_actions=actions)
    _, status, usage = os.wait4(pid, 0)
    wall = time.perf_counter() - start
    code = os.waitstatus_to_exitcode(status)
    if code not in (0, 3):  # 3: done, with something to say
        with open(out + ".err", encoding="utf-8", errors="replace") as f:
            said = f.read()[-600:].strip()
        raise Failed("%s: exit %d: %s" % (" ".join(argv)[:200], code, said))
    return wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def last_line(path):
    with open(path, "rb") as f:
        f.seek(0, os.SEEK_END)
        f.seek(max(0, f.tell() - 4096))
        return f.read().decode().rstrip("\n").rsplit("\n", 1)[-1]


def read_through(patterns):
    piece = bytearray(1 << 20)
    for path in (p for pattern in patterns for p in glob.glob(pattern)):
        with open(path, "rb", buffering=0) as f:
            while f.readinto(piece):
                pass


def run_once(job, folder):
    out = os.path.join(folder, "out")
    if job.before:
        job.before()
    read_through(job.reads)
    wall, cpu, rss = spawn(job.argv, out, job.stdin)
    if job.inside:
        said = json.loads(last_line(out))
        wall, cpu = said["seconds"], said["cpu"]
    return wall, cpu, rss


def by_turns(jobs, runs, folder, say=lambda text: None):
    """Each job once, `runs` times over, so that the machine's moods meet all: {name: Figures}."""
    taken = {job.name: [] for job in jobs}
    for turn in range(runs):
        say("run %d of %d: %s" % (turn + 1, runs, ", ".join(taken)))
        for job in jobs:
            taken[job.name].append(run_once(job, folder))
    return {name: Figures(figures) for name, figures in taken.items()}
