-- title: Valstybės reklama pagal instituciją
-- title_en: State advertising by institution
-- description: Kiek kiekviena institucija per metus išleido valstybės reklamai ir keliems teikėjams (Reglamento (ES) 2024/1083 25 straipsnio 2 dalies c punktas). Neaiškios paskirties lėšos – pagal įsakymus ir sprendimus. Atvirų duomenų dalyje individualių įmonių nėra.
-- empty: Šių metų valstybės reklamos duomenyse nėra.
-- tier: open
-- param: metai year last_year "Metai"
SELECT
    MIN(institucija) AS "Institucija",
    institucijos_kodas AS "Institucijos kodas",
    CAST(SUM(valstybes_reklama) AS DECIMAL(18,2)) AS "Valstybės reklama, EUR",
    COUNT(CASE WHEN valstybes_reklama > 0 THEN 1 END) AS "Teikėjų",
    CAST(SUM(neaiski_suma) AS DECIMAL(18,2)) AS "Neaiškios paskirties lėšos, EUR"
FROM emfa_reklama
WHERE metai = CAST($metai AS BIGINT) AND (valstybes_reklama > 0 OR neaiski_suma > 0)
GROUP BY institucijos_kodas
ORDER BY "Valstybės reklama, EUR" DESC NULLS LAST, institucijos_kodas NULLS LAST
