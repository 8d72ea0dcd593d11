-- needs: out_faktai_pajamos
-- Income by year, source and kind of outlet: the money of out_stat_reklama, _lesos and _parama, cut another way.
SELECT
    metai,
    pajamu_saltinis,
    MIN(pajamu_saltinis_pavadinimas) AS pajamu_saltinis_pavadinimas,
    leidinio_rusis,
    MIN(leidinio_rusis_pavadinimas) AS leidinio_rusis_pavadinimas,
    CAST(COUNT(*) AS BIGINT) AS irasu_skaicius,
    CAST(COUNT(DISTINCT ja_kodas) AS BIGINT) AS virs_skaicius,
    CAST(SUM(verte) AS DECIMAL(18,2)) AS suma,
    CAST(SUM(CASE WHEN apie_asmeni THEN CAST(0 AS DECIMAL(18,2)) ELSE verte END) AS DECIMAL(18,2)) AS suma_be_asmenu,
    CAST(COUNT(DISTINCT moketojas) + COUNT(DISTINCT gavejas) AS BIGINT) AS asmenu,
    CAST(NULL AS VARCHAR) AS konfidencialu
FROM out_faktai_pajamos
GROUP BY metai, pajamu_saltinis, leidinio_rusis
ORDER BY metai NULLS LAST, pajamu_saltinis NULLS LAST, leidinio_rusis NULLS LAST
