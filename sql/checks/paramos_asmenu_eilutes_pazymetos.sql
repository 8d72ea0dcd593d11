-- needs: out_parama, core_virs, core_juridinis
-- looks_up: core_virs, core_juridinis
-- guards: out_parama
-- severity: error
-- As asmenu_eilutes_pazymetos, of one large table: no row about a natural person is left unmarked.
SELECT g.ja_kodas, COUNT(*) AS eiluciu
FROM out_parama AS g
LEFT JOIN core_virs AS v ON v.ja_kodas = g.ja_kodas
LEFT JOIN core_juridinis AS j ON j.ja_kodas = g.ja_kodas
LEFT JOIN core_juridinis AS o ON o.ja_kodas = g.dav_kodas AND g.davejo_rusis = 'J'
WHERE g.apie_asmeni IS NULL
    OR g.asmenvardis IS NULL
    OR (
        NOT g.apie_asmeni
        AND (
            g.asmens_id IS NOT NULL
            OR (g.davejo_rusis = 'UJ' AND g.asmenvardis)
            OR COALESCE(v.individuali, FALSE)
            OR COALESCE(j.individuali, FALSE)
            OR COALESCE(o.individuali, FALSE)
        )
    )
GROUP BY g.ja_kodas
ORDER BY g.ja_kodas NULLS LAST
