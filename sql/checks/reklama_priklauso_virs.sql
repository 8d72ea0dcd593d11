-- needs: out_reklama, core_virs
-- looks_up: core_virs
-- guards: out_reklama, out_stat_reklama, out_stat_pajamos, out_stat_koncentracija
-- severity: error
-- Income is of VIRS only: money of any other entity would be published without cause.
SELECT DISTINCT r.ja_kodas
FROM out_reklama AS r
LEFT JOIN core_virs AS v ON v.ja_kodas = r.ja_kodas
WHERE v.ja_kodas IS NULL
ORDER BY r.ja_kodas NULLS LAST
