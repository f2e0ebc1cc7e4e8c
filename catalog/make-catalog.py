#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Turn a folder of fact tables into the catalog beside this script.

usage: make-catalog.py TABLES [OUTPUT]      (OUTPUT: the folder of this script)

TABLES holds UTF-8 CSV files with one header row; a blank cell is unknown, flags are 0 or 1, '|'
separates values inside a cell, prices are per hour. Columns not named here are ignored.

aws_ec2_instance_types.csv  instance_type category generation vcpus cores memory_mib arch
    cpu_manufacturer sustained_clock_ghz hypervisor virtualization_types bare_metal
    current_generation burstable burst_baseline_pct_per_vcpu burst_credits_per_hour
    burst_max_credits flex flex_baseline_pct net_baseline_gbps net_peak_gbps max_enis ena_support
    ebs_nvme ebs_baseline_mbytes_s ebs_max_mbytes_s ebs_baseline_iops ebs_max_iops
    max_ebs_attachments local_storage_gb local_disk_count local_disk_type gpu_count gpu_model
    gpu_memory_mib_total accelerator_kind accelerator_model accelerator_count status as_of
aws_ec2_prices_linux.csv    region instance_type currency on_demand_hourly on_demand_as_of
    on_demand_source ri_1y_standard_no_upfront_hourly ri_3y_standard_no_upfront_hourly
aws_ec2_prices_linux_estimated.csv  region instance_type estimated_on_demand_hourly_usd
aws_regions.csv             region location_name
aws_spot_advisor.csv        region os instance_type savings_over_on_demand_pct interruption_bucket
energy_aws_instances.csv    instance_type watts_idle watts_10pct watts_50pct watts_100pct
coremark.csv                provider instance_type vcpus coremark_all_threads coremark_date
gcp_machine_types.csv       machine_type series shape category vcpus memory_mib arch shared_core
    shared_core_baseline_vcpu_pct egress_gbps local_ssd_count gpu_count gpu_model bare_metal
    regions_priced
gcp_prices.csv              region machine_type on_demand_hourly_usd as_of source
    cud_1y_hourly_usd cud_3y_hourly_usd spot_hourly_usd
gcp_custom_machine_rules.csv  series vcpu_values min_gib_per_vcpu max_gib_per_vcpu max_memory_gib
    memory_step_mib price_multiplier_vs_predefined basis confidence
azure_vm_sizes.csv          vm_size series generation vcpus memory_mib arch gpu_count
    max_data_disks uncached_disk_iops uncached_disk_mbytes_s burst_uncached_disk_iops
    burst_uncached_disk_mbytes_s max_nics network_mbps burstable burst_baseline_pct_of_vm
    burst_credits_per_hour burst_max_credits regions_priced
azure_vm_prices.csv         region vm_size linux_on_demand_hourly_usd

The GCP and Azure tables may be missing; those providers are then left out. The output depends on
the tables alone: the same tables give the same bytes.
"""
import collections
import csv
import json
import os
import re
import statistics
import sys

FORMAT = {"format": "rightsize-catalog", "version": 1}

TYPE_COLUMNS = """type family size category generation architecture i386 cpu_vendor hypervisor hvm pv
bare_metal current_generation delisted burstable flex vcpus cores memory_mib clock_ghz cpu_score
cpu_score_basis burst_baseline_pct credits_per_hour credits_max ena_supported ena_required
net_baseline_gbps net_peak_gbps max_enis nvme_ebs ebs_baseline_mbytes_per_s ebs_peak_mbytes_per_s
ebs_baseline_iops ebs_peak_iops max_attachments disk_count disk_gb disk_kind gpu_count gpu_model
gpu_memory_mib accelerator_count accelerator watts_idle watts_10 watts_50 watts_100 facts_date
facts_basis""".split()
PRICE_COLUMNS = ("type on_demand price_date estimated reserved_1y reserved_3y spot_saving_pct"
                 " interruption").split()
OPTIONAL_PRICE_COLUMNS = ("spot_saving_pct", "interruption")
# Where a catalog is looked into when no region is asked for.
DEFAULT_REGIONS = {"aws": "us-east-1", "gcp": "us-central1", "azure": "eastus"}

# Dates of tables that carry none.
GCP_FACTS_DATE = "2026-08-03"
AZURE_DATE = "2026-06-18"
# A region the table of regions leaves unnamed.
REGION_NAMES = {"cn-north-1": "China (Beijing)"}
# No Azure machine moves 100 GB/s to its disks; the few figures beyond are slips of the source.
AZURE_DISK_LIMIT_MBYTES = 100000
GCP_CATEGORIES = {
    "General-purpose": "general", "Compute-optimized": "compute", "Memory-optimized": "memory",
    "Storage-optimized": "storage", "Accelerator-optimized": "accelerated", "": None,
}


def number(cell, factor=None):
    """A cell as an int where it is one, else a float; None when blank."""
    if cell == "":
        return None
    value = float(cell)
    if factor is not None:
        value = round(value * factor, 6)
    return int(value) if value == int(value) and abs(value) < 2**53 else value


def read(folder, name):
    with open(os.path.join(folder, name + ".csv"), encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def write(path, head, lists):
    """One JSON file: the head's members, then each list with one element a line."""
    parts = [f"{json.dumps(key)}: {json.dumps(value, ensure_ascii=False)}"
             for key, value in head.items()]
    for key, elements in lists.items():
        lines = [json.dumps(element, ensure_ascii=False, separators=(",", ":"))
                 for element in elements]
        parts.append(json.dumps(key) + ": [\n" + ",\n".join(lines) + "\n]")
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w", encoding="utf-8", newline="\n") as file:
        file.write("{" + ",\n".join(parts) + "}\n")


