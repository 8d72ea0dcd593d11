-- needs: core_savininkas, core_virs, core_juridinis, core_klasifikatorius
-- looks_up: core_virs, core_juridinis
-- How many owners hold a share in one, two, three… current VIRS. A person counts once whatever companies stand between.
-- An entity is told by kind, state and code, or by its name where it has no code: a code means nothing outside its state.
-- Five and more are one group: a rare high number would point at one owner. An owner that is a sole proprietor, or abroad and perhaps a person, counts as a natural person.
WITH eilutes AS (
    SELECT
        CASE
            WHEN COALESCE(o.individuali, FALSE) THEN 'fizinis'
            WHEN s.asmenvardis THEN 'uzsienio_fizinis'
            ELSE s.savininko_rusis
        END AS savininko_rusis,
        COALESCE(s.asmens_id, s.savininko_rusis || ' ' || COALESCE(s.valstybe, '') || ' ' || COALESCE(s.dal_kodas, s.dal_pavadinimas)) AS kas,
        s.ja_kodas,
        s.kontroliuoja
    FROM core_savininkas AS s
    INNER JOIN core_virs AS v ON v.ja_kodas = s.ja_kodas
    LEFT JOIN core_juridinis AS o ON o.ja_kodas = s.dal_kodas AND s.savininko_rusis IN ('juridinis', 'viesasis')
    WHERE v.virs_iki IS NULL AND s.savininko_rusis <> 'nezinomas'
),
savininkai AS (
    SELECT
        savininko_rusis,
        kas,
        COUNT(DISTINCT ja_kodas) AS virs_skaicius,
        MAX(CASE WHEN kontroliuoja THEN 1 ELSE 0 END) AS kontroliuoja
    FROM eilutes
    GROUP BY savininko_rusis, kas
),
grupes AS (
    SELECT
        savininko_rusis,
        CASE WHEN virs_skaicius >= 5 THEN '5 ir daugiau' ELSE CAST(virs_skaicius AS VARCHAR) END AS virs_grupe,
        kontroliuoja
    FROM savininkai
)
SELECT
    g.savininko_rusis,
    MIN(k.pavadinimas_lt) AS savininko_rusis_pavadinimas,
    g.virs_grupe,
    CAST(COUNT(*) AS BIGINT) AS savininku_skaicius,
    CAST(SUM(g.kontroliuoja) AS BIGINT) AS kontroliuojanciu_skaicius,
    CAST(COUNT(CASE WHEN g.savininko_rusis IN ('fizinis', 'uzsienio_fizinis') THEN 1 END) AS BIGINT) AS asmenu,
    CAST(
        CASE
            WHEN COUNT(CASE WHEN g.savininko_rusis IN ('fizinis', 'uzsienio_fizinis') THEN 1 END) = 0 THEN 0
            WHEN SUM(g.kontroliuoja) = 0 OR SUM(g.kontroliuoja) = COUNT(*) THEN COUNT(*)
            WHEN SUM(g.kontroliuoja) < COUNT(*) - SUM(g.kontroliuoja) THEN SUM(g.kontroliuoja)
            ELSE COUNT(*) - SUM(g.kontroliuoja)
        END AS BIGINT
    ) AS kontrole_asmenu,
    CAST(NULL AS VARCHAR) AS konfidencialu
FROM grupes AS g
LEFT JOIN core_klasifikatorius AS k ON k.klasifikatorius = 'savininku_rusys' AND k.kodas = g.savininko_rusis
GROUP BY g.savininko_rusis, g.virs_grupe
ORDER BY g.savininko_rusis NULLS LAST, g.virs_grupe NULLS LAST
