-- needs: out_stat_lesos, out_lesos
-- guards: out_lesos, out_stat_lesos
-- severity: error
-- The statistics of public-sector funds add up to the rows of each year, to the cent.
SELECT COALESCE(a.metai, b.metai) AS metai, a.suma AS statistikoje, b.suma AS eilutese
FROM (SELECT metai, SUM(suma) AS suma FROM out_stat_lesos GROUP BY metai) AS a
FULL OUTER JOIN (
    SELECT metai AS metai, SUM(suma) AS suma
    FROM out_lesos
    GROUP BY metai
) AS b ON b.metai = a.metai
WHERE a.suma IS NULL OR b.suma IS NULL OR a.suma <> b.suma
ORDER BY metai NULLS LAST
