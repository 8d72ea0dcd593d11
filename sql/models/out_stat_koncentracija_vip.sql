-- needs: out_vip
-- Concentration of each kind of outlet's market, by the share of each VIRS among the outlets of that kind now operating.
-- It tells about kinds of outlet whose income is not known here. Outlets of sole proprietors do not count, so that nothing here can tell of a person.
WITH turimi AS (
    SELECT vip_rusis, vip_rusis_pavadinimas, ja_kodas, COUNT(*) AS kiekis
    FROM out_vip
    WHERE isregistravimo_data IS NULL AND virs_iki IS NULL AND NOT apie_asmeni
    GROUP BY vip_rusis, vip_rusis_pavadinimas, ja_kodas
),
rinkos AS (
    SELECT vip_rusis, CAST(SUM(kiekis) AS BIGINT) AS visi FROM turimi GROUP BY vip_rusis
),
dalys AS (
    SELECT
        t.vip_rusis,
        t.vip_rusis_pavadinimas,
        t.kiekis,
        CAST(
            FLOOR(
                CAST(10000 AS DOUBLE) * (CAST(t.kiekis AS DOUBLE) / CAST(r.visi AS DOUBLE)) * (CAST(t.kiekis AS DOUBLE) / CAST(r.visi AS DOUBLE))
                    * CAST(100000000 AS DOUBLE)
                + CAST(0.5 AS DOUBLE)
            ) AS BIGINT
        )
            * CAST(0.00000001 AS DECIMAL(8,8)) AS kvadratas,
        ROW_NUMBER() OVER (PARTITION BY t.vip_rusis ORDER BY t.kiekis DESC NULLS LAST, t.ja_kodas NULLS LAST) AS vieta
    FROM turimi AS t
    INNER JOIN rinkos AS r ON r.vip_rusis = t.vip_rusis
)
SELECT
    vip_rusis,
    MIN(vip_rusis_pavadinimas) AS vip_rusis_pavadinimas,
    CAST(COUNT(*) AS BIGINT) AS virs_skaicius,
    CAST(SUM(kvadratas) AS DECIMAL(18,4)) AS hhi,
    CAST(
        CAST(
            FLOOR(
                CAST(CAST(SUM(CASE WHEN vieta <= 4 THEN kiekis ELSE 0 END) AS BIGINT) AS DOUBLE) / CAST(CAST(SUM(kiekis) AS BIGINT) AS DOUBLE)
                    * CAST(1000000000000 AS DOUBLE)
                + CAST(0.5 AS DOUBLE)
            ) AS BIGINT
        )
        * CAST(0.000000000001 AS DECIMAL(12,12))
        AS DECIMAL(13,12)
    ) AS keturiu_dalis
FROM dalys
GROUP BY vip_rusis
ORDER BY vip_rusis NULLS LAST
