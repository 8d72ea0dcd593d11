-- title: Kurios institucijos VIRS sumokėjo daugiausia?
-- title_en: Which institutions paid VIRS the most?
-- tier: open
SELECT institucija AS "Institucija", SUM(suma) AS "Suma, EUR", COUNT(DISTINCT ja_kodas) AS "VIRS", MIN(metai) AS "Nuo", MAX(metai) AS "Iki"
FROM lesos
GROUP BY institucija
ORDER BY "Suma, EUR" DESC
LIMIT 30
