-- needs: core_saltinis, core_klasifikatorius
-- One row per table of a source in this release.
SELECT
    s.saltinis,
    ks.pavadinimas_lt AS saltinis_pavadinimas,
    s.lentele,
    s.israso_data,
    s.busena,
    kb.pavadinimas_lt AS busena_pavadinimas,
    s.eiluciu,
    s.atmesta
FROM core_saltinis AS s
LEFT JOIN core_klasifikatorius AS ks ON ks.klasifikatorius = 'saltiniai' AND ks.kodas = s.saltinis
LEFT JOIN core_klasifikatorius AS kb ON kb.klasifikatorius = 'saltinio_busenos' AND kb.kodas = s.busena
ORDER BY s.saltinis NULLS LAST, s.lentele NULLS LAST
