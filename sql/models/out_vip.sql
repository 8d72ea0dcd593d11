-- needs: core_vip, core_virs, core_klasifikatorius
-- looks_up: core_virs
-- One row per media outlet.
SELECT
    n.vip_nr,
    n.ja_kodas,
    v.pavadinimas,
    v.virs_iki,
    n.vip_pavadinimas,
    n.ikurimo_data,
    n.registravimo_data,
    n.isregistravimo_data,
    n.vip_rusis,
    kr.pavadinimas_lt AS vip_rusis_pavadinimas,
    n.vip_kategorija,
    kk.pavadinimas_lt AS vip_kategorija_pavadinimas,
    n.asmenvardis,
    COALESCE(v.individuali, TRUE) AS apie_asmeni
FROM core_vip AS n
LEFT JOIN core_virs AS v ON v.ja_kodas = n.ja_kodas
LEFT JOIN core_klasifikatorius AS kr ON kr.klasifikatorius = 'vip_rusys' AND kr.kodas = n.vip_rusis
LEFT JOIN core_klasifikatorius AS kk ON kk.klasifikatorius = 'vip_kategorijos' AND kk.kodas = n.vip_kategorija
ORDER BY n.vip_nr NULLS LAST
