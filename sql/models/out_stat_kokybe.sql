-- needs: core_karantinas, core_klasifikatorius
-- Quarantined rows by source, table and rule.
SELECT
    q.saltinis,
    k.pavadinimas_lt AS saltinis_pavadinimas,
    q.lentele,
    q.taisykle,
    q.atmesta
FROM core_karantinas AS q
LEFT JOIN core_klasifikatorius AS k ON k.klasifikatorius = 'saltiniai' AND k.kodas = q.saltinis
ORDER BY q.saltinis NULLS LAST, q.lentele NULLS LAST, q.taisykle NULLS LAST
