-- needs: out_stat_reklama, out_reklama
-- guards: out_reklama, out_stat_reklama
-- severity: error
-- The statistics of political advertising add up to the advertisements of each year, to the cent.
SELECT COALESCE(a.metai, b.metai) AS metai, a.suma AS statistikoje, b.suma AS eilutese
FROM (SELECT metai, SUM(suma) AS suma FROM out_stat_reklama GROUP BY metai) AS a
FULL OUTER JOIN (
    SELECT metai AS metai, SUM(kaina) AS suma
    FROM out_reklama
    GROUP BY metai
) AS b ON b.metai = a.metai
WHERE a.suma IS NULL OR b.suma IS NULL OR a.suma <> b.suma
ORDER BY metai NULLS LAST
