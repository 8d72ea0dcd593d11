-- needs: out_lesos, core_virs, core_juridinis
-- looks_up: core_virs, core_juridinis
-- guards: out_lesos
-- severity: error
-- As asmenu_eilutes_pazymetos, of one large table: no row about a natural person is left unmarked.
SELECT l.ja_kodas, COUNT(*) AS eiluciu
FROM out_lesos AS l
LEFT JOIN core_virs AS v ON v.ja_kodas = l.ja_kodas
LEFT JOIN core_juridinis AS j ON j.ja_kodas = l.ja_kodas
WHERE l.apie_asmeni IS NULL
    OR (
        NOT l.apie_asmeni
        AND (
            COALESCE(v.individuali, FALSE)
            OR COALESCE(j.individuali, FALSE)
        )
    )
GROUP BY l.ja_kodas
ORDER BY l.ja_kodas NULLS LAST
