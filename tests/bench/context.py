"""What a benchmark run knows: sizes, folders, what is installed, and how the program is called."""

import hashlib
import os
import shutil
import subprocess
import sys

import measure

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
NOW = "2026-11-16T06:00:00Z"
END = "2026-11-16T00:00:00Z"

# export: instances of the export rows. slow: those for window functions and pandas. ingest: of the
# JSON and CSV rows, 0.95 GB of JSON a thousand. script, jq: for the slowest. many, few, far:
# (instances, days) of the stores that show how the cost grows.
SIZES = {
    "full": {"export": 10000, "slow": 1000, "ingest": 1000, "script": 200, "jq": 50, "runs": 5,
             "few": (1000, 7), "many": (50000, 7), "far": (1000, 93)},
    "quick": {"export": 1000, "slow": 100, "ingest": 1000, "script": 100, "jq": 50, "runs": 5,
              "few": (200, 7), "many": (2000, 7), "far": (200, 93)},
    "self": {"export": 10, "slow": 5, "ingest": 10, "script": 5, "jq": 5, "runs": 1,
             "few": (5, 2), "many": (10, 2), "far": (5, 4)},
}


class Context:
    def __init__(self, size, build, folder):
        self.size, self.sizes, self.folder = size, dict(SIZES[size]), folder
        self.rightsize = os.path.join(build, "rightsize")
        self.fleet = os.path.join(build, "fleet")
        self.build = build
        self.sizes["runs"] = int(os.environ.get("RUNS", self.sizes["runs"]))
        self.days = 2 if size == "self" else 7
        self.work = os.path.join(folder, "work")
        shutil.rmtree(self.work, ignore_errors=True)
        os.makedirs(self.work)
        self.threads = min(2, os.cpu_count() or 1)
        self.quiet = size == "self"
        os.environ.update(RIGHTSIZE_CATALOG=os.path.join(ROOT, "catalog"), LC_ALL="C", TZ="UTC",
                          OMP_NUM_THREADS="1", OPENBLAS_NUM_THREADS="1")
        self.node_modules = find_node_modules(folder)
        self.pandas = find_python("pandas")
        self.has_threads = "--threads" in self.told("export", "--help")
        self.ours = "%d threads" % self.threads if self.has_threads else "1 thread"
        self.has_confidence = "--confidence" in self.told("export", "--help")

    def say(self, text):
        if not self.quiet:
            print("# " + text, file=sys.stderr, flush=True)

    def path(self, name):
        return os.path.join(self.work, name)

    def told(self, *args):
        return subprocess.run([self.rightsize, *args], capture_output=True, text=True, check=False).stdout

    def product(self, store, threads, *args):
        argv = [self.rightsize, "--quiet", "--db", store, "--now", NOW]
        return argv + (["--threads", str(threads)] if self.has_threads else []) + list(args)

    def run(self, argv, out="untimed", stdin=None):
        """A step of preparation, not measured; its output is in the returned file."""
        out = self.path(out)
        measure.spawn(argv, out, stdin)
        return out

    def by_turns(self, jobs, times=1):
        """Short jobs run more often: `times` as many runs."""
        return measure.by_turns(jobs, self.sizes["runs"] * times, self.work, self.say)

    def checked(self, kind, peer, *ours):
        """How much of the peer's answers was found equal to ours; Failed if any is not."""
        said = self.run([sys.executable, os.path.join(HERE, "check.py"), kind, peer, *ours], "check")
        with open(said, encoding="utf-8") as f:
            return f.read().strip()

    def duck(self, database, script, **values):
        pairs = ["%s=%s" % pair for pair in values.items()]
        inner = "cd '%s' && exec node '%s' \"$@\"" % (
            os.path.dirname(self.node_modules), os.path.join(HERE, "peers", "duck.mjs"))
        return ["sh", "-c", inner, "duck", database, str(self.threads),
                os.path.join(HERE, "peers", script), *pairs]

    def peer(self, name):
        return os.path.join(HERE, "peers", name)

    def missing(self, *names):
        """The first of the peers named that is not installed, else None."""
        here = {"DuckDB": self.node_modules, "pandas": self.pandas, "python3": sys.executable,
                "sqlite3": shutil.which("sqlite3"), "jq": shutil.which("jq")}
        return next((n for n in names if not here[n]), None)

    def close(self):
        shutil.rmtree(self.work, ignore_errors=True)

    def need_room(self, gigabytes):
        free = shutil.disk_usage(self.folder).free / 1e9
        return None if free > gigabytes + 2 else "%.0f GB wanted, %.0f GB free" % (gigabytes + 2, free)

    def digest(self, *files):
        """Short name of the contents, so that what was made by another program is made anew."""
        h = hashlib.sha256()
        for name in files:
            with open(name, "rb") as f:
                h.update(f.read())
        return h.hexdigest()[:12]


def find_node_modules(folder):
    if shutil.which("node") is None:
        return None
    path = os.path.join(folder, "node", "node_modules")
    return path if os.path.isdir(os.path.join(path, "@duckdb", "node-api")) else None


def find_python(module):
    for python in (sys.executable, "/usr/bin/python3"):
        if os.path.exists(python) and subprocess.run([python, "-c", "import " + module], check=False,
                                                     capture_output=True).returncode == 0:
            return python
    return None
