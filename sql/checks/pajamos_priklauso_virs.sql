-- needs: out_virs, out_reklama, out_lesos, out_parama
-- guards: out_reklama, out_lesos, out_parama, out_stat_reklama, out_stat_lesos, out_stat_parama, out_stat_pajamos, out_stat_koncentracija
-- severity: error
-- Income is of VIRS only: money of any other entity would be published without cause.
SELECT a.lentele, a.ja_kodas
FROM (
    SELECT 'out_reklama' AS lentele, ja_kodas FROM out_reklama
    UNION
    SELECT 'out_lesos', ja_kodas FROM out_lesos
    UNION
    SELECT 'out_parama', ja_kodas FROM out_parama
) AS a
LEFT JOIN out_virs AS v ON v.ja_kodas = a.ja_kodas
WHERE v.ja_kodas IS NULL
ORDER BY a.lentele NULLS LAST, a.ja_kodas NULLS LAST
