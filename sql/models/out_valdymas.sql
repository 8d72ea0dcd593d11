-- needs: core_valdymas, core_virs, core_asmuo, core_klasifikatorius
-- looks_up: core_virs, core_asmuo
-- One row per term of a member of a governing body. All rows are about persons, so there is no open tier.
-- eil_nr is counted here because the key may not be personal.
SELECT
    m.ja_kodas,
    v.pavadinimas,
    CAST(ROW_NUMBER() OVER (
        PARTITION BY m.ja_kodas
        ORDER BY m.nuo NULLS LAST, m.organas NULLS LAST, p.pavarde NULLS LAST, p.vardas NULLS LAST, m.asmens_id NULLS LAST,
            m.pareigos NULLS LAST, m.iki NULLS LAST, m.valstybe NULLS LAST
    ) AS BIGINT) AS eil_nr,
    m.organas,
    k.pavadinimas_lt AS organas_pavadinimas,
    m.pareigos,
    m.asmens_id,
    p.vardas,
    p.pavarde,
    p.uzsienietis,
    m.valstybe,
    m.nuo,
    m.iki
FROM core_valdymas AS m
LEFT JOIN core_virs AS v ON v.ja_kodas = m.ja_kodas
LEFT JOIN core_asmuo AS p ON p.asmens_id = m.asmens_id
LEFT JOIN core_klasifikatorius AS k ON k.klasifikatorius = 'valdymo_organai' AND k.kodas = m.organas
ORDER BY m.ja_kodas NULLS LAST, eil_nr NULLS LAST
