-- needs: core_virs_veikla, core_virs, core_klasifikatorius
-- looks_up: core_virs
-- One row per kind of public-information activity of a VIRS. An entity that is not among the VIRS counts as a person (COALESCE), to be safe.
SELECT
    a.ja_kodas,
    v.pavadinimas,
    a.veiklos_rusis,
    k.pavadinimas_lt AS veiklos_pavadinimas,
    v.virs_iki,
    COALESCE(v.individuali, TRUE) AS apie_asmeni
FROM core_virs_veikla AS a
LEFT JOIN core_virs AS v ON v.ja_kodas = a.ja_kodas
LEFT JOIN core_klasifikatorius AS k ON k.klasifikatorius = 'veiklos_rusys' AND k.kodas = a.veiklos_rusis
ORDER BY a.ja_kodas NULLS LAST, a.veiklos_rusis NULLS LAST
