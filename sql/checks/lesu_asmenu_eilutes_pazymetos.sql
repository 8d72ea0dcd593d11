-- needs: out_lesos, core_virs, core_juridinis, core_vip
-- looks_up: core_virs, core_juridinis, core_vip
-- guards: out_lesos
-- severity: error
-- As asmenu_eilutes_pazymetos, of one large table: no row about a natural person is left unmarked, nor an outlet's name with a person's in it.
SELECT l.ja_kodas, COUNT(*) AS eiluciu
FROM out_lesos AS l
LEFT JOIN core_virs AS v ON v.ja_kodas = l.ja_kodas
LEFT JOIN core_juridinis AS j ON j.ja_kodas = l.ja_kodas
LEFT JOIN core_vip AS n ON n.vip_nr = l.vip_nr
WHERE l.apie_asmeni IS NULL
    OR l.asmenvardis IS NULL
    OR (NOT l.asmenvardis AND COALESCE(n.asmenvardis, FALSE))
    OR (
        NOT l.apie_asmeni
        AND (
            COALESCE(v.individuali, FALSE)
            OR COALESCE(j.individuali, FALSE)
        )
    )
GROUP BY l.ja_kodas
ORDER BY l.ja_kodas NULLS LAST
