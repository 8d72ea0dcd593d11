-- needs: out_vip
-- Outlets of current VIRS now operating, by kind and category.
SELECT
    vip_rusis,
    MIN(vip_rusis_pavadinimas) AS vip_rusis_pavadinimas,
    vip_kategorija,
    MIN(vip_kategorija_pavadinimas) AS vip_kategorija_pavadinimas,
    CAST(COUNT(*) AS BIGINT) AS vip_skaicius,
    CAST(COUNT(DISTINCT ja_kodas) AS BIGINT) AS virs_skaicius,
    CAST(COUNT(CASE WHEN NOT apie_asmeni THEN vip_nr END) AS BIGINT) AS skaicius_be_asmenu,
    CAST(COUNT(DISTINCT CASE WHEN apie_asmeni THEN ja_kodas END) AS BIGINT) AS asmenu,
    CAST(NULL AS STRING) AS konfidencialu
FROM out_vip
WHERE isregistravimo_data IS NULL AND virs_iki IS NULL
GROUP BY vip_rusis, vip_kategorija
ORDER BY vip_rusis NULLS LAST, vip_kategorija NULLS LAST