def write_types(output, provider, rows, date, source, dropped=()):
    columns = [column for column in TYPE_COLUMNS if column not in dropped]
    head = dict(FORMAT, kind="types", provider=provider, date=date, source=source,
                columns=columns)
    table = [[row.get(column) for column in columns]
             for row in sorted(rows, key=lambda row: row["type"])]
    write(os.path.join(output, provider, "types.json"), head, {"rows": table})


def write_prices(output, provider, region, currency, rows, source):
    """The file's date is the commonest of its rows (the older of two as common)."""
    columns = [column for column in PRICE_COLUMNS if column not in OPTIONAL_PRICE_COLUMNS
               or any(row.get(column) is not None for row in rows)]
    counts = collections.Counter(row["price_date"] for row in rows if row["price_date"])
    date = min(counts, key=lambda day: (-counts[day], day))
    table = []
    for row in sorted(rows, key=lambda row: row["type"]):
        row = dict(row, price_date=None if row["price_date"] in (date, None)
                   else row["price_date"])
        table.append([row.get(column) for column in columns])
    head = dict(FORMAT, kind="prices", provider=provider, region=region, currency=currency,
                date=date, source=source, columns=columns)
    write(os.path.join(output, provider, region + ".json"), head, {"rows": table})


def commonest(values):
    counts = collections.Counter(values)
    return min(counts, key=lambda value: (-counts[value], value))


def by_region(rows):
    groups = collections.defaultdict(list)
    for row in rows:
        groups[row["region"]].append(row)
    return groups


# CPU speed

def per_vcpu(rows, provider):
    return {row["instance_type"]: float(row["coremark_all_threads"]) / float(row["vcpus"])
            for row in rows if row["provider"] == provider and row["coremark_all_threads"]}


def m5_reference(rows):
    """[(vcpus, CoreMark per vCPU)] of the virtual m5 sizes."""
    return sorted((int(row["vcpus"]), float(row["coremark_all_threads"]) / float(row["vcpus"]))
                  for row in rows if row["provider"] == "aws"
                  and row["instance_type"].startswith("m5.") and "metal" not in
                  row["instance_type"])


def add_scores(types, measured, reference):
    """cpu_score against the m5 with the nearest vCPU count (the smaller of two as near)."""
    families = collections.defaultdict(list)
    for row in types:
        if row["type"] in measured:
            _, base = min(reference, key=lambda pair: (abs(pair[0] - row["vcpus"]), pair[0]))
            row["cpu_score"] = round(measured[row["type"]] / base, 4)
            row["cpu_score_basis"] = "measured"
            families[row["family"]].append(row["cpu_score"])
    for row in types:
        if row["type"] not in measured and row["family"] in families:
            row["cpu_score"] = round(statistics.median(families[row["family"]]), 4)
            row["cpu_score_basis"] = "family"


# AWS

