-- needs: out_faktai_savininkai
-- How many owners hold a share in one, two, three… current VIRS. A person counts once whatever companies stand between.
SELECT
    savininko_rusis,
    MIN(savininko_rusis_pavadinimas) AS savininko_rusis_pavadinimas,
    virs_grupe,
    CAST(SUM(savininkas_kartas) AS BIGINT) AS savininku_skaicius,
    CAST(SUM(kontroliuojantis) AS BIGINT) AS kontroliuojanciu_skaicius,
    CAST(COUNT(DISTINCT asmuo) AS BIGINT) AS asmenu,
    CAST(NULL AS VARCHAR) AS konfidencialu
FROM out_faktai_savininkai
WHERE virs_grupe IS NOT NULL
GROUP BY savininko_rusis, virs_grupe
ORDER BY savininko_rusis NULLS LAST, virs_grupe NULLS LAST
