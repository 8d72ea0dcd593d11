-- needs: core_saltinis, out_parama
-- guards: out_parama
-- severity: warning
-- As datos_ne_ateityje, of one large table: nothing is dated after the newest extract of this release.
SELECT a.data, COUNT(*) AS eiluciu
FROM out_parama AS a
WHERE a.data > (SELECT MAX(israso_data) FROM core_saltinis)
GROUP BY a.data
ORDER BY a.data NULLS LAST
