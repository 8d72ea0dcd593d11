-- title: Didžiausi viešojo sektoriaus lėšų gavėjai
-- title_en: Largest recipients of public-sector funds
-- description: VIRS, per metus gavę daugiausia institucijų lėšų: suma, institucijų ir įrašų skaičius.
-- description_en: VIRS that received the most from institutions in a year: the amount, how many institutions and how many records.
-- empty: Šių metų viešojo sektoriaus lėšų gavėjų duomenyse nėra.
-- empty_en: The data have no recipients of public-sector funds in this year.
-- tier: open
-- param: metai year last_year "Metai" "Year"
-- param: kiek integer 20 "Kiek gavėjų rodyti" "How many recipients to show"
WITH gavejai AS (
    SELECT
        ja_kodas,
        MIN(pavadinimas) AS pavadinimas,
        SUM(suma) AS suma,
        COUNT(DISTINCT institucijos_kodas) AS instituciju,
        COUNT(*) AS irasu
    FROM lesos
    WHERE metai = CAST($metai AS BIGINT)
    GROUP BY ja_kodas
),
eile AS (
    SELECT ja_kodas, pavadinimas, suma, instituciju, irasu, ROW_NUMBER() OVER (ORDER BY suma DESC NULLS LAST, ja_kodas NULLS LAST) AS vieta
    FROM gavejai
)
SELECT
    vieta AS "Vieta",
    pavadinimas AS "VIRS",
    ja_kodas AS "VIRS kodas",
    CAST(suma AS DECIMAL(18,2)) AS "Suma, EUR",
    instituciju AS "Institucijų",
    irasu AS "Įrašų"
FROM eile
WHERE vieta <= CAST($kiek AS BIGINT)
ORDER BY "Vieta" NULLS LAST
