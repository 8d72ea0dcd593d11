-- title: Kas gavo ir viešojo sektoriaus lėšų, ir pinigų už politinę reklamą?
-- title_en: Who received both public-sector money and money for political advertising?
-- tier: open
WITH gauta AS (
    SELECT ja_kodas, pavadinimas, suma AS lesos, 0 AS reklama FROM lesos
    UNION ALL
    SELECT ja_kodas, pavadinimas, 0, kaina FROM reklama
)
SELECT pavadinimas AS "VIRS", SUM(lesos) AS "Lėšos, EUR", SUM(reklama) AS "Politinė reklama, EUR"
FROM gauta
GROUP BY ja_kodas, pavadinimas
HAVING SUM(lesos) > 0 AND SUM(reklama) > 0
ORDER BY SUM(lesos) + SUM(reklama) DESC
LIMIT 30
