-- needs: out_savininkas
-- guards: out_virs, out_savininkas, out_emfa_savininkas, out_stat_nuosavybe
-- severity: warning
-- More than one owner marked as controlling one VIRS: possible only in joint ownership, so a person should look.
SELECT ja_kodas, COUNT(*) AS kontroliuojanciu
FROM out_savininkas
WHERE kontroliuoja
GROUP BY ja_kodas
HAVING COUNT(*) > 1
ORDER BY ja_kodas NULLS LAST
