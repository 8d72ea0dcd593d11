-- needs: out_licencija
-- Licences by licensed activity and state.
SELECT
    veikla,
    MIN(veikla_pavadinimas) AS veikla_pavadinimas,
    licencijos_busena,
    MIN(licencijos_busena_pavadinimas) AS licencijos_busena_pavadinimas,
    CAST(COUNT(*) AS BIGINT) AS licenciju_skaicius,
    CAST(COUNT(DISTINCT ja_kodas) AS BIGINT) AS virs_skaicius,
    CAST(COUNT(CASE WHEN NOT apie_asmeni THEN licencijos_nr END) AS BIGINT) AS skaicius_be_asmenu,
    CAST(COUNT(DISTINCT CASE WHEN apie_asmeni THEN ja_kodas END) AS BIGINT) AS asmenu,
    CAST(NULL AS STRING) AS konfidencialu
FROM out_licencija
GROUP BY veikla, licencijos_busena
ORDER BY veikla NULLS LAST, licencijos_busena NULLS LAST
