-- title: Valstybės reklama pagal instituciją
-- title_en: State advertising by institution
-- description: Kiek kiekviena institucija per metus išleido valstybės reklamai ir keliems teikėjams (Reglamento (ES) 2024/1083 25 straipsnio 2 dalies c punktas). Neaiškios paskirties lėšos – pagal įsakymus ir sprendimus. Atvirų duomenų dalyje individualių įmonių nėra.
-- description_en: How much each institution spent on State advertising in a year, and with how many providers (Regulation (EU) 2024/1083, Article 25(2)(c)). Funds of unclear purpose are by orders and decisions. The open data tier has no sole proprietors.
-- empty: Šių metų valstybės reklamos duomenyse nėra.
-- empty_en: The data have no State advertising of this year.
-- tier: open
-- param: metai year last_year "Metai" "Year"
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
