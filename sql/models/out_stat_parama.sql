-- needs: out_faktai_pajamos, out_klasifikatorius
-- Support over 10 BSI by year and kind of donor: money and the value of assets.
WITH langeliai AS (
    SELECT
        metai,
        davejo_rusis,
        COUNT(*) AS irasu_skaicius,
        COUNT(CASE WHEN NOT apie_asmeni THEN ja_kodas END) AS skaicius_be_asmenu,
        COUNT(DISTINCT ja_kodas) AS virs_skaicius,
        SUM(verte) AS suma,
        SUM(CASE WHEN apie_asmeni THEN CAST(0 AS DECIMAL(18,2)) ELSE verte END) AS suma_be_asmenu,
        COUNT(DISTINCT moketojas) + COUNT(DISTINCT gavejas) AS asmenu
    FROM out_faktai_pajamos
    WHERE pajamu_saltinis = 'parama'
    GROUP BY metai, davejo_rusis
)
SELECT
    c.metai,
    c.davejo_rusis,
    k.pavadinimas_lt AS davejo_rusis_pavadinimas,
    CAST(c.irasu_skaicius AS BIGINT) AS irasu_skaicius,
    CAST(c.skaicius_be_asmenu AS BIGINT) AS skaicius_be_asmenu,
    CAST(c.virs_skaicius AS BIGINT) AS virs_skaicius,
    CAST(c.suma AS DECIMAL(18,2)) AS suma,
    CAST(c.suma_be_asmenu AS DECIMAL(18,2)) AS suma_be_asmenu,
    CAST(c.asmenu AS BIGINT) AS asmenu,
    CAST(NULL AS STRING) AS konfidencialu
FROM langeliai AS c
LEFT JOIN out_klasifikatorius AS k ON k.klasifikatorius = 'dalyviu_rusys' AND k.kodas = c.davejo_rusis
ORDER BY c.metai NULLS LAST, c.davejo_rusis NULLS LAST
