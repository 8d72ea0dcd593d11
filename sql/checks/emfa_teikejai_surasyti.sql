-- needs: out_virs, out_savininkas, out_emfa_teikejas, out_emfa_savininkas, out_emfa_grupe
-- guards: out_emfa_teikejas, out_emfa_savininkas, out_emfa_grupe
-- severity: error
-- All current VIRS are providers with owners and a business group (or the word that there is none), and nobody else is; their ultimate owners are those of
-- out_savininkas, one for one and with the same shares.
SELECT v.ja_kodas AS kodas, 'teikejas' AS ko
FROM (SELECT ja_kodas FROM out_virs WHERE virs_iki IS NULL) AS v
FULL OUTER JOIN out_emfa_teikejas AS t ON t.teikejo_kodas = v.ja_kodas
LEFT JOIN out_emfa_grupe AS g ON g.teikejo_kodas = v.ja_kodas
WHERE v.ja_kodas IS NULL OR t.teikejo_kodas IS NULL OR g.teikejo_kodas IS NULL
UNION ALL
SELECT COALESCE(s.ja_kodas, e.teikejo_kodas), 'savininkai'
FROM (
    SELECT o.ja_kodas, COUNT(*) AS kiek, SUM(o.dalis) AS dalys, MAX(o.dalis) AS didziausia
    FROM out_savininkas AS o
    INNER JOIN out_virs AS v ON v.ja_kodas = o.ja_kodas AND v.virs_iki IS NULL
    GROUP BY o.ja_kodas
) AS s
FULL OUTER JOIN (
    SELECT teikejo_kodas, COUNT(galutine_dalis) AS kiek, SUM(galutine_dalis) AS dalys, MAX(galutine_dalis) AS didziausia
    FROM out_emfa_savininkas
    GROUP BY teikejo_kodas
) AS e ON e.teikejo_kodas = s.ja_kodas
WHERE s.ja_kodas IS NULL OR e.teikejo_kodas IS NULL OR s.kiek <> e.kiek OR s.dalys <> e.dalys OR s.didziausia <> e.didziausia
ORDER BY kodas NULLS LAST, ko NULLS LAST
