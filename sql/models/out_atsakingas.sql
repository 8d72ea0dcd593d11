-- needs: core_atsakingas, core_vip, core_virs, core_asmuo
-- looks_up: core_virs, core_asmuo, core_vip
-- One row per term of a person who answers for an outlet's content. All rows are about persons, so there is no open tier.
SELECT
    a.vip_nr,
    n.vip_pavadinimas,
    n.ja_kodas,
    v.pavadinimas,
    CAST(ROW_NUMBER() OVER (
        PARTITION BY a.vip_nr
        ORDER BY a.nuo NULLS LAST, p.pavarde NULLS LAST, p.vardas NULLS LAST, a.asmens_id NULLS LAST, a.iki NULLS LAST
    ) AS BIGINT) AS eil_nr,
    a.asmens_id,
    p.vardas,
    p.pavarde,
    a.nuo,
    a.iki
FROM core_atsakingas AS a
LEFT JOIN core_vip AS n ON n.vip_nr = a.vip_nr
LEFT JOIN core_virs AS v ON v.ja_kodas = n.ja_kodas
LEFT JOIN core_asmuo AS p ON p.asmens_id = a.asmens_id
ORDER BY a.vip_nr NULLS LAST, eil_nr NULLS LAST
