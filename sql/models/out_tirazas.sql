-- needs: core_tirazas, core_vip, core_virs
-- looks_up: core_virs, core_vip
-- One row per circulation figure handed in for an outlet; ja_kodas comes through the outlet. The day of the figure and the day on which it was
-- handed in are two facts; of the old history nobody knows the second.
SELECT
    t.vip_nr,
    n.vip_pavadinimas,
    n.ja_kodas,
    v.pavadinimas,
    t.data,
    t.tirazas,
    t.metrikos_tirazas,
    t.su_reklama,
    t.reklamos_pozymio_data,
    t.pateikimo_data,
    COALESCE(n.asmenvardis, FALSE) AS asmenvardis,
    COALESCE(v.individuali, TRUE) AS apie_asmeni
FROM core_tirazas AS t
LEFT JOIN core_vip AS n ON n.vip_nr = t.vip_nr
LEFT JOIN core_virs AS v ON v.ja_kodas = n.ja_kodas
ORDER BY t.vip_nr NULLS LAST, t.data NULLS LAST
