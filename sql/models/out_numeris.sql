-- needs: core_numeris, core_vip, core_virs
-- looks_up: core_virs, core_vip
-- One row per ISSN or ISBN of a publication.
SELECT
    s.numeris,
    s.numerio_tipas,
    s.leidinys,
    s.ja_kodas,
    v.pavadinimas,
    s.vip_nr,
    n.vip_pavadinimas,
    (s.asmenvardis OR COALESCE(n.asmenvardis, FALSE)) AS asmenvardis,
    COALESCE(v.individuali, TRUE) AS apie_asmeni
FROM core_numeris AS s
LEFT JOIN core_virs AS v ON v.ja_kodas = s.ja_kodas
LEFT JOIN core_vip AS n ON n.vip_nr = s.vip_nr
ORDER BY s.numeris NULLS LAST
