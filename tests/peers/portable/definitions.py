"""Tables, columns and classifiers as data/ defines them."""

import csv
import tomllib
from dataclasses import dataclass
from pathlib import Path

import pyarrow

# One type for each kind of value (data/catalog/src/column.rs).
TYPES = {
    "text": pyarrow.string(),
    "integer": pyarrow.int64(),
    "money": pyarrow.decimal128(18, 2),
    "share": pyarrow.decimal128(13, 12),
    "number": pyarrow.decimal128(18, 4),
    "date": pyarrow.date32(),
    "boolean": pyarrow.bool_(),
}


@dataclass(frozen=True)
class Column:
    name: str
    kind: str
    check: str
    required: bool


@dataclass(frozen=True)
class Table:
    name: str
    columns: list
    key: list

    def schema(self):
        return pyarrow.schema([(column.name, TYPES[column.kind]) for column in self.columns])


def tables(home: Path) -> dict:
    """Every core and published table, by name."""
    dictionary = {}
    for path in sorted((home / "data/columns").glob("*.toml")):
        dictionary |= tomllib.loads(path.read_text())
    found = {}
    for path in sorted((home / "data/tables").glob("*.toml")):
        if path.stem.startswith("raw_"):
            continue
        table = tomllib.loads(path.read_text())
        columns = [
            Column(name.rstrip("!"), dictionary[name.rstrip("!")]["type"], dictionary[name.rstrip("!")].get("check", ""), name.endswith("!"))
            for name in table["columns"]
        ]
        found[path.stem] = Table(path.stem, columns, table.get("key", []))
    return found


def classifiers(home: Path) -> dict:
    """Codes and titles of every classifier."""
    found = {}
    for path in sorted((home / "data/classifiers").glob("*.csv")):
        with path.open(newline="") as lines:
            found[path.stem] = [row[:3] for row in list(csv.reader(lines))[1:]]
    return found
