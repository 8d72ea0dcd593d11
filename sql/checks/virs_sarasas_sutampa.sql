-- needs: core_virs, out_virs
-- guards: out_virs
-- severity: error
-- All VIRS are published, and nobody else: whatever is known of one that is missing here would lead nowhere.
SELECT v.ja_kodas AS sarase, o.ja_kodas AS paskelbtas
FROM core_virs AS v
FULL OUTER JOIN out_virs AS o ON o.ja_kodas = v.ja_kodas
WHERE v.ja_kodas IS NULL OR o.ja_kodas IS NULL
ORDER BY sarase NULLS LAST, paskelbtas NULLS LAST
