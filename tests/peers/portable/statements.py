"""The statements of sql/: models in the order in which they run, checks (each line of a template is one), reports with their parameters."""

import re
from dataclasses import dataclass, field
from pathlib import Path


@dataclass
class Statement:
    name: str
    # As messages name it.
    file: str
    kind: str
    # Lines stand where they stand in the file.
    sql: str
    needs: list
    parameters: list = field(default_factory=list)


@dataclass
class Parameter:
    name: str
    kind: str
    default: str


def header(text: str, key: str) -> list:
    return [line[len(key) + 4 :].strip() for line in text.splitlines() if line.startswith(f"-- {key}:")]


def listed(text: str, key: str) -> list:
    return [name.strip() for line in header(text, key) for name in line.split(",") if name.strip()]


def load(home: Path, tables: dict) -> list:
    """All statements: models so that what one needs is made before it, then checks, then reports."""
    return in_order([*of(home, "models")]) + [*of(home, "checks")] + [*reports(home, tables)]


def of(home: Path, folder: str):
    for path in sorted((home / "sql" / folder).glob("*.sql")):
        text = path.read_text()
        file = f"sql/{folder}/{path.name}"
        rows = [[cell.strip() for cell in line.split(" | ")] for line in header(text, "for")]
        for name, sql in filled(text, rows) if rows else [(path.stem, text)]:
            yield Statement(name, file, folder.removesuffix("s"), sql, listed(sql, "needs"))


def filled(text: str, rows: list):
    columns, *rows = rows
    # The lines that say what stands in the places stay, empty, so that line numbers are those of the file.
    template = re.sub(r"(?m)^-- for:.*$", "--", text)
    for row in rows:
        sql = template
        for column, cell in zip(columns[1:], row[1:], strict=True):
            sql = sql.replace("{%s}" % column, cell)
        yield row[0], sql


def in_order(models: list) -> list:
    ordered, made = [], set()
    while models:
        ready = next(model for model in models if all(need.startswith("core_") or need in made for need in model.needs))
        models.remove(ready)
        made.add(ready.name)
        ordered.append(ready)
    return ordered


def reports(home: Path, tables: dict):
    """Reports ask the tables of a tier, which are called as published tables without `out_`."""
    tier = {name.removeprefix("out_"): name for name in tables if name.startswith("out_")}
    for path in sorted((home / "sql/reports").glob("*.sql")):
        text = path.read_text()
        code = re.sub(r"(?m)^--.*$", "", text)
        own = set(re.findall(r"(\w+) AS \(\s", code))
        needs = sorted({tier[word] for word in re.findall(r"(?:FROM|JOIN) (\w+)", code) if word in tier and word not in own})
        parameters = []
        for line in header(text, "param"):
            name, kind, default = line.split('"')[0].split()
            parameters.append(Parameter(name, kind, default))
        yield Statement(path.stem, f"sql/reports/{path.name}", "report", text, needs, parameters)
