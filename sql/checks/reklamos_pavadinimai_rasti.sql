-- needs: out_reklama
-- guards: out_reklama
-- severity: warning
-- Every code has a title, as pavadinimai_rasti asks it of all others.
SELECT a.stulpelis, a.kodas, COUNT(*) AS eiluciu
FROM (
    SELECT 'kampanija' AS stulpelis, kampanija AS kodas, kampanija_pavadinimas AS pavadinimas FROM out_reklama
    UNION ALL SELECT 'kampanijos_dalyvis', kampanijos_dalyvis, kampanijos_dalyvis_pavadinimas FROM out_reklama
) AS a
WHERE a.pavadinimas IS NULL
GROUP BY a.stulpelis, a.kodas
ORDER BY a.stulpelis NULLS LAST, a.kodas NULLS LAST
