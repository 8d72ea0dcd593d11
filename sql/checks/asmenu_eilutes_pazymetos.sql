-- needs: {table}, core_virs, core_juridinis
-- looks_up: core_virs, core_juridinis
-- guards: {table}
-- severity: error
-- for: name | table | names_a_person | company
-- for: virs_asmenu_eilutes_pazymetos | out_virs | FALSE | CAST(NULL AS VARCHAR)
-- for: virs_veiklos_asmenu_eilutes_pazymetos | out_virs_veikla | FALSE | CAST(NULL AS VARCHAR)
-- for: finansu_asmenu_eilutes_pazymetos | out_finansai | FALSE | CAST(NULL AS VARCHAR)
-- for: dalyviu_asmenu_eilutes_pazymetos | out_dalyvis | a.asmens_id IS NOT NULL | CASE WHEN a.dalyvio_rusis <> 'UJ' THEN a.dal_kodas END
-- for: savininku_asmenu_eilutes_pazymetos | out_savininkas | a.asmens_id IS NOT NULL OR a.savininko_rusis = 'nezinomas' | CASE WHEN a.savininko_rusis <> 'uzsienio_juridinis' THEN a.dal_kodas END
-- for: kontroles_asmenu_eilutes_pazymetos | out_kontrole | a.asmens_id IS NOT NULL | CASE WHEN a.dalyvio_rusis <> 'UJ' THEN a.dal_kodas END
-- for: licenciju_asmenu_eilutes_pazymetos | out_licencija | FALSE | CAST(NULL AS VARCHAR)
-- for: imoku_asmenu_eilutes_pazymetos | out_imoka | FALSE | CAST(NULL AS VARCHAR)
-- for: vip_asmenu_eilutes_pazymetos | out_vip | FALSE | CAST(NULL AS VARCHAR)
-- for: tirazu_asmenu_eilutes_pazymetos | out_tirazas | FALSE | CAST(NULL AS VARCHAR)
-- for: auditu_asmenu_eilutes_pazymetos | out_auditas | FALSE | a.institucijos_kodas
-- for: numeriu_asmenu_eilutes_pazymetos | out_numeris | FALSE | CAST(NULL AS VARCHAR)
-- for: pazeidimu_asmenu_eilutes_pazymetos | out_pazeidimas | FALSE | CAST(NULL AS VARCHAR)
-- for: etikos_asmenu_eilutes_pazymetos | out_etika | FALSE | CAST(NULL AS VARCHAR)
-- for: lesu_asmenu_eilutes_pazymetos | out_lesos | FALSE | CAST(NULL AS VARCHAR)
-- for: paramos_asmenu_eilutes_pazymetos | out_parama | a.asmens_id IS NOT NULL OR a.asmenvardis IS NULL OR (a.davejo_rusis = 'UJ' AND a.asmenvardis) | CASE WHEN a.davejo_rusis = 'J' THEN a.dav_kodas END
-- for: reklamos_asmenu_eilutes_pazymetos | out_reklama | a.asmens_id IS NOT NULL OR a.grupe IS NOT NULL | CASE WHEN COALESCE(a.valstybe, 'LT') = 'LT' THEN a.dal_kodas END
-- The last look before the open tier: no row that names a natural person, a group of persons, or a firm that may bear a person's name
-- is left unmarked. It asks the core tables again instead of trusting the models.
-- A foreign company's code is looked up in no Lithuanian register: it may be that of another there.
SELECT a.ja_kodas, COUNT(*) AS eiluciu
FROM {table} AS a
LEFT JOIN core_virs AS v ON v.ja_kodas = a.ja_kodas
LEFT JOIN core_juridinis AS j ON j.ja_kodas = a.ja_kodas
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
GROUP BY a.ja_kodas
ORDER BY a.ja_kodas NULLS LAST
