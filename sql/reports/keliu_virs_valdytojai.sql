-- title: Kelis VIRS kontroliuojantys savininkai
-- title_en: Owners that control several VIRS
-- description: Savininkai, kontroliuojantys ne mažiau kaip nurodytą skaičių VIRS, ir tų VIRS sąrašas – viena eilutė kiekvienam VIRS.
-- description_en: Owners that control at least the given number of VIRS, and a list of these: one row for each VIRS.
-- empty: Tiek VIRS nekontroliuoja nė vienas savininkas.
-- empty_en: No owner controls so many VIRS.
-- tier: public
-- param: maziausiai integer 2 "Mažiausiai VIRS" "VIRS at least"
WITH valdo AS (
    SELECT COALESCE(asmens_id, savininko_rusis || ' ' || COALESCE(valstybe, '') || ' ' || COALESCE(dal_kodas, dal_pavadinimas)) AS kas, savininkas, savininko_rusis_pavadinimas, dal_kodas, valstybe, ja_kodas, eil_nr, pavadinimas, dalis
    FROM savininkas
    WHERE kontroliuoja AND savininko_rusis <> 'nezinomas'
),
keli AS (
    SELECT kas, COUNT(DISTINCT ja_kodas) AS kiekis FROM valdo GROUP BY kas HAVING COUNT(DISTINCT ja_kodas) >= CAST($maziausiai AS BIGINT)
)
SELECT
    v.savininkas AS "Savininkas",
    v.savininko_rusis_pavadinimas AS "Savininko rūšis",
    v.dal_kodas AS "Savininko kodas",
    v.valstybe AS "Savininko valstybė",
    k.kiekis AS "Kontroliuojamų VIRS",
    v.pavadinimas AS "VIRS",
    v.ja_kodas AS "VIRS kodas",
    v.dalis AS "Dalis"
FROM valdo AS v
INNER JOIN keli AS k ON k.kas = v.kas
ORDER BY k.kiekis DESC NULLS LAST, v.savininkas NULLS LAST, v.kas NULLS LAST, v.ja_kodas NULLS LAST, v.eil_nr NULLS LAST
