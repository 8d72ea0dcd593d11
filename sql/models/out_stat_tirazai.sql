-- needs: out_tirazas, out_vip
-- Circulation by half-year and kind of outlet. An outlet counts once in a half-year, with its last figure, so that a correction does not add up.
WITH eilutes AS (
    SELECT
        t.vip_nr,
        t.ja_kodas,
        t.tirazas,
        t.apie_asmeni,
        n.vip_rusis,
        n.vip_rusis_pavadinimas,
        CAST(EXTRACT(YEAR FROM t.data) AS BIGINT) AS metai,
        CAST(CASE WHEN EXTRACT(MONTH FROM t.data) <= 6 THEN 1 ELSE 2 END AS BIGINT) AS pusmetis,
        t.data
    FROM out_tirazas AS t
    INNER JOIN out_vip AS n ON n.vip_nr = t.vip_nr
),
paskutines AS (
    SELECT
        vip_nr, ja_kodas, tirazas, apie_asmeni, vip_rusis, vip_rusis_pavadinimas, metai, pusmetis,
        ROW_NUMBER() OVER (PARTITION BY vip_nr, metai, pusmetis ORDER BY data DESC NULLS LAST) AS eile
    FROM eilutes
)
SELECT
    metai,
    pusmetis,
    vip_rusis,
    MIN(vip_rusis_pavadinimas) AS vip_rusis_pavadinimas,
    CAST(COUNT(*) AS BIGINT) AS vip_skaicius,
    CAST(SUM(tirazas) AS BIGINT) AS tirazas,
    CAST(CAST(SUM(tirazas) AS DOUBLE) / CAST(COUNT(*) AS DOUBLE) AS DECIMAL(18,4)) AS vidutinis_tirazas,
    CAST(SUM(CASE WHEN apie_asmeni THEN 0 ELSE tirazas END) AS BIGINT) AS tirazas_be_asmenu,
    CAST(COUNT(DISTINCT CASE WHEN apie_asmeni THEN ja_kodas END) AS BIGINT) AS asmenu,
    CAST(NULL AS VARCHAR) AS konfidencialu
FROM paskutines
WHERE eile = 1
GROUP BY metai, pusmetis, vip_rusis
ORDER BY metai NULLS LAST, pusmetis NULLS LAST, vip_rusis NULLS LAST
