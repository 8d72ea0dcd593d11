-- needs: out_parama, out_reklama, out_lesos
-- guards: out_parama, out_reklama, out_lesos
-- severity: warning
-- Every code in the tables of income has a title, as pavadinimai_rasti asks it of all others: these are so large that they stand apart.
SELECT a.lentele, a.stulpelis, a.kodas, COUNT(*) AS eiluciu
FROM (
    SELECT 'out_parama' AS lentele, 'davejo_rusis' AS stulpelis, davejo_rusis AS kodas, davejo_rusis_pavadinimas AS pavadinimas FROM out_parama
    UNION ALL SELECT 'out_reklama', 'kampanija', kampanija, kampanija_pavadinimas FROM out_reklama
    UNION ALL SELECT 'out_reklama', 'kampanijos_dalyvis', kampanijos_dalyvis, kampanijos_dalyvis_pavadinimas FROM out_reklama
    UNION ALL SELECT 'out_lesos', 'sutarties_rusis', sutarties_rusis, sutarties_rusis_pavadinimas FROM out_lesos
) AS a
WHERE a.pavadinimas IS NULL
GROUP BY a.lentele, a.stulpelis, a.kodas
ORDER BY a.lentele NULLS LAST, a.stulpelis NULLS LAST, a.kodas NULLS LAST
