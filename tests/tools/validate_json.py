#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""validate_json.py SCHEMA < DOCUMENT

Exit 0: the document is JSON and valid; 1: it is not, with each fault on standard error;
77: the module jsonschema is not installed.
"""
import json
import sys

try:
    import jsonschema
except ImportError:
    sys.exit(77)


def no_constant(name):
    raise ValueError(f"{name} is no JSON number")


def no_repeated_keys(pairs):
    keys = [key for key, _ in pairs]
    for key in keys:
        if keys.count(key) > 1:
            raise ValueError(f"member {key!r} occurs twice")
    return dict(pairs)


def main():
    if len(sys.argv) != 2:
        print(__doc__, file=sys.stderr)
        return 2
    with open(sys.argv[1], encoding="utf-8") as file:
        schema = json.load(file)
    validator_class = jsonschema.validators.validator_for(schema)
    validator_class.check_schema(schema)
    try:
        document = json.loads(sys.stdin.buffer.read().decode("utf-8"),
                              parse_constant=no_constant, object_pairs_hook=no_repeated_keys)
    except ValueError as error:
        print(f"not JSON: {error}", file=sys.stderr)
        return 1
    faults = list(validator_class(schema).iter_errors(document))
    for fault in faults:
        print(f"{fault.json_path}: {fault.message}", file=sys.stderr)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
