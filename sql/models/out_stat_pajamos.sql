-- needs: out_faktai_pajamos, out_klasifikatorius
-- Income by year, source and kind of outlet: the money of out_stat_reklama, _lesos and _parama, cut another way.
WITH langeliai AS (
    SELECT
        metai,
        pajamu_saltinis,
        leidinio_rusis,
        COUNT(*) AS irasu_skaicius,
        COUNT(CASE WHEN NOT apie_asmeni THEN ja_kodas END) AS skaicius_be_asmenu,
        COUNT(DISTINCT ja_kodas) AS virs_skaicius,
        SUM(verte) AS suma,
        SUM(CASE WHEN apie_asmeni THEN CAST(0 AS DECIMAL(18,2)) ELSE verte END) AS suma_be_asmenu,
        COUNT(DISTINCT moketojas) + COUNT(DISTINCT gavejas) AS asmenu
    FROM out_faktai_pajamos
    GROUP BY metai, pajamu_saltinis, leidinio_rusis
)
SELECT
    c.metai,
    c.pajamu_saltinis,
    ks.pavadinimas_lt AS pajamu_saltinis_pavadinimas,
    c.leidinio_rusis,
    COALESCE(kr.pavadinimas_lt, 'Nenurodyta') AS leidinio_rusis_pavadinimas,
    CAST(c.irasu_skaicius AS BIGINT) AS irasu_skaicius,
    CAST(c.skaicius_be_asmenu AS BIGINT) AS skaicius_be_asmenu,
    CAST(c.virs_skaicius AS BIGINT) AS virs_skaicius,
    CAST(c.suma AS DECIMAL(18,2)) AS suma,
    CAST(c.suma_be_asmenu AS DECIMAL(18,2)) AS suma_be_asmenu,
    CAST(c.asmenu AS BIGINT) AS asmenu,
    CAST(NULL AS STRING) AS konfidencialu
FROM langeliai AS c
LEFT JOIN out_klasifikatorius AS ks ON ks.klasifikatorius = 'pajamu_saltiniai' AND ks.kodas = c.pajamu_saltinis
LEFT JOIN out_klasifikatorius AS kr ON kr.klasifikatorius = 'vip_rusys' AND kr.kodas = c.leidinio_rusis
ORDER BY c.metai NULLS LAST, c.pajamu_saltinis NULLS LAST, c.leidinio_rusis NULLS LAST
