-- needs: core_parama, core_virs, core_juridinis, core_asmuo, core_klasifikatorius
-- looks_up: core_virs, core_juridinis, core_asmuo
-- One row per gift over the threshold. About a person when the donor is one, or when the VIRS or the donor is a firm that may bear a person's name.
SELECT
    g.eil_nr,
    g.ja_kodas,
    v.pavadinimas,
    g.metai,
    g.data,
    g.davejo_rusis,
    k.pavadinimas_lt AS davejo_rusis_pavadinimas,
    g.asmens_id,
    p.vardas,
    p.pavarde,
    g.dav_kodas,
    CASE WHEN g.asmens_id IS NULL THEN g.dav_pavadinimas END AS dav_pavadinimas,
    g.valstybe,
    g.registras,
    g.suma,
    g.turtas,
    g.turto_verte,
    g.paramos_suma,
    g.bsi_kartai,
    g.asmenvardis,
    (
        g.asmens_id IS NOT NULL
        OR g.davejo_rusis IN ('F', 'UF')
        OR COALESCE(v.individuali, TRUE)
        OR COALESCE(o.individuali, g.davejo_rusis <> 'UJ' OR g.asmenvardis)
    ) AS apie_asmeni
FROM core_parama AS g
LEFT JOIN core_virs AS v ON v.ja_kodas = g.ja_kodas
LEFT JOIN core_juridinis AS o ON o.ja_kodas = g.dav_kodas AND g.davejo_rusis = 'J'
LEFT JOIN core_asmuo AS p ON p.asmens_id = g.asmens_id
LEFT JOIN core_klasifikatorius AS k ON k.klasifikatorius = 'dalyviu_rusys' AND k.kodas = g.davejo_rusis
ORDER BY g.eil_nr NULLS LAST
