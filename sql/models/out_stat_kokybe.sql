-- needs: core_karantinas, core_klasifikatorius
-- Quarantined rows by source, table and rule.
SELECT
    q.saltinis,
    s.pavadinimas_lt AS saltinis_pavadinimas,
    q.lentele,
    COALESCE(l.pavadinimas_lt, q.lentele) AS lentele_pavadinimas,
    q.taisykle,
    COALESCE(t.pavadinimas_lt, q.taisykle) AS taisykle_pavadinimas,
    q.atmesta
FROM core_karantinas AS q
LEFT JOIN core_klasifikatorius AS s ON s.klasifikatorius = 'saltiniai' AND s.kodas = q.saltinis
LEFT JOIN core_klasifikatorius AS l ON l.klasifikatorius = 'lenteles' AND l.kodas = q.lentele
LEFT JOIN core_klasifikatorius AS t ON t.klasifikatorius = 'taisykles' AND t.kodas = q.taisykle
ORDER BY q.saltinis NULLS LAST, q.lentele NULLS LAST, q.taisykle NULLS LAST
