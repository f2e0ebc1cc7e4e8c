"""Are a peer's answers ours? Exit 1 and a line if not. Its own program, to keep run.py small.

check.py quantiles PEER.csv EXPORT.json...  quantiles by resource, metric and statistic
check.py totals PEER.csv OURS.tsv           number and sum of samples by metric
"""

import csv
import json
import sys

TOLERANCE = 1e-9

# The words of a Label, in canonical units: (metric, statistic, factor of a 300 s period).
LABELS = {
    "AWS/EC2 CPUUtilization Average 300": ("cpu_percent", "avg", 1),
    "AWS/EC2 CPUUtilization Maximum 300": ("cpu_percent", "max", 1),
    "AWS/EC2 EBSReadBytes Sum 300": ("ebs_read_bytes_per_s", "sum_rate", 300),
    "AWS/EC2 EBSWriteBytes Sum 300": ("ebs_write_bytes_per_s", "sum_rate", 300),
    "AWS/EC2 EBSReadOps Sum 300": ("ebs_read_ops_per_s", "sum_rate", 300),
    "AWS/EC2 NetworkIn Sum 300": ("net_in_bytes_per_s", "sum_rate", 300),
    "AWS/EC2 NetworkOut Sum 300": ("net_out_bytes_per_s", "sum_rate", 300),
    "CWAgent mem_used_percent Average 300": ("mem_percent", "avg", 1),
}


def near(a, b, tolerance=TOLERANCE):
    return abs(a - b) <= tolerance * max(abs(a), abs(b), 1e-9)


def peer_quantiles(path):
    found = {}
    with open(path, encoding="utf-8", newline="") as f:
        for row in csv.reader(f):
            if len(row) == 3:  # DuckDB: a Label, q, value
                resource, words = row[0].split(" ", 1)
                metric, statistic, factor = LABELS[words]
                found[resource, metric, statistic, float(row[1])] = float(row[2]) / factor
            else:
                found[row[0], row[1], row[2], float(row[3])] = float(row[4])
    return found


def our_quantiles(path):
    """What each demand says it is: its metric, statistic and percentile."""
    with open(path, encoding="utf-8") as f:
        document = json.load(f)
    for machine in document["recommendations"]:
        for demand in machine["demand"].values():
            if demand.get("known") and demand.get("used") is not None and " + " not in demand["metric"]:
                value = demand["used"]
                if demand["metric"].endswith("_percent"):
                    value *= 100 / demand["capacity"]
                q = round(demand["percentile"] / 100, 6)
                yield (machine["resource"]["id"], demand["metric"], demand["statistic"], q), value


def quantiles(peer, exports):
    theirs, compared = peer_quantiles(peer), 0
    for path in exports:
        for key, value in our_quantiles(path):
            if key not in theirs:
                return "the peer has no quantile for %s" % (key,)
            if not near(value, theirs[key]):
                return "%s: %.17g is not the peer's %.17g" % (key, value, theirs[key])
            compared += 1
    print("%d quantiles agree" % compared)
    return None if compared > 0 else "nothing was compared"


def read_totals(path, delimiter):
    found = {}
    with open(path, encoding="utf-8", newline="") as f:
        for row in csv.reader(f, delimiter=delimiter):
            metric, statistic, factor = LABELS.get(row[0], (row[0], "", 1))
            if row[0] in LABELS:
                metric += " " + statistic
            found[metric] = (int(row[1]), float(row[2]) / factor)
    return found


def totals(peer, ours):
    theirs, mine = read_totals(peer, ","), read_totals(ours, "\t")
    for key in sorted(set(theirs) | set(mine)):
        a, b = theirs.get(key, (0, 0.0)), mine.get(key, (0, 0.0))
        if a[0] != b[0] or not near(a[1], b[1], 1e-7):
            return "%s: %d samples, sum %.17g, are not the peer's %d, %.17g" % (key, *b, *a)
    print("%d sums agree" % len(theirs))
    return None if theirs else "nothing was compared"


def main(argv):
    fault = quantiles(argv[2], argv[3:]) if argv[1] == "quantiles" else totals(argv[2], argv[3])
    if fault:
        print("check: " + fault, file=sys.stderr)
    return 1 if fault else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv))
