-- needs: out_virs, out_licencija, out_imoka
-- guards: out_licencija, out_imoka, out_stat_licencijos, out_stat_imokos
-- severity: error
-- Licences and fees are of VIRS only.
SELECT a.lentele, a.ja_kodas
FROM (
    SELECT 'out_licencija' AS lentele, ja_kodas FROM out_licencija
    UNION
    SELECT 'out_imoka', ja_kodas FROM out_imoka
) AS a
LEFT JOIN out_virs AS v ON v.ja_kodas = a.ja_kodas
WHERE v.ja_kodas IS NULL
ORDER BY a.lentele NULLS LAST, a.ja_kodas NULLS LAST
