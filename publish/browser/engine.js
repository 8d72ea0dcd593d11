// What the portal's scripts for SQL and reports take from packages of others, in one file.
export { AsyncDuckDB, DuckDBAccessMode, VoidLogger } from "@duckdb/duckdb-wasm";
export { parquetWriteBuffer } from "hyparquet-writer";
export { default as writeXlsx } from "write-excel-file/browser";
