-- needs: out_dalyvis, core_saltinis
-- guards: out_dalyvis
-- severity: warning
-- Direct participants of today hold no more than the whole of an entity. Equal thirds of a joint holding may round up in the last place.
WITH siandien AS (
    SELECT MAX(israso_data) AS data FROM core_saltinis
)
SELECT d.ja_kodas, SUM(d.dalis) AS dalys
FROM out_dalyvis AS d
CROSS JOIN siandien AS s
WHERE d.nuo <= s.data AND (d.iki IS NULL OR d.iki > s.data)
GROUP BY d.ja_kodas
HAVING SUM(d.dalis) > CAST(1.000000001 AS DECIMAL(13,12))
ORDER BY d.ja_kodas NULLS LAST
