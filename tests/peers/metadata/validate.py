#!/usr/bin/env python3
"""Validates the descriptions of a tier of a release, and the files that they describe, with validators that others wrote:

    $(tests/peers/metadata/python.sh) tests/peers/metadata/validate.py portal/latest/open

Every failure is a line: validator, file, reason. The exit code is the number of failures, 100 at most. Nothing is fetched from the network: standards
come with the validators.
"""

import csv
import json
import pathlib
import re
import socket
import subprocess
import sys
import tempfile
import warnings

import csvw
import datapackage
import dplib
import frictionless
import jsonschema
import openapi_spec_validator
from frictionless.metadata import Metadata
from llms_txt.miniparse import parse_llms_txt

# The environment of Spinta lies beside this one (python.sh).
SPINTA = pathlib.Path(sys.prefix).parent / "spinta-1.3.1" / "bin" / "spinta"
CHECK_JSON_SCHEMA = pathlib.Path(sys.prefix) / "bin" / "check-jsonschema"
PROFILES = "https://datapackage.org/profiles/2.0/"
LONGEST_REASON = 400
# Paths of openapi.json with a parameter: what schema all such files have.
SAMPLES = {"virs/*.json": "Producer", "paieska/*.json": "SearchHits"}


def refuse(*_, **__):
    raise OSError("a validator asked for the network")


def profile(name):
    """A JSON Schema of the Data Package standard, version 2.0, as dplib brings it."""
    return json.loads((pathlib.Path(dplib.__file__).parent / "profiles" / "2.0" / name).read_text())


def with_local_profiles():
    """Gives frictionless the standard from the disk."""
    retrieve = Metadata.metadata_retrieve.__func__

    def local(cls, descriptor, **options):
        if isinstance(descriptor, str) and descriptor.startswith(PROFILES):
            return profile(descriptor.removeprefix(PROFILES))
        return retrieve(cls, descriptor, **options)

    Metadata.metadata_retrieve = classmethod(local)


def read(folder, path):
    return json.loads((folder / path).read_text(encoding="utf-8"))


def schema_errors(schema, instance):
    validator = jsonschema.validators.validator_for(schema)
    validator.check_schema(schema)
    return validator(schema, format_checker=validator.FORMAT_CHECKER).iter_errors(instance)


def spinta(folder):
    """`spinta check` ends with 0 after some errors, so what it prints counts."""
    with tempfile.TemporaryDirectory() as work:
        places = ["-o", f"config_path={work}/config", "-o", f"data_path={work}/data"]
        for place in ("config", "data"):
            (pathlib.Path(work) / place).mkdir()
        for mode in ("internal", "external"):
            command = [SPINTA, *places, "check", "--mode", mode, "--check-names", folder / "dsa.csv"]
            ran = subprocess.run(command, capture_output=True, text=True, check=False)
            said = ran.stdout.strip().splitlines()
            if ran.returncode != 0 or not said or said[-1] != "OK" or any("error" in line.lower() for line in said):
                yield "dsa.csv", f"{mode}: {ran.stdout[-LONGEST_REASON:]} {ran.stderr[-LONGEST_REASON:]}"


