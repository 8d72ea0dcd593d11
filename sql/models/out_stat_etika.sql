-- needs: out_etika
-- Ethics findings by year and category.
SELECT
    CAST(EXTRACT(YEAR FROM pripazinimo_data) AS BIGINT) AS metai,
    etikos_kategorija,
    MIN(etikos_kategorija_pavadinimas) AS etikos_kategorija_pavadinimas,
    CAST(COUNT(*) AS BIGINT) AS pazeidimu_skaicius,
    CAST(COUNT(DISTINCT ja_kodas) AS BIGINT) AS virs_skaicius,
    CAST(COUNT(CASE WHEN NOT apie_asmeni THEN dokumento_nr END) AS BIGINT) AS skaicius_be_asmenu,
    CAST(COUNT(DISTINCT CASE WHEN apie_asmeni THEN ja_kodas END) AS BIGINT) AS asmenu,
    CAST(NULL AS STRING) AS konfidencialu
FROM out_etika
GROUP BY CAST(EXTRACT(YEAR FROM pripazinimo_data) AS BIGINT), etikos_kategorija
ORDER BY metai NULLS LAST, etikos_kategorija NULLS LAST
