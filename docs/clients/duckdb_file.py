"""DuckDB opens the file with all tables where it lies and fetches only the parts that the query needs.

    pip install duckdb
    VIRSIS_URL=https://…/latest/open/ VIRS=302556435 METAI=2025 python duckdb_file.py

VIRSIS_URL may also be a folder on this computer.
"""

import os

import duckdb

connection = duckdb.connect()
connection.execute(f"ATTACH '{os.environ['VIRSIS_URL']}virsis.duckdb' AS virsis (READ_ONLY)")
paid = connection.execute(
    """
    SELECT institucijos_kodas, institucija, sum(suma), min(data), max(data), max(data) - min(data)
    FROM virsis.lesos
    WHERE ja_kodas = ? AND metai = ?
    GROUP BY ALL ORDER BY ALL
    """,
    [os.environ["VIRS"], int(os.environ["METAI"])],
)
for row in paid.fetchall():
    print(*row, sep="\t")
