-- needs: out_faktai_pajamos, out_klasifikatorius
-- Concentration of each kind of outlet's market, by the share of each VIRS in the income known here. The index is the sum of squared percentage
-- shares (0–10000). Only rows that are open by themselves are counted, so that nothing here can tell of a person; what cannot be assigned
-- to a kind is a row of its own, and no market.
-- Squares are rounded before they are added, so that the sum does not depend on the order of adding. Sums become a DOUBLE as whole cents, and euros only
-- then, since engines turn a large DECIMAL into a DOUBLE in different ways.
WITH pajamos AS (
    SELECT metai, leidinio_rusis, ja_kodas, CAST(SUM(verte) AS DECIMAL(20,2)) AS verte
    FROM out_faktai_pajamos
    WHERE NOT apie_asmeni
    GROUP BY metai, leidinio_rusis, ja_kodas
    HAVING SUM(verte) > 0
),
rinkos AS (
    SELECT metai, leidinio_rusis, CAST(SUM(verte) AS DECIMAL(20,2)) AS visa FROM pajamos GROUP BY metai, leidinio_rusis
),
dalys AS (
    SELECT
        p.metai,
        p.leidinio_rusis,
        p.ja_kodas,
        p.verte,
        (CAST(CAST(p.verte * CAST(100 AS DECIMAL(3,0)) AS BIGINT) AS DOUBLE) / CAST(100 AS DOUBLE))
            / (CAST(CAST(r.visa * CAST(100 AS DECIMAL(3,0)) AS BIGINT) AS DOUBLE) / CAST(100 AS DOUBLE)) AS dalis
    FROM pajamos AS p
    INNER JOIN rinkos AS r ON r.metai = p.metai AND r.leidinio_rusis = p.leidinio_rusis
),
kvadratai AS (
    SELECT
        metai,
        leidinio_rusis,
        verte,
        CAST(FLOOR(CAST(10000 AS DOUBLE) * dalis * dalis * CAST(100000000 AS DOUBLE) + CAST(0.5 AS DOUBLE)) AS BIGINT)
            * CAST(0.00000001 AS DECIMAL(8,8)) AS kvadratas,
        ROW_NUMBER() OVER (PARTITION BY metai, leidinio_rusis ORDER BY verte DESC NULLS LAST, ja_kodas NULLS LAST) AS vieta
    FROM dalys
),
langeliai AS (
    SELECT
        metai,
        leidinio_rusis,
        COUNT(*) AS virs_skaicius,
        CAST(SUM(verte) AS DECIMAL(20,2)) AS suma,
        SUM(kvadratas) AS hhi,
        CAST(SUM(CASE WHEN vieta <= 4 THEN verte ELSE CAST(0 AS DECIMAL(20,2)) END) AS DECIMAL(20,2)) AS keturiu
    FROM kvadratai
    GROUP BY metai, leidinio_rusis
)
SELECT
    c.metai,
    c.leidinio_rusis,
    COALESCE(k.pavadinimas_lt, 'Nenurodyta') AS leidinio_rusis_pavadinimas,
    CAST(c.virs_skaicius AS BIGINT) AS virs_skaicius,
    CAST(c.suma AS DECIMAL(18,2)) AS suma,
    CAST(c.hhi AS DECIMAL(18,4)) AS hhi,
    CAST(
        CAST(
            FLOOR(
                (CAST(CAST(c.keturiu * CAST(100 AS DECIMAL(3,0)) AS BIGINT) AS DOUBLE) / CAST(100 AS DOUBLE))
                    / (CAST(CAST(c.suma * CAST(100 AS DECIMAL(3,0)) AS BIGINT) AS DOUBLE) / CAST(100 AS DOUBLE))
                    * CAST(1000000000000 AS DOUBLE)
                + CAST(0.5 AS DOUBLE)
            ) AS BIGINT
        )
        * CAST(0.000000000001 AS DECIMAL(12,12))
        AS DECIMAL(13,12)
    ) AS keturiu_dalis
FROM langeliai AS c
LEFT JOIN out_klasifikatorius AS k ON k.klasifikatorius = 'vip_rusys' AND k.kodas = c.leidinio_rusis
ORDER BY c.metai NULLS LAST, c.leidinio_rusis NULLS LAST
