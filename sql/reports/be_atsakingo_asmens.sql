-- title: VIP be dabartinio atsakingo asmens
-- title_en: Outlets without a current responsible person
-- description: Veikiančios VIP, kurios nurodytą dieną neturi už turinį atsakingo asmens, ir kada baigėsi paskutinio įgaliojimai.
-- description_en: Outlets in operation that have no person responsible for content on the given day, and when the last one’s term ended.
-- empty: Veikiančių VIP, kurios tą dieną neturi už turinį atsakingo asmens, nėra.
-- empty_en: There are no outlets in operation without a person responsible for content on that day.
-- tier: public
-- param: data date release_day "Kurios dienos būklė" "On which day"
SELECT
    n.pavadinimas AS "VIRS",
    n.ja_kodas AS "VIRS kodas",
    n.vip_pavadinimas AS "VIP",
    n.vip_nr AS "VIP numeris",
    n.vip_rusis_pavadinimas AS "VIP rūšis",
    MAX(a.iki) AS "Paskutinio įgaliojimai iki"
FROM vip AS n
LEFT JOIN atsakingas AS a ON a.vip_nr = n.vip_nr
WHERE n.registravimo_data <= CAST($data AS DATE)
    AND (n.isregistravimo_data IS NULL OR n.isregistravimo_data > CAST($data AS DATE))
GROUP BY n.pavadinimas, n.ja_kodas, n.vip_pavadinimas, n.vip_nr, n.vip_rusis_pavadinimas
HAVING COUNT(CASE WHEN a.nuo <= CAST($data AS DATE) AND (a.iki IS NULL OR a.iki >= CAST($data AS DATE)) THEN 1 END) = 0
ORDER BY n.pavadinimas NULLS LAST, n.ja_kodas NULLS LAST, n.vip_nr NULLS LAST
