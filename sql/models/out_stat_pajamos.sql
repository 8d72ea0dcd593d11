-- needs: out_reklama, out_lesos, out_parama, out_stat_reklama, out_stat_lesos, out_stat_parama, core_virs, core_juridinis, core_vip, core_klasifikatorius
-- looks_up: core_virs, core_juridinis
-- Income by year, source and kind of outlet. Funds given for an outlet go to its kind; other income goes to the only kind of outlet
-- the VIRS has (of all it ever registered), else to `nenurodyta`.
-- The same money is cut another way in out_stat_reklama, _lesos and _parama, and there are no totals: so a cell that one table withholds
-- could be had by subtracting the other. Hence asmenu of a cell with persons is the least above zero among all cells of that
-- year and source in both cuts: either no such cell is withheld, or all cells with persons are, and what remains to subtract is many persons' sum.
WITH vienintele AS (
    SELECT ja_kodas, CASE WHEN COUNT(DISTINCT vip_rusis) = 1 THEN MIN(vip_rusis) END AS vip_rusis
    FROM core_vip
    GROUP BY ja_kodas
),
eilutes AS (
    SELECT
        r.metai,
        'reklama' AS pajamu_saltinis,
        r.ja_kodas,
        CAST(NULL AS VARCHAR) AS vip_nr,
        r.kaina AS verte,
        r.apie_asmeni,
        CASE
            WHEN r.kampanijos_dalyvis = 'G' THEN 'G' || COALESCE(r.grupe, '')
            WHEN r.kampanijos_dalyvis = 'F' OR r.asmens_id IS NOT NULL THEN 'F' || COALESCE(r.asmens_id, '')
            WHEN COALESCE(o.individuali, TRUE) THEN 'J' || COALESCE(r.valstybe, 'LT') || ' ' || COALESCE(r.dal_kodas, r.dal_pavadinimas, '')
        END AS moketojas
    FROM out_reklama AS r
    LEFT JOIN core_juridinis AS o ON o.ja_kodas = r.dal_kodas AND COALESCE(r.valstybe, 'LT') = 'LT'
    UNION ALL
    SELECT metai, 'lesos', ja_kodas, vip_nr, suma, apie_asmeni, CAST(NULL AS VARCHAR)
    FROM out_lesos
    UNION ALL
    SELECT
        g.metai,
        'parama',
        g.ja_kodas,
        CAST(NULL AS VARCHAR),
        CAST(COALESCE(g.suma, CAST(0 AS DECIMAL(18,2))) + COALESCE(g.turto_verte, CAST(0 AS DECIMAL(18,2))) AS DECIMAL(18,2)),
        g.apie_asmeni,
        CASE
            WHEN g.davejo_rusis IN ('F', 'UF') OR g.asmens_id IS NOT NULL THEN 'F' || COALESCE(g.asmens_id, '')
            WHEN g.davejo_rusis = 'UJ' AND g.asmenvardis THEN 'U' || COALESCE(g.valstybe, '') || COALESCE(g.dav_kodas, g.dav_pavadinimas, '')
            WHEN COALESCE(o.individuali, g.davejo_rusis <> 'UJ') THEN 'J' || COALESCE(g.dav_kodas, g.dav_pavadinimas, '')
        END
    FROM out_parama AS g
    LEFT JOIN core_juridinis AS o ON o.ja_kodas = g.dav_kodas AND g.davejo_rusis = 'J'
),
langeliai AS (
    SELECT
        e.metai,
        e.pajamu_saltinis,
        COALESCE(n.vip_rusis, u.vip_rusis, 'nenurodyta') AS leidinio_rusis,
        COUNT(DISTINCT e.ja_kodas) AS virs_skaicius,
        SUM(e.verte) AS suma,
        SUM(CASE WHEN e.apie_asmeni THEN CAST(0 AS DECIMAL(18,2)) ELSE e.verte END) AS suma_be_asmenu,
        COUNT(DISTINCT e.moketojas) AS moketoju,
        COUNT(DISTINCT CASE WHEN COALESCE(v.individuali, TRUE) THEN e.ja_kodas END) AS gaveju
    FROM eilutes AS e
    LEFT JOIN core_virs AS v ON v.ja_kodas = e.ja_kodas
    LEFT JOIN core_vip AS n ON n.vip_nr = e.vip_nr
    LEFT JOIN vienintele AS u ON u.ja_kodas = e.ja_kodas
    GROUP BY e.metai, e.pajamu_saltinis, COALESCE(n.vip_rusis, u.vip_rusis, 'nenurodyta')
),
savi AS (
    SELECT
        metai,
        pajamu_saltinis,
        leidinio_rusis,
        virs_skaicius,
        suma,
        suma_be_asmenu,
        CAST(CASE WHEN moketoju = 0 THEN gaveju WHEN gaveju = 0 OR moketoju < gaveju THEN moketoju ELSE gaveju END AS BIGINT) AS asmenu
    FROM langeliai
),
visi AS (
    SELECT metai, pajamu_saltinis, asmenu FROM savi
    UNION ALL
    SELECT metai, 'reklama', asmenu FROM out_stat_reklama
    UNION ALL
    SELECT metai, 'lesos', asmenu FROM out_stat_lesos
    UNION ALL
    SELECT metai, 'parama', asmenu FROM out_stat_parama
),
maziausi AS (
    SELECT metai, pajamu_saltinis, MIN(asmenu) AS asmenu
    FROM visi
    WHERE asmenu > 0
    GROUP BY metai, pajamu_saltinis
)
SELECT
    s.metai,
    s.pajamu_saltinis,
    kp.pavadinimas_lt AS pajamu_saltinis_pavadinimas,
    s.leidinio_rusis,
    COALESCE(kv.pavadinimas_lt, 'Nenurodyta') AS leidinio_rusis_pavadinimas,
    CAST(s.virs_skaicius AS BIGINT) AS virs_skaicius,
    CAST(s.suma AS DECIMAL(18,2)) AS suma,
    CAST(s.suma_be_asmenu AS DECIMAL(18,2)) AS suma_be_asmenu,
    CAST(CASE WHEN s.asmenu = 0 THEN 0 ELSE m.asmenu END AS BIGINT) AS asmenu,
    CAST(NULL AS VARCHAR) AS konfidencialu
FROM savi AS s
LEFT JOIN maziausi AS m ON m.metai = s.metai AND m.pajamu_saltinis = s.pajamu_saltinis
LEFT JOIN core_klasifikatorius AS kp ON kp.klasifikatorius = 'pajamu_saltiniai' AND kp.kodas = s.pajamu_saltinis
LEFT JOIN core_klasifikatorius AS kv ON kv.klasifikatorius = 'vip_rusys' AND kv.kodas = s.leidinio_rusis
ORDER BY s.metai NULLS LAST, s.pajamu_saltinis NULLS LAST, s.leidinio_rusis NULLS LAST
