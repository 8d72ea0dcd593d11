"""Runs what the portal's page for programs tells its readers to run, each with what says the most of it: the biggest sum of the year.

    page.py FOLDER ADDRESS BIN        FOLDER has programoms.md and programoms.en.md; BIN has the programs duckdb and python

Exit code 1: an example, which is named by its line, fails or does not print that sum, or the two languages have other examples.
"""

import csv
import io
import re
import subprocess
import sys
import tempfile
import urllib.request
from collections import defaultdict
from decimal import Decimal
from pathlib import Path

EXAMPLE = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
PLACE = "https://ADRESAS/"
PAYMENTS = "data/pajamos/lesos.csv"
YEAR = "2024"


def biggest_sum(rows):
    sums = defaultdict(Decimal)
    for row in rows:
        if row["metai"] == YEAR:
            sums[row["institucijos_kodas"]] += Decimal(row["suma"])
    return max(sums.values())


def run(language, text, programs):
    """What an example prints, in a folder of its own."""
    commands = {"sql": [programs / "duckdb", "-f"], "python": [programs / "python"], "r": ["Rscript"], "sh": ["sh"]}
    with tempfile.TemporaryDirectory() as folder:
        example = Path(folder, "example")
        example.write_text(text, encoding="utf-8")
        done = subprocess.run([*commands[language], example], cwd=folder, capture_output=True, text=True, encoding="utf-8")
    return done.stdout if done.returncode == 0 else f"failed: {done.stderr}"


def wrong(language, text, address, programs, rows, shown):
    """Why an example is not right; None if it is."""
    if language == "powerquery":
        # Nothing here runs it; its columns are there, at least.
        named = set(re.findall(r'{"(\w+)", ', text))
        return None if named and named <= set(rows[0]) and PLACE + PAYMENTS in text else "names other columns than the file has"
    said = run(language, text.replace(PLACE, address), programs)
    return None if shown.search(said) else f"does not print the biggest sum of {YEAR}; {said if said.startswith('failed') else ''}"


def main(folder, address, programs):
    folder, programs = Path(folder), Path(programs)
    lithuanian, english = (EXAMPLE.findall((folder / name).read_text(encoding="utf-8")) for name in ("programoms.md", "programoms.en.md"))
    if lithuanian != english or not lithuanian:
        sys.exit("programoms.md and programoms.en.md have other examples")
    with urllib.request.urlopen(address + PAYMENTS) as answer:
        rows = list(csv.DictReader(io.TextIOWrapper(answer, encoding="utf-8", newline="")))
    whole, cents = str(biggest_sum(rows)).split(".")
    # Whoever has no decimals does not print a zero at the end.
    shown = re.compile(rf"(?<!\d){whole}\.{cents.rstrip('0') or '0?'}0*(?!\d)")
    failed = False
    for number, (language, text) in enumerate(lithuanian, 1):
        reason = wrong(language, text, address, programs, rows, shown)
        failed = failed or reason is not None
        print(f"   example {number}, {language}: {reason or 'right'}", file=sys.stderr)
    sys.exit(failed)


main(*sys.argv[1:])
