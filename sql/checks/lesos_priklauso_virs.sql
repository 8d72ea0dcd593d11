-- needs: out_lesos, core_virs
-- looks_up: core_virs
-- guards: out_lesos, out_stat_lesos, out_stat_pajamos, out_stat_koncentracija
-- severity: error
-- Income is of VIRS only: money of any other entity would be published without cause.
SELECT DISTINCT l.ja_kodas
FROM out_lesos AS l
LEFT JOIN core_virs AS v ON v.ja_kodas = l.ja_kodas
WHERE v.ja_kodas IS NULL
ORDER BY l.ja_kodas NULLS LAST
