-- needs: out_faktai_tirazai
-- Circulation by half-year and kind of outlet.
SELECT
    metai,
    pusmetis,
    vip_rusis,
    MIN(vip_rusis_pavadinimas) AS vip_rusis_pavadinimas,
    CAST(COUNT(*) AS BIGINT) AS vip_skaicius,
    CAST(SUM(tirazas) AS BIGINT) AS tirazas,
    CAST(CAST(SUM(tirazas) AS DOUBLE) / CAST(COUNT(*) AS DOUBLE) AS DECIMAL(18,4)) AS vidutinis_tirazas,
    CAST(SUM(CASE WHEN apie_asmeni THEN 0 ELSE tirazas END) AS BIGINT) AS tirazas_be_asmenu,
    CAST(COUNT(DISTINCT CASE WHEN apie_asmeni THEN ja_kodas END) AS BIGINT) AS asmenu,
    CAST(NULL AS VARCHAR) AS konfidencialu
FROM out_faktai_tirazai
GROUP BY metai, pusmetis, vip_rusis
ORDER BY metai NULLS LAST, pusmetis NULLS LAST, vip_rusis NULLS LAST
