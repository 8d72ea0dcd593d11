#!/usr/bin/env python3
"""What readers of the open tier lose by the suppression of statistics, beside two simpler rules. Called by disclosure.sh.

    disclosure_utility.py VIRSIS CONFIG PORTAL-RELEASE INTERNAL-RELEASE LOG

Each statistic is compared with the internal tier's of the same release. The value is that of its first sum, else of its first count, as a part of
all its cells. `hidden` leaves out what is shown of a suppressed cell all the same: what rows without persons add up to. `primary` are cells that
tell too much by themselves, since they count too few persons or one of these dominates; LOG, the log of the night, says how many.

naive   every row behind which one or two persons stand is dropped as a whole
former  the rule before statistics were protected together: a cell falls if fewer than three persons stand in its smaller role (payers or
        receivers); in income by source and kind, with whichever cell of its year and source, in any table of income, has the fewest

Neither is safe: what they leave out can be worked out from other tables.
"""

import csv
import io
import json
import re
import subprocess
import sys
import tomllib
from pathlib import Path

FEW = 3
INCOME = "out_faktai_pajamos"
INCOME_BY_SOURCE = "out_stat_pajamos"
TABLES = Path(__file__).parents[2] / "data" / "tables"


def dimensions(statistic):
    """Names of the columns: `metai = year(data)` is a column `metai`."""
    return [dimension.split(" = ")[0] for dimension in statistic["dimensions"]]


def rows(release, table):
    """The rows of a table as one tier has them."""
    (file,) = release.glob(f"data/*/{table.removeprefix('out_')}.jsonl")
    with open(file, encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def smaller_roles(ask, name, statistic):
    """How many persons stand in the smaller role of each cell of a statistic of income; 0 if in none."""
    keys = ", ".join(dimensions(statistic))
    only = " AND ".join(f"{column} = '{value}'" for column, value in statistic.get("only", {}).items()) or "TRUE"
    counts = ", ".join(f"COUNT(DISTINCT {role})" for role in statistic["persons"])
    answer = ask(f"SELECT {keys}, {counts} FROM {INCOME.removeprefix('out_')} WHERE {only} GROUP BY {keys} ORDER BY {keys}")
    roles = {}
    for line in list(csv.reader(io.StringIO(answer)))[1:]:
        split = len(statistic["dimensions"])
        roles[tuple(line[:split])] = min((int(count) for count in line[split:] if int(count)), default=0)
    return roles


def persons_of_income(ask, definitions):
    """By statistic of income and cell, the number of persons that the former rule looked at."""
    income = {name: table["statistic"] for name, table in definitions.items() if table["statistic"]["rows"] == INCOME}
    own = {name: smaller_roles(ask, name, statistic) for name, statistic in income.items()}
    least = {}

    def year_and_source(name, key):
        values = dict(zip(dimensions(income[name]), key)) | income[name].get("only", {})
        return values["metai"], values["pajamu_saltinis"]

    for name, roles in own.items():
        for key, persons in roles.items():
            if persons:
                place = year_and_source(name, key)
                least[place] = min(least.get(place, persons), persons)
    by_source = own[INCOME_BY_SOURCE]
    own[INCOME_BY_SOURCE] = {key: persons and least[year_and_source(INCOME_BY_SOURCE, key)] for key, persons in by_source.items()}
    return own


def primary_cells(log):
    """By statistic, how many cells tell too much by themselves."""
    found = re.findall(r'table="(\w+)".*? primary=(\d+)', Path(log).read_text(encoding="utf-8"))
    return {table: int(cells) for table, cells in found}


def compared(table, internal, published, former):
    """Of one statistic: cells, all value, and for each rule how many cells fall and the value in them."""
    rule = table["protect"][0]
    main = next(iter(rule.get("sums", {})), None) or rule["counts"][0]
    open_part = rule.get("open_part", {}).get(main)
    names = dimensions(table["statistic"])
    key = lambda row: tuple(str(row[name]) for name in names)
    value = lambda row: float(row[main])
    few = lambda persons: 0 < persons < FEW
    suppressed = {key(row) for row in published if row[main] is None}
    falls = {
        "ours": [row for row in internal if key(row) in suppressed],
        "naive": [row for row in internal if few(row[rule["persons"]])],
        "former": [row for row in internal if few((former or {}).get(key(row), row[rule["persons"]]))],
    }
    found = {name: (len(fallen), sum(map(value, fallen))) for name, fallen in falls.items()}
    found["hidden"] = sum(value(row) - float(row[open_part] if open_part else 0) for row in falls["ours"])
    return len(internal), sum(map(value, internal)), found


def print_line(name, cells, value, primary, found):
    part = lambda some: f"{100 * some / value:5.1f} %" if value else "      -"
    (ours, lost), (naive, by_naive), (former, by_former) = (found[rule] for rule in ("ours", "naive", "former"))
    print(f"{name:24} {cells:5} | {ours:5} {primary:7} {part(lost)} {part(found['hidden'])} | {naive:5} {part(by_naive)} | {former:5} {part(by_former)}")


def main(virsis, config, portal, internal, log):
    ask = lambda sql: subprocess.run(
        [virsis, "--config", config, "sql", "--tier", "internal", "--format", "csv", "-c", sql], check=True, capture_output=True, text=True
    ).stdout
    found = {file.stem: tomllib.loads(file.read_text(encoding="utf-8")) for file in sorted(TABLES.glob("out_stat_*.toml"))}
    definitions = {name: table for name, table in found.items() if "statistic" in table}
    former, primary = persons_of_income(ask, definitions), primary_cells(log)
    print(f"{'':24} {'':5} | {'suppressed':29} | {'naive':13} | {'former rule':13}")
    print(f"{'statistic':24} {'cells':5} | {'cells':5} {'primary':7} {'value':>7} {'hidden':>7} | {'rows':5} {'value':>7} | {'cells':5} {'value':>7}")
    sums = {"ours": (0, 0.0), "naive": (0, 0.0), "former": (0, 0.0), "hidden": 0.0}
    total = (0, 0.0)
    for name, table in definitions.items():
        whole, shown = rows(Path(internal), name), rows(Path(portal) / "open", name)
        cells, value, of_table = compared(table, whole, shown, former.get(name))
        print_line(name, cells, value, primary[name], of_table)
        # Values of different statistics are of different units: in sum, each statistic counts the same.
        share = lambda some: some / value if value else 0.0
        total = (total[0] + cells, total[1] + bool(value))
        for rule in ("ours", "naive", "former"):
            sums[rule] = (sums[rule][0] + of_table[rule][0], sums[rule][1] + share(of_table[rule][1]))
        sums["hidden"] += share(of_table["hidden"])
    print_line("all, statistics alike", *total, sum(primary[name] for name in definitions), sums)


if __name__ == "__main__":
    main(*sys.argv[1:])
