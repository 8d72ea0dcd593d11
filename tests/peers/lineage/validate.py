#!/usr/bin/env python3
"""Validates events of runs against OpenLineage's published schemas, which lie in spec/:

    $(tests/peers/metadata/python.sh) tests/peers/lineage/validate.py state/lineage/*.jsonl

Every event must be a RunEvent, every facet what its `_schemaURL` defines, every run must begin once and end once. Prints how many events there are;
every failure is a line, and the exit code is 1. Nothing is fetched from the network.
"""

import collections
import json
import pathlib
import sys

import jsonschema
import referencing

SPEC = pathlib.Path(__file__).parent / "spec"
SCHEMAS = [json.loads(path.read_text()) for path in sorted(SPEC.glob("*.json"))]
REGISTRY = referencing.Registry().with_resources([(schema["$id"], referencing.Resource.from_contents(schema)) for schema in SCHEMAS])
WORDS_OF_ENDS = ("COMPLETE", "FAIL")


def flaws(content, address):
    """What is wrong with something that is to be as the definition at an address says."""
    try:
        REGISTRY.resolver().lookup(address)
    except referencing.exceptions.Unresolvable:
        return [f"no schema in spec/ has {address}"]
    checker = jsonschema.Draft202012Validator.FORMAT_CHECKER
    validator = jsonschema.Draft202012Validator({"$ref": address}, registry=REGISTRY, format_checker=checker)
    return [f"{error.json_path}: {error.message}" for error in validator.iter_errors(content)]


def facets(event):
    """All facets of an event, by name."""
    holders = [event["run"], event["job"]]
    for dataset in event.get("inputs", []) + event.get("outputs", []):
        holders.append(dataset)
        holders.extend({"facets": dataset[kind]} for kind in ("inputFacets", "outputFacets") if kind in dataset)
    for holder in holders:
        yield from holder.get("facets", {}).items()


def main(files):
    wrong, count, runs = [], 0, collections.defaultdict(list)
    for file in files:
        for number, line in enumerate(pathlib.Path(file).read_text().splitlines(), 1):
            event, count = json.loads(line), count + 1
            where = f"{pathlib.Path(file).name}:{number}"
            found = flaws(event, event["schemaURL"])
            for name, facet in facets(event):
                found += [f"{name}: {flaw}" for flaw in flaws(facet, facet["_schemaURL"])]
            wrong += [f"{where}: {flaw}" for flaw in found]
            runs[event["run"]["runId"]].append(event["eventType"])
    for run, types in runs.items():
        if len(types) != 2 or types[0] != "START" or types[1] not in WORDS_OF_ENDS:
            wrong.append(f"run {run}: {types} is not one beginning and one end")
    for flaw in wrong[:100]:
        print(flaw)
    print(f"{count} events of {len(runs)} runs")
    return 1 if wrong or not count else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
