-- title: Kurios įmonės ir organizacijos rėmė VIRS?
-- title_en: Which companies and organisations supported VIRS?
-- tier: open
SELECT dav_pavadinimas AS "Rėmėjas", dav_kodas AS "Kodas", SUM(COALESCE(suma, 0) + COALESCE(turto_verte, 0)) AS "Parama, EUR", COUNT(DISTINCT ja_kodas) AS "VIRS"
FROM parama
WHERE dav_pavadinimas IS NOT NULL
GROUP BY dav_pavadinimas, dav_kodas
ORDER BY "Parama, EUR" DESC
LIMIT 50
