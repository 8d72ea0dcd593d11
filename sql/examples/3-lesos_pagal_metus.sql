-- title: Kiek viešojo sektoriaus lėšų VIRS gavo kasmet?
-- title_en: How much public-sector money did VIRS receive each year?
-- tier: open
SELECT metai AS "Metai", SUM(suma) AS "Suma, EUR", COUNT(DISTINCT ja_kodas) AS "Gavėjų", COUNT(DISTINCT institucijos_kodas) AS "Institucijų"
FROM lesos
GROUP BY metai
ORDER BY metai