def dsa_references(folder):
    """Spinta does not look for the models that `ref` properties below level 4 name, nor for the properties of keys."""
    with (folder / "dsa.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    models, properties, references, keys = set(), set(), [], []
    dataset = model = ""
    for row in rows:
        dataset = row["dataset"] or dataset
        if row["model"]:
            model = f"/{dataset}/{row['model']}"
            models.add(model)
            keys += [(model, name) for name in row["ref"].split(", ") if name]
        elif row["property"]:
            properties.add((model, row["property"]))
            references += [row["ref"]] if row["type"] == "ref" else []
    for reference in set(references) - models:
        yield "dsa.csv", f"ref leads to no model: {reference}"
    for model, name in set(keys) - properties:
        yield "dsa.csv", f"{model} has no property {name} of its key"


def data_package_2(folder):
    """The JSON Schemas of version 2.0."""
    package = read(folder, "datapackage.json")
    if package.get("$schema") != f"{PROFILES}datapackage.json":
        yield "datapackage.json", "is not of version 2.0"
    parts = [("datapackage.json", package, "")]
    for resource in package["resources"]:
        parts.append(("dataresource.json", resource, resource["path"]))
        parts.append(("tableschema.json", resource["schema"], resource["path"]))
        parts.append(("tabledialect.json", resource["dialect"], resource["path"]))
    for name, part, place in parts:
        for error in schema_errors(profile(name), part):
            yield "datapackage.json", f"{place} {error.json_path}: {error.message}"


def data_package_1(folder):
    """The profile `tabular-data-package` of version 1."""
    package = datapackage.Package(str(folder / "datapackage.json"))
    if package.descriptor.get("profile") != "tabular-data-package":
        yield "datapackage.json", "is no Tabular Data Package of version 1"
    for error in package.errors:
        yield "datapackage.json", error
    for resource in package.resources:
        for error in [*resource.errors, *resource.schema.errors] if resource.tabular else ["is not tabular"]:
            yield resource.source, error


def frictionless_data(folder):
    """Every row against types, constraints, keys, references, sizes and hashes."""
    report = frictionless.validate(str(folder / "datapackage.json"))
    for error in report.errors:
        yield "datapackage.json", error.note
    for task in report.tasks:
        for error in [*task.errors, *task.warnings]:
            yield task.place, getattr(error, "message", error)
    if len(report.tasks) != len(read(folder, "datapackage.json")["resources"]):
        yield "datapackage.json", "frictionless did not read all tables"


def csv_on_the_web(folder):
    """Every cell against its datatype; primary and foreign keys."""
    try:
        group = csvw.CSVW(str(folder / "csvw.json"), validate=True)
        is_valid = group.is_valid
    except ValueError as error:
        yield "csvw.json", error
        return
    for warning in group.warnings:
        yield "csvw.json", warning.message
    if not is_valid and not group.warnings:
        yield "csvw.json", "is not valid"


def check_json_schema(folder):
    """The schemas themselves, and every table as JSON."""
    schemas = sorted((folder / "schemas").glob("*.schema.json"))
    yield from run_check(["--check-metaschema", *schemas], "schemas")
    for schema in schemas:
        subject = schema.name.removesuffix(".schema.json")
        tables = list(folder.glob(f"data/*/{subject}.json"))
        if len(tables) != 1:
            yield schema.name, f"describes {len(tables)} JSON files"
        yield from run_check(["--schemafile", schema, *tables], f"{subject}.json")


def run_check(arguments, place):
    ran = subprocess.run([CHECK_JSON_SCHEMA, *arguments], capture_output=True, text=True, check=False)
    if ran.returncode != 0:
        yield place, ran.stdout + ran.stderr


def json_lines(folder):
    """Every row of JSON Lines against the schema's row."""
    for path in sorted((folder / "schemas").glob("*.schema.json")):
        schema = read(folder, path.relative_to(folder))
        row = {**schema["$defs"]["row"], "$schema": schema["$schema"]}
        validator = jsonschema.Draft202012Validator(row, format_checker=jsonschema.Draft202012Validator.FORMAT_CHECKER)
        for lines in folder.glob(f"data/*/{path.name.removesuffix('.schema.json')}.jsonl"):
            for number, line in enumerate(lines.read_text(encoding="utf-8").splitlines(), 1):
                for error in validator.iter_errors(json.loads(line)):
                    yield lines.relative_to(folder), f"line {number} {error.json_path}: {error.message}"


def open_api(folder):
    """The standard; that what it says is there, and is as it says."""
    path = folder / "openapi.json"
    described = read(folder, "openapi.json")
    validator = openapi_spec_validator.OpenAPIV31SpecValidator(described, base_uri=path.resolve().as_uri())
    for error in validator.iter_errors():
        yield "openapi.json", f"{list(error.path)}: {error.message}"
    components = {"components": described["components"]}
    ids = [item["get"]["operationId"] for item in described["paths"].values()]
    if len(set(ids)) != len(ids):
        yield "openapi.json", "an operationId stands twice"
    for pattern, name in SAMPLES.items():
        found = list(folder.glob(pattern))
        if not found:
            yield pattern, "there is no such file"
        yield from typed(folder, found, {"$ref": f"#/components/schemas/{name}", **components})
    for template, item in described["paths"].items():
        template = template.removeprefix("/")
        found = list(folder.glob(re.sub(r"{\w+}", "*", template)))
        if not found and "404" not in item["get"]["responses"]:
            yield template, "openapi.json has it, but there is no such file"
        schema = next(iter(item["get"]["responses"]["200"]["content"].values())).get("schema", {})
        reference = schema.get("$ref", "")
        if "{" not in template and reference.startswith("#"):
            yield from typed(folder, found, {**schema, **components})
        elif reference and not reference.startswith("#") and not (folder / reference).exists():
            yield reference, "openapi.json refers to it, but there is no such file"
    listed = {template.removeprefix("/") for template in described["paths"]}
    for data in folder.glob("data/*/*"):
        if data.suffix not in (".gz", ".zst") and str(data.relative_to(folder)) not in listed:
            yield data.relative_to(folder), "openapi.json does not have it"


def typed(folder, files, schema):
    for file in files:
        for error in schema_errors({"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}, read(folder, file.relative_to(folder))):
            yield file.relative_to(folder), f"{error.json_path}: {error.message}"


def llms(folder):
    """The form, and that links lead to files."""
    text = (folder / "llms.txt").read_text(encoding="utf-8")
    try:
        parsed = parse_llms_txt(text)
    except (AttributeError, TypeError) as error:
        yield "llms.txt", f"cannot be parsed: {error}"
        return
    links = [link["url"] for section in parsed["sections"].values() for link in section]
    if not parsed["title"] or not parsed["summary"] or not links:
        yield "llms.txt", "has no title, no summary or no links"
    # Addresses of the tier's folder are long; what follows it is the path of a file.
    root = next(link for link in links if link.endswith("manifest.json")).removesuffix("manifest.json")
    for link in links:
        if not link.startswith(root) or not (folder / link.removeprefix(root)).exists():
            yield "llms.txt", f"{link} leads nowhere"


VALIDATORS = [
    spinta,
    dsa_references,
    data_package_2,
    data_package_1,
    frictionless_data,
    csv_on_the_web,
    check_json_schema,
    json_lines,
    open_api,
    llms,
]


def main(folder):
    socket.socket.connect = refuse
    socket.getaddrinfo = refuse
    warnings.simplefilter("ignore")
    with_local_profiles()
    failures = 0
    for validator in VALIDATORS:
        found = 0
        try:
            for place, reason in validator(folder):
                found += 1
                print(f"{validator.__name__}: {place}: {' '.join(str(reason).split())[:LONGEST_REASON]}")
        except Exception as error:  # pylint: disable=broad-except
            # A validator that breaks has not found the file valid.
            found += 1
            print(f"{validator.__name__}: broke: {type(error).__name__}: {' '.join(str(error).split())[:LONGEST_REASON]}")
        print(f"{validator.__name__}: {'ok' if found == 0 else f'{found} failures'}")
        failures += found
    return min(failures, 100)


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: validate.py FOLDER_OF_A_TIER")
    sys.exit(main(pathlib.Path(sys.argv[1])))
