-- needs: out_faktai_pajamos, out_klasifikatorius
-- Political advertising by year, campaign and kind of participant.
WITH langeliai AS (
    SELECT
        metai,
        kampanija,
        kampanijos_dalyvis,
        COUNT(*) AS irasu_skaicius,
        COUNT(CASE WHEN NOT apie_asmeni THEN ja_kodas END) AS skaicius_be_asmenu,
        COUNT(DISTINCT ja_kodas) AS virs_skaicius,
        SUM(verte) AS suma,
        SUM(CASE WHEN apie_asmeni THEN CAST(0 AS DECIMAL(18,2)) ELSE verte END) AS suma_be_asmenu,
        COUNT(DISTINCT moketojas) + COUNT(DISTINCT gavejas) AS asmenu
    FROM out_faktai_pajamos
    WHERE pajamu_saltinis = 'reklama'
    GROUP BY metai, kampanija, kampanijos_dalyvis
)
SELECT
    c.metai,
    c.kampanija,
    kk.pavadinimas_lt AS kampanija_pavadinimas,
    c.kampanijos_dalyvis,
    kd.pavadinimas_lt AS kampanijos_dalyvis_pavadinimas,
    CAST(c.irasu_skaicius AS BIGINT) AS irasu_skaicius,
    CAST(c.skaicius_be_asmenu AS BIGINT) AS skaicius_be_asmenu,
    CAST(c.virs_skaicius AS BIGINT) AS virs_skaicius,
    CAST(c.suma AS DECIMAL(18,2)) AS suma,
    CAST(c.suma_be_asmenu AS DECIMAL(18,2)) AS suma_be_asmenu,
    CAST(c.asmenu AS BIGINT) AS asmenu,
    CAST(NULL AS STRING) AS konfidencialu
FROM langeliai AS c
LEFT JOIN out_klasifikatorius AS kk ON kk.klasifikatorius = 'kampanijos' AND kk.kodas = c.kampanija
LEFT JOIN out_klasifikatorius AS kd ON kd.klasifikatorius = 'kampanijos_dalyviai' AND kd.kodas = c.kampanijos_dalyvis
ORDER BY c.metai NULLS LAST, c.kampanija NULLS LAST, c.kampanijos_dalyvis NULLS LAST
