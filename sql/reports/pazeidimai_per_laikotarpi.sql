-- title: Pažeidimai ir etikos nesilaikymas per laikotarpį
-- title_en: Violations and ethics findings in a period
-- description: Visi LRTK, ŽEIT ir etikos sprendimai, priimti nurodytu laikotarpiu.
-- description_en: All decisions of the Radio and Television Commission, of the Inspector of Journalist Ethics and on ethics that were taken within the given time.
-- empty: Šio laikotarpio sprendimų duomenyse nėra.
-- empty_en: The data have no decisions of this time.
-- tier: open
-- param: nuo date last_year_begins "Nuo" "From"
-- param: iki date last_year_ends "Iki" "To"
SELECT a."Data", a."Rūšis", a."VIRS", a."VIRS kodas", a."VIP", a."Kas nustatyta", a."Priemonė", a."Galioja iki", a."Institucija", a."Dokumento numeris"
FROM (
    SELECT
        sprendimo_data AS "Data",
        'Pažeidimas' AS "Rūšis",
        pavadinimas AS "VIRS",
        ja_kodas AS "VIRS kodas",
        vip_pavadinimas AS "VIP",
        pazeidimas_pavadinimas AS "Kas nustatyta",
        priemone_pavadinimas AS "Priemonė",
        galioja_iki AS "Galioja iki",
        institucija AS "Institucija",
        dokumento_nr AS "Dokumento numeris"
    FROM pazeidimas
    UNION ALL
    SELECT
        pripazinimo_data,
        'Profesinė etika',
        pavadinimas,
        ja_kodas,
        vip_pavadinimas,
        etikos_kategorija_pavadinimas,
        CAST(NULL AS STRING),
        galioja_iki,
        CAST(NULL AS STRING),
        dokumento_nr
    FROM etika
) AS a
WHERE a."Data" >= CAST($nuo AS DATE) AND a."Data" <= CAST($iki AS DATE)
ORDER BY a."Data" NULLS LAST, a."Rūšis" NULLS LAST, a."Dokumento numeris" NULLS LAST, a."Institucija" NULLS LAST, a."VIRS kodas" NULLS LAST,
    a."VIP" NULLS LAST, a."Kas nustatyta" NULLS LAST, a."Priemonė" NULLS LAST, a."Galioja iki" NULLS LAST, a."VIRS" NULLS LAST
