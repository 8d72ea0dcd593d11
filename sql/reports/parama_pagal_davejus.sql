-- title: Parama pagal davėjo rūšį per metus
-- title_en: Support by kind of donor over the years
-- description: Kiek VIRS paremta kasmet pagal davėjo rūšį nurodytu laikotarpiu. Atvirų duomenų dalyje kai kurios reikšmės neskelbiamos.
-- description_en: How much VIRS were supported with each year, by kind of donor, within the given years. Some values are not published in the open data tier.
-- empty: Šio laikotarpio paramos duomenyse nėra.
-- empty_en: The data have no support in these years.
-- tier: open
-- param: nuo_metu year last_year-5 "Nuo metų" "From year"
-- param: iki_metu year last_year "Iki metų" "To year"
SELECT
    metai AS "Metai",
    davejo_rusis_pavadinimas AS "Davėjo rūšis",
    suma AS "Suma, EUR",
    suma_be_asmenu AS "Suma be fizinių asmenų, EUR",
    irasu_skaicius AS "Įrašų",
    virs_skaicius AS "Paremta VIRS",
    konfidencialu AS "Konfidencialios reikšmės"
FROM stat_parama
WHERE metai >= CAST($nuo_metu AS BIGINT) AND metai <= CAST($iki_metu AS BIGINT)
ORDER BY "Metai" NULLS LAST, davejo_rusis NULLS LAST
