-- needs: core_virs, core_juridinis, out_virs, out_virs_veikla, out_finansai, out_dalyvis, out_savininkas, out_kontrole, out_licencija, out_imoka, out_vip, out_tirazas, out_auditas, out_numeris, out_pazeidimas, out_etika
-- looks_up: core_virs, core_juridinis
-- guards: out_virs, out_virs_veikla, out_finansai, out_dalyvis, out_savininkas, out_kontrole, out_licencija, out_imoka, out_vip, out_tirazas, out_auditas, out_numeris, out_pazeidimas, out_etika
-- severity: error
-- The last look before the open tier: no row that names a natural person, a group of persons, or a firm that may bear a person's name
-- is left unmarked. It asks the core tables again instead of trusting the models. Each table of income has such a check of its own.
-- A foreign company's code is looked up in no Lithuanian register: it may be that of another there.
SELECT a.lentele, COUNT(*) AS eiluciu
FROM (
    SELECT 'out_virs' AS lentele, ja_kodas, CAST(NULL AS VARCHAR) AS asmens_id, CAST(NULL AS VARCHAR) AS kodas, CAST(NULL AS VARCHAR) AS grupe, apie_asmeni FROM out_virs
    UNION ALL SELECT 'out_virs_veikla', ja_kodas, CAST(NULL AS VARCHAR), CAST(NULL AS VARCHAR), CAST(NULL AS VARCHAR), apie_asmeni FROM out_virs_veikla
    UNION ALL SELECT 'out_finansai', ja_kodas, CAST(NULL AS VARCHAR), CAST(NULL AS VARCHAR), CAST(NULL AS VARCHAR), apie_asmeni FROM out_finansai
    UNION ALL SELECT 'out_dalyvis', ja_kodas, asmens_id, CASE WHEN dalyvio_rusis <> 'UJ' THEN dal_kodas END, CAST(NULL AS VARCHAR), apie_asmeni FROM out_dalyvis
    UNION ALL SELECT 'out_savininkas', ja_kodas, asmens_id, CASE WHEN savininko_rusis <> 'uzsienio_juridinis' THEN dal_kodas END, CAST(NULL AS VARCHAR), apie_asmeni FROM out_savininkas
    UNION ALL SELECT 'out_kontrole', ja_kodas, asmens_id, CASE WHEN dalyvio_rusis <> 'UJ' THEN dal_kodas END, CAST(NULL AS VARCHAR), apie_asmeni FROM out_kontrole
    UNION ALL SELECT 'out_licencija', ja_kodas, CAST(NULL AS VARCHAR), CAST(NULL AS VARCHAR), CAST(NULL AS VARCHAR), apie_asmeni FROM out_licencija
    UNION ALL SELECT 'out_imoka', ja_kodas, CAST(NULL AS VARCHAR), CAST(NULL AS VARCHAR), CAST(NULL AS VARCHAR), apie_asmeni FROM out_imoka
    UNION ALL SELECT 'out_vip', ja_kodas, CAST(NULL AS VARCHAR), CAST(NULL AS VARCHAR), CAST(NULL AS VARCHAR), apie_asmeni FROM out_vip
    UNION ALL SELECT 'out_tirazas', ja_kodas, CAST(NULL AS VARCHAR), CAST(NULL AS VARCHAR), CAST(NULL AS VARCHAR), apie_asmeni FROM out_tirazas
    UNION ALL SELECT 'out_auditas', ja_kodas, CAST(NULL AS VARCHAR), institucijos_kodas, CAST(NULL AS VARCHAR), apie_asmeni FROM out_auditas
    UNION ALL SELECT 'out_numeris', ja_kodas, CAST(NULL AS VARCHAR), CAST(NULL AS VARCHAR), CAST(NULL AS VARCHAR), apie_asmeni FROM out_numeris
    UNION ALL SELECT 'out_pazeidimas', ja_kodas, CAST(NULL AS VARCHAR), CAST(NULL AS VARCHAR), CAST(NULL AS VARCHAR), apie_asmeni FROM out_pazeidimas
    UNION ALL SELECT 'out_etika', ja_kodas, CAST(NULL AS VARCHAR), CAST(NULL AS VARCHAR), CAST(NULL AS VARCHAR), apie_asmeni FROM out_etika
) AS a
LEFT JOIN core_virs AS v ON v.ja_kodas = a.ja_kodas
LEFT JOIN core_juridinis AS j ON j.ja_kodas = a.ja_kodas
LEFT JOIN core_juridinis AS o ON o.ja_kodas = a.kodas
WHERE a.apie_asmeni IS NULL
    OR (
        NOT a.apie_asmeni
        AND (
            a.asmens_id IS NOT NULL
            OR a.grupe IS NOT NULL
            OR COALESCE(v.individuali, FALSE)
            OR COALESCE(j.individuali, FALSE)
            OR COALESCE(o.individuali, FALSE)
        )
    )
GROUP BY a.lentele
ORDER BY a.lentele NULLS LAST
