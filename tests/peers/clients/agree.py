"""Says whether all files of a tier tell the same: every table, cell by cell, as independent readers see them.

    agree.py FOLDER OTHER_PYTHON

What the CSV file says is compared with Parquet (pyarrow, Polars, DuckDB of this Python and of the other), JSON, JSON Lines, and with the tables of
virsis.duckdb (both DuckDBs) and virsis.sqlite. A table without CSV is compared with its Parquet as pyarrow reads it. Types are compared, too. Packed
twins (.gz, .zst) must unpack to the file beside them. Exit code 1: something differs; place and column are named, never a value.
"""

import csv
import gzip
import json
import re
import sqlite3
import subprocess
import sys
from collections import Counter
from datetime import date
from decimal import Decimal
from pathlib import Path

import polars
import pyarrow as arrow
import pyarrow.parquet

HERE = Path(__file__).parent
# What stands before the name of a table in the database, as duckdb_cells.py says it.
DATABASE = "virsis.duckdb/"
# How many differences are told.
SHOWN = 20
# How a guarded text goes on behind the apostrophe with which CSV begins it (publish/src/formats/csv.rs).
GUARDED = re.compile(r"['\s\x00-\x1f\xad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]*[=+\-@＝＋－＠﹦﹢﹣﹫\t\r\n]")
# The same kind of value as each reader calls it.
ARROW = {"string": "text", "large_string": "text", "int64": "integer", "date32[day]": "date", "bool": "boolean"}
DUCKDB = {"VARCHAR": "text", "BIGINT": "integer", "DATE": "date", "BOOLEAN": "boolean"}
POLARS = {polars.String: "text", polars.Int64: "integer", polars.Date: "date", polars.Boolean: "boolean"}
SQLITE = {
    "tekstas": "text",
    "sveikasis": "integer",
    "pinigai": "decimal(18,2)",
    "dalis": "decimal(13,12)",
    "skaicius": "decimal(18,4)",
    "data": "date",
    "pozymis": "boolean",
}


class Table:
    """What one reader says of one table: kinds by column, rows as texts, None where there is nothing."""

    def __init__(self, name, kinds, rows):
        self.name, self.kinds, self.rows = name, kinds, [list(row) for row in rows]


def printed(value):
    match value:
        case None | str():
            return value
        case bool():
            return "true" if value else "false"
        case Decimal():
            return format(value, "f")
        case date():
            return value.isoformat()
    return str(value)


def of_arrow(path):
    table = arrow.parquet.read_table(path)
    kinds = {field.name: ARROW.get(str(field.type), str(field.type).replace("decimal128", "decimal").replace(" ", "")) for field in table.schema}
    columns = [map(printed, column.to_pylist()) for column in table.columns]
    return Table(f"{path} (pyarrow)", kinds, zip(*columns))


def of_polars(path):
    frame = polars.read_parquet(path)
    kind = lambda type: f"decimal({type.precision},{type.scale})" if isinstance(type, polars.Decimal) else POLARS.get(type, str(type))
    return Table(f"{path} (Polars)", {name: kind(type) for name, type in frame.schema.items()}, (map(printed, row) for row in frame.rows()))


def of_csv(path, kinds):
    with open(path, encoding="utf-8", newline="") as lines:
        names, *rows = csv.reader(lines, strict=True)
    return Table(str(path), {name: kinds.get(name) for name in names}, rows)


def of_json(path, kinds, by_line):
    text = path.read_text(encoding="utf-8")
    said = [json.loads(line, parse_float=Decimal) for line in text.splitlines()] if by_line else json.loads(text, parse_float=Decimal)
    seen = {name: kind for name, kind in kinds.items() if all(is_json(row.get(name), kind) for row in said)}
    strange = {name: None for row in said for name in row if name not in seen}
    return Table(str(path), {**seen, **strange} if said else kinds, (map(printed, row.values()) for row in said))


def is_json(value, kind):
    expected = {"text": str, "date": str, "integer": int, "boolean": bool}.get(kind, Decimal)
    return value is None or type(value) is expected


def of_sqlite(path):
    """Decimals from the whole numbers in which they are stored; what is computed beside them must be the nearest REAL."""
    base = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)
    if base.execute("PRAGMA integrity_check").fetchall() != [("ok",)]:
        sys.exit(f"{path}: SQLite {sqlite3.sqlite_version} finds it damaged; `PRAGMA integrity_check` says where")
    for (name,) in base.execute("SELECT lentele FROM _lenteles ORDER BY 1").fetchall():
        about = base.execute("SELECT stulpelis, rusis, tikslus_stulpelis, tikslaus_daliklis FROM _stulpeliai WHERE lentele = ? ORDER BY eil_nr", [name])
        columns = [(column, SQLITE[kind], exact, divisor) for column, kind, exact, divisor in about.fetchall()]
        asked = ", ".join(f'"{exact or column}", "{column}"' for column, _, exact, _ in columns)
        rows = []
        for row in base.execute(f'SELECT {asked} FROM "{name}"'):
            cells = zip(columns, row[::2], row[1::2])
            rows.append([of_sqlite_cell(kind, stored, computed, divisor, f"{path}, {name}.{column}") for (column, kind, _, divisor), stored, computed in cells])
        yield name, Table(f"{path}, table {name}", {column: kind for column, kind, _, _ in columns}, rows)


