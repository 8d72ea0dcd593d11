-- title: Politinės reklamos pajamos pagal VIRS
-- title_en: Income from political advertising by VIRS
-- description: Kiek kiekvienas VIRS per metus gavo už politinę reklamą kiekvienoje kampanijoje ir iš kiek užsakovų.
-- description_en: How much each VIRS received for political advertising in each campaign of a year, and from how many clients.
-- empty: Šių metų politinės reklamos duomenyse nėra.
-- empty_en: The data have no political advertising of this year.
-- tier: public
-- param: metai year last_year "Metai" "Year"
SELECT
    kampanija_pavadinimas AS "Kampanija",
    pavadinimas AS "VIRS",
    ja_kodas AS "VIRS kodas",
    COUNT(*) AS "Reklamų",
    COUNT(DISTINCT COALESCE(asmens_id, COALESCE(valstybe, 'LT') || ' ' || COALESCE(dal_kodas, dal_pavadinimas), grupe)) AS "Užsakovų",
    CAST(SUM(kaina) AS DECIMAL(18,2)) AS "Suma, EUR"
FROM reklama AS r
WHERE metai = CAST($metai AS BIGINT)
GROUP BY kampanija, kampanija_pavadinimas, pavadinimas, ja_kodas
ORDER BY "Kampanija" NULLS LAST, "Suma, EUR" DESC NULLS LAST, "VIRS kodas" NULLS LAST, r.kampanija NULLS LAST, "VIRS" NULLS LAST
