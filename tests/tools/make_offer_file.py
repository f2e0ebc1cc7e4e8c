#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Write a synthetic EC2 price list in the layout of AWS's offer files.

usage: make_offer_file.py json|csv MEGABYTES [REGION [FACTOR]]

Prices are those of the catalog beside this source tree times FACTOR (default 1.1), among products
that an importer must pass over (Windows, dedicated, reserved capacity, storage) until the file has
the size. The same arguments write the same bytes.
"""
import csv
import json
import os
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
NOISE = (("Windows", "Shared", "NA", "Used"), ("Linux", "Dedicated", "NA", "Used"),
         ("Linux", "Shared", "SQL Std", "Used"), ("Linux", "Shared", "NA", "UnusedCapacityReservation"),
         ("RHEL", "Shared", "NA", "Used"), ("SUSE", "Host", "NA", "AllocatedHost"))
PAD = {"servicecode": "AmazonEC2", "locationType": "AWS Region", "instanceFamily": "General purpose",
       "physicalProcessor": "Intel Xeon Platinum 8175", "clockSpeed": "3.1 GHz",
       "storage": "EBS only", "networkPerformance": "Up to 10 Gigabit",
       "processorArchitecture": "64-bit", "licenseModel": "No License required",
       "dedicatedEbsThroughput": "Up to 2120 Mbps", "ecu": "10", "enhancedNetworkingSupported": "Yes",
       "intelAvxAvailable": "Yes", "intelAvx2Available": "Yes", "intelTurboAvailable": "Yes",
       "normalizationSizeFactor": "4", "processorFeatures": "Intel AVX; Intel AVX2; Intel AVX512",
       "servicename": "Amazon Elastic Compute Cloud", "vpcnetworkingsupport": "true"}


def table(name):
    with open(os.path.join(ROOT, "catalog", name), encoding="utf-8") as file:
        document = json.load(file)
    return {row[0]: dict(zip(document["columns"], row)) for row in document["rows"]}


def products(region, factor, wanted):
    """(sku, attributes, price, reserved price) without end until `wanted` says stop."""
    types = table("aws/types.json")
    prices = table(f"aws/{region}.json")
    number = 0
    while True:
        for name, row in prices.items():
            facts = types[name]
            for kind in ((("Linux", "Shared", "NA", "Used"),) if number < len(prices) * 7 else ()) + NOISE:
                number += 1
                system, tenancy, software, capacity = kind
                attributes = {
                    "location": "Somewhere", "regionCode": region, "instanceType": name,
                    "currentGeneration": "Yes" if facts["current_generation"] else "No",
                    "vcpu": str(facts["vcpus"]), "memory": f"{facts['memory_mib'] / 1024:,g} GiB",
                    "operatingSystem": system, "tenancy": tenancy, "preInstalledSw": software,
                    "capacitystatus": capacity, "operation": "RunInstances", **PAD}
                family = "Compute Instance (bare metal)" if facts["bare_metal"] else "Compute Instance"
                yield f"S{number:015d}", family, attributes, round(row["on_demand"] * factor, 10)
                if not wanted():
                    return


def write_json(out, limit, region, factor):
    size = 0

    def put(text):
        nonlocal size
        out.write(text)
        size += len(text)

    skus = []
    put('{"formatVersion": "v1.0", "disclaimer": "synthetic", "offerCode": "AmazonEC2",\n'
        '"version": "20261120000000", "publicationDate": "2026-11-20T00:00:00Z",\n"products": {\n')
    for sku, family, attributes, price in products(region, factor, lambda: size < limit * 0.55):
        put(",\n" if skus else "")
        put(f'"{sku}": ' + json.dumps({"sku": sku, "productFamily": family, "attributes": attributes},
                                      indent=1))
        skus.append((sku, price))
    put('\n},\n"terms": {\n"OnDemand": {\n')
    for i, (sku, price) in enumerate(skus):
        put(",\n" if i else "")
        put(f'"{sku}": ' + json.dumps({f"{sku}.JRTCKXETXF": {
            "offerTermCode": "JRTCKXETXF", "sku": sku, "effectiveDate": "2026-11-01T00:00:00Z",
            "priceDimensions": {f"{sku}.JRTCKXETXF.6YS6EN2CT7": {
                "rateCode": f"{sku}.JRTCKXETXF.6YS6EN2CT7", "description": "per hour",
                "beginRange": "0", "endRange": "Inf", "unit": "Hrs", "appliesTo": [],
                "pricePerUnit": {"USD": f"{price:.10f}"}}}, "termAttributes": {}}}, indent=1))
    put('\n},\n"Reserved": {\n')
    for i, (sku, price) in enumerate(skus):
        terms = {}
        for length, share in (("1yr", 0.63), ("3yr", 0.43)):
            for option in ("No Upfront", "All Upfront"):
                terms[f"{sku}.{length}.{option}"] = {
                    "sku": sku, "priceDimensions": {
                        "a": {"unit": "Quantity", "pricePerUnit": {"USD": "100"}},
                        "b": {"unit": "Hrs", "pricePerUnit": {"USD": f"{price * share:.10f}"}}},
                    "termAttributes": {"LeaseContractLength": length, "OfferingClass": "standard",
                                       "PurchaseOption": option}}
        put((",\n" if i else "") + f'"{sku}": ' + json.dumps(terms))
        if size > limit:
            break
    put("\n}}}\n")


def write_csv(out, limit, region, factor):
    writer = csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\n")
    size = 0
    for row in (("FormatVersion", "v1.0"), ("Disclaimer", "synthetic"),
                ("Publication Date", "2026-11-20T00:00:00Z"), ("Version", "20261120000000"),
                ("OfferCode", "AmazonEC2")):
        writer.writerow(row)
    names = list(PAD)
    writer.writerow(["SKU", "OfferTermCode", "RateCode", "TermType", "PriceDescription",
                     "EffectiveDate", "StartingRange", "EndingRange", "Unit", "PricePerUnit",
                     "Currency", "LeaseContractLength", "PurchaseOption", "OfferingClass",
                     "Product Family", "Location", "Instance Type", "Current Generation", "vCPU",
                     "Memory", "Operating System", "Tenancy", "Pre Installed S/W",
                     "CapacityStatus", "operation", "Region Code"] + names)
    for sku, family, a, price in products(region, factor, lambda: size < limit):
        tail = [family, a["location"], a["instanceType"], a["currentGeneration"], a["vcpu"],
                a["memory"], a["operatingSystem"], a["tenancy"], a["preInstalledSw"],
                a["capacitystatus"], a["operation"], a["regionCode"]] + [PAD[n] for n in names]
        for term, amount, length, option, offering in (
                ("OnDemand", price, "", "", ""),
                ("Reserved", price * 0.63, "1yr", "No Upfront", "standard"),
                ("Reserved", price * 0.43, "3yr", "No Upfront", "standard")):
            row = [sku, "JRTCKXETXF", f"{sku}.JRTCKXETXF.6YS6EN2CT7", term, "per hour", "2026-11-01",
                   "0", "Inf", "Hrs", f"{amount:.10f}", "USD", length, option, offering] + tail
            writer.writerow(row)
            size += sum(len(cell) + 3 for cell in row)


def main(arguments):
    if len(arguments) not in (3, 4, 5) or arguments[1] not in ("json", "csv"):
        print(__doc__)
        return 2
    region = arguments[3] if len(arguments) > 3 else "us-east-1"
    factor = float(arguments[4]) if len(arguments) > 4 else 1.1
    write = write_json if arguments[1] == "json" else write_csv
    write(sys.stdout, float(arguments[2]) * 1e6, region, factor)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv))
