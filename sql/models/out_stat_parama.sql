-- needs: out_faktai_pajamos
-- Support over 10 BSI by year and kind of donor: money and the value of assets.
SELECT
    metai,
    davejo_rusis,
    MIN(davejo_rusis_pavadinimas) AS davejo_rusis_pavadinimas,
    CAST(COUNT(*) AS BIGINT) AS irasu_skaicius,
    CAST(COUNT(DISTINCT ja_kodas) AS BIGINT) AS virs_skaicius,
    CAST(SUM(verte) AS DECIMAL(18,2)) AS suma,
    CAST(SUM(CASE WHEN apie_asmeni THEN CAST(0 AS DECIMAL(18,2)) ELSE verte END) AS DECIMAL(18,2)) AS suma_be_asmenu,
    CAST(COUNT(DISTINCT moketojas) + COUNT(DISTINCT gavejas) AS BIGINT) AS asmenu,
    CAST(NULL AS VARCHAR) AS konfidencialu
FROM out_faktai_pajamos
WHERE pajamu_saltinis = 'parama'
GROUP BY metai, davejo_rusis
ORDER BY metai NULLS LAST, davejo_rusis NULLS LAST
