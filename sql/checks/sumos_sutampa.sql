-- needs: {statistics}, {table}
-- guards: {table}, {statistics}
-- severity: error
-- for: name | statistics | table | year | money
-- for: imoku_sumos_sutampa | out_stat_imokos | out_faktai_imokos | metai | suma
-- for: lesu_sumos_sutampa | out_stat_lesos | out_lesos | metai | suma
-- for: paramos_sumos_sutampa | out_stat_parama | out_parama | metai | COALESCE(suma, CAST(0 AS DECIMAL(18,2))) + COALESCE(turto_verte, CAST(0 AS DECIMAL(18,2)))
-- for: reklamos_sumos_sutampa | out_stat_reklama | out_reklama | metai | kaina
-- The statistics of each year add up to its rows, to the cent.
SELECT COALESCE(a.metai, b.metai) AS metai, a.suma AS statistikoje, b.suma AS eilutese
FROM (SELECT metai, SUM(suma) AS suma FROM {statistics} GROUP BY metai) AS a
FULL OUTER JOIN (SELECT {year} AS metai, SUM({money}) AS suma FROM {table} GROUP BY {year}) AS b ON b.metai = a.metai
WHERE a.suma IS NULL OR b.suma IS NULL OR a.suma <> b.suma
ORDER BY metai NULLS LAST
