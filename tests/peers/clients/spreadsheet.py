"""Answers the question from the spreadsheet that docs/clients/libreoffice.sh makes, taking each cell for no more than it is.

    spreadsheet.py FILE VIRS YEAR
"""

import sys
from collections import defaultdict
from datetime import datetime
from decimal import Decimal

import openpyxl


def is_a(kind, value):
    if not isinstance(value, kind):
        sys.exit(f"a cell that should be {kind} is {type(value)}")
    return value


def main(file, virs, year):
    rows = openpyxl.load_workbook(file).worksheets[0].iter_rows(values_only=True)
    names = next(rows)
    paid = defaultdict(list)
    for row in rows:
        cell = dict(zip(names, row))
        if is_a(str, cell["ja_kodas"]) == virs and is_a(int, cell["metai"]) == int(year):
            # A spreadsheet's number has 15 digits; the sum is made of what it shows.
            euros = Decimal(str(is_a((int, float), cell["suma"]))).quantize(Decimal("0.01"))
            paid[is_a(str, cell["institucijos_kodas"]), cell["institucija"]].append((euros, is_a(datetime, cell["data"]).date()))
    for (code, name), sums in sorted(paid.items()):
        days = [day for _, day in sums]
        print(code, name, sum(euros for euros, _ in sums), min(days), max(days), (max(days) - min(days)).days, sep="\t")


main(*sys.argv[1:])
