"""DuckDB over HTTP where its extension httpfs cannot be fetched: Python reads the parts for it.

    pip install duckdb fsspec aiohttp
    VIRSIS_URL=https://…/latest/open/ VIRS=302556435 METAI=2025 python duckdb_fsspec.py
"""

import os
from datetime import datetime

import duckdb
from fsspec.implementations.http import HTTPFileSystem


class Web(HTTPFileSystem):
    """Files of the web, read in parts. DuckDB asks when each was changed; one query does not need to know."""

    def modified(self, path):
        return datetime(2000, 1, 1)


connection = duckdb.connect()
connection.register_filesystem(Web(block_size=2**14))
paid = connection.execute(
    """
    SELECT institucijos_kodas, institucija, sum(suma), min(data), max(data), max(data) - min(data)
    FROM read_parquet(?)
    WHERE ja_kodas = ? AND metai = ?
    GROUP BY ALL ORDER BY ALL
    """,
    [os.environ["VIRSIS_URL"] + "data/pajamos/lesos.parquet", os.environ["VIRS"], int(os.environ["METAI"])],
)
for row in paid.fetchall():
    print(*row, sep="\t")
