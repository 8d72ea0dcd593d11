-- DuckDB reads the Parquet file over HTTP: of a large one only the columns and rows that the query needs are sent.
--
--     VIRSIS_URL=https://…/latest/open/ VIRS=302556435 METAI=2025 duckdb -f duckdb.sql
--
-- The first time, DuckDB fetches its extension httpfs by itself. VIRSIS_URL may also be a folder on this computer.
.mode list
.separator "\t"
.headers off

SELECT institucijos_kodas, institucija, sum(suma), min(data), max(data), max(data) - min(data)
FROM read_parquet(getenv('VIRSIS_URL') || 'data/pajamos/lesos.parquet')
WHERE ja_kodas = getenv('VIRS') AND metai = getenv('METAI')::INTEGER
GROUP BY ALL
ORDER BY ALL;
