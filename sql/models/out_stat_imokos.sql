-- needs: out_faktai_imokos
-- Annual fees by the year in which they were set.
SELECT
    metai,
    CAST(COUNT(*) AS BIGINT) AS irasu_skaicius,
    CAST(COUNT(CASE WHEN NOT apie_asmeni THEN ja_kodas END) AS BIGINT) AS skaicius_be_asmenu,
    CAST(COUNT(DISTINCT ja_kodas) AS BIGINT) AS virs_skaicius,
    CAST(SUM(suma) AS DECIMAL(18,2)) AS suma,
    CAST(SUM(CASE WHEN apie_asmeni THEN CAST(0 AS DECIMAL(18,2)) ELSE suma END) AS DECIMAL(18,2)) AS suma_be_asmenu,
    CAST(COUNT(DISTINCT CASE WHEN apie_asmeni THEN ja_kodas END) AS BIGINT) AS asmenu,
    CAST(NULL AS STRING) AS konfidencialu
FROM out_faktai_imokos
GROUP BY metai
ORDER BY metai NULLS LAST
