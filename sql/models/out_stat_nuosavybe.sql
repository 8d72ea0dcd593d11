-- needs: out_faktai_savininkai, out_klasifikatorius
-- Ownership structure of current VIRS: averages of all kinds add up to 1.
-- Sums of shares become a DOUBLE as whole numbers of 10⁻¹², since engines turn a large DECIMAL into a DOUBLE in different ways.
WITH visi AS (
    SELECT COUNT(DISTINCT ja_kodas) AS virs FROM out_faktai_savininkai
),
rusys AS (
    SELECT
        savininko_rusis,
        CAST(SUM(savininkas_kartas) AS BIGINT) AS savininku_skaicius,
        COUNT(DISTINCT ja_kodas) AS virs_skaicius,
        CAST(CAST(SUM(dalis) AS DECIMAL(19,12)) * CAST(1000000000000 AS DECIMAL(13,0)) AS BIGINT) AS dalis,
        CAST(SUM(kontrole) AS BIGINT) AS kontroliuojama_virs,
        COUNT(DISTINCT asmuo) AS asmenu
    FROM out_faktai_savininkai
    GROUP BY savininko_rusis
)
SELECT
    r.savininko_rusis,
    k.pavadinimas_lt AS savininko_rusis_pavadinimas,
    r.savininku_skaicius,
    CAST(r.virs_skaicius AS BIGINT) AS virs_skaicius,
    CAST(
        CAST(
            FLOOR(
                CAST(r.dalis AS DOUBLE) / CAST(1000000000000 AS DOUBLE) / CAST(a.virs AS DOUBLE) * CAST(1000000000000 AS DOUBLE)
                + CAST(0.5 AS DOUBLE)
            ) AS BIGINT
        )
        * CAST(0.000000000001 AS DECIMAL(12,12))
        AS DECIMAL(13,12)
    ) AS vidutine_dalis,
    r.kontroliuojama_virs,
    CAST(r.asmenu AS BIGINT) AS asmenu,
    CAST(NULL AS STRING) AS konfidencialu
FROM rusys AS r
CROSS JOIN visi AS a
LEFT JOIN out_klasifikatorius AS k ON k.klasifikatorius = 'savininku_rusys' AND k.kodas = r.savininko_rusis
ORDER BY r.savininko_rusis NULLS LAST
