-- needs: core_licencija, core_virs, core_klasifikatorius
-- looks_up: core_virs
-- One row per licence of a VIRS.
SELECT
    l.licencijos_nr,
    l.ja_kodas,
    v.pavadinimas,
    l.veikla,
    ka.pavadinimas_lt AS veikla_pavadinimas,
    l.institucija,
    l.institucijos_kodas,
    l.isdavimo_data,
    l.galioja_nuo,
    l.galioja_iki,
    l.licencijos_busena,
    kb.pavadinimas_lt AS licencijos_busena_pavadinimas,
    l.teritorija,
    l.dokumentas AS dokumento_nuoroda,
    COALESCE(v.individuali, TRUE) AS apie_asmeni
FROM core_licencija AS l
LEFT JOIN core_virs AS v ON v.ja_kodas = l.ja_kodas
LEFT JOIN core_klasifikatorius AS ka ON ka.klasifikatorius = 'licencijuojamos_veiklos' AND ka.kodas = l.veikla
LEFT JOIN core_klasifikatorius AS kb ON kb.klasifikatorius = 'licenciju_busenos' AND kb.kodas = l.licencijos_busena
ORDER BY l.ja_kodas NULLS LAST, l.licencijos_nr NULLS LAST, l.isdavimo_data NULLS LAST, l.institucijos_kodas NULLS LAST
