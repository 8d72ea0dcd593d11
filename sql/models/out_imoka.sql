-- needs: core_imoka, core_virs
-- looks_up: core_virs
-- One row per annual fee set or changed for a VIRS.
SELECT
    i.ja_kodas,
    v.pavadinimas,
    i.dokumento_nr,
    i.suma,
    i.nustatymo_data,
    i.galiojimo_data,
    i.institucija,
    i.institucijos_kodas,
    i.dokumentas AS dokumento_nuoroda,
    i.dokumento_failas,
    COALESCE(v.individuali, TRUE) AS apie_asmeni
FROM core_imoka AS i
LEFT JOIN core_virs AS v ON v.ja_kodas = i.ja_kodas
ORDER BY i.ja_kodas NULLS LAST, i.nustatymo_data NULLS LAST, i.dokumento_nr NULLS LAST, i.institucijos_kodas NULLS LAST
