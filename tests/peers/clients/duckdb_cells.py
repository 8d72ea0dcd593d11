"""Prints what this Python's DuckDB reads of every Parquet file below a tier's folder, and of the file with all tables.

    duckdb_cells.py FOLDER

Each line is JSON: the file or table, its columns with their types, its rows as DuckDB prints them.
"""

import json
import sys
from pathlib import Path

import duckdb

folder = Path(sys.argv[1])
connection = duckdb.connect()
sources = [(path.relative_to(folder).as_posix(), f"read_parquet('{path}')") for path in sorted(folder.rglob("*.parquet"))]
if (folder / "virsis.duckdb").exists():
    connection.execute(f"ATTACH '{folder / 'virsis.duckdb'}' AS virsis (READ_ONLY)")
    tables = connection.execute("SELECT table_name FROM duckdb_tables() WHERE database_name = 'virsis' ORDER BY 1").fetchall()
    sources += [(f"virsis.duckdb/{name}", f"virsis.{name}") for (name,) in tables]
for name, source in sources:
    types = {column: kind for column, kind, *_ in connection.execute(f"DESCRIBE SELECT * FROM {source}").fetchall()}
    rows = connection.execute(f"SELECT CAST(COLUMNS(*) AS VARCHAR) FROM {source}").fetchall()
    print(json.dumps({"name": name, "types": types, "rows": rows}))
