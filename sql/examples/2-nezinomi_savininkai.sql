-- title: Kurių veikiančių VIRS savininkai bent iš dalies nežinomi?
-- title_en: Of which VIRS in operation are the owners at least partly unknown?
-- tier: public
SELECT pavadinimas AS "VIRS", ja_kodas AS "Kodas", nezinoma_dalis AS "Nežinoma dalis", vip_skaicius AS "VIP"
FROM virs
WHERE nezinoma_dalis > 0 AND virs_iki IS NULL
ORDER BY nezinoma_dalis DESC, pavadinimas
