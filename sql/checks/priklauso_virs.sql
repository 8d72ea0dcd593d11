-- needs: {table}, core_virs
-- looks_up: core_virs
-- guards: {guards}
-- severity: error
-- for: name | table | guards
-- for: reklama_priklauso_virs | out_reklama | out_reklama, out_emfa_treciosios_salys, out_stat_reklama, out_stat_pajamos, out_stat_koncentracija
-- for: lesos_priklauso_virs | out_lesos | out_lesos, out_emfa_lesos, out_emfa_reklama, out_emfa_institucija, out_stat_lesos, out_stat_pajamos, out_stat_koncentracija
-- for: parama_priklauso_virs | out_parama | out_parama, out_stat_parama, out_stat_pajamos, out_stat_koncentracija
-- for: imoka_priklauso_virs | out_imoka | out_imoka, out_stat_imokos
-- for: licencija_priklauso_virs | out_licencija | out_licencija, out_stat_licencijos
-- for: pazeidimas_priklauso_virs | out_pazeidimas | out_pazeidimas, out_stat_pazeidimai
-- for: etika_priklauso_virs | out_etika | out_etika, out_stat_etika
-- for: savininkas_priklauso_virs | out_savininkas | out_savininkas, out_emfa_savininkas, out_emfa_teikejas, out_stat_nuosavybe, out_stat_savininkai
-- for: kontrole_priklauso_virs | out_kontrole | out_kontrole, out_emfa_grupe
-- for: vip_priklauso_virs | out_vip | out_vip, out_stat_vip, out_stat_koncentracija_vip
-- for: virs_veikla_priklauso_virs | out_virs_veikla | out_virs_veikla, out_stat_veiklos
-- for: finansai_priklauso_virs | out_finansai | out_finansai
-- for: valdymas_priklauso_virs | out_valdymas | out_valdymas
-- for: numeris_priklauso_virs | out_numeris | out_numeris
-- Every row is of a VIRS: what is known of any other entity would be published without cause.
SELECT DISTINCT a.ja_kodas
FROM {table} AS a
LEFT JOIN core_virs AS v ON v.ja_kodas = a.ja_kodas
WHERE v.ja_kodas IS NULL
ORDER BY a.ja_kodas NULLS LAST
