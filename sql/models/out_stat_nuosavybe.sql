-- needs: out_faktai_savininkai, out_klasifikatorius
-- Ownership structure of current VIRS: averages of all kinds add up to 1.
WITH visi AS (
    SELECT COUNT(DISTINCT ja_kodas) AS virs FROM out_faktai_savininkai
),
rusys AS (
    SELECT
        savininko_rusis,
        SUM(savininkas_kartas) AS savininku_skaicius,
        COUNT(DISTINCT ja_kodas) AS virs_skaicius,
        SUM(dalis) AS dalis,
        SUM(kontrole) AS kontroliuojama_virs,
        COUNT(DISTINCT asmuo) AS asmenu
    FROM out_faktai_savininkai
    GROUP BY savininko_rusis
)
SELECT
    r.savininko_rusis,
    k.pavadinimas_lt AS savininko_rusis_pavadinimas,
    CAST(r.savininku_skaicius AS BIGINT) AS savininku_skaicius,
    CAST(r.virs_skaicius AS BIGINT) AS virs_skaicius,
    CAST(CAST(r.dalis AS DOUBLE) / CAST(a.virs AS DOUBLE) AS DECIMAL(13,12)) AS vidutine_dalis,
    CAST(r.kontroliuojama_virs AS BIGINT) AS kontroliuojama_virs,
    CAST(r.asmenu AS BIGINT) AS asmenu,
    CAST(NULL AS VARCHAR) AS konfidencialu
FROM rusys AS r
CROSS JOIN visi AS a
LEFT JOIN out_klasifikatorius AS k ON k.klasifikatorius = 'savininku_rusys' AND k.kodas = r.savininko_rusis
ORDER BY r.savininko_rusis NULLS LAST
