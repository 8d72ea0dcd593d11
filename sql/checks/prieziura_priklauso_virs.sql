-- needs: out_virs, out_pazeidimas, out_etika
-- guards: out_pazeidimas, out_etika, out_stat_pazeidimai, out_stat_etika
-- severity: error
-- Violations and ethics findings are of VIRS only.
SELECT a.lentele, a.ja_kodas
FROM (
    SELECT 'out_pazeidimas' AS lentele, ja_kodas FROM out_pazeidimas
    UNION
    SELECT 'out_etika', ja_kodas FROM out_etika
) AS a
LEFT JOIN out_virs AS v ON v.ja_kodas = a.ja_kodas
WHERE v.ja_kodas IS NULL
ORDER BY a.lentele NULLS LAST, a.ja_kodas NULLS LAST
