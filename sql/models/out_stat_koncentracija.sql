-- needs: out_faktai_pajamos, out_klasifikatorius
-- Concentration of each kind of outlet's market, by the share of each VIRS in the income known here. The index is the sum of squared percentage
-- shares (0–10000). Only rows that are open by themselves are counted, so that nothing here can tell of a person; what cannot be assigned
-- to a kind is a row of its own, and no market.
-- Squares are rounded before they are added, so that the sum does not depend on the order of adding.
WITH pajamos AS (
    SELECT metai, leidinio_rusis, ja_kodas, SUM(verte) AS verte
    FROM out_faktai_pajamos
    WHERE NOT apie_asmeni
    GROUP BY metai, leidinio_rusis, ja_kodas
    HAVING SUM(verte) > 0
),
rinkos AS (
    SELECT metai, leidinio_rusis, SUM(verte) AS visa FROM pajamos GROUP BY metai, leidinio_rusis
),
dalys AS (
    SELECT
        p.metai,
        p.leidinio_rusis,
        p.verte,
        CAST(
            CAST(10000 AS DOUBLE) * (CAST(p.verte AS DOUBLE) / CAST(r.visa AS DOUBLE)) * (CAST(p.verte AS DOUBLE) / CAST(r.visa AS DOUBLE))
            AS DECIMAL(18,8)
        ) AS kvadratas,
        ROW_NUMBER() OVER (PARTITION BY p.metai, p.leidinio_rusis ORDER BY p.verte DESC NULLS LAST, p.ja_kodas NULLS LAST) AS vieta
    FROM pajamos AS p
    INNER JOIN rinkos AS r ON r.metai = p.metai AND r.leidinio_rusis = p.leidinio_rusis
),
langeliai AS (
    SELECT
        metai,
        leidinio_rusis,
        COUNT(*) AS virs_skaicius,
        SUM(verte) AS suma,
        SUM(kvadratas) AS hhi,
        SUM(CASE WHEN vieta <= 4 THEN verte ELSE CAST(0 AS DECIMAL(18,2)) END) AS keturiu
    FROM dalys
    GROUP BY metai, leidinio_rusis
)
SELECT
    c.metai,
    c.leidinio_rusis,
    COALESCE(k.pavadinimas_lt, 'Nenurodyta') AS leidinio_rusis_pavadinimas,
    CAST(c.virs_skaicius AS BIGINT) AS virs_skaicius,
    CAST(c.suma AS DECIMAL(18,2)) AS suma,
    CAST(c.hhi AS DECIMAL(18,4)) AS hhi,
    CAST(CAST(c.keturiu AS DOUBLE) / CAST(c.suma AS DOUBLE) AS DECIMAL(13,12)) AS keturiu_dalis
FROM langeliai AS c
LEFT JOIN out_klasifikatorius AS k ON k.klasifikatorius = 'vip_rusys' AND k.kodas = c.leidinio_rusis
ORDER BY c.metai NULLS LAST, c.leidinio_rusis NULLS LAST
