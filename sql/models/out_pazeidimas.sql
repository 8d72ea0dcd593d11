-- needs: core_pazeidimas, core_vip, core_virs, core_klasifikatorius
-- looks_up: core_virs, core_vip
-- One row per violation that a decision established and its measure: one decision may establish several, by several VIRS.
SELECT
    z.saltinis,
    z.dokumento_nr,
    z.ja_kodas,
    v.pavadinimas,
    z.vip_nr,
    n.vip_pavadinimas,
    z.pazeidimas,
    kp.pavadinimas_lt AS pazeidimas_pavadinimas,
    z.priemone,
    km.pavadinimas_lt AS priemone_pavadinimas,
    z.sprendimo_data,
    z.galioja_iki,
    z.institucija,
    z.institucijos_kodas,
    z.dokumentas AS dokumento_nuoroda,
    z.dokumento_failas,
    COALESCE(n.asmenvardis, FALSE) AS asmenvardis,
    COALESCE(v.individuali, TRUE) AS apie_asmeni
FROM core_pazeidimas AS z
LEFT JOIN core_virs AS v ON v.ja_kodas = z.ja_kodas
LEFT JOIN core_vip AS n ON n.vip_nr = z.vip_nr
LEFT JOIN core_klasifikatorius AS kp ON kp.klasifikatorius = 'pazeidimai' AND kp.kodas = z.pazeidimas
LEFT JOIN core_klasifikatorius AS km ON km.klasifikatorius = 'poveikio_priemones' AND km.kodas = z.priemone
ORDER BY z.dokumento_nr NULLS LAST, z.sprendimo_data NULLS LAST, z.institucijos_kodas NULLS LAST, z.ja_kodas NULLS LAST, z.vip_nr NULLS LAST, z.pazeidimas NULLS LAST
