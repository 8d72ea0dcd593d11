-- needs: core_kontrole, core_virs, core_juridinis, core_asmuo, core_klasifikatorius
-- looks_up: core_virs, core_juridinis, core_asmuo
-- One row per step of the chain of control, from a participant of the VIRS (step 1) to the owner that controls it.
SELECT
    c.ja_kodas,
    v.pavadinimas,
    c.zingsnis,
    c.dalyvio_rusis,
    k.pavadinimas_lt AS dalyvio_rusis_pavadinimas,
    c.asmens_id,
    p.vardas || ' ' || p.pavarde AS vardas_pavarde,
    c.dal_kodas,
    CASE WHEN c.asmens_id IS NULL THEN c.dal_pavadinimas END AS dal_pavadinimas,
    c.valstybe,
    c.dalis,
    (
        c.asmens_id IS NOT NULL
        OR c.dalyvio_rusis IN ('F', 'UF')
        OR COALESCE(v.individuali, TRUE)
        OR COALESCE(o.individuali, c.dalyvio_rusis <> 'UJ' OR c.asmenvardis)
    ) AS apie_asmeni
FROM core_kontrole AS c
LEFT JOIN core_virs AS v ON v.ja_kodas = c.ja_kodas
LEFT JOIN core_juridinis AS o ON o.ja_kodas = c.dal_kodas AND c.dalyvio_rusis = 'J'
LEFT JOIN core_asmuo AS p ON p.asmens_id = c.asmens_id
LEFT JOIN core_klasifikatorius AS k ON k.klasifikatorius = 'dalyviu_rusys' AND k.kodas = c.dalyvio_rusis
ORDER BY c.ja_kodas NULLS LAST, c.zingsnis NULLS LAST
