"""The project's own definitions: columns, tables, classifiers, legal parameters. The peers read what the program reads, so that neither has rules of its own."""

import csv
import tomllib
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True)
class Column:
    name: str
    kind: str
    title: dict
    check: str | None
    unit: str | None
    personal: str
    past: bool


@dataclass
class Table:
    name: str
    title: dict
    description: dict
    columns: list[tuple[Column, bool]]
    key: list[str]
    tiers: list[str]
    order: list
    require_one: list
    round: dict[str, int]
    k_anonymity: dict | None
    protected: bool
    merge: dict | None
    role: str | None
    feeds: str | None
    mentions: str | None
    submitted: bool

    @property
    def source(self):
        return self.name.removeprefix("raw_").split("__")[0]

    @property
    def names(self):
        return [column.name for column, _ in self.columns]

    def column(self, name):
        return next((column for column, _ in self.columns if column.name == name), None)


@dataclass
class Classifier:
    name: str
    terms: list[dict]
    groups: dict = field(default_factory=dict)

    @property
    def codes(self):
        return [term["kodas"] for term in self.terms]


class Catalog:
    def __init__(self, home: Path):
        data = home / "data"
        columns = {}
        for path in sorted((data / "columns").glob("*.toml")):
            for name, said in tomllib.loads(path.read_text()).items():
                columns[name] = Column(
                    name, said["type"], said["title"], said.get("check"), said.get("unit"), said.get("personal", "none"), said.get("past", False)
                )
        k = tomllib.loads((data / "law/parameters.toml").read_text())["k_anonymity"]["k"]
        self.tables = {path.stem: table(path, columns, k) for path in sorted((data / "tables").glob("*.toml"))}
        self.classifiers = {path.stem: classifier(path) for path in sorted((data / "classifiers").glob("*.csv"))}
        self.law = tomllib.loads((data / "law/parameters.toml").read_text())
        with open(data / "law/bsi.csv", newline="") as file:
            self.bsi = [(row["nuo"], int(row["suma"])) for row in csv.DictReader(file)]
        self.datasets = {path.stem: tomllib.loads(path.read_text()) for path in sorted((data / "datasets").glob("*.toml"))}

    def role(self, role):
        return next(table for table in self.tables.values() if table.role == role)

    def layer(self, layer):
        return [table for name, table in self.tables.items() if name.startswith(layer + "_")]

    def fed(self):
        """Raw tables by the core table that takes their rows, in the order in which their sources come first."""
        order = self.classifiers["saltiniai"].codes
        fed = {}
        for raw in self.layer("raw"):
            if raw.feeds:
                fed.setdefault(raw.feeds, []).append(raw)
        for raws in fed.values():
            raws.sort(key=lambda raw: (order.index(raw.source), raw.name))
        return dict(sorted(fed.items()))

    def dataset_of(self, table):
        return next(name for name, dataset in self.datasets.items() if table in dataset["tables"])


def table(path, columns, k):
    said = tomllib.loads(path.read_text())
    used = [(columns[name.rstrip("!")], name.endswith("!")) for name in said["columns"]]
    rounded = {name: rule["base"] for rule in said.get("round", []) for name in rule["columns"]}
    anonymity = said.get("k_anonymity")
    return Table(
        name=path.stem,
        title=said["title"],
        description=said["description"],
        columns=used,
        key=said.get("key", []),
        tiers=said.get("tiers", []),
        order=said.get("order", []),
        require_one=said.get("require_one", []),
        round=rounded,
        k_anonymity=anonymity and {"k": k, **anonymity},
        protected="protect" in said,
        merge=said.get("statistic", {}).get("merge"),
        role=said.get("role"),
        feeds=said.get("feeds"),
        mentions=said.get("mentions"),
        submitted=said.get("submitted", False),
    )


def classifier(path):
    with open(path, newline="") as file:
        terms = list(csv.DictReader(file))
    groups = path.with_suffix(".toml")
    return Classifier(path.stem, terms, tomllib.loads(groups.read_text()) if groups.exists() else {})
