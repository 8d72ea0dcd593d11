-- needs: out_faktai_pajamos
-- Public-sector funds by institution and year. Institutions are public bodies, so persons are only the sole proprietors among the VIRS.
SELECT
    metai,
    institucijos_kodas,
    MIN(institucija) AS institucija,
    CAST(COUNT(*) AS BIGINT) AS irasu_skaicius,
    CAST(COUNT(DISTINCT ja_kodas) AS BIGINT) AS virs_skaicius,
    CAST(SUM(verte) AS DECIMAL(18,2)) AS suma,
    CAST(SUM(CASE WHEN apie_asmeni THEN CAST(0 AS DECIMAL(18,2)) ELSE verte END) AS DECIMAL(18,2)) AS suma_be_asmenu,
    CAST(COUNT(DISTINCT moketojas) + COUNT(DISTINCT gavejas) AS BIGINT) AS asmenu,
    CAST(NULL AS VARCHAR) AS konfidencialu
FROM out_faktai_pajamos
WHERE pajamu_saltinis = 'lesos'
GROUP BY metai, institucijos_kodas
ORDER BY metai NULLS LAST, institucijos_kodas NULLS LAST
