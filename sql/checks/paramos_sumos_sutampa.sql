-- needs: out_stat_parama, out_parama
-- guards: out_parama, out_stat_parama
-- severity: error
-- The statistics of support add up to the gifts of each year (money and assets), to the cent.
SELECT COALESCE(a.metai, b.metai) AS metai, a.suma AS statistikoje, b.suma AS eilutese
FROM (SELECT metai, SUM(suma) AS suma FROM out_stat_parama GROUP BY metai) AS a
FULL OUTER JOIN (
    SELECT metai AS metai, SUM(COALESCE(suma, CAST(0 AS DECIMAL(18,2))) + COALESCE(turto_verte, CAST(0 AS DECIMAL(18,2)))) AS suma
    FROM out_parama
    GROUP BY metai
) AS b ON b.metai = a.metai
WHERE a.suma IS NULL OR b.suma IS NULL OR a.suma <> b.suma
ORDER BY metai NULLS LAST
