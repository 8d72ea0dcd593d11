-- title: Kam priklauso daugiausia VIRS?
-- title_en: Who owns the most VIRS?
-- tier: public
SELECT
    COALESCE(savininkas, dal_pavadinimas) AS "Savininkas",
    savininko_rusis_pavadinimas AS "Rūšis",
    COUNT(DISTINCT ja_kodas) AS "VIRS",
    COUNT(DISTINCT CASE WHEN kontroliuoja THEN ja_kodas END) AS "Iš jų kontroliuoja"
FROM savininkas
WHERE savininko_rusis <> 'nezinomas'
GROUP BY savininkas, dal_pavadinimas, savininko_rusis_pavadinimas, asmens_id, dal_kodas, valstybe
ORDER BY "VIRS" DESC, "Savininkas"
LIMIT 50
