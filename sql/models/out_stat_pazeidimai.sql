-- needs: out_pazeidimas
-- Serious violations established by year, deciding institution and measure.
SELECT
    CAST(EXTRACT(YEAR FROM sprendimo_data) AS BIGINT) AS metai,
    institucijos_kodas,
    MIN(institucija) AS institucija,
    priemone,
    MIN(priemone_pavadinimas) AS priemone_pavadinimas,
    CAST(COUNT(*) AS BIGINT) AS pazeidimu_skaicius,
    CAST(COUNT(DISTINCT ja_kodas) AS BIGINT) AS virs_skaicius,
    CAST(COUNT(CASE WHEN NOT apie_asmeni THEN dokumento_nr END) AS BIGINT) AS skaicius_be_asmenu,
    CAST(COUNT(DISTINCT CASE WHEN apie_asmeni THEN ja_kodas END) AS BIGINT) AS asmenu,
    CAST(NULL AS STRING) AS konfidencialu
FROM out_pazeidimas
GROUP BY CAST(EXTRACT(YEAR FROM sprendimo_data) AS BIGINT), institucijos_kodas, priemone
ORDER BY metai NULLS LAST, institucijos_kodas NULLS LAST, priemone NULLS LAST
