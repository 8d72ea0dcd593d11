#!/usr/bin/env python3
"""What readers of the open tier lose by the suppression of statistics, beside two simpler rules. Called by disclosure.sh.

    disclosure_utility.py VIRSIS CONFIG PORTAL-RELEASE INTERNAL-RELEASE LOG

Each statistic is compared with the internal tier's of the same release. Numbers are what its rows have to say: every protected value, how many
persons there are, and what rows without persons add up to. Where categories are merged, the numbers of their rows fall and those of the one row
in their place are left; no value is lost. The value is that of its first sum, else of its first count, as a part of
all its cells; a cell is suppressed if this figure of it is. `hidden` leaves out what is shown of a suppressed cell all the same: what rows without persons add up to. `primary` are cells that
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
    """Of one statistic: cells, all value, and for each rule how many cells fall, how many numbers, and the value in them."""
    protect = table["protect"]
    sums = {column: rule for rule in protect for column in rule.get("sums", {})}
    main = next(iter(sums), None) or protect[0]["counts"][0]
    open_part = sums.get(main, protect[0]).get("open_part", {}).get(main)
    persons = protect[0]["persons"]
    numbers = {name for rule in protect for name in [rule["persons"], *rule["values"], *rule.get("open_part", {}).values()]}
    names = dimensions(table["statistic"])
    key = lambda row: tuple(str(row[name]) for name in names)
    value = lambda row: float(row[main])
    few = lambda persons: 0 < persons < FEW
    shown = {key(row): row for row in published}
    merged = [row for row in internal if key(row) not in shown]
    falls = {
        "ours": [row for row in internal if key(row) in shown and shown[key(row)][main] is None],
        "naive": [row for row in internal if few(row[persons])],
        "former": [row for row in internal if few((former or {}).get(key(row), row[persons]))],
    }
    count = lambda rows: sum(row[name] is not None for row in rows for name in numbers)
    lost = {name: count(fallen) for name, fallen in falls.items()} | {"ours": count(internal) - count(published)}
    found = {name: (len(fallen), lost[name], sum(map(value, fallen))) for name, fallen in falls.items()}
    found["hidden"] = sum(value(row) - float(row[open_part] if open_part else 0) for row in falls["ours"])
    found["merged"] = len(merged)
    return len(internal), sum(map(value, internal)), found


def print_line(name, cells, value, primary, found):
    part = lambda some: f"{100 * some / value:5.1f} %" if value else "      -"
    of = lambda rule: "{:5} {:7} {}".format(*found[rule][:2], part(found[rule][2]))
    ours = f"{found['merged']:6} {primary:7} {of('ours')} {part(found['hidden'])}"
    print(f"{name:24} {cells:5} | {ours} | {of('naive')} | {of('former')}")


def main(virsis, config, portal, internal, log):
    ask = lambda sql: subprocess.run(
        [virsis, "--config", config, "sql", "--tier", "internal", "--format", "csv", "-c", sql], check=True, capture_output=True, text=True
    ).stdout
    found = {file.stem: tomllib.loads(file.read_text(encoding="utf-8")) for file in sorted(TABLES.glob("out_stat_*.toml"))}
    definitions = {name: table for name, table in found.items() if "statistic" in table}
    former, primary = persons_of_income(ask, definitions), primary_cells(log)
    head = f"{'cells':5} {'numbers':7} {'value':>7}"
    print(f"{'':24} {'':5} | {'suppressed':45} | {'naive':21} | {'former rule':21}")
    print(f"{'statistic':24} {'cells':5} | {'merged':6} {'primary':7} {head} {'hidden':>7} | {head} | {head}")
    rules = ("ours", "naive", "former")
    sums = {rule: (0, 0, 0.0) for rule in rules} | {"hidden": 0.0, "merged": 0}
    total = (0, 0.0)
    for name, table in definitions.items():
        whole, shown = rows(Path(internal), name), rows(Path(portal) / "open", name)
        cells, value, of_table = compared(table, whole, shown, former.get(name))
        print_line(name, cells, value, primary[name], of_table)
        # Values of different statistics are of different units: in sum, each statistic counts the same.
        share = lambda some: some / value if value else 0.0
        total = (total[0] + cells, total[1] + bool(value))
        for rule in rules:
            (fallen, numbers, lost), (of_cells, of_numbers, of_value) = sums[rule], of_table[rule]
            sums[rule] = (fallen + of_cells, numbers + of_numbers, lost + share(of_value))
        sums["hidden"] += share(of_table["hidden"])
        sums["merged"] += of_table["merged"]
    print_line("all, statistics alike", *total, sum(primary[name] for name in definitions), sums)


if __name__ == "__main__":
    main(*sys.argv[1:])
