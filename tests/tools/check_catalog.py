#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Check the files of a catalog: check_catalog.py [CATALOG [SCHEMA]]

Every file against the JSON Schema (python3-jsonschema), then what a schema cannot say: widths of
rows, sorting, uniqueness, ranges, baselines below peaks, credits of burstable types, prices with
facts, counts, and that within a family (of one architecture, with as many GPUs) a type of at least
as many vCPUs, memory and disk costs no less; exceptions.csv of the catalog lists what may differ.
Exit 0: all is well, 1: faults (one a line), 77: skipped, jsonschema is not installed.
"""
import collections
import csv
import json
import os
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
SIZE_LIMIT = 10_000_000  # bytes of the whole catalog
FLAGS = ("i386 hvm pv bare_metal current_generation delisted burstable flex ena_supported"
         " ena_required nvme_ebs estimated").split()
TEXTS = ("type family size category architecture cpu_vendor hypervisor cpu_score_basis disk_kind"
         " gpu_model accelerator facts_date facts_basis price_date").split()
PAIRS = (("net_baseline_gbps", "net_peak_gbps"), ("ebs_baseline_iops", "ebs_peak_iops"),
         ("ebs_baseline_mbytes_per_s", "ebs_peak_mbytes_per_s"), ("reserved_1y", "on_demand"))
RANGES = {"spot_saving_pct": (-10000, 100), "interruption": (0, 4)}


class Checker:
    def __init__(self, folder, validator):
        self.folder, self.validator = folder, validator
        self.faults, self.files, self.rows = [], set(), 0
        self.exceptions, self.excused, self.pairs = self.load_exceptions(), set(), 0

    def load_exceptions(self):
        """{(provider, region or '*', smaller type, larger type)}; each row gives its reason."""
        path = os.path.join(self.folder, "exceptions.csv")
        if not os.path.exists(path):
            return set()
        with open(path, encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        for row in rows:
            if not row["reason"]:
                self.fault("exceptions.csv", f"{row['smaller']} without a reason")
        return {(row["provider"], row["region"], row["smaller"], row["larger"]) for row in rows}

    def fault(self, where, text):
        self.faults.append(f"{where}: {text}")

    def load(self, name):
        path = os.path.join(self.folder, name)
        self.files.add(name)
        try:
            with open(path, encoding="utf-8") as file:
                document = json.load(file, parse_constant=lambda word: self.fault(name, word))
        except (OSError, ValueError) as error:
            self.fault(name, error)
            return None
        errors = list(self.validator.iter_errors(document))
        for error in errors[:5]:
            self.fault(name, f"{'/'.join(map(str, error.path))}: {error.message[:200]}")
        return None if errors else document

    def table(self, name, kind, provider, region=None):
        """The rows of a file as dictionaries by type."""
        document = self.load(name)
        if document is None:
            return {}
        for key, want in (("kind", kind), ("provider", provider), ("region", region)):
            if document.get(key) != want:
                self.fault(name, f"'{key}' is {document.get(key)!r}, not {want!r}")
        columns, found, previous = document["columns"], {}, ""
        for number, cells in enumerate(document["rows"], 1):
            where = f"{name}: row {number}"
            if len(cells) != len(columns):
                self.fault(where, f"{len(cells)} values, not {len(columns)}")
                continue
            row = dict(zip(columns, cells))
            if row["type"] <= previous:
                self.fault(where, f"'{row['type']}' does not follow '{previous}'")
            previous = row["type"]
            self.check_cells(where, row)
            found[row["type"]] = row
        self.rows += len(found)
        return found

    def check_cells(self, where, row):
        for column, value in row.items():
            if value is None:
                continue
            if column in FLAGS:
                good = value in (0, 1) and isinstance(value, int)
            elif column in TEXTS:
                good = isinstance(value, str) and value != "" and value.isprintable()
            else:
                low, high = RANGES.get(column, (0, float("inf")))
                good = isinstance(value, (int, float)) and low <= value <= high
            if not good:
                self.fault(where, f"'{column}' is {value!r}")
        for low, high in PAIRS:
            if row.get(low) is not None and row.get(high) is not None and row[low] > row[high]:
                self.fault(where, f"'{low}' {row[low]} is above '{high}' {row[high]}")

    def check_types(self, name, provider):
        types = self.table(name, "types", provider)
        for type_name, row in types.items():
            where = f"{name}: {type_name}"
            if not row["vcpus"] or not row["memory_mib"]:
                self.fault(where, "without vCPUs or memory")
            if (row["cpu_score"] is None) != (row.get("cpu_score_basis") is None):
                self.fault(where, "'cpu_score' and its basis do not go together")
            if provider == "aws" and row["burstable"]:
                credits = row["burst_baseline_pct"] / 100 * row["vcpus"] * 60
                if abs(credits - row["credits_per_hour"]) > 1e-9:
                    self.fault(where, f"{row['credits_per_hour']} credits an hour, not {credits}")
        return types

    def check_prices(self, name, provider, region, types):
        prices = self.table(name, "prices", provider, region)
        for type_name, row in prices.items():
            where = f"{name}: {type_name}"
            if not row["on_demand"] or row["on_demand"] <= 0:
                self.fault(where, f"price {row['on_demand']}")
            if row["estimated"] not in (0, 1):
                self.fault(where, "'estimated' is unknown")
            if type_name not in types:
                self.fault(where, "a price without facts")
        self.check_order(name, provider, region, types, prices)
        return len(prices), sum(row["estimated"] or 0 for row in prices.values())

    def check_order(self, name, provider, region, types, prices):
        families = collections.defaultdict(list)
        for type_name, row in prices.items():
            facts = types.get(type_name)
            if facts:
                family = facts.get("family") or type_name.split(".")[0]
                kind = [facts.get(key) for key in ("architecture", "bare_metal", "gpu_count",
                                                   "accelerator_count")]
                families[family, *kind].append((
                    (facts["vcpus"], facts["memory_mib"], facts.get("disk_gb") or 0),
                    row["on_demand"], type_name))
        for family in families.values():
            for size, price, type_name in family:
                for larger, more, other in family:
                    if larger != size and all(a >= b for a, b in zip(larger, size)):
                        self.pairs += 1
                        if more < price * 0.9999:
                            self.check_exception(name, provider, region, type_name, other)

    def check_exception(self, name, provider, region, smaller, larger):
        for key in ((provider, "*", smaller, larger), (provider, region, smaller, larger)):
            if key in self.exceptions:
                self.excused.add(key)
                return
        self.fault(name, f"{larger} costs less than the smaller {smaller}")

    def check(self):
        index = self.load("index.json")
        for entry in (index or {}).get("providers", []):
            provider, names = entry["provider"], [r["region"] for r in entry["regions"]]
            types = self.check_types(entry["types"], provider)
            if "custom" in entry:
                self.load(entry["custom"])
            if names != sorted(set(names)):
                self.fault("index.json", f"the regions of {provider} are not sorted or not unique")
            counts = [self.check_prices(region["prices"], provider, region["region"], types)
                      for region in entry["regions"]]
            print(f"{provider}: {len(types)} types, {len(names)} regions,"
                  f" {sum(c[0] for c in counts)} prices, {sum(c[1] for c in counts)} estimated")
        for provider, region, smaller, larger in sorted(self.exceptions - self.excused):
            self.fault("exceptions.csv", f"{provider} {region} {smaller} {larger} is none any more")
        print(f"{self.pairs} pairs of sizes, {len(self.excused)} exceptions")
        self.check_folder()

    def check_folder(self):
        total = 0
        for folder, _, names in os.walk(self.folder):
            for name in names:
                path = os.path.join(folder, name)
                total += os.path.getsize(path)
                short = os.path.relpath(path, self.folder)
                if name.endswith(".json") and short not in self.files:
                    self.fault(short, "is not in the index")
        print(f"{len(self.files)} files, {self.rows} rows, {total} bytes in the folder")
        if total > SIZE_LIMIT:
            self.fault(self.folder, f"{total} bytes are more than {SIZE_LIMIT}")


def main(arguments):
    try:
        import jsonschema
    except ImportError:
        print("skipped: python3-jsonschema is not installed")
        return 77
    folder = arguments[1] if len(arguments) > 1 else os.path.join(ROOT, "catalog")
    schema_path = arguments[2] if len(arguments) > 2 else os.path.join(
        ROOT, "schema", "catalog-1.schema.json")
    with open(schema_path, encoding="utf-8") as file:
        schema = json.load(file)
    jsonschema.Draft7Validator.check_schema(schema)
    checker = Checker(folder, jsonschema.Draft7Validator(schema))
    checker.check()
    for fault in checker.faults[:50]:
        print(fault)
    print(f"{len(checker.faults)} faults")
    return 1 if checker.faults else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv))
