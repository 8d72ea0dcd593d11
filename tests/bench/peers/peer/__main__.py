"""python -m peer VARIANT HOME EXTRACTS PERSON_KEY OUT

Makes the tables of the public and the open tier from EXTRACTS. VARIANT says who writes the files: `polars` or `duckdb`. Polars reads and cleans in both, DuckDB runs the project's
SQL, Python resolves owners. HOME has data/ and sql/ (a clone). Prints stages as `virsis run --timings` does.

Left out, though the program does it: suppression, merging and holding of statistics, the audit, checks (sql/checks), gates against the last extract, what is kept for the next night,
the internal tier, histories, pages, search, databases, workbooks, descriptions for machines, hashes and signatures. Personal values are looked for less thoroughly (personal.py).
"""

import resource
import sys
import time
from datetime import date, timedelta
from pathlib import Path

START = time.monotonic()

from . import models, tiers, writing  # noqa: E402
from .core import Country  # noqa: E402
from .definitions import Catalog  # noqa: E402
from .persons import Persons  # noqa: E402

MARGIN = timedelta(days=1)


class Stages:
    """Wall and CPU time of each stage, and the most memory so far."""

    def __init__(self):
        self.done, self.at = {}, (START, 0.0)

    def finish(self, stage):
        now, peak = clocks()
        self.add(stage, now, self.at, peak)
        self.at = now

    def add(self, stage, now, since, peak):
        wall, cpu, before = self.done.get(stage, (0.0, 0.0, 0))
        self.done[stage] = (wall + now[0] - since[0], cpu + now[1] - since[1], before or peak)

    def part_of(self, stage, work):
        """Does a piece of work that belongs to another stage, and counts it there."""
        since, _ = clocks()
        result = work()
        now, peak = clocks()
        self.add(stage, now, since, peak)
        self.at = tuple(at + after - before for at, after, before in zip(self.at, now, since))
        return result

    def print(self):
        total = [sum(stage[place] for stage in self.done.values()) for place in (0, 1)]
        print(f"{'stage':<24}{'wall ms':>10}{'cpu ms':>10}{'peak MiB':>11}")
        for stage, (wall, cpu, peak) in {**self.done, "total": (*total, clocks()[1])}.items():
            print(f"{stage:<24}{wall * 1000:>10.0f}{cpu * 1000:>10.0f}{peak:>11}")


def clocks():
    used = resource.getrusage(resource.RUSAGE_SELF)
    return (time.monotonic(), used.ru_utime + used.ru_stime), used.ru_maxrss // 1024


def main(variant, home, extracts, person_key, out):
    stages = Stages()
    home, out = Path(home), Path(out)
    catalog = Catalog(home)
    persons = Persons(Path(person_key).read_bytes())
    country = Country(catalog, Path(extracts), persons, date.today() + MARGIN)
    stages.finish("definitions")
    country.read_all()
    as_of = max(extract.extract_date for extract in country.extracts.values() if extract.extract_date)
    stages.finish("read and clean")
    core = country.build(as_of)
    del country
    stages.finish("owners and core tables")
    connection = models.run(catalog, home, core)
    stages.finish("sql models")
    known = {}

    def made(table):
        # To fetch what a model made is a part of running it, in the program as well.
        return stages.part_of("sql models", lambda: models.rows(connection, table))

    def disclosed(table, tier, rows):
        return tiers.disclose(table, tier, rows, persons, known)

    writing.publish(catalog, connection, made, disclosed, out, variant)
    stages.finish("tiers and files")
    stages.print()


if __name__ == "__main__":
    main(*sys.argv[1:])
