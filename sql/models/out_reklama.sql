-- needs: core_reklama, core_virs, core_juridinis, core_asmuo, core_klasifikatorius
-- looks_up: core_virs, core_juridinis, core_asmuo
-- One row per political advertisement. A group of natural persons (kind G) is about persons too.
SELECT
    r.reklamos_nr,
    r.ja_kodas,
    v.pavadinimas,
    r.metai,
    r.kampanija,
    kk.pavadinimas_lt AS kampanija_pavadinimas,
    r.kampanijos_dalyvis,
    kd.pavadinimas_lt AS kampanijos_dalyvis_pavadinimas,
    r.asmens_id,
    p.vardas,
    p.pavarde,
    r.dal_kodas,
    CASE WHEN r.asmens_id IS NULL THEN r.dal_pavadinimas END AS dal_pavadinimas,
    r.valstybe,
    r.grupe,
    r.reklamos_nuo,
    r.reklamos_iki,
    r.kaina,
    (
        r.asmens_id IS NOT NULL
        OR r.grupe IS NOT NULL
        OR r.kampanijos_dalyvis IN ('F', 'G')
        OR COALESCE(v.individuali, TRUE)
        OR COALESCE(o.individuali, TRUE)
    ) AS apie_asmeni
FROM core_reklama AS r
LEFT JOIN core_virs AS v ON v.ja_kodas = r.ja_kodas
LEFT JOIN core_juridinis AS o ON o.ja_kodas = r.dal_kodas AND COALESCE(r.valstybe, 'LT') = 'LT'
LEFT JOIN core_asmuo AS p ON p.asmens_id = r.asmens_id
LEFT JOIN core_klasifikatorius AS kk ON kk.klasifikatorius = 'kampanijos' AND kk.kodas = r.kampanija
LEFT JOIN core_klasifikatorius AS kd ON kd.klasifikatorius = 'kampanijos_dalyviai' AND kd.kodas = r.kampanijos_dalyvis
ORDER BY r.ja_kodas NULLS LAST, r.reklamos_nuo NULLS LAST, r.reklamos_nr NULLS LAST
