-- needs: out_kontrole, out_savininkas, out_dalyvis
-- guards: out_kontrole, out_emfa_grupe, out_emfa_reklama
-- severity: warning
-- The last step of a chain of control is an owner that out_savininkas marks as controlling, or an entity with participants of
-- its own of whom none has a majority: there control ends, ownership goes on.
SELECT c.ja_kodas, c.zingsnis
FROM out_kontrole AS c
INNER JOIN (SELECT ja_kodas, MAX(zingsnis) AS paskutinis FROM out_kontrole GROUP BY ja_kodas) AS p
    ON p.ja_kodas = c.ja_kodas AND p.paskutinis = c.zingsnis
LEFT JOIN out_savininkas AS s
    ON s.ja_kodas = c.ja_kodas
    AND s.kontroliuoja
    AND COALESCE(s.asmens_id, COALESCE(s.valstybe, '') || ' ' || COALESCE(s.dal_kodas, s.dal_pavadinimas))
        = COALESCE(c.asmens_id, COALESCE(c.valstybe, '') || ' ' || COALESCE(c.dal_kodas, c.dal_pavadinimas))
LEFT JOIN (SELECT DISTINCT ja_kodas FROM out_dalyvis) AS d ON d.ja_kodas = c.dal_kodas AND c.dalyvio_rusis = 'J'
WHERE s.ja_kodas IS NULL AND d.ja_kodas IS NULL
ORDER BY c.ja_kodas NULLS LAST
