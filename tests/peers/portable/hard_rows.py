"""Random rows of any table, as nasty as its definition allows.

Codes come from small pools that all tables share, so that joins join and groups have members; names repeat; nulls stand wherever a column is not
required. Keys are unique, as the program ensures.
"""

import datetime
import random
from decimal import Decimal

import pyarrow

# Texts that engines are known to sort, compare, fold or count each in its own way: combining marks beside composed letters, letters outside the
# first plane, marks of direction, letters whose small form has another length, blanks of several kinds, quotes and what begins a formula.
TEXTS = [
    "", " ", "  ", "a", "A", "Ą", "ą", "a\u0328", "Žiemos skliautas", "žiemos skliautas",
    "Z\u030ciemos skliautas", "Ėjimas", "Įmonė „Ūkas“", "Šešupė", "\u0130stanbul", "istanbul", "ΟΔΟΣ", "οδος",
    "οδοσ", "Straße", "STRASSE", "\u1e9e", "\u01c5", "\ufb01rma", "\U0001f4f0 naujienos", "\U00010400",
    "\U00010428", "\uffff", "\ue000", "\u202eatvirkščiai", "\u200fשלום", "مرحبا", "e\u0301", "\u00e9", "\u0301",
    "a\u200db", "a\u00a0b", "\u2003", "tab\there", "line\nbreak", "'kabutės'", '"kabutės"', "back\\slash", "%",
    "_", "=1+1", "-", "0", "00", "10", "9", "NULL", "null", "LT", "true", "nan", "1e3", "Kazlauskas",
    "KAZLAUSKAS", "Kazlauskienė", "Kazlauskiene", "z" * 300,
]
DAYS = [
    "0001-01-01", "1582-10-04", "1582-10-15", "1899-12-31", "1970-01-01", "2000-02-29", "2023-12-31",
    "2024-01-01", "2024-02-29", "2024-06-30", "2024-07-01", "2024-12-31", "2025-01-01", "2025-01-31",
    "2025-06-30", "2025-07-01", "2025-07-31", "2025-12-31", "2026-01-31", "2026-06-30", "2026-07-01",
    "2026-11-27", "2026-11-28", "2027-01-01", "9999-12-31",
]
PLACES = {"money": 2, "share": 12, "number": 4}
WIDTHS = {"money": 18, "share": 13, "number": 18}
# Columns with the code of an entity, whoever it is of.
ENTITIES = {"ja_kodas", "dal_kodas", "dav_kodas", "institucijos_kodas", "valdomas_kodas", "teikejo_kodas", "grupes_kodas", "imone"}
# Statistics have a title of a code instead of a code where nothing is known; classifiers do not list it.
UNKNOWN = ["nenurodyta", "nezinomas", "is_dalies", ""]


