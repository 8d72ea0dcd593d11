-- needs: out_saltinis
-- Freshness by source: the oldest and newest extract, and how many tables are not fresh.
SELECT
    saltinis,
    MIN(saltinis_pavadinimas) AS saltinis_pavadinimas,
    CAST(COUNT(*) AS BIGINT) AS lenteliu_skaicius,
    CAST(COUNT(CASE WHEN busena <> 'fresh' THEN 1 END) AS BIGINT) AS pasenusiu_lenteliu,
    MIN(israso_data) AS seniausias_israsas,
    MAX(israso_data) AS naujausias_israsas,
    CAST(SUM(atmesta) AS BIGINT) AS atmesta
FROM out_saltinis
GROUP BY saltinis
ORDER BY saltinis NULLS LAST
