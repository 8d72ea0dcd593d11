-- needs: out_reklama, out_lesos, out_parama, core_virs, core_juridinis, core_vip
-- looks_up: core_virs, core_juridinis
-- Income as statistics count it: each political advertisement, sum of public funds and gift with the kind of outlet it is assigned to and the
-- natural persons behind it. Funds given for an outlet go to its kind; other income goes to the only kind of outlet that the VIRS had that year,
-- else to `nenurodyta`. An outlet that was founded later, or deregistered in an earlier year, was none of that year's.
-- As payers count a person, a group, a firm that bears a person's name or that nobody knows; as receivers sole proprietors.
-- These are the most rows of all tables: they have codes only, whose titles the statistics look up.
-- The order names every column, so that no row that is looked up can change it.
WITH metai AS (
    SELECT metai FROM out_reklama
    UNION
    SELECT metai FROM out_lesos
    UNION
    SELECT metai FROM out_parama
),
vienintele AS (
    SELECT n.ja_kodas, m.metai, CASE WHEN COUNT(DISTINCT n.vip_rusis) = 1 THEN MIN(n.vip_rusis) END AS vip_rusis
    FROM core_vip AS n
    CROSS JOIN metai AS m
    WHERE EXTRACT(YEAR FROM n.ikurimo_data) <= m.metai
        AND (n.isregistravimo_data IS NULL OR EXTRACT(YEAR FROM n.isregistravimo_data) >= m.metai)
    GROUP BY n.ja_kodas, m.metai
),
eilutes AS (
    SELECT
        'reklama' AS pajamu_saltinis,
        r.reklamos_nr,
        CAST(NULL AS BIGINT) AS eil_nr,
        r.metai,
        r.kampanija,
        r.kampanijos_dalyvis,
        CAST(NULL AS STRING) AS institucijos_kodas,
        CAST(NULL AS STRING) AS davejo_rusis,
        r.ja_kodas,
        CAST(NULL AS STRING) AS vip_nr,
        r.kaina AS verte,
        CASE
            WHEN r.kampanijos_dalyvis = 'G' THEN 'G' || COALESCE(r.grupe, '')
            WHEN r.kampanijos_dalyvis = 'F' OR r.asmens_id IS NOT NULL THEN 'F' || COALESCE(r.asmens_id, '')
            WHEN COALESCE(o.individuali, TRUE) THEN 'J' || COALESCE(r.valstybe, 'LT') || ' ' || COALESCE(r.dal_kodas, r.dal_pavadinimas, '')
        END AS moketojas,
        r.apie_asmeni
    FROM out_reklama AS r
    LEFT JOIN core_juridinis AS o ON o.ja_kodas = r.dal_kodas AND COALESCE(r.valstybe, 'LT') = 'LT'
    UNION ALL
    SELECT
        'lesos',
        CAST(NULL AS STRING),
        eil_nr,
        metai,
        CAST(NULL AS STRING),
        CAST(NULL AS STRING),
        institucijos_kodas,
        CAST(NULL AS STRING),
        ja_kodas,
        vip_nr,
        suma,
        CAST(NULL AS STRING),
        apie_asmeni
    FROM out_lesos
    UNION ALL
    SELECT
        'parama',
        CAST(NULL AS STRING),
        g.eil_nr,
        g.metai,
        CAST(NULL AS STRING),
        CAST(NULL AS STRING),
        CAST(NULL AS STRING),
        g.davejo_rusis,
        g.ja_kodas,
        CAST(NULL AS STRING),
        CAST(COALESCE(g.suma, CAST(0 AS DECIMAL(18,2))) + COALESCE(g.turto_verte, CAST(0 AS DECIMAL(18,2))) AS DECIMAL(18,2)),
        CASE
            WHEN g.davejo_rusis IN ('F', 'UF') OR g.asmens_id IS NOT NULL THEN 'F' || COALESCE(g.asmens_id, '')
            WHEN g.davejo_rusis = 'UJ' AND g.asmenvardis THEN 'U' || COALESCE(g.valstybe, '') || COALESCE(g.dav_kodas, g.dav_pavadinimas, '')
            WHEN COALESCE(o.individuali, g.davejo_rusis <> 'UJ') THEN 'J' || COALESCE(g.dav_kodas, g.dav_pavadinimas, '')
        END,
        g.apie_asmeni
    FROM out_parama AS g
    LEFT JOIN core_juridinis AS o ON o.ja_kodas = g.dav_kodas AND g.davejo_rusis = 'J'
)
SELECT
    e.pajamu_saltinis,
    e.reklamos_nr,
    e.eil_nr,
    e.metai,
    e.kampanija,
    e.kampanijos_dalyvis,
    e.institucijos_kodas,
    e.davejo_rusis,
    COALESCE(n.vip_rusis, u.vip_rusis, 'nenurodyta') AS leidinio_rusis,
    e.ja_kodas,
    e.verte,
    e.moketojas,
    CASE WHEN COALESCE(v.individuali, TRUE) THEN 'V' || e.ja_kodas END AS gavejas,
    e.apie_asmeni
FROM eilutes AS e
LEFT JOIN core_virs AS v ON v.ja_kodas = e.ja_kodas
LEFT JOIN core_vip AS n ON n.vip_nr = e.vip_nr
LEFT JOIN vienintele AS u ON u.ja_kodas = e.ja_kodas AND u.metai = e.metai
ORDER BY
    e.pajamu_saltinis NULLS LAST, e.reklamos_nr NULLS LAST, e.eil_nr NULLS LAST, e.metai NULLS LAST, e.kampanija NULLS LAST,
    e.kampanijos_dalyvis NULLS LAST, e.institucijos_kodas NULLS LAST, e.davejo_rusis NULLS LAST, leidinio_rusis NULLS LAST, e.ja_kodas NULLS LAST,
    e.verte NULLS LAST, e.moketojas NULLS LAST, gavejas NULLS LAST, e.apie_asmeni NULLS LAST
