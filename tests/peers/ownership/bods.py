"""Whether statements are what BODS asks for: libcovebods with all of its checks, and rules of the standard that it does not check."""

import json
import tempfile

import libcove2.common

# The lists of org-id.guide that our statements may name. libcovebods fetches all of them from the web; a test must not.
KNOWN_SCHEMES = ["LT-RC"]
libcove2.common.get_orgids_prefixes = lambda *_: KNOWN_SCHEMES

import libcovebods.additionalfields
import libcovebods.config
import libcovebods.data_reader
import libcovebods.jsonschemavalidate
import libcovebods.run_tasks
import libcovebods.schema
from libcovebods.tasks.checks import record_based_checks

# It has two checks that it does not run.
CHECKS = libcovebods.run_tasks.TASK_CLASSES + [
    record_based_checks.CheckComponentRecordsRecordIds,
    record_based_checks.CheckStatementEntitySecuritiesListingsHasPublicListing,
]

# What nobody may say of a natural person.
PRIVATE = ["birthDate", "deathDate", "placeOfBirth", "identifiers", "nationalities", "taxResidencies", "addresses", "politicalExposure"]


def problems(statements):
    """What is wrong, each in a line."""
    with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
        json.dump(statements, file)
        file.flush()
        return list(of_libcovebods(file.name)) + list(of_the_standard(statements))


def of_libcovebods(name):
    reader = libcovebods.data_reader.DataReader(name)
    config = libcovebods.config.LibCoveBODSConfig()
    schema = libcovebods.schema.SchemaBODS(reader, config)
    if schema.schema_version != "0.4":
        yield f"version {schema.schema_version} instead of 0.4"
    for error in libcovebods.jsonschemavalidate.JSONSchemaValidator(schema).validate(reader):
        error = error.json()
        yield f"schema: {error['path']}: {error['validator']}: {error['message']}"
    for field in libcovebods.additionalfields.AdditionalFields(schema).process(reader):
        yield f"unknown field: {field}"
    for found in libcovebods.run_tasks.process_additional_checks(reader, config, schema, CHECKS)["additional_checks"]:
        yield f"check: {found}"


def of_the_standard(statements):
    closed, first, last, kinds = set(), {}, {}, {}
    for place, statement in enumerate(statements):
        record = statement.get("recordId")
        if record in closed:
            yield f"said of a closed record: {record}"
        if statement.get("recordStatus") == "closed":
            closed.add(record)
        first.setdefault(record, place)
        last[record] = place
        kinds[record] = statement.get("recordType")
    for place, statement in enumerate(statements):
        details = statement.get("recordDetails", {})
        subject = statement.get("declarationSubject")
        if first.get(subject, place) > place:
            yield f"the subject of a declaration comes after it: {subject}"
        for component in details.get("componentRecords", []):
            if last.get(component, place) >= place:
                yield f"a component does not come before: {component}"
        parties = [details.get(party) for party in ["subject", "interestedParty"]]
        for party in parties:
            if isinstance(party, str) and first.get(party, place) >= place:
                yield f"a party does not come before: {party}"
            if isinstance(party, dict) and not party.get("description"):
                yield f"nobody says why somebody is not named: {statement.get('recordId')}"
        if kinds.get(statement.get("recordId")) == "person":
            for private in PRIVATE:
                if private in details:
                    yield f"{private} of a person: {statement.get('recordId')}"
        for interest in details.get("interests", []):
            if interest.get("beneficialOwnershipOrControl"):
                yield f"somebody is called a beneficial owner: {statement.get('recordId')}"
