-- title: Nepateiktos metinės ataskaitos
-- title_en: Annual accounts not filed
-- description: Dabartiniai VIRS, kurių nurodytų metų finansinių ataskaitų JAR nėra, ir paskutiniai metai, už kuriuos jos pateiktos.
-- description_en: Current VIRS whose annual accounts for the given year JAR does not have, and the last year for which they were filed.
-- empty: VIRS, kurie šių metų ataskaitos nepateikė, nėra.
-- empty_en: There are no VIRS that have not filed accounts for this year.
-- tier: open
-- param: metai year last_year "Ataskaitiniai metai" "Financial year"
SELECT
    v.pavadinimas AS "VIRS",
    v.ja_kodas AS "VIRS kodas",
    v.forma_pavadinimas AS "Teisinė forma",
    v.statusas_pavadinimas AS "Teisinis statusas",
    MAX(f.metai) AS "Paskutiniai pateikti metai"
FROM virs AS v
LEFT JOIN finansai AS f ON f.ja_kodas = v.ja_kodas
WHERE v.virs_iki IS NULL
    AND v.isreg_data IS NULL
    AND (v.reg_data IS NULL OR v.reg_data <= CAST(CAST($metai AS STRING) || '-12-31' AS DATE))
GROUP BY v.pavadinimas, v.ja_kodas, v.forma_pavadinimas, v.statusas_pavadinimas
HAVING COUNT(CASE WHEN f.metai = CAST($metai AS BIGINT) THEN 1 END) = 0
ORDER BY v.pavadinimas NULLS LAST, v.ja_kodas NULLS LAST
