-- needs: out_virs_veikla
-- Current VIRS by kind of activity; one with several kinds counts under each. Rows about persons are exactly those of sole proprietors.
SELECT
    veiklos_rusis,
    MIN(veiklos_pavadinimas) AS veiklos_pavadinimas,
    CAST(COUNT(DISTINCT ja_kodas) AS BIGINT) AS virs_skaicius,
    CAST(COUNT(DISTINCT CASE WHEN NOT apie_asmeni THEN ja_kodas END) AS BIGINT) AS skaicius_be_asmenu,
    CAST(COUNT(DISTINCT CASE WHEN apie_asmeni THEN ja_kodas END) AS BIGINT) AS asmenu,
    CAST(NULL AS STRING) AS konfidencialu
FROM out_virs_veikla
WHERE virs_iki IS NULL
GROUP BY veiklos_rusis
ORDER BY veiklos_rusis NULLS LAST