def of_sqlite_cell(kind, stored, computed, divisor, place):
    if stored is None:
        return None
    if not isinstance(stored, str if kind in ("text", "date") else int) or (kind == "boolean" and stored not in (0, 1)):
        sys.exit(f"{place}: a {kind} is stored as {type(stored)}")
    if divisor is None:
        return printed(bool(stored) if kind == "boolean" else stored)
    if computed != stored / divisor:
        sys.exit(f"{place}: what is computed is not what is stored")
    return format((Decimal(stored) / divisor).quantize(1 / Decimal(divisor)), "f")


def of_duckdb(python, folder):
    lines = subprocess.run([python, HERE / "duckdb_cells.py", folder], check=True, capture_output=True, text=True, encoding="utf-8").stdout
    for line in lines.splitlines():
        said = json.loads(line)
        kinds = {name: DUCKDB.get(kind, kind.lower()) for name, kind in said["types"].items()}
        yield said["name"], Table(f"{folder / said['name']} (DuckDB of {python})", kinds, said["rows"])


def same(cell, other, kind, is_csv):
    """Whether a cell is what another reader says; CSV cannot tell nothing from an empty text, and guards formulas."""
    if not is_csv:
        return cell == other
    return cell == (other or "") or (kind == "text" and cell == f"'{other}" and GUARDED.match(other) is not None)


def compare(base, other, is_csv=False):
    """Where they differ."""
    if list(base.kinds) != list(other.kinds):
        return [f"{other.name}: other columns than {base.name}"]
    found = [f"{other.name}: column {name} is {other.kinds[name]}, not {kind}" for name, kind in base.kinds.items() if other.kinds[name] != kind]
    if len(base.rows) != len(other.rows):
        return found + [f"{other.name}: {len(other.rows)} rows, not {len(base.rows)} as {base.name}"]
    for number, (row, of_other) in enumerate(zip(base.rows, other.rows), 1):
        for (name, kind), cell, of in zip(base.kinds.items(), row, of_other):
            if not same(cell, of, kind, is_csv):
                found.append(f"{other.name}: row {number}, column {name} differs from {base.name}")
    return found


def in_order(table):
    """SQLite's rows lie in the order of their key, the CSV's do not."""
    return Table(table.name, table.kinds, sorted(table.rows, key=lambda row: [cell or "" for cell in row]))


def unpacked(path):
    if path.suffix == ".gz":
        return gzip.decompress(path.read_bytes())
    return arrow.input_stream(str(path), compression="zstd").read()


def compare_formats(parquet, base, pythons, counts):
    """The files of one table: what is in the CSV file, and what others make of theirs."""
    found = []
    for other in [of_polars(parquet), *pythons]:
        found += compare(base, other)
    for path in (parquet.with_suffix(ending) for ending in (".json", ".jsonl")):
        if path.exists():
            found += compare(base, of_json(path, base.kinds, path.suffix == ".jsonl"))
            counts[path.suffix] += 1
    if parquet.with_suffix(".csv").exists():
        found += compare(of_csv(parquet.with_suffix(".csv"), base.kinds), base, is_csv=True)
        counts[".csv"] += 1
    counts[".parquet"] += 1
    return found


def compare_database(tables, held, name, counts, ordered):
    """All tables of one file; where rows lie in another order than in the CSV, they are put in order first."""
    counts[f"tables of {name}"] += len(held)
    if held.keys() != tables.keys():
        return [f"{name}: its tables are not those of the folder data: {', '.join(sorted(held.keys() ^ tables.keys()))}"] if held else []
    arranged = (lambda table: table) if ordered else in_order
    return [difference for subject, table in held.items() for difference in compare(arranged(tables[subject]), arranged(table))]


def main(folder, other_python):
    folder, found, counts, tables = Path(folder), [], Counter(), {}
    pythons = [dict(of_duckdb(python, folder)) for python in (sys.executable, other_python)]
    for parquet in sorted(folder.rglob("*.parquet")):
        base = of_arrow(parquet)
        # What follows from a table (its history, its changes) has two lines in its name and is in no database.
        if "__" not in parquet.stem and parquet.is_relative_to(folder / "data"):
            tables[parquet.stem] = base
        found += compare_formats(parquet, base, [python[parquet.relative_to(folder).as_posix()] for python in pythons], counts)
    for python in pythons:
        databases = {name.removeprefix(DATABASE): table for name, table in python.items() if name.startswith(DATABASE)}
        found += compare_database(tables, databases, "virsis.duckdb", counts, ordered=True)
    if (folder / "virsis.sqlite").exists():
        found += compare_database(tables, dict(of_sqlite(folder / "virsis.sqlite")), "virsis.sqlite", counts, ordered=False)
    for path in sorted(path for path in folder.rglob("*") if path.suffix in (".gz", ".zst") and path.with_suffix("").exists()):
        if unpacked(path) != path.with_suffix("").read_bytes():
            found.append(f"{path}: does not unpack to the file beside it")
        counts["packed"] += 1
    print(f"agree: {folder}: {', '.join(f'{count} {what}' for what, count in counts.items())}", file=sys.stderr)
    if not counts[".csv"]:
        sys.exit(f"{folder} has no tables; it must be the folder of a tier")
    if found:
        sys.exit("\n".join(found[:SHOWN] + [f"… and {len(found) - SHOWN} more"] * (len(found) > SHOWN)))


if __name__ == "__main__":
    main(*sys.argv[1:])
