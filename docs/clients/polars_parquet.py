"""Polars reads the Parquet file over HTTP: of a large one only the columns and rows that the query needs are sent.

    pip install polars
    VIRSIS_URL=https://…/latest/open/ VIRS=302556435 METAI=2025 python polars_parquet.py
"""

import os

import polars as pl

day = pl.col("data")
paid = (
    pl.scan_parquet(os.environ["VIRSIS_URL"] + "data/pajamos/lesos.parquet")
    .filter(pl.col("ja_kodas") == os.environ["VIRS"], pl.col("metai") == int(os.environ["METAI"]))
    .group_by("institucijos_kodas", "institucija")
    .agg(
        pl.col("suma").sum(),
        day.min().alias("pirma"),
        day.max().alias("paskutine"),
        (day.max() - day.min()).dt.total_days().alias("dienos"),
    )
    .sort("institucijos_kodas", "institucija")
    .collect()
)
for row in paid.rows():
    print(*row, sep="\t")