def aws_type(cells, date):
    """Family and size are the two halves of the name, so they are not stored."""
    n = {key: number(cells[key]) for key in cells if re.fullmatch(r"[0-9.]+", cells[key])}
    architectures = cells["arch"].split("|")
    virtualization = cells["virtualization_types"].split("|")
    ena = cells["ena_support"]
    flex = cells["flex"] == "1"
    return {
        "type": cells["instance_type"], "family": cells["instance_type"].split(".")[0],
        "category": cells["category"] or None, "generation": n.get("generation"),
        "architecture": architectures[-1], "i386": int("i386" in architectures),
        "cpu_vendor": cells["cpu_manufacturer"] or None,
        "hypervisor": cells["hypervisor"] or None,
        "hvm": int("hvm" in virtualization), "pv": int("paravirtual" in virtualization),
        "bare_metal": n["bare_metal"], "current_generation": n["current_generation"],
        "delisted": int(cells["status"] == "delisted"),
        "burstable": n["burstable"], "flex": n["flex"],
        "vcpus": n["vcpus"], "cores": n.get("cores"), "memory_mib": n["memory_mib"],
        "clock_ghz": n.get("sustained_clock_ghz"),
        "burst_baseline_pct":
            n.get("flex_baseline_pct" if flex else "burst_baseline_pct_per_vcpu"),
        "credits_per_hour": n.get("burst_credits_per_hour"),
        "credits_max": n.get("burst_max_credits"),
        "ena_supported": int(ena in ("supported", "required")) if ena else None,
        "ena_required": int(ena == "required") if ena else None,
        "net_baseline_gbps": n.get("net_baseline_gbps"), "net_peak_gbps": n.get("net_peak_gbps"),
        "max_enis": n.get("max_enis"),
        "nvme_ebs": int(cells["ebs_nvme"] == "required") if cells["ebs_nvme"] else None,
        "ebs_baseline_mbytes_per_s": n.get("ebs_baseline_mbytes_s"),
        "ebs_peak_mbytes_per_s": n.get("ebs_max_mbytes_s"),
        "ebs_baseline_iops": n.get("ebs_baseline_iops"), "ebs_peak_iops": n.get("ebs_max_iops"),
        "max_attachments": n.get("max_ebs_attachments"),
        "disk_count": n.get("local_disk_count"), "disk_gb": n.get("local_storage_gb"),
        "disk_kind": cells["local_disk_type"] or None,
        "gpu_count": n.get("gpu_count"), "gpu_model": cells["gpu_model"] or None,
        "gpu_memory_mib": n.get("gpu_memory_mib_total"),
        # A described type without a kind of accelerator has none.
        "accelerator_count": n.get("accelerator_count", None if cells["accelerator_kind"] else 0),
        "accelerator": cells["accelerator_model"] or cells["accelerator_kind"] or None,
        "facts_date": cells["as_of"] if cells["as_of"] != date else None,
        "facts_basis": "secondary" if cells["status"] == "secondary" else None,
    }


def aws_source(stored, estimated, spot):
    names = collections.Counter(row["on_demand_source"] for row in stored)
    text = ", ".join(f"{name} ({names[name]})" for name in sorted(names))
    text = f"on-demand Linux prices of shared tenancy from {text}"
    if estimated:
        text += (f"; {len(estimated)} estimated as the us-east-1 price times the region's ratio"
                 " for the series")
    if spot:
        text += "; spot figures of the vendor's spot advisor of 2025-06"
    return text


def add_energy(types, rows):
    watts = {row["instance_type"]: row for row in rows}
    for row in types:
        cells = watts.get(row["type"], {})
        for level, column in (("idle", "idle"), ("10", "10pct"), ("50", "50pct"),
                              ("100", "100pct")):
            row["watts_" + level] = number(cells.get("watts_" + column, ""))


def spot_advice(rows):
    """{region: {type: (saving in percent, class of interruption)}}, Linux."""
    advice = collections.defaultdict(dict)
    for row in rows:
        if row["os"] == "linux":
            advice[row["region"]][row["instance_type"]] = (
                number(row["savings_over_on_demand_pct"]), number(row["interruption_bucket"]))
    return advice


def aws_region(stored, estimated, known, spot):
    rows = [{"type": row["instance_type"], "on_demand": number(row["on_demand_hourly"]),
             "price_date": row["on_demand_as_of"], "estimated": 0,
             "reserved_1y": number(row["ri_1y_standard_no_upfront_hourly"]),
             "reserved_3y": number(row["ri_3y_standard_no_upfront_hourly"])}
            for row in stored if row["instance_type"] in known]
    rows += [{"type": row["instance_type"],
              "on_demand": number(row["estimated_on_demand_hourly_usd"]),
              "price_date": None, "estimated": 1}
             for row in estimated if row["instance_type"] in known]
    for row in rows:
        row["spot_saving_pct"], row["interruption"] = spot.get(row["type"], (None, None))
    return rows


