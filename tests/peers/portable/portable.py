"""Runs every model, check and report of sql/ on DuckDB and on DataFusion over random hard rows, and compares what they answer."""

import argparse
import os
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import compare
import constructs
import definitions
import hard_rows
import self_test
import statements
import values
from engines import DataFusion, DuckDb, Refused

# What engines say of a sum that does not fit; any other refusal is that of the statement.
OVERFLOWS = ["out of range", "Overflow", "overflow", "too large to store", "too small to store", "Can't cast value"]


class Run:
    """What was seen so far."""

    def __init__(self, home: Path, only: str):
        self.tables = definitions.tables(home)
        self.classifiers = definitions.classifiers(home)
        self.all = statements.load(home, self.tables)
        if only:
            # With all that they are made of.
            wanted = set()
            for statement in reversed(self.all):
                if only in statement.name or statement.name in wanted:
                    wanted |= {statement.name, *statement.needs}
            self.all = [statement for statement in self.all if statement.name in wanted]
        self.wrong, self.asked, self.rows, self.cells, self.refused = [], 0, 0, 0, 0
        # Statements that answered with no row anywhere were not compared.
        self.answered = set()

    def add(self, other):
        """What another run saw."""
        self.wrong += other.wrong
        self.asked += other.asked
        self.rows += other.rows
        self.cells += other.cells
        self.refused += other.refused
        self.answered |= other.answered

    def country(self, seed: int):
        """Models over drawn core tables, each over what those before it made; checks and reports over what all made, and over drawn tables."""
        # In every third country there are sums that do not fit.
        overflows = seed % 3 == 0
        country = hard_rows.Country(seed, self.tables, self.classifiers, overflows)
        core = {name: country.table(name) for name in self.tables if name.startswith("core_")}
        self.over(seed, "made", country, core)
        drawn = hard_rows.Country(seed + 1000, self.tables, self.classifiers, overflows)
        self.over(seed, "drawn", drawn, {name: drawn.table(name) for name in self.tables})

    def over(self, seed: int, how: str, country, tables: dict):
        engines = [DuckDb(), DataFusion()]
        scattered, shown = 0, set()

        def add(name, rows):
            nonlocal scattered
            for engine in engines:
                scattered += 1
                engine.add(name, hard_rows.scattered(rows, scattered))

        for name, rows in tables.items():
            add(name, rows)
        for statement in self.all:
            if any(need not in tables for need in statement.needs):
                # A model below it failed on both engines.
                continue
            if statement.kind == "report":
                for name in set(statement.needs) - shown:
                    shown.add(name)
                    add(name.removeprefix("out_"), tables[name])
            for given in values.of(statement, country):
                rows = self.ask(seed, how, statement, given, engines)
                if statement.kind == "model" and how == "made" and rows is not None:
                    tables[statement.name] = rows.cast(self.tables[statement.name].schema())
                    add(statement.name, tables[statement.name])

    def ask(self, seed: int, how: str, statement, given: dict, engines: list):
        """The rows of the first engine; `None` if none can be taken further."""
        answers, refusals = [], []
        for engine in engines:
            try:
                answers.append(engine.ask(statement.sql, given))
            except Refused as refusal:
                refusals.append(f"{engine.name}: {str(refusal).splitlines()[0][:300]}")
        self.asked += 1
        if len(refusals) == 2:
            self.refused += 1
            if not all(any(word in said for word in OVERFLOWS) for said in refusals):
                self.differs(seed, how, statement, given, "no engine runs it: " + "; ".join(refusals))
            return None
        if refusals:
            self.differs(seed, how, statement, given, f"one engine alone refuses it: {refusals[0]}")
            return None
        difference = compare.same(*answers, tuple(engine.name for engine in engines))
        if difference is None and statement.kind == "model":
            misfits = [(engine.name, compare.fits(rows, self.tables[statement.name].schema())) for engine, rows in zip(engines, answers)]
            difference = next((f"{engine}: {misfit}" for engine, misfit in misfits if misfit), None)
        if difference:
            self.differs(seed, how, statement, given, difference)
            return None
        self.rows += answers[0].num_rows
        self.cells += answers[0].num_rows * answers[0].num_columns
        if answers[0].num_rows:
            self.answered.add(statement.name)
        return answers[0]

    def differs(self, seed: int, how: str, statement, given: dict, what: str):
        with_values = f", with {given}" if given else ""
        self.wrong.append((statement.name, f"{statement.file} ({statement.name}), seed {seed}, {how} tables{with_values}: {what}"))


def over_a_country(home: Path, only: str, seed: int) -> Run:
    run = Run(home, only)
    run.country(seed)
    return run


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("home", nargs="?", type=Path, default=Path(__file__).resolve().parents[3])
    parser.add_argument("--seeds", default="1-5")
    parser.add_argument("--only", default="")
    options = parser.parse_args()
    began = time.monotonic()
    first, last = (int(seed) for seed in options.seeds.split("-"))
    with ProcessPoolExecutor(max_workers=os.cpu_count()) as processes:
        countries = [processes.submit(over_a_country, options.home, options.only, seed) for seed in range(first, last + 1)]
        run = Run(options.home, options.only)
        said = self_test.failures(options.home)
        said += dict.fromkeys(line for statement in run.all for line in constructs.found(statement, run.tables))
        for country in countries:
            run.add(country.result())
    shown = {}
    for name, line in run.wrong:
        shown.setdefault(name, []).append(line)
    for lines in shown.values():
        said.append(lines[0] + (f" (and {len(lines) - 1} more times)" if len(lines) > 1 else ""))
    silent = sorted({statement.name for statement in run.all} - run.answered - set(shown))
    if silent and not options.only:
        said.append(f"never answered with a row, so that nothing of them was compared: {', '.join(silent)}")
    for line in said:
        print(f"portable: {line}", file=sys.stderr)
    print(
        f"portable: {len(run.all)} statements, seeds {options.seeds}: {run.asked} answers of two engines, {run.rows} rows, {run.cells} cells compared,"
        f" {run.refused} refused by both; {len(said)} wrong; {time.monotonic() - began:.0f} s",
        file=sys.stderr,
    )
    sys.exit(1 if said else 0)


if __name__ == "__main__":
    main()
