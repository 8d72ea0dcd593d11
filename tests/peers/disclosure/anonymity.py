"""The k of published rows, counted by pycanon (Sáinz-Pardo Díaz and López García, 2022): nothing in common with the crate `catalog`.

    anonymity.py FILE.csv INDIVIDUAL QUASI-IDENTIFIERS WITHHELD    prints the k that the rows of the file have; 0 where it has no such row

QUASI-IDENTIFIERS and WITHHELD are names with commas between them. Looked at are rows in which all columns of WITHHELD are empty. Rows of the same
individual with the same quasi-identifiers count once.
"""

import sys

import pandas
from pycanon import anonymity

file, individual, identifiers, withheld = sys.argv[1], sys.argv[2], sys.argv[3].split(","), sys.argv[4].split(",")
# pycanon takes no cell for a value where nothing stands in it.
rows = pandas.read_csv(file, dtype=str, encoding="utf-8-sig", keep_default_na=False)
rows = rows[(rows[withheld] == "").all(axis=1)]
rows = rows.replace("", "(empty)").drop_duplicates([individual, *identifiers]).reset_index(drop=True)
print(anonymity.k_anonymity(rows, identifiers) if len(rows) else 0)