def make_aws(tables, output, coremark):
    facts = read(tables, "aws_ec2_instance_types")
    date = commonest(row["as_of"] for row in facts)
    types = [aws_type(row, date) for row in facts]
    add_scores(types, per_vcpu(coremark, "aws"), m5_reference(coremark))
    add_energy(types, read(tables, "energy_aws_instances"))
    days = sorted(row["coremark_date"] for row in coremark if row["coremark_date"])
    write_types(output, "aws", types, date,
                "EC2 instance type descriptions as gathered in openly licensed data sets; CoreMark"
                f" runs of {days[0]} to {days[-1]}", ("family", "size"))
    known = {row["type"] for row in types}
    stored = by_region(read(tables, "aws_ec2_prices_linux"))
    estimated = by_region(read(tables, "aws_ec2_prices_linux_estimated"))
    names = {row["region"]: row["location_name"] for row in read(tables, "aws_regions")}
    spot = spot_advice(read(tables, "aws_spot_advisor"))
    regions = []
    for region in sorted(stored):
        kept = [row for row in stored[region] if row["instance_type"] in known]
        write_prices(output, "aws", region, kept[0]["currency"],
                     aws_region(kept, estimated.get(region, []), known, spot[region]),
                     aws_source(kept, estimated.get(region), spot[region]))
        regions.append((region, names.get(region) or REGION_NAMES.get(region)))
    return regions


# Google Cloud

def gcp_type(cells):
    series = re.search(r"[0-9]+", cells["series"])
    bare = cells["bare_metal"] == "1"
    # The table gives gigabytes for most types and a count for a few: 375 GB is the smallest disk.
    disk = number(cells["local_ssd_count"])
    return {
        "type": cells["machine_type"], "family": cells["series"],
        "size": cells["machine_type"][len(cells["series"]) + 1:]
        if cells["machine_type"].startswith(cells["series"] + "-") else None,
        "category": GCP_CATEGORIES[cells["category"]],
        "generation": int(series.group()) if series else None,
        "architecture": cells["arch"], "hypervisor": "none" if bare else None,
        "bare_metal": int(bare), "burstable": number(cells["shared_core"]), "flex": 0,
        "current_generation": int(cells["regions_priced"] != "0"), "delisted": 0,
        "vcpus": number(cells["vcpus"]), "memory_mib": number(cells["memory_mib"]),
        "burst_baseline_pct": number(cells["shared_core_baseline_vcpu_pct"]),
        "net_peak_gbps": number(cells["egress_gbps"]),
        "disk_gb": disk if disk is not None and disk >= 375 else None,
        "gpu_count": number(cells["gpu_count"]), "gpu_model": cells["gpu_model"] or None,
    }


def gcp_saving(cells):
    if not cells["spot_hourly_usd"]:
        return None
    share = float(cells["spot_hourly_usd"]) / float(cells["on_demand_hourly_usd"])
    return number(str(round(100 - 100 * share, 1)))


def vcpu_list(text):
    """'1,2-96 step 4; 100-128 step 2' as '1,2-96/4,100-128/2': steps of 2 where none is said."""
    parts = []
    for part in re.split("[,;]", text):
        ends, _, step = part.strip().partition(" step ")
        parts.append(f"{ends}/{step or 2}" if "-" in ends else ends)
    return ",".join(parts)


def write_custom(tables, output):
    columns = ["series", "vcpus", "min_gib_per_vcpu", "max_gib_per_vcpu", "max_memory_gib",
               "memory_step_mib", "price_multiplier", "basis"]
    rows = [[row["series"], vcpu_list(row["vcpu_values"]), number(row["min_gib_per_vcpu"]),
             number(row["max_gib_per_vcpu"]), number(row["max_memory_gib"]),
             number(row["memory_step_mib"]), number(row["price_multiplier_vs_predefined"]),
             row["basis"]] for row in read(tables, "gcp_custom_machine_rules")
            if row["confidence"] == "high"]
    write(os.path.join(output, "gcp", "custom.json"),
          dict(FORMAT, kind="custom", provider="gcp", date=GCP_FACTS_DATE,
               source="rules of custom machine types, without extended memory", columns=columns),
          {"rows": sorted(rows)})


