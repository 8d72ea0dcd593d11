-- needs: core_kontrole, out_savininkas, core_virs, core_juridinis, core_asmuo, core_klasifikatorius
-- looks_up: core_virs, core_juridinis, core_asmuo
-- One row per step of the chain of control, from a participant of the VIRS (step 1) to the owner that controls it. A chain is about a person as a whole:
-- one that broke off would tell that some person controls its last entity. So it counts as such unless it ends in an owner that is none.
WITH zingsniai AS (
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
        COALESCE(v.su_asmenimis, TRUE) AS su_asmenimis,
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
),
grandines AS (
    SELECT
        z.ja_kodas,
        MAX(CASE WHEN z.apie_asmeni OR s.ja_kodas IS NULL THEN 1 ELSE 0 END) AS apie_asmeni
    FROM zingsniai AS z
    LEFT JOIN (SELECT DISTINCT ja_kodas FROM out_savininkas WHERE kontroliuoja AND NOT apie_asmeni) AS s ON s.ja_kodas = z.ja_kodas
    GROUP BY z.ja_kodas
)
SELECT
    z.ja_kodas,
    z.pavadinimas,
    z.zingsnis,
    z.dalyvio_rusis,
    z.dalyvio_rusis_pavadinimas,
    z.asmens_id,
    z.vardas_pavarde,
    z.dal_kodas,
    z.dal_pavadinimas,
    z.valstybe,
    z.dalis,
    z.su_asmenimis,
    g.apie_asmeni = 1 AS apie_asmeni
FROM zingsniai AS z
INNER JOIN grandines AS g ON g.ja_kodas = z.ja_kodas
ORDER BY z.ja_kodas NULLS LAST, z.zingsnis NULLS LAST
