-- needs: out_virs
-- Current VIRS by the municipality of their seat. A sole proprietor is a person, so it counts in asmenu.
SELECT
    COALESCE(savivaldybe, 'nenurodyta') AS savivaldybe,
    COALESCE(MIN(savivaldybe_pavadinimas), 'Savivaldybė nenurodyta') AS savivaldybe_pavadinimas,
    CAST(COUNT(DISTINCT ja_kodas) AS BIGINT) AS virs_skaicius,
    CAST(COUNT(DISTINCT CASE WHEN NOT apie_asmeni THEN ja_kodas END) AS BIGINT) AS skaicius_be_asmenu,
    CAST(COUNT(DISTINCT CASE WHEN apie_asmeni THEN ja_kodas END) AS BIGINT) AS asmenu,
    CAST(NULL AS STRING) AS konfidencialu
FROM out_virs
WHERE virs_iki IS NULL
GROUP BY COALESCE(savivaldybe, 'nenurodyta')
ORDER BY savivaldybe NULLS LAST
