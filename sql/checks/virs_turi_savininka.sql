-- needs: out_virs, out_savininkas
-- guards: out_virs, out_savininkas, out_emfa_savininkas, out_emfa_teikejas, out_stat_nuosavybe, out_stat_savininkai
-- severity: error
-- Every VIRS has an owner row, be it “unknown”.
SELECT v.ja_kodas
FROM out_virs AS v
LEFT JOIN (SELECT DISTINCT ja_kodas FROM out_savininkas) AS s ON s.ja_kodas = v.ja_kodas
WHERE s.ja_kodas IS NULL
ORDER BY v.ja_kodas NULLS LAST
