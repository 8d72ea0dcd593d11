-- needs: out_reklama, core_virs, core_juridinis
-- looks_up: core_virs, core_juridinis
-- guards: out_reklama
-- severity: error
-- As asmenu_eilutes_pazymetos, of one large table: no row about a natural person is left unmarked.
SELECT r.ja_kodas, COUNT(*) AS eiluciu
FROM out_reklama AS r
LEFT JOIN core_virs AS v ON v.ja_kodas = r.ja_kodas
LEFT JOIN core_juridinis AS j ON j.ja_kodas = r.ja_kodas
LEFT JOIN core_juridinis AS o ON o.ja_kodas = r.dal_kodas AND COALESCE(r.valstybe, 'LT') = 'LT'
WHERE r.apie_asmeni IS NULL
    OR (
        NOT r.apie_asmeni
        AND (
            r.asmens_id IS NOT NULL
            OR r.grupe IS NOT NULL
            OR COALESCE(v.individuali, FALSE)
            OR COALESCE(j.individuali, FALSE)
            OR COALESCE(o.individuali, FALSE)
        )
    )
GROUP BY r.ja_kodas
ORDER BY r.ja_kodas NULLS LAST
