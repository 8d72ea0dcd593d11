-- needs: out_virs
-- Current VIRS by legal form and status. A sole proprietor is a person, so it counts in asmenu.
SELECT
    forma,
    MIN(forma_pavadinimas) AS forma_pavadinimas,
    COALESCE(statusas, 'nenurodyta') AS statusas,
    COALESCE(MIN(statusas_pavadinimas), 'Nenurodyta') AS statusas_pavadinimas,
    CAST(COUNT(DISTINCT ja_kodas) AS BIGINT) AS virs_skaicius,
    CAST(COUNT(DISTINCT CASE WHEN NOT apie_asmeni THEN ja_kodas END) AS BIGINT) AS skaicius_be_asmenu,
    CAST(COUNT(DISTINCT CASE WHEN apie_asmeni THEN ja_kodas END) AS BIGINT) AS asmenu,
    CAST(NULL AS STRING) AS konfidencialu
FROM out_virs
WHERE virs_iki IS NULL
GROUP BY forma, COALESCE(statusas, 'nenurodyta')
ORDER BY forma NULLS LAST, statusas NULLS LAST
