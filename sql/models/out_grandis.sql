-- needs: core_grandis, core_virs, core_asmuo, core_klasifikatorius
-- looks_up: core_virs, core_asmuo
-- One row per holding above a VIRS. The public tier has it, since the law makes owners public, direct and ultimate; the open tier has direct participants and
-- chains of control, whose rows are marked one by one.
SELECT
    g.ja_kodas,
    v.pavadinimas,
    g.eil_nr,
    g.zingsnis,
    g.valdomas_kodas,
    g.valdomas_pavadinimas,
    g.dalyvio_rusis,
    d.pavadinimas_lt AS dalyvio_rusis_pavadinimas,
    g.savininko_rusis,
    k.pavadinimas_lt AS savininko_rusis_pavadinimas,
    CASE
        WHEN g.asmens_id IS NOT NULL THEN p.vardas || ' ' || p.pavarde
        WHEN g.savininko_rusis = 'nezinomas' THEN 'Nežinomas'
        ELSE g.dal_pavadinimas
    END AS savininkas,
    g.asmens_id,
    g.dal_kodas,
    g.valstybe,
    g.dalis,
    g.nezinojimo_priezastis,
    n.pavadinimas_lt AS nezinojimo_priezastis_pavadinimas
FROM core_grandis AS g
LEFT JOIN core_virs AS v ON v.ja_kodas = g.ja_kodas
LEFT JOIN core_asmuo AS p ON p.asmens_id = g.asmens_id
LEFT JOIN core_klasifikatorius AS k ON k.klasifikatorius = 'savininku_rusys' AND k.kodas = g.savininko_rusis
LEFT JOIN core_klasifikatorius AS d ON d.klasifikatorius = 'dalyviu_rusys' AND d.kodas = g.dalyvio_rusis
LEFT JOIN core_klasifikatorius AS n ON n.klasifikatorius = 'nezinojimo_priezastys' AND n.kodas = g.nezinojimo_priezastis
ORDER BY g.ja_kodas NULLS LAST, g.eil_nr NULLS LAST
