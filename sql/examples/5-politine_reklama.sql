-- title: Kas daugiausia uždirbo iš politinės reklamos?
-- title_en: Who earned the most from political advertising?
-- tier: open
SELECT pavadinimas AS "VIRS", SUM(kaina) AS "Suma, EUR", COUNT(*) AS "Reklamų", COUNT(DISTINCT kampanija) AS "Kampanijų rūšių"
FROM reklama
GROUP BY ja_kodas, pavadinimas
ORDER BY "Suma, EUR" DESC
LIMIT 30
