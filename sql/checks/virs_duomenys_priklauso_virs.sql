-- needs: out_virs, out_virs_veikla, out_finansai, out_valdymas, out_numeris
-- guards: out_virs_veikla, out_finansai, out_valdymas, out_numeris, out_stat_veiklos
-- severity: error
-- Activities, accounts, governing bodies and publication numbers are of VIRS only.
SELECT a.lentele, a.ja_kodas
FROM (
    SELECT 'out_virs_veikla' AS lentele, ja_kodas FROM out_virs_veikla
    UNION
    SELECT 'out_finansai', ja_kodas FROM out_finansai
    UNION
    SELECT 'out_valdymas', ja_kodas FROM out_valdymas
    UNION
    SELECT 'out_numeris', ja_kodas FROM out_numeris
) AS a
LEFT JOIN out_virs AS v ON v.ja_kodas = a.ja_kodas
WHERE v.ja_kodas IS NULL
ORDER BY a.lentele NULLS LAST, a.ja_kodas NULLS LAST
