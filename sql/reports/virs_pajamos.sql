-- title: Vieno VIRS pajamos pagal metus ir šaltinį
-- title_en: Income of one VIRS by year and source
-- description: Kiek vienas VIRS kasmet gavo už politinę reklamą, iš viešojo sektoriaus ir paramos. Komercinių pajamų čia nėra.
-- description_en: How much one VIRS received each year for political advertising, from the public sector and as support. Commercial income is not here.
-- empty: Šio VIRS pajamų iš politinės reklamos, viešojo sektoriaus ar paramos duomenyse nėra.
-- empty_en: The data have no income of this VIRS from political advertising, the public sector or support.
-- tier: open
-- param: ja_kodas virs - "VIRS kodas arba pavadinimas" "Code or name of the VIRS"
SELECT
    a.metai AS "Metai",
    a.saltinis AS "Pajamų šaltinis",
    COUNT(*) AS "Įrašų",
    CAST(SUM(a.verte) AS DECIMAL(18,2)) AS "Suma, EUR"
FROM (
    SELECT ja_kodas, metai, 'Politinė reklama' AS saltinis, kaina AS verte FROM reklama
    UNION ALL
    SELECT ja_kodas, metai, 'Viešojo sektoriaus lėšos', suma FROM lesos
    UNION ALL
    SELECT ja_kodas, metai, 'Parama', CAST(COALESCE(suma, CAST(0 AS DECIMAL(18,2))) + COALESCE(turto_verte, CAST(0 AS DECIMAL(18,2))) AS DECIMAL(18,2)) FROM parama
) AS a
WHERE a.ja_kodas = CAST($ja_kodas AS STRING)
GROUP BY a.metai, a.saltinis
ORDER BY a.metai NULLS LAST, a.saltinis NULLS LAST
