#!/usr/bin/env python3
"""Validates descriptions of interfaces with a validator that others wrote, and files by the schemas that they name:

    $(tests/peers/metadata/python.sh) tests/peers/metadata/interfaces.py DESCRIPTION... --file SCHEMA FILE ...

The files are held to schemas of the first description. Every failure is a line; the exit code is their number, 100 at most.
"""

import json
import pathlib
import sys

import jsonschema
import openapi_spec_validator


def wrong(descriptions, files):
    parsed = [json.loads(pathlib.Path(path).read_text(encoding="utf-8")) for path in descriptions]
    for path, described in zip(descriptions, parsed):
        validator = openapi_spec_validator.OpenAPIV31SpecValidator(described, base_uri=pathlib.Path(path).resolve().as_uri())
        for error in validator.iter_errors():
            yield f"{path}: {list(error.path)}: {error.message[:400]}"
    for name, path in files:
        schema = {"$ref": f"#/components/schemas/{name}", "components": parsed[0]["components"]}
        validator = jsonschema.Draft202012Validator(schema, format_checker=jsonschema.FormatChecker())
        for error in validator.iter_errors(json.loads(pathlib.Path(path).read_text(encoding="utf-8"))):
            yield f"{path}: not {name}: {list(error.path)}: {error.message[:400]}"


def main(arguments):
    descriptions, files = [], []
    while arguments:
        first, *arguments = arguments
        if first == "--file":
            name, path, *arguments = arguments
            files.append((name, path))
        else:
            descriptions.append(first)
    failures = list(wrong(descriptions, files))
    print("\n".join(failures) or f"{len(descriptions)} descriptions, {len(files)} files")
    return min(len(failures), 100)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
