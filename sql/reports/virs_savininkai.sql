-- title: Vieno VIRS nuosavybė
-- title_en: Full ownership of one VIRS
-- description: Kam priklauso vienas VIRS: galutiniai savininkai su dalimis ir kontrolės grandinė nuo VIRS iki kontroliuojančio savininko.
-- description_en: To whom one VIRS belongs: ultimate owners with their shares, and the chain of control from the VIRS to its controlling owner.
-- empty: Šio VIRS savininkų duomenyse nėra.
-- empty_en: The data have no owners of this VIRS.
-- tier: public
-- param: ja_kodas virs - "VIRS kodas arba pavadinimas" "Code or name of the VIRS"
SELECT a."Sąrašas", a."Nr.", a."Savininkas", a."Kodas", a."Rūšis", a."Valstybė", a."Dalis", a."Kontroliuoja", a."Grandinės ilgis"
FROM (
    SELECT
        'Galutinis savininkas' AS "Sąrašas",
        s.eil_nr AS "Nr.",
        s.savininkas AS "Savininkas",
        s.dal_kodas AS "Kodas",
        s.savininko_rusis_pavadinimas AS "Rūšis",
        s.valstybe AS "Valstybė",
        s.dalis AS "Dalis",
        CASE WHEN s.kontroliuoja THEN 'Taip' ELSE 'Ne' END AS "Kontroliuoja",
        s.zingsniai AS "Grandinės ilgis"
    FROM savininkas AS s
    WHERE s.ja_kodas = CAST($ja_kodas AS STRING)
    UNION ALL
    SELECT
        'Kontrolės grandinės žingsnis',
        c.zingsnis,
        COALESCE(c.vardas_pavarde, c.dal_pavadinimas),
        c.dal_kodas,
        c.dalyvio_rusis_pavadinimas,
        c.valstybe,
        c.dalis,
        CAST(NULL AS STRING),
        CAST(NULL AS BIGINT)
    FROM kontrole AS c
    WHERE c.ja_kodas = CAST($ja_kodas AS STRING)
) AS a
ORDER BY a."Sąrašas" NULLS LAST, a."Nr." NULLS LAST
