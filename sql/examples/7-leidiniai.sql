-- title: Kas leidžia ar transliuoja daugiausia priemonių?
-- title_en: Who publishes or broadcasts the most outlets?
-- tier: open
SELECT pavadinimas AS "VIRS", COUNT(*) AS "Priemonių", STRING_AGG(DISTINCT vip_rusis_pavadinimas, ', ' ORDER BY vip_rusis_pavadinimas) AS "Rūšys"
FROM vip
WHERE isregistravimo_data IS NULL
GROUP BY ja_kodas, pavadinimas
ORDER BY "Priemonių" DESC, "VIRS"
LIMIT 30
