-- needs: out_reklama, out_lesos, out_parama, core_virs, core_vip, core_klasifikatorius
-- looks_up: core_virs
-- Concentration of each kind of outlet's market, by the share of each VIRS in the income known here. Income is assigned to a kind
-- as in out_stat_pajamos; what has no kind is no market and is left out. The index is the sum of squared percentage shares (0–10000).
-- Only rows that are open by themselves are counted: an exact index would give back the one payment that is withheld.
-- Squares are rounded before they are added, so that the sum does not depend on the order of adding.
WITH vienintele AS (
    SELECT ja_kodas, CASE WHEN COUNT(DISTINCT vip_rusis) = 1 THEN MIN(vip_rusis) END AS vip_rusis
    FROM core_vip
    GROUP BY ja_kodas
),
eilutes AS (
    SELECT metai, ja_kodas, CAST(NULL AS VARCHAR) AS vip_nr, kaina AS verte FROM out_reklama WHERE NOT apie_asmeni
    UNION ALL
    SELECT metai, ja_kodas, vip_nr, suma FROM out_lesos WHERE NOT apie_asmeni
    UNION ALL
    SELECT
        metai,
        ja_kodas,
        CAST(NULL AS VARCHAR),
        CAST(COALESCE(suma, CAST(0 AS DECIMAL(18,2))) + COALESCE(turto_verte, CAST(0 AS DECIMAL(18,2))) AS DECIMAL(18,2))
    FROM out_parama
    WHERE NOT apie_asmeni
),
pajamos AS (
    SELECT e.metai, COALESCE(n.vip_rusis, u.vip_rusis) AS vip_rusis, e.ja_kodas, SUM(e.verte) AS verte
    FROM eilutes AS e
    LEFT JOIN core_vip AS n ON n.vip_nr = e.vip_nr
    LEFT JOIN vienintele AS u ON u.ja_kodas = e.ja_kodas
    WHERE COALESCE(n.vip_rusis, u.vip_rusis) IS NOT NULL
    GROUP BY e.metai, COALESCE(n.vip_rusis, u.vip_rusis), e.ja_kodas
    HAVING SUM(e.verte) > 0
),
rinkos AS (
    SELECT metai, vip_rusis, SUM(verte) AS visa FROM pajamos GROUP BY metai, vip_rusis
),
dalys AS (
    SELECT
        p.metai,
        p.vip_rusis,
        p.ja_kodas,
        p.verte,
        CAST(
            CAST(10000 AS DOUBLE) * (CAST(p.verte AS DOUBLE) / CAST(r.visa AS DOUBLE)) * (CAST(p.verte AS DOUBLE) / CAST(r.visa AS DOUBLE))
            AS DECIMAL(18,8)
        ) AS kvadratas,
        ROW_NUMBER() OVER (PARTITION BY p.metai, p.vip_rusis ORDER BY p.verte DESC NULLS LAST, p.ja_kodas NULLS LAST) AS vieta
    FROM pajamos AS p
    INNER JOIN rinkos AS r ON r.metai = p.metai AND r.vip_rusis = p.vip_rusis
),
sumos AS (
    SELECT
        d.metai,
        d.vip_rusis,
        COUNT(*) AS virs_skaicius,
        SUM(d.kvadratas) AS hhi,
        CAST(SUM(CASE WHEN d.vieta <= 4 THEN d.verte ELSE CAST(0 AS DECIMAL(18,2)) END) AS DOUBLE) / CAST(SUM(d.verte) AS DOUBLE) AS keturiu_dalis,
        COUNT(CASE WHEN COALESCE(v.individuali, TRUE) THEN d.ja_kodas END) AS asmenu
    FROM dalys AS d
    LEFT JOIN core_virs AS v ON v.ja_kodas = d.ja_kodas
    GROUP BY d.metai, d.vip_rusis
)
SELECT
    s.metai,
    s.vip_rusis,
    k.pavadinimas_lt AS vip_rusis_pavadinimas,
    CAST(s.virs_skaicius AS BIGINT) AS virs_skaicius,
    CAST(s.hhi AS DECIMAL(18,4)) AS hhi,
    CAST(s.keturiu_dalis AS DECIMAL(13,12)) AS keturiu_dalis,
    CAST(s.asmenu AS BIGINT) AS asmenu,
    CAST(NULL AS VARCHAR) AS konfidencialu
FROM sumos AS s
LEFT JOIN core_klasifikatorius AS k ON k.klasifikatorius = 'vip_rusys' AND k.kodas = s.vip_rusis
ORDER BY s.metai NULLS LAST, s.vip_rusis NULLS LAST
