"""The project's own SQL (sql/models), run by the DuckDB wheel over the core tables, in the order of what each needs."""

import re

import duckdb
import polars as pl


def ordered(catalog, home):
    """Name, SQL and needs of each model that a published table or another model is made of."""
    waiting = {}
    for path in sorted((home / "sql/models").glob("*.sql")):
        sql = path.read_text()
        needs = re.search(r"^-- needs: (.*)$", sql, re.MULTILINE)
        waiting[path.stem] = (sql.strip().rstrip(";"), [name.strip() for name in needs[1].split(",") if name.strip()])
    needed = {need for _, needs in waiting.values() for need in needs}
    # The peers make no internal tier.
    waiting = {name: model for name, model in waiting.items() if catalog.tables[name].tiers != ["internal"] or name in needed}
    done = set()
    while waiting:
        ready = next(name for name, (_, needs) in waiting.items() if all(need.startswith("core_") or need in done for need in needs))
        done.add(ready)
        yield ready, *waiting.pop(ready)


def run(catalog, home, core):
    """A connection in which every model is a table."""
    connection = duckdb.connect()
    statements = list(ordered(catalog, home))
    for name in sorted({need for _, _, needs in statements for need in needs if need.startswith("core_")}):
        connection.register("rows", core.pop(name).to_arrow())
        connection.execute(f"CREATE TABLE {name} AS SELECT * FROM rows")
        connection.unregister("rows")
    for name, sql, _ in statements:
        connection.execute(f"CREATE TABLE {name} AS\n{sql}")
    return connection


def rows(connection, table):
    """What a model made, in its order."""
    return pl.from_arrow(connection.sql(f"SELECT * FROM {table.name}").to_arrow_table())
