-- needs: out_parama, core_virs, core_juridinis
-- looks_up: core_virs, core_juridinis
-- Support by year and kind of donor: money and the value of assets. As in political advertising, the smaller of the two roles
-- (donors, sole proprietors that received) decides whether a cell is protected.
WITH eilutes AS (
    SELECT
        g.metai,
        g.davejo_rusis,
        g.davejo_rusis_pavadinimas,
        g.ja_kodas,
        COALESCE(g.suma, CAST(0 AS DECIMAL(18,2))) + COALESCE(g.turto_verte, CAST(0 AS DECIMAL(18,2))) AS verte,
        g.apie_asmeni,
        CASE
            WHEN g.davejo_rusis IN ('F', 'UF') OR g.asmens_id IS NOT NULL THEN 'F' || COALESCE(g.asmens_id, '')
            WHEN g.davejo_rusis = 'UJ' AND g.asmenvardis THEN 'U' || COALESCE(g.valstybe, '') || COALESCE(g.dav_kodas, g.dav_pavadinimas, '')
            WHEN COALESCE(o.individuali, g.davejo_rusis <> 'UJ') THEN 'J' || COALESCE(g.dav_kodas, g.dav_pavadinimas, '')
        END AS davejas,
        CASE WHEN COALESCE(v.individuali, TRUE) THEN g.ja_kodas END AS gavejas
    FROM out_parama AS g
    LEFT JOIN core_virs AS v ON v.ja_kodas = g.ja_kodas
    LEFT JOIN core_juridinis AS o ON o.ja_kodas = g.dav_kodas AND g.davejo_rusis = 'J'
),
langeliai AS (
    SELECT
        metai,
        davejo_rusis,
        MIN(davejo_rusis_pavadinimas) AS davejo_rusis_pavadinimas,
        COUNT(*) AS irasu_skaicius,
        COUNT(DISTINCT ja_kodas) AS virs_skaicius,
        SUM(verte) AS suma,
        SUM(CASE WHEN apie_asmeni THEN CAST(0 AS DECIMAL(18,2)) ELSE verte END) AS suma_be_asmenu,
        COUNT(DISTINCT davejas) AS daveju,
        COUNT(DISTINCT gavejas) AS gaveju
    FROM eilutes
    GROUP BY metai, davejo_rusis
)
SELECT
    metai,
    davejo_rusis,
    davejo_rusis_pavadinimas,
    CAST(irasu_skaicius AS BIGINT) AS irasu_skaicius,
    CAST(virs_skaicius AS BIGINT) AS virs_skaicius,
    CAST(suma AS DECIMAL(18,2)) AS suma,
    CAST(suma_be_asmenu AS DECIMAL(18,2)) AS suma_be_asmenu,
    CAST(CASE WHEN daveju = 0 THEN gaveju WHEN gaveju = 0 OR daveju < gaveju THEN daveju ELSE gaveju END AS BIGINT) AS asmenu,
    CAST(NULL AS VARCHAR) AS konfidencialu
FROM langeliai
ORDER BY metai NULLS LAST, davejo_rusis NULLS LAST
