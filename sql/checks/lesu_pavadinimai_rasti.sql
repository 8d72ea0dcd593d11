-- needs: out_lesos
-- guards: out_lesos
-- severity: warning
-- Every code has a title, as pavadinimai_rasti asks it of all others.
SELECT a.stulpelis, a.kodas, COUNT(*) AS eiluciu
FROM (
    SELECT 'sutarties_rusis' AS stulpelis, sutarties_rusis AS kodas, sutarties_rusis_pavadinimas AS pavadinimas FROM out_lesos
) AS a
WHERE a.pavadinimas IS NULL
GROUP BY a.stulpelis, a.kodas
ORDER BY a.stulpelis NULLS LAST, a.kodas NULLS LAST
