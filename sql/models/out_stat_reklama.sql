-- needs: out_reklama, core_virs, core_juridinis
-- looks_up: core_virs, core_juridinis
-- Political advertising by year, campaign and kind of participant. Persons stand behind a cell in two roles: those who paid
-- (a person, a group, a firm that bears a person's name) and sole proprietors that were paid. The smaller role decides,
-- for the larger does not hide the one person of the smaller.
WITH eilutes AS (
    SELECT
        r.metai,
        r.kampanija,
        r.kampanija_pavadinimas,
        r.kampanijos_dalyvis,
        r.kampanijos_dalyvis_pavadinimas,
        r.ja_kodas,
        r.kaina,
        r.apie_asmeni,
        CASE
            WHEN r.kampanijos_dalyvis = 'G' THEN 'G' || COALESCE(r.grupe, '')
            WHEN r.kampanijos_dalyvis = 'F' OR r.asmens_id IS NOT NULL THEN 'F' || COALESCE(r.asmens_id, '')
            WHEN COALESCE(o.individuali, TRUE) THEN 'J' || COALESCE(r.valstybe, 'LT') || ' ' || COALESCE(r.dal_kodas, r.dal_pavadinimas, '')
        END AS moketojas,
        CASE WHEN COALESCE(v.individuali, TRUE) THEN r.ja_kodas END AS gavejas
    FROM out_reklama AS r
    LEFT JOIN core_virs AS v ON v.ja_kodas = r.ja_kodas
    LEFT JOIN core_juridinis AS o ON o.ja_kodas = r.dal_kodas AND COALESCE(r.valstybe, 'LT') = 'LT'
),
langeliai AS (
    SELECT
        metai,
        kampanija,
        MIN(kampanija_pavadinimas) AS kampanija_pavadinimas,
        kampanijos_dalyvis,
        MIN(kampanijos_dalyvis_pavadinimas) AS kampanijos_dalyvis_pavadinimas,
        COUNT(*) AS irasu_skaicius,
        COUNT(DISTINCT ja_kodas) AS virs_skaicius,
        SUM(kaina) AS suma,
        SUM(CASE WHEN apie_asmeni THEN CAST(0 AS DECIMAL(18,2)) ELSE kaina END) AS suma_be_asmenu,
        COUNT(DISTINCT moketojas) AS moketoju,
        COUNT(DISTINCT gavejas) AS gaveju
    FROM eilutes
    GROUP BY metai, kampanija, kampanijos_dalyvis
)
SELECT
    metai,
    kampanija,
    kampanija_pavadinimas,
    kampanijos_dalyvis,
    kampanijos_dalyvis_pavadinimas,
    CAST(irasu_skaicius AS BIGINT) AS irasu_skaicius,
    CAST(virs_skaicius AS BIGINT) AS virs_skaicius,
    CAST(suma AS DECIMAL(18,2)) AS suma,
    CAST(suma_be_asmenu AS DECIMAL(18,2)) AS suma_be_asmenu,
    CAST(CASE WHEN moketoju = 0 THEN gaveju WHEN gaveju = 0 OR moketoju < gaveju THEN moketoju ELSE gaveju END AS BIGINT) AS asmenu,
    CAST(NULL AS VARCHAR) AS konfidencialu
FROM langeliai
ORDER BY metai NULLS LAST, kampanija NULLS LAST, kampanijos_dalyvis NULLS LAST
