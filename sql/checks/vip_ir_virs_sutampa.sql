-- needs: out_vip, out_lesos, out_pazeidimas, out_etika, out_numeris
-- guards: out_lesos, out_pazeidimas, out_etika, out_numeris
-- severity: warning
-- Where a row names both an outlet and a VIRS, the outlet is that VIRS's. An outlet may have changed hands since, so this only warns.
SELECT a.lentele, a.vip_nr, a.ja_kodas
FROM (
    SELECT 'out_lesos' AS lentele, vip_nr, ja_kodas FROM out_lesos
    UNION
    SELECT 'out_pazeidimas', vip_nr, ja_kodas FROM out_pazeidimas
    UNION
    SELECT 'out_etika', vip_nr, ja_kodas FROM out_etika
    UNION
    SELECT 'out_numeris', vip_nr, ja_kodas FROM out_numeris
) AS a
LEFT JOIN out_vip AS n ON n.vip_nr = a.vip_nr
WHERE a.vip_nr IS NOT NULL AND (n.ja_kodas IS NULL OR n.ja_kodas <> a.ja_kodas)
ORDER BY a.lentele NULLS LAST, a.vip_nr NULLS LAST, a.ja_kodas NULLS LAST
