-- needs: out_virs, out_vip
-- guards: out_vip, out_stat_vip, out_stat_koncentracija_vip
-- severity: error
-- Every outlet belongs to a VIRS that is in the register.
SELECT n.vip_nr, n.ja_kodas
FROM out_vip AS n
LEFT JOIN out_virs AS v ON v.ja_kodas = n.ja_kodas
WHERE v.ja_kodas IS NULL
ORDER BY n.vip_nr NULLS LAST
