"""Works out what every client should answer, from the CSV file alone and with nothing but Python's own library.

    expected.py ask ADDRESS FILE        which VIRS and which year to ask for: the one with most payments, some of one payer on
                                        several days, and a payer whose code begins with a zero
    expected.py answer ADDRESS FILE VIRS YEAR

ADDRESS is that of a tier's folder. The answer has a line for each payer: code, name, sum, first and last day, days between them.
"""

import csv
import datetime
import decimal
import io
import sys
import urllib.request
from collections import defaultdict

# A sum that does not fit is an error, never rounded.
decimal.getcontext().traps[decimal.Inexact] = True


def payments(address, file):
    with urllib.request.urlopen(address + file) as answer:
        return list(csv.DictReader(io.TextIOWrapper(answer, encoding="utf-8", newline="")))


def ask(rows):
    days = defaultdict(lambda: defaultdict(set))
    for row in rows:
        days[row["ja_kodas"], row["metai"]][row["institucijos_kodas"]].add(row["data"])
    count = {asked: sum(map(len, payers.values())) for asked, payers in days.items() if proves(payers)}
    if not count:
        sys.exit("nothing here shows that zeros of codes are kept and sums made; country.sh makes a release that does")
    print(*max(sorted(count), key=count.get))


def proves(payers):
    return any(code.startswith("0") for code in payers) and any(len(days) > 1 for days in payers.values())


def answer(rows, virs, year):
    paid = defaultdict(list)
    for row in rows:
        if row["ja_kodas"] == virs and row["metai"] == year:
            day = datetime.date.fromisoformat(row["data"])
            paid[row["institucijos_kodas"], row["institucija"]].append((decimal.Decimal(row["suma"]), day))
    for (code, name), sums in sorted(paid.items()):
        days = [day for _, day in sums]
        print(code, name, sum(euros for euros, _ in sums), min(days), max(days), (max(days) - min(days)).days, sep="\t")


def main(verb, address, file, *asked):
    rows = payments(address, file)
    return ask(rows) if verb == "ask" else answer(rows, *asked)


if __name__ == "__main__":
    main(*sys.argv[1:])
