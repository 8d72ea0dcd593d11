-- needs: out_stat_imokos, out_imoka
-- guards: out_imoka, out_stat_imokos
-- severity: error
-- The statistics of annual fees add up to the fees of each year, to the cent.
SELECT COALESCE(a.metai, b.metai) AS metai, a.suma AS statistikoje, b.suma AS eilutese
FROM (SELECT metai, SUM(suma) AS suma FROM out_stat_imokos GROUP BY metai) AS a
FULL OUTER JOIN (
    SELECT CAST(EXTRACT(YEAR FROM nustatymo_data) AS BIGINT) AS metai, SUM(suma) AS suma
    FROM out_imoka
    GROUP BY CAST(EXTRACT(YEAR FROM nustatymo_data) AS BIGINT)
) AS b ON b.metai = a.metai
WHERE a.suma IS NULL OR b.suma IS NULL OR a.suma <> b.suma
ORDER BY metai NULLS LAST
