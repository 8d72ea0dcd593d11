-- needs: {table}, core_vip
-- looks_up: core_vip
-- guards: {table}
-- severity: error
-- for: name | table
-- for: vip_asmenvardziai_pazymeti | out_vip
-- for: auditu_asmenvardziai_pazymeti | out_auditas
-- for: tirazu_asmenvardziai_pazymeti | out_tirazas
-- for: numeriu_asmenvardziai_pazymeti | out_numeris
-- for: pazeidimu_asmenvardziai_pazymeti | out_pazeidimas
-- for: etikos_asmenvardziai_pazymeti | out_etika
-- for: lesu_asmenvardziai_pazymeti | out_lesos
-- As asmenu_eilutes_pazymetos, of names in names: what is published of an outlet whose name holds a natural person's says so.
SELECT a.vip_nr, COUNT(*) AS eiluciu
FROM {table} AS a
LEFT JOIN core_vip AS n ON n.vip_nr = a.vip_nr
WHERE a.asmenvardis IS NULL OR (NOT a.asmenvardis AND COALESCE(n.asmenvardis, FALSE))
GROUP BY a.vip_nr
ORDER BY a.vip_nr NULLS LAST
