-- needs: out_stat_nuosavybe
-- guards: out_stat_nuosavybe
-- severity: error
-- Average shares of all kinds of owners add up to 1, but for the rounding of each average (six kinds).
SELECT SUM(vidutine_dalis) AS dalys
FROM out_stat_nuosavybe
HAVING COUNT(*) > 0 AND (SUM(vidutine_dalis) < CAST(0.999999999990 AS DECIMAL(13,12)) OR SUM(vidutine_dalis) > CAST(1.000000000010 AS DECIMAL(13,12)))
