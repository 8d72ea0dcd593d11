-- needs: out_savininkas
-- guards: out_virs, out_savininkas, out_emfa_savininkas, out_emfa_teikejas, out_stat_nuosavybe, out_stat_savininkai
-- severity: error
-- The shares of every VIRS add up to 1 (the unknown is a row of its own). Decimals add exactly; 1e-12 is their last place.
SELECT ja_kodas, SUM(dalis) AS dalys
FROM out_savininkas
GROUP BY ja_kodas
HAVING SUM(dalis) < CAST(0.999999999999 AS DECIMAL(13,12)) OR SUM(dalis) > CAST(1.000000000001 AS DECIMAL(13,12))
ORDER BY ja_kodas NULLS LAST
