-- needs: out_parama, core_virs
-- looks_up: core_virs
-- guards: out_parama, out_stat_parama, out_stat_pajamos, out_stat_koncentracija
-- severity: error
-- Income is of VIRS only: money of any other entity would be published without cause.
SELECT DISTINCT g.ja_kodas
FROM out_parama AS g
LEFT JOIN core_virs AS v ON v.ja_kodas = g.ja_kodas
WHERE v.ja_kodas IS NULL
ORDER BY g.ja_kodas NULLS LAST
