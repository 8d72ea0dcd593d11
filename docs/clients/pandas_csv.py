"""pandas reads the CSV file. Left to guess, it would take zeros off codes, make fractions of sums and take the country NA for nothing; so it is told.

    pip install pandas
    VIRSIS_URL=https://…/latest/open/ VIRS=302556435 METAI=2025 python pandas_csv.py
"""

import os
from decimal import Decimal

import pandas as pd

payments = pd.read_csv(os.environ["VIRSIS_URL"] + "data/pajamos/lesos.csv", dtype="string", keep_default_na=False, na_values=[""])
payments["suma"] = payments["suma"].map(Decimal)
payments["data"] = pd.to_datetime(payments["data"], format="%Y-%m-%d")
payments["metai"] = payments["metai"].astype("int64")

asked = payments[(payments["ja_kodas"] == os.environ["VIRS"]) & (payments["metai"] == int(os.environ["METAI"]))]
for (code, name), rows in asked.groupby(["institucijos_kodas", "institucija"]):
    first, last = rows["data"].min(), rows["data"].max()
    print(code, name, rows["suma"].sum(), first.date(), last.date(), (last - first).days, sep="\t")
