"""Shows that the validators can fail: breaks the files of a folder in one way after another, and fails if nobody complains of one."""

import copy
import pathlib
import sys

import bods
import ftm
from validate import lines


def first(items, is_right):
    return next(item for item in items if is_right(item))


def relationship(statements, key="subject"):
    return first(statements, lambda one: key in one["recordDetails"])


def person(statements):
    return first(statements, lambda one: one["recordType"] == "person")


def entity(statements):
    return first(statements, lambda one: one["recordType"] == "entity")


def interest(statements):
    return first(statements, lambda one: one["recordDetails"].get("interests"))["recordDetails"]["interests"][0]


def reopen(statements):
    again = copy.deepcopy(statements[0])
    closed = {**again, "recordStatus": "closed", "statementId": "0" * 32}
    statements += [closed, {**again, "recordStatus": "updated", "statementId": "1" * 32}]


def component_last(statements):
    one = relationship(statements, "componentRecords")
    statements.remove(one)
    statements.insert(0, one)


BROKEN_STATEMENTS = {
    "schema": lambda all: all[0].pop("statementDate"),
    "enum": lambda all: interest(all).update(type="ownership"),
    "unknown field": lambda all: all[0].update(statementID="1"),
    "duplicate_statement_id": lambda all: all.append(all[0]),
    "entity_identifiers_not_known_scheme": lambda all: entity(all)["recordDetails"]["identifiers"][0].update(scheme="LT-JAR"),
    "interested_party_must_be_record_id": lambda all: relationship(all)["recordDetails"].update(interestedParty="nobody"),
    "subject_can_only_refer_to_entity": lambda all: relationship(all)["recordDetails"].update(subject=person(all)["recordId"]),
    "statement_declaration_subject_not_exist": lambda all: all[0].update(declarationSubject="nobody"),
    "component_record_id_not_in_dataset": lambda all: relationship(all, "componentRecords")["recordDetails"]["componentRecords"].append("x"),
    "component_not_in_component_details": lambda all: entity(all)["recordDetails"].update(isComponent=True),
    "person_identifiers_invalid_composition": lambda all: person(all)["recordDetails"].update(identifiers=[{"id": "1", "schemeName": "x"}]),
    "start_after_end_date": lambda all: interest(all).update(startDate="2020-01-02", endDate="2020-01-01"),
    "exact_has_min_max": lambda all: interest(all).update(share={"exact": 10, "minimum": 5}),
    "statement_date_is_future_date": lambda all: all[0].update(statementDate="9999-01-01"),
    "multiple_statements_in_series_with_record_status_new": lambda all: all.append({**all[0], "statementId": "2" * 32}),
    "said of a closed record": reopen,
    "a component does not come before": component_last,
    "birthDate of a person": lambda all: person(all)["recordDetails"].update(birthDate="1970-01-01"),
    "nobody says why": lambda all: relationship(all)["recordDetails"].update(interestedParty={"reason": "unknown"}),
    "somebody is called a beneficial owner": lambda all: interest(all).update(beneficialOwnershipOrControl=True),
}


def of_schema(entities, schema):
    return first(entities, lambda one: one["schema"] == schema)


BROKEN_ENTITIES = {
    "no such schema": lambda all: all[0].update(schema="Firm"),
    "has no property": lambda all: all[0]["properties"].update(shareholders=["x"]),
    "lacks asset": lambda all: of_schema(all, "Ownership")["properties"].pop("asset"),
    "names what is not there": lambda all: of_schema(all, "Ownership")["properties"].update(owner=["lt-virsis-0"]),
    "not a Asset": lambda all: of_schema(all, "Ownership")["properties"].update(asset=[of_schema(all, "Person")["id"]]),
    "bad value": lambda all: all[0]["properties"].update(jurisdiction=["lithuania"]),
    "startDate: bad value": lambda all: of_schema(all, "Directorship")["properties"].update(startDate=["2020-02-30"]),
    "percent": lambda all: of_schema(all, "Ownership")["properties"].update(percentage=["101"]),
    "twice": lambda all: all.append(all[0]),
    "birthDate of a person": lambda all: of_schema(all, "Person")["properties"].update(birthDate=["1970-01-01"]),
}


def survivors(kind, whole, broken, problems):
    assert not list(problems(whole)), f"{kind}: there is something wrong already"
    for expected, breaks in broken.items():
        items = copy.deepcopy(whole)
        breaks(items)
        found = list(problems(items))
        if not any(expected in problem for problem in found):
            yield f"{kind}: nobody said {expected!r}, but {found[:3]}"


def main(folder):
    found = list(survivors("bods.jsonl", lines(folder / "bods.jsonl"), BROKEN_STATEMENTS, bods.problems))
    found += survivors("ftm.jsonl", lines(folder / "ftm.jsonl"), BROKEN_ENTITIES, ftm.problems)
    print("\n".join(found) if found else f"{len(BROKEN_STATEMENTS) + len(BROKEN_ENTITIES)} broken files, each found out")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(pathlib.Path(sys.argv[1])))