def make_gcp(tables, output, coremark):
    types = [gcp_type(row) for row in read(tables, "gcp_machine_types")]
    add_scores(types, per_vcpu(coremark, "gcp"), m5_reference(coremark))
    write_types(output, "gcp", types, GCP_FACTS_DATE,
                "machine type descriptions as gathered in openly licensed data sets")
    write_custom(tables, output)
    known = {row["type"] for row in types}
    groups = by_region(read(tables, "gcp_prices"))
    for region, rows in groups.items():
        rows = [row for row in rows if row["machine_type"] in known]
        sources = collections.Counter(row["source"] for row in rows)
        write_prices(output, "gcp", region, "USD",
                     [{"type": row["machine_type"], "price_date": row["as_of"], "estimated": 0,
                       "on_demand": number(row["on_demand_hourly_usd"]),
                       "reserved_1y": number(row["cud_1y_hourly_usd"]),
                       "reserved_3y": number(row["cud_3y_hourly_usd"]),
                       "spot_saving_pct": gcp_saving(row)} for row in rows],
                     "on-demand Linux prices without sustained use discount from "
                     + ", ".join(f"{name} ({sources[name]})" for name in sorted(sources)))
    return [(region, None) for region in sorted(groups)]


# Azure

def azure_type(cells):
    n = {key: number(cells[key]) for key in cells if re.fullmatch(r"[0-9.]+", cells[key])}
    disk = n.get("uncached_disk_mbytes_s")
    return {
        "type": cells["vm_size"], "family": cells["series"], "generation": n.get("generation"),
        "architecture": cells["arch"], "flex": 0, "delisted": 0, "burstable": n.get("burstable"),
        "current_generation": int(cells["regions_priced"] != "0"),
        "vcpus": n["vcpus"], "memory_mib": n["memory_mib"],
        "burst_baseline_pct": n.get("burst_baseline_pct_of_vm"),
        "credits_per_hour": n.get("burst_credits_per_hour"),
        "credits_max": n.get("burst_max_credits"),
        "net_peak_gbps": number(cells["network_mbps"], 0.001), "max_enis": n.get("max_nics"),
        "ebs_baseline_mbytes_per_s":
            disk if disk is not None and disk <= AZURE_DISK_LIMIT_MBYTES else None,
        "ebs_peak_mbytes_per_s": n.get("burst_uncached_disk_mbytes_s"),
        "ebs_baseline_iops": n.get("uncached_disk_iops"),
        "ebs_peak_iops": n.get("burst_uncached_disk_iops"),
        "max_attachments": n.get("max_data_disks"), "gpu_count": n.get("gpu_count"),
    }


def make_azure(tables, output, _coremark):
    types = [azure_type(row) for row in read(tables, "azure_vm_sizes")]
    write_types(output, "azure", types, AZURE_DATE,
                "virtual machine sizes as gathered in openly licensed data sets")
    known = {row["type"] for row in types}
    groups = by_region(read(tables, "azure_vm_prices"))
    for region, rows in groups.items():
        write_prices(output, "azure", region, "USD",
                     [{"type": row["vm_size"], "price_date": AZURE_DATE, "estimated": 0,
                       "on_demand": number(row["linux_on_demand_hourly_usd"])}
                      for row in rows if row["vm_size"] in known],
                     "on-demand Linux prices of the vendor's retail price feed")
    return [(region, None) for region in sorted(groups)]


MAKERS = (("aws", "aws_ec2_instance_types", make_aws), ("azure", "azure_vm_sizes", make_azure),
          ("gcp", "gcp_machine_types", make_gcp))


def main(arguments):
    if len(arguments) not in (2, 3) or arguments[1].startswith("-"):
        print(__doc__)
        return 2
    tables = arguments[1]
    output = arguments[2] if len(arguments) == 3 else os.path.dirname(
        os.path.abspath(arguments[0]))
    coremark = read(tables, "coremark")
    providers = []
    for provider, needed, make in MAKERS:
        if os.path.exists(os.path.join(tables, needed + ".csv")):
            regions = make(tables, output, coremark)
            providers.append((provider, regions))
    lines = []
    for provider, regions in providers:
        rows = ",\n".join(json.dumps({"region": region, "name": name,
                                      "prices": f"{provider}/{region}.json"}, ensure_ascii=False)
                          for region, name in regions)
        lines.append(f'{{"provider": "{provider}", "types": "{provider}/types.json",'
                     f' "default_region": "{DEFAULT_REGIONS[provider]}",'
                     + (f' "custom": "{provider}/custom.json",' if provider == "gcp" else "")
                     + ' "regions": [\n'
                     f"{rows}\n]}}")
    head = ", ".join(f"{json.dumps(key)}: {json.dumps(value)}"
                     for key, value in dict(FORMAT, kind="index").items())
    with open(os.path.join(output, "index.json"), "w", encoding="utf-8", newline="\n") as file:
        file.write("{" + head + ', "providers": [\n' + ",\n".join(lines) + "\n]}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv))
