-- needs: core_etika, core_vip, core_virs, core_klasifikatorius
-- looks_up: core_virs, core_vip
-- One row per finding that professional ethics were not followed.
SELECT
    e.dokumento_nr,
    e.ja_kodas,
    v.pavadinimas,
    e.vip_nr,
    n.vip_pavadinimas,
    e.etikos_kategorija,
    k.pavadinimas_lt AS etikos_kategorija_pavadinimas,
    e.pripazinimo_data,
    e.galioja_iki,
    e.dokumentas AS dokumento_nuoroda,
    e.dokumento_failas,
    COALESCE(n.asmenvardis, FALSE) AS asmenvardis,
    COALESCE(v.individuali, TRUE) AS apie_asmeni
FROM core_etika AS e
LEFT JOIN core_virs AS v ON v.ja_kodas = e.ja_kodas
LEFT JOIN core_vip AS n ON n.vip_nr = e.vip_nr
LEFT JOIN core_klasifikatorius AS k ON k.klasifikatorius = 'etikos_kategorijos' AND k.kodas = e.etikos_kategorija
ORDER BY e.dokumento_nr NULLS LAST, e.pripazinimo_data NULLS LAST, e.ja_kodas NULLS LAST, e.vip_nr NULLS LAST, e.etikos_kategorija NULLS LAST
