-- title: Didžiausi viešojo sektoriaus lėšų gavėjai
-- title_en: Largest recipients of public-sector funds
-- description: VIRS, per metus gavę daugiausia institucijų lėšų: suma, institucijų ir įrašų skaičius.
-- empty: Šių metų viešojo sektoriaus lėšų gavėjų duomenyse nėra.
-- tier: open
-- param: metai year last_year "Metai"
-- param: kiek integer 20 "Kiek gavėjų rodyti"
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
ORDER BY vieta NULLS LAST
