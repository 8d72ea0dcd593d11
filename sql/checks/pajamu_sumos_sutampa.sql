-- needs: out_stat_pajamos, out_stat_reklama, out_stat_lesos, out_stat_parama
-- guards: out_stat_pajamos
-- severity: error
-- Income by kind of outlet and the statistics of each source are two cuts of the same money.
SELECT COALESCE(a.metai, b.metai) AS metai, COALESCE(a.pajamu_saltinis, b.pajamu_saltinis) AS pajamu_saltinis, a.suma AS pajamose, b.suma AS saltinyje
FROM (SELECT metai, pajamu_saltinis, SUM(suma) AS suma FROM out_stat_pajamos GROUP BY metai, pajamu_saltinis) AS a
FULL OUTER JOIN (
    SELECT metai, 'reklama' AS pajamu_saltinis, SUM(suma) AS suma FROM out_stat_reklama GROUP BY metai
    UNION ALL
    SELECT metai, 'lesos', SUM(suma) FROM out_stat_lesos GROUP BY metai
    UNION ALL
    SELECT metai, 'parama', SUM(suma) FROM out_stat_parama GROUP BY metai
) AS b ON b.metai = a.metai AND b.pajamu_saltinis = a.pajamu_saltinis
WHERE a.suma IS NULL OR b.suma IS NULL OR a.suma <> b.suma
ORDER BY metai NULLS LAST, pajamu_saltinis NULLS LAST
