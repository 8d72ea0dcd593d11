-- needs: out_tirazas, out_vip
-- Circulation as statistics count it: the last figure of each outlet in a half-year, so that a correction does not add up.
WITH eilutes AS (
    SELECT
        t.vip_nr,
        t.ja_kodas,
        t.tirazas,
        t.apie_asmeni,
        n.vip_rusis,
        CAST(EXTRACT(YEAR FROM t.data) AS BIGINT) AS metai,
        CAST(CASE WHEN EXTRACT(MONTH FROM t.data) <= 6 THEN 1 ELSE 2 END AS BIGINT) AS pusmetis,
        t.data
    FROM out_tirazas AS t
    INNER JOIN out_vip AS n ON n.vip_nr = t.vip_nr
),
paskutines AS (
    SELECT
        vip_nr, ja_kodas, tirazas, apie_asmeni, vip_rusis, metai, pusmetis,
        ROW_NUMBER() OVER (PARTITION BY vip_nr, metai, pusmetis ORDER BY data DESC NULLS LAST) AS eile
    FROM eilutes
)
SELECT vip_nr, ja_kodas, metai, pusmetis, vip_rusis, tirazas, apie_asmeni
FROM paskutines
WHERE eile = 1
ORDER BY vip_nr NULLS LAST, metai NULLS LAST, pusmetis NULLS LAST
