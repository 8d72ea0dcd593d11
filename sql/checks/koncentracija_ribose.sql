-- needs: out_stat_koncentracija, out_stat_koncentracija_vip
-- guards: out_stat_koncentracija, out_stat_koncentracija_vip
-- severity: error
-- The index lies between 10000 divided by the number of VIRS and 10000; the share of the four largest between 0 and 1.
SELECT a.lentele, a.vip_rusis
FROM (
    SELECT 'out_stat_koncentracija' AS lentele, leidinio_rusis AS vip_rusis, virs_skaicius, hhi, keturiu_dalis FROM out_stat_koncentracija
    UNION ALL
    SELECT 'out_stat_koncentracija_vip', vip_rusis, virs_skaicius, hhi, keturiu_dalis FROM out_stat_koncentracija_vip
) AS a
WHERE a.virs_skaicius < 1
    OR a.hhi > CAST(10000 AS DECIMAL(18,4))
    OR a.hhi * CAST(a.virs_skaicius AS DECIMAL(19,0)) < CAST(9999 AS DECIMAL(18,4))
    OR a.keturiu_dalis <= CAST(0 AS DECIMAL(13,12))
    OR a.keturiu_dalis > CAST(1 AS DECIMAL(13,12))
ORDER BY a.lentele NULLS LAST, a.vip_rusis NULLS LAST
