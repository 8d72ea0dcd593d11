-- needs: out_kontrole, out_dalyvis
-- guards: out_kontrole, out_emfa_grupe, out_emfa_reklama
-- severity: error
-- A chain of control counts its steps from 1 without gaps, and its first step is a direct participant of the VIRS itself.
SELECT c.ja_kodas, 'zingsniai' AS kas
FROM out_kontrole AS c
GROUP BY c.ja_kodas
HAVING MIN(c.zingsnis) <> 1 OR MAX(c.zingsnis) <> COUNT(*)
UNION ALL
SELECT c.ja_kodas, 'pirmas zingsnis'
FROM out_kontrole AS c
LEFT JOIN (
    SELECT DISTINCT ja_kodas, COALESCE(asmens_id, COALESCE(valstybe, '') || ' ' || COALESCE(dal_kodas, dal_pavadinimas)) AS dalyvis FROM out_dalyvis
) AS d ON d.ja_kodas = c.ja_kodas AND d.dalyvis = COALESCE(c.asmens_id, COALESCE(c.valstybe, '') || ' ' || COALESCE(c.dal_kodas, c.dal_pavadinimas))
WHERE c.zingsnis = 1 AND d.ja_kodas IS NULL
ORDER BY ja_kodas NULLS LAST, kas NULLS LAST
