"""Six quantiles of every series: pandas_quantiles.py PREPARED.pickle ANSWER.csv"""

import json
import sys
import time

import pandas

QUANTILES = [0.5, 0.9, 0.95, 0.99, 0.995, 1.0]

frame, names = pandas.read_pickle(sys.argv[1])
start, cpu = time.perf_counter(), time.process_time()
answer = frame.groupby("series")["value"].quantile(QUANTILES)
seconds, cpu = time.perf_counter() - start, time.process_time() - cpu
table = answer.rename_axis(["series", "q"]).reset_index().join(names, on="series")
table[["resource", "metric", "statistic", "q", "value"]].to_csv(sys.argv[2], header=False, index=False)
print(json.dumps({"seconds": seconds, "cpu": cpu}))
