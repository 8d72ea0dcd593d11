-- needs: {table}, core_dalyvis, core_savininkas, core_virs, core_juridinis
-- looks_up: core_virs, core_juridinis
-- guards: {table}
-- severity: error
-- for: name | table | entity
-- for: virs_daliu_zymos_teisingos | out_virs | ja_kodas
-- for: savininku_daliu_zymos_teisingos | out_savininkas | ja_kodas
-- for: kontroles_daliu_zymos_teisingos | out_kontrole | ja_kodas
-- for: dalyviu_daliu_zymos_teisingos | out_dalyvis | ja_kodas
-- for: emfa_reklamos_daliu_zymos_teisingos | out_emfa_reklama | teikejo_kodas
-- Shares are open only where nobody's part follows from them. Asked of the core tables again, instead of trusting how the mark was made: no row says so of an
-- entity in which some person has or had a part, or (of a VIRS) of which an ultimate owner is a person or nobody knows.
SELECT a.{entity}, COUNT(*) AS eiluciu
FROM {table} AS a
LEFT JOIN (
    SELECT DISTINCT d.ja_kodas
    FROM core_dalyvis AS d
    LEFT JOIN core_juridinis AS o ON o.ja_kodas = d.dal_kodas AND d.dalyvio_rusis = 'J'
    WHERE d.asmens_id IS NOT NULL
        OR d.dalyvio_rusis IN ('F', 'UF')
        OR COALESCE(o.individuali, d.dalyvio_rusis <> 'UJ' OR d.asmenvardis)
) AS d ON d.ja_kodas = a.{entity}
LEFT JOIN (
    SELECT DISTINCT s.ja_kodas
    FROM core_savininkas AS s
    LEFT JOIN core_juridinis AS o ON o.ja_kodas = s.dal_kodas AND s.savininko_rusis <> 'uzsienio_juridinis'
    WHERE s.asmens_id IS NOT NULL
        OR s.savininko_rusis IN ('fizinis', 'uzsienio_fizinis', 'nezinomas')
        OR COALESCE(o.individuali, s.savininko_rusis = 'juridinis' OR s.asmenvardis)
) AS s ON s.ja_kodas = a.{entity} AND '{table}' <> 'out_dalyvis'
LEFT JOIN core_virs AS v ON v.ja_kodas = a.{entity}
LEFT JOIN core_juridinis AS j ON j.ja_kodas = a.{entity}
WHERE a.su_asmenimis IS NULL
    OR (
        NOT a.su_asmenimis
        AND (d.ja_kodas IS NOT NULL OR s.ja_kodas IS NOT NULL OR COALESCE(v.individuali, j.individuali, TRUE))
    )
GROUP BY a.{entity}
ORDER BY a.{entity} NULLS LAST
