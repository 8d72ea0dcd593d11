-- needs: out_parama
-- guards: out_parama
-- severity: warning
-- Every code has a title, as pavadinimai_rasti asks it of all others.
SELECT a.stulpelis, a.kodas, COUNT(*) AS eiluciu
FROM (
    SELECT 'davejo_rusis' AS stulpelis, davejo_rusis AS kodas, davejo_rusis_pavadinimas AS pavadinimas FROM out_parama
) AS a
WHERE a.pavadinimas IS NULL
GROUP BY a.stulpelis, a.kodas
ORDER BY a.stulpelis NULLS LAST, a.kodas NULLS LAST
