-- needs: {table}, core_virs, core_juridinis
-- looks_up: core_virs, core_juridinis
-- guards: {table}
-- severity: error
-- for: name | table | entity | names_a_person | company
-- for: virs_asmenu_eilutes_pazymetos | out_virs | ja_kodas | FALSE | CAST(NULL AS STRING)
-- for: virs_veiklos_asmenu_eilutes_pazymetos | out_virs_veikla | ja_kodas | FALSE | CAST(NULL AS STRING)
-- for: finansu_asmenu_eilutes_pazymetos | out_finansai | ja_kodas | FALSE | CAST(NULL AS STRING)
-- for: dalyviu_asmenu_eilutes_pazymetos | out_dalyvis | ja_kodas | a.asmens_id IS NOT NULL | CASE WHEN a.dalyvio_rusis <> 'UJ' THEN a.dal_kodas END
-- for: savininku_asmenu_eilutes_pazymetos | out_savininkas | ja_kodas | a.asmens_id IS NOT NULL OR a.savininko_rusis = 'nezinomas' | CASE WHEN a.savininko_rusis <> 'uzsienio_juridinis' THEN a.dal_kodas END
-- for: kontroles_asmenu_eilutes_pazymetos | out_kontrole | ja_kodas | a.asmens_id IS NOT NULL | CASE WHEN a.dalyvio_rusis <> 'UJ' THEN a.dal_kodas END
-- for: licenciju_asmenu_eilutes_pazymetos | out_licencija | ja_kodas | FALSE | CAST(NULL AS STRING)
-- for: imoku_asmenu_eilutes_pazymetos | out_imoka | ja_kodas | FALSE | CAST(NULL AS STRING)
-- for: vip_asmenu_eilutes_pazymetos | out_vip | ja_kodas | FALSE | CAST(NULL AS STRING)
-- for: tirazu_asmenu_eilutes_pazymetos | out_tirazas | ja_kodas | FALSE | CAST(NULL AS STRING)
-- for: auditu_asmenu_eilutes_pazymetos | out_auditas | ja_kodas | FALSE | a.institucijos_kodas
-- for: numeriu_asmenu_eilutes_pazymetos | out_numeris | ja_kodas | FALSE | CAST(NULL AS STRING)
-- for: pazeidimu_asmenu_eilutes_pazymetos | out_pazeidimas | ja_kodas | FALSE | CAST(NULL AS STRING)
-- for: etikos_asmenu_eilutes_pazymetos | out_etika | ja_kodas | FALSE | CAST(NULL AS STRING)
-- for: lesu_asmenu_eilutes_pazymetos | out_lesos | ja_kodas | FALSE | CAST(NULL AS STRING)
-- for: paramos_asmenu_eilutes_pazymetos | out_parama | ja_kodas | a.asmens_id IS NOT NULL OR a.asmenvardis IS NULL OR (a.davejo_rusis = 'UJ' AND a.asmenvardis) | CASE WHEN a.davejo_rusis = 'J' THEN a.dav_kodas END
-- for: reklamos_asmenu_eilutes_pazymetos | out_reklama | ja_kodas | a.asmens_id IS NOT NULL OR a.grupe IS NOT NULL | CASE WHEN COALESCE(a.valstybe, 'LT') = 'LT' THEN a.dal_kodas END
-- for: emfa_lesu_asmenu_eilutes_pazymetos | out_emfa_lesos | teikejo_kodas | FALSE | CAST(NULL AS STRING)
-- for: emfa_reklamos_asmenu_eilutes_pazymetos | out_emfa_reklama | teikejo_kodas | FALSE | CAST(NULL AS STRING)
-- The last look before the open tier: no row that names a natural person, a group of persons, or a firm that may bear a person's name
-- is left unmarked. It asks the core tables again instead of trusting the models.
-- A foreign company's code is looked up in no Lithuanian register: it may be that of another there.
SELECT a.{entity}, COUNT(*) AS eiluciu
FROM {table} AS a
LEFT JOIN core_virs AS v ON v.ja_kodas = a.{entity}
LEFT JOIN core_juridinis AS j ON j.ja_kodas = a.{entity}
LEFT JOIN core_juridinis AS o ON o.ja_kodas = {company}
WHERE a.apie_asmeni IS NULL
    OR (
        NOT a.apie_asmeni
        AND (
            {names_a_person}
            OR COALESCE(v.individuali, FALSE)
            OR COALESCE(j.individuali, FALSE)
            OR COALESCE(o.individuali, FALSE)
        )
    )
GROUP BY a.{entity}
ORDER BY a.{entity} NULLS LAST