class Country:
    """Tables of one seed. `overflows`: sums of money may be more than their column holds; a statement must then fail on every engine or on none."""

    def __init__(self, seed: int, tables: dict, classifiers: dict, overflows: bool = False):
        self.random = random.Random(seed)
        self.tables, self.classifiers, self.overflows = tables, classifiers, overflows
        draw = self.random
        self.entities = [f"{draw.randrange(10**8, 10**9)}" for _ in range(9)] + ["1234567", "00000000A", "LV-4000", "ąžuolas"]
        self.persons = ["".join(draw.choice("0123456789abcdef") for _ in range(32)) for _ in range(8)]
        self.outlets = [f"V{number:03}" for number in range(10)] + ["v001", "V01"]
        self.names = draw.sample(TEXTS, 14) + ["UAB „Žinios“"] * 3
        # Signs of the two sums that are as large as can be: more of them would not fit into one sum.
        self.large = [1, -1]

    def table(self, name: str, rows: int | None = None) -> pyarrow.Table:
        """Some rows, or none at all now and then."""
        table = self.tables[name]
        if rows is None:
            rows = 0 if self.random.random() < 0.04 else self.random.choice([10, 40, 60])
        if name.endswith("_klasifikatorius"):
            return pyarrow.Table.from_pylist(self.whole_classifiers(), schema=table.schema())
        if len(table.key) == 1 and table.key[0] in ENTITIES | {"vip_nr"}:
            # Some codes are in no list.
            rows = min(rows, 8)
        made, keys = [], set()
        for _ in range(rows * 4):
            row = {column.name: self.cell(column) for column in table.columns}
            # A table without a key may have a row twice.
            key = tuple(row[part] for part in table.key) if table.key else len(made)
            if key not in keys and len(made) < rows:
                keys.add(key)
                made.append(row)
        return pyarrow.Table.from_pylist(made, schema=table.schema())

    def whole_classifiers(self) -> list:
        """Every classifier, but for a title here and there that is missing or strange."""
        made = []
        for name, codes in self.classifiers.items():
            for code, lt, en in codes:
                if self.random.random() > 0.06:
                    title = lt if self.random.random() > 0.1 else self.random.choice(TEXTS)
                    made.append({"klasifikatorius": name, "kodas": code, "pavadinimas_lt": title, "pavadinimas_en": en})
        self.random.shuffle(made)
        return made

    def cell(self, column):
        draw = self.random
        if not column.required and draw.random() < 0.25:
            return None
        if column.kind == "text":
            return self.text(column)
        if column.kind == "boolean":
            return draw.random() < 0.4
        if column.kind == "date":
            # The day of an extract is what other days are judged by: it is none of the ends of the calendar.
            ends = draw.random() < 0.3 and column.name != "israso_data"
            return datetime.date.fromisoformat(draw.choice(DAYS) if ends else self.few(DAYS[10:22]))
        if column.kind == "integer":
            return self.integer(column)
        return self.decimal(column)

    def text(self, column) -> str:
        draw = self.random
        if column.name in ENTITIES:
            return self.few(self.entities)
        if column.name == "asmens_id" or column.check == "asmens_id":
            return draw.choice(self.persons)
        if column.name == "vip_nr":
            return self.few(self.outlets)
        if column.check.startswith("classifier:"):
            codes = [code for code, *_ in self.classifiers.get(column.check.removeprefix("classifier:"), [])]
            return draw.choice(codes or UNKNOWN) if draw.random() > 0.08 else draw.choice(UNKNOWN)
        return draw.choice(self.names) if draw.random() < 0.7 else draw.choice(TEXTS)

    def few(self, values: list):
        """One of the values, often one of the first: else hardly any two rows would be alike in all that tells them apart."""
        return self.random.choice(values[:3] if self.random.random() < 0.5 else values)

    def integer(self, column) -> int:
        draw = self.random
        if column.name.endswith("metai"):
            return draw.choice([2023, 2024, 2024, 2025, 2025, 2026, 2026, 1, 9999])
        if column.name == "zingsnis" or column.name == "eil_nr":
            return draw.randrange(1, 60)
        if draw.random() < 0.05:
            return draw.choice([10**12, 2**53 - 1, 2**31, -1])
        return draw.choice([0, 1, 1, 2, 3, 7, 499, 500, 501, draw.randrange(10**6)])

    def decimal(self, column) -> Decimal:
        """Small values, halves of what is rounded away, and in a country one sum of each sign that is as large as can be."""
        draw, places, width = self.random, PLACES[column.kind], WIDTHS[column.kind]
        largest = 10**width - 1
        if column.kind == "share":
            parts = [0, 1, 10**12, 5 * 10**11, 333333333333, 333333333334, 10**12 - 1, draw.randrange(10**12), 25 * 10**10]
            return Decimal(largest if self.overflows and draw.random() < 0.1 else draw.choice(parts)).scaleb(-places)
        if self.overflows and draw.random() < 0.15:
            return Decimal(draw.choice([1, -1]) * (largest - draw.randrange(3))).scaleb(-places)
        if column.kind == "money" and self.large and draw.random() < 0.03:
            # Room for what the other rows add.
            return Decimal(self.large.pop() * (largest - 10**12 - draw.randrange(10**6))).scaleb(-places)
        units = draw.choice([0, 1, -1, 10, 50, 99995, 100000, 100000, 10**7 + 5, draw.randrange(10**9), -draw.randrange(10**6)])
        return Decimal(units).scaleb(-places)


def scattered(table: pyarrow.Table, seed: int) -> pyarrow.Table:
    """The same rows in another order: no statement may lean on the order in which rows came."""
    order = list(range(table.num_rows))
    random.Random(seed).shuffle(order)
    return table.take(pyarrow.array(order, pyarrow.int64()))
