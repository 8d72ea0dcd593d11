-- needs: out_faktai_savininkai, out_klasifikatorius
-- How many owners hold a share in one, two, three… current VIRS. A person counts once whatever companies stand between.
WITH langeliai AS (
    SELECT
        savininko_rusis,
        virs_grupe,
        CAST(SUM(savininkas_kartas) AS BIGINT) AS savininku_skaicius,
        CAST(SUM(kontroliuojantis) AS BIGINT) AS kontroliuojanciu_skaicius,
        COUNT(DISTINCT asmuo) AS asmenu
    FROM out_faktai_savininkai
    WHERE virs_grupe IS NOT NULL
    GROUP BY savininko_rusis, virs_grupe
)
SELECT
    c.savininko_rusis,
    k.pavadinimas_lt AS savininko_rusis_pavadinimas,
    c.virs_grupe,
    c.savininku_skaicius,
    c.kontroliuojanciu_skaicius,
    CAST(c.asmenu AS BIGINT) AS asmenu,
    CAST(NULL AS STRING) AS konfidencialu
FROM langeliai AS c
LEFT JOIN out_klasifikatorius AS k ON k.klasifikatorius = 'savininku_rusys' AND k.kodas = c.savininko_rusis
ORDER BY c.savininko_rusis NULLS LAST, c.virs_grupe NULLS LAST
