-- needs: {table}
-- guards: {table}
-- severity: warning
-- for: name | table | code | title
-- for: licencija_veikla_rasta | out_licencija | veikla | veikla_pavadinimas
-- for: licencijos_busena_rasta | out_licencija | licencijos_busena | licencijos_busena_pavadinimas
-- for: vip_rusis_rasta | out_vip | vip_rusis | vip_rusis_pavadinimas
-- for: vip_kategorija_rasta | out_vip | vip_kategorija | vip_kategorija_pavadinimas
-- for: audito_isvada_rasta | out_auditas | isvada | isvada_pavadinimas
-- for: pazeidimas_rastas | out_pazeidimas | pazeidimas | pazeidimas_pavadinimas
-- for: poveikio_priemone_rasta | out_pazeidimas | priemone | priemone_pavadinimas
-- for: etikos_kategorija_rasta | out_etika | etikos_kategorija | etikos_kategorija_pavadinimas
-- for: savininko_rusis_rasta | out_savininkas | savininko_rusis | savininko_rusis_pavadinimas
-- for: veiklos_rusis_rasta | out_virs_veikla | veiklos_rusis | veiklos_pavadinimas
-- for: kampanija_rasta | out_reklama | kampanija | kampanija_pavadinimas
-- for: kampanijos_dalyvis_rastas | out_reklama | kampanijos_dalyvis | kampanijos_dalyvis_pavadinimas
-- for: sutarties_rusis_rasta | out_lesos | sutarties_rusis | sutarties_rusis_pavadinimas
-- for: emfa_reklamos_busena_rasta | out_emfa_lesos | reklamos_busena | reklamos_busena_pavadinimas
-- for: emfa_lesu_busena_rasta | out_emfa_institucija | lesu_busena | lesu_busena_pavadinimas
-- for: emfa_grupes_busena_rasta | out_emfa_grupe | grupes_busena | grupes_busena_pavadinimas
-- for: davejo_rusis_rasta | out_parama | davejo_rusis | davejo_rusis_pavadinimas
-- Every code has a title: a code without one is missing from its classifier.
SELECT a.{code}, COUNT(*) AS eiluciu
FROM {table} AS a
WHERE a.{title} IS NULL
GROUP BY a.{code}
ORDER BY a.{code} NULLS LAST
