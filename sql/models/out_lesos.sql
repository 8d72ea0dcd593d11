-- needs: core_lesos, core_virs, core_vip, core_klasifikatorius
-- looks_up: core_virs, core_vip
-- One row per sum an institution gave to a VIRS.
SELECT
    l.eil_nr,
    l.ja_kodas,
    v.pavadinimas,
    l.vip_nr,
    n.vip_pavadinimas,
    l.institucija,
    l.institucijos_kodas,
    l.sutarties_rusis,
    k.pavadinimas_lt AS sutarties_rusis_pavadinimas,
    l.metai,
    l.data,
    l.suma,
    COALESCE(n.asmenvardis, FALSE) AS asmenvardis,
    COALESCE(v.individuali, TRUE) AS apie_asmeni
FROM core_lesos AS l
LEFT JOIN core_virs AS v ON v.ja_kodas = l.ja_kodas
LEFT JOIN core_vip AS n ON n.vip_nr = l.vip_nr
LEFT JOIN core_klasifikatorius AS k ON k.klasifikatorius = 'sutarciu_rusys' AND k.kodas = l.sutarties_rusis
ORDER BY l.eil_nr NULLS LAST
