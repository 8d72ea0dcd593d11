"""pandas reads the Parquet file: types are in it. With types of Arrow, sums of money stay exact decimals.

    pip install pandas pyarrow
    VIRSIS_URL=https://…/latest/open/ VIRS=302556435 METAI=2025 python pandas_parquet.py
"""

import os

import pandas as pd

payments = pd.read_parquet(os.environ["VIRSIS_URL"] + "data/pajamos/lesos.parquet", dtype_backend="pyarrow")
asked = payments[(payments["ja_kodas"] == os.environ["VIRS"]) & (payments["metai"] == int(os.environ["METAI"]))]
paid = asked.groupby(["institucijos_kodas", "institucija"]).agg(suma=("suma", "sum"), pirma=("data", "min"), paskutine=("data", "max"))
for (code, name), row in paid.sort_index().iterrows():
    print(code, name, row["suma"], row["pirma"], row["paskutine"], (row["paskutine"] - row["pirma"]).days, sep="\t")
