-- needs: core_auditas, core_vip, core_virs, core_juridinis, core_klasifikatorius
-- looks_up: core_virs, core_juridinis, core_vip
-- One row per circulation audit. The auditor may itself be a firm that bears a person's name; one that JAR does not know is taken for such.
SELECT
    a.vip_nr,
    n.vip_pavadinimas,
    n.ja_kodas,
    v.pavadinimas,
    a.data,
    a.institucija,
    a.institucijos_kodas,
    a.isvada,
    k.pavadinimas_lt AS isvada_pavadinimas,
    a.dokumentas AS dokumento_nuoroda,
    a.dokumento_failas,
    COALESCE(n.asmenvardis, FALSE) AS asmenvardis,
    (COALESCE(v.individuali, TRUE) OR COALESCE(j.individuali, TRUE)) AS apie_asmeni
FROM core_auditas AS a
LEFT JOIN core_vip AS n ON n.vip_nr = a.vip_nr
LEFT JOIN core_virs AS v ON v.ja_kodas = n.ja_kodas
LEFT JOIN core_juridinis AS j ON j.ja_kodas = a.institucijos_kodas
LEFT JOIN core_klasifikatorius AS k ON k.klasifikatorius = 'audito_isvados' AND k.kodas = a.isvada
ORDER BY a.vip_nr NULLS LAST, a.data NULLS LAST, a.institucijos_kodas NULLS LAST
