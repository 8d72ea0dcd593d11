"""Validates `bods.jsonl` and `ftm.jsonl` of a folder. Prints what is wrong, and what is there; exit code 1 if anything is wrong."""

import collections
import json
import pathlib
import sys

import bods
import ftm

SHOWN = 50


def lines(path):
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def main(folder):
    statements, entities = lines(folder / "bods.jsonl"), lines(folder / "ftm.jsonl")
    found = [f"bods.jsonl: {problem}" for problem in bods.problems(statements)]
    found += [f"ftm.jsonl: {problem}" for problem in ftm.problems(entities)]
    for problem in found[:SHOWN]:
        print(problem)
    if len(found) > SHOWN:
        print(f"and {len(found) - SHOWN} others")
    counts = {
        "statements": collections.Counter(f"{one['recordType']} {one['recordStatus']}" for one in statements),
        "entities": collections.Counter(one["schema"] for one in entities),
    }
    print(json.dumps(counts, ensure_ascii=False, sort_keys=True))
    if not statements or not entities:
        found.append("nothing is there")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(pathlib.Path(sys.argv[1])))
