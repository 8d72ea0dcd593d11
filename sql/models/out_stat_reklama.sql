-- needs: out_faktai_pajamos
-- Political advertising by year, campaign and kind of participant.
SELECT
    metai,
    kampanija,
    MIN(kampanija_pavadinimas) AS kampanija_pavadinimas,
    kampanijos_dalyvis,
    MIN(kampanijos_dalyvis_pavadinimas) AS kampanijos_dalyvis_pavadinimas,
    CAST(COUNT(*) AS BIGINT) AS irasu_skaicius,
    CAST(COUNT(DISTINCT ja_kodas) AS BIGINT) AS virs_skaicius,
    CAST(SUM(verte) AS DECIMAL(18,2)) AS suma,
    CAST(SUM(CASE WHEN apie_asmeni THEN CAST(0 AS DECIMAL(18,2)) ELSE verte END) AS DECIMAL(18,2)) AS suma_be_asmenu,
    CAST(COUNT(DISTINCT moketojas) + COUNT(DISTINCT gavejas) AS BIGINT) AS asmenu,
    CAST(NULL AS VARCHAR) AS konfidencialu
FROM out_faktai_pajamos
WHERE pajamu_saltinis = 'reklama'
GROUP BY metai, kampanija, kampanijos_dalyvis
ORDER BY metai NULLS LAST, kampanija NULLS LAST, kampanijos_dalyvis NULLS LAST
