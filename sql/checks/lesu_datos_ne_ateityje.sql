-- needs: core_saltinis, out_lesos
-- guards: out_lesos
-- severity: warning
-- As datos_ne_ateityje, of one large table: nothing is dated after the newest extract of this release.
SELECT a.data, COUNT(*) AS eiluciu
FROM out_lesos AS a
WHERE a.data > (SELECT MAX(israso_data) FROM core_saltinis)
GROUP BY a.data
ORDER BY a.data NULLS LAST
