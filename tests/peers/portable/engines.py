"""DuckDB and DataFusion behind the same two verbs: `add` a table, `ask` a statement."""

import warnings

import datafusion
import duckdb
import pyarrow

warnings.filterwarnings("ignore", message="Arrow output on a DB-API result")


class Refused(Exception):
    """An engine did not run a statement."""


class DuckDb:
    name = "DuckDB"

    def __init__(self):
        self.connection = duckdb.connect(config={"threads": 2, "enable_external_access": False})

    def add(self, name: str, rows: pyarrow.Table):
        self.connection.register("rows_of_a_table", rows)
        self.connection.execute(f"CREATE OR REPLACE TABLE {name} AS SELECT * FROM rows_of_a_table")
        self.connection.unregister("rows_of_a_table")

    def ask(self, sql: str, values: dict) -> pyarrow.Table:
        try:
            return self.connection.execute(sql, values or None).to_arrow_table()
        except duckdb.Error as error:
            raise Refused(str(error)) from None


class DataFusion:
    """With several partitions and small batches, so that nothing stays in order by chance."""

    name = "DataFusion"

    def __init__(self):
        settings = {"datafusion.execution.target_partitions": "3", "datafusion.execution.batch_size": "16"}
        self.context = datafusion.SessionContext(datafusion.SessionConfig(settings))

    def add(self, name: str, rows: pyarrow.Table):
        if self.context.table_exist(name):
            self.context.deregister_table(name)
        batches = rows.to_batches(max_chunksize=max(1, rows.num_rows // 3)) or [pyarrow.RecordBatch.from_pylist([], schema=rows.schema)]
        self.context.register_record_batches(name, [[batch] for batch in batches])

    def ask(self, sql: str, values: dict) -> pyarrow.Table:
        try:
            frame = self.context.sql(sql, param_values=values) if values else self.context.sql(sql)
            batches = frame.collect()
        except Exception as error:  # noqa: BLE001 - the binding raises bare exceptions
            raise Refused(str(error)) from None
        # Batches and schema do not agree on what may be null.
        schema = pyarrow.schema([(field.name, field.type) for field in (batches[0].schema if batches else frame.schema())])
        return pyarrow.Table.from_batches([pyarrow.RecordBatch.from_arrays(batch.columns, schema=schema) for batch in batches], schema)
