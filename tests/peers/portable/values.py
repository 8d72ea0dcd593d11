"""Values of a report's parameters: what the defaults give on one day, and others that are hard."""

# What defaults that follow the data are on 28 November 2026 (pipelines/src/queries/report/default.rs).
DEFAULTS = {"last_year": "2025", "last_year-5": "2020", "last_year_begins": "2025-01-01", "last_year_ends": "2025-12-31", "release_day": "2026-11-28"}
OTHERS = {
    "integer": ["0", "1", "-1"],
    "year": ["2024", "2026", "1900"],
    "half": ["1", "2"],
    "date": ["2024-02-29", "2026-01-31", "9999-12-31"],
    "number": ["0", "-1.5", "0.333333333333"],
}


# Names that are found in other letters than they were asked for.
NAMES = ["KAZLAUSKAS", "kazlauskiene", "\u0130STANBUL", "ΟΔΟΣ", "STRASSE", "Z\u030cIEMOS SKLIAUTAS", "zIEMOS SKLIAUTAS", "\u01c5", "\U00010400"]


def of(statement, country):
    """Each set of values to ask a statement with."""
    if not statement.parameters:
        return [{}]
    hard = {"text": [*country.names[:3], *NAMES], "virs": country.entities[:4]}
    asked = []
    for turn in range(max(3, *[len(hard.get(parameter.kind, ())) for parameter in statement.parameters])):
        given = {}
        for place, parameter in enumerate(statement.parameters):
            others = hard.get(parameter.kind) or OTHERS[parameter.kind]
            default = DEFAULTS.get(parameter.default, parameter.default)
            given[parameter.name] = default if turn == 0 and default != "-" else others[(turn + place) % len(others)]
        if given not in asked:
            asked.append(given)
    return asked
