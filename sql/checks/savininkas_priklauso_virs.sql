-- needs: out_virs, out_savininkas, out_kontrole
-- guards: out_savininkas, out_kontrole, out_stat_nuosavybe, out_stat_savininkai
-- severity: error
-- Owners and chains of control are of VIRS only.
SELECT a.lentele, a.ja_kodas
FROM (
    SELECT 'out_savininkas' AS lentele, ja_kodas FROM out_savininkas
    UNION
    SELECT 'out_kontrole', ja_kodas FROM out_kontrole
) AS a
LEFT JOIN out_virs AS v ON v.ja_kodas = a.ja_kodas
WHERE v.ja_kodas IS NULL
ORDER BY a.lentele NULLS LAST, a.ja_kodas NULLS LAST
