-- needs: out_faktai_tirazai, out_klasifikatorius
-- Circulation by half-year and kind of outlet.
WITH langeliai AS (
    SELECT
        metai,
        pusmetis,
        vip_rusis,
        COUNT(*) AS vip_skaicius,
        COUNT(CASE WHEN NOT apie_asmeni THEN ja_kodas END) AS skaicius_be_asmenu,
        CAST(SUM(tirazas) AS BIGINT) AS tirazas,
        CAST(SUM(CASE WHEN apie_asmeni THEN 0 ELSE tirazas END) AS BIGINT) AS tirazas_be_asmenu,
        COUNT(DISTINCT CASE WHEN apie_asmeni THEN ja_kodas END) AS asmenu
    FROM out_faktai_tirazai
    GROUP BY metai, pusmetis, vip_rusis
)
SELECT
    c.metai,
    c.pusmetis,
    c.vip_rusis,
    k.pavadinimas_lt AS vip_rusis_pavadinimas,
    CAST(c.vip_skaicius AS BIGINT) AS vip_skaicius,
    CAST(c.skaicius_be_asmenu AS BIGINT) AS skaicius_be_asmenu,
    c.tirazas,
    CAST(
        CAST(FLOOR(CAST(c.tirazas AS DOUBLE) / CAST(c.vip_skaicius AS DOUBLE) * CAST(10000 AS DOUBLE) + CAST(0.5 AS DOUBLE)) AS BIGINT)
        * CAST(0.0001 AS DECIMAL(4,4))
        AS DECIMAL(18,4)
    ) AS vidutinis_tirazas,
    c.tirazas_be_asmenu,
    CAST(c.asmenu AS BIGINT) AS asmenu,
    CAST(NULL AS STRING) AS konfidencialu
FROM langeliai AS c
LEFT JOIN out_klasifikatorius AS k ON k.klasifikatorius = 'vip_rusys' AND k.kodas = c.vip_rusis
ORDER BY c.metai NULLS LAST, c.pusmetis NULLS LAST, c.vip_rusis NULLS LAST
