-- needs: core_savininkas, core_virs, core_juridinis
-- Ultimate owners of current VIRS as statistics count them. VIRS that are sole proprietors are left out: who owns them is known by what they are,
-- and each would be a person in a cell. An owner that is a sole proprietor, or abroad and perhaps a person, counts as a natural person.
-- An entity is told by kind, state and code, or by its name where it has no code: a code means nothing outside its state.
-- Five VIRS and more are one group: a rare high number would point at one owner.
-- Shares of one VIRS add up to 1, so those of companies tell what is left to persons: where natural persons, or owners nobody knows, are among the
-- owners of a VIRS, all its rows are about persons.
WITH eilutes AS (
    SELECT
        s.ja_kodas,
        s.eil_nr,
        CASE
            WHEN COALESCE(o.individuali, FALSE) THEN 'fizinis'
            WHEN s.asmenvardis THEN 'uzsienio_fizinis'
            ELSE s.savininko_rusis
        END AS savininko_rusis,
        CASE
            WHEN s.savininko_rusis <> 'nezinomas'
                THEN COALESCE(s.asmens_id, s.savininko_rusis || ' ' || COALESCE(s.valstybe, '') || ' ' || COALESCE(s.dal_kodas, s.dal_pavadinimas))
        END AS kas,
        s.dalis,
        s.kontroliuoja
    FROM core_savininkas AS s
    INNER JOIN core_virs AS v ON v.ja_kodas = s.ja_kodas
    LEFT JOIN core_juridinis AS o ON o.ja_kodas = s.dal_kodas AND s.savininko_rusis IN ('juridinis', 'viesasis')
    WHERE v.virs_iki IS NULL AND NOT v.individuali
),
virs AS (
    SELECT ja_kodas, MAX(CASE WHEN savininko_rusis IN ('fizinis', 'uzsienio_fizinis', 'nezinomas') THEN 1 ELSE 0 END) AS asmenys
    FROM eilutes
    GROUP BY ja_kodas
),
savininkai AS (
    SELECT savininko_rusis, kas, COUNT(DISTINCT ja_kodas) AS virs_skaicius, MAX(CASE WHEN kontroliuoja THEN 1 ELSE 0 END) AS kontroliuoja
    FROM eilutes
    WHERE kas IS NOT NULL
    GROUP BY savininko_rusis, kas
),
suskaiciuota AS (
    SELECT
        e.ja_kodas,
        e.eil_nr,
        e.savininko_rusis,
        e.kas,
        e.dalis,
        e.kontroliuoja,
        w.asmenys,
        s.virs_skaicius,
        s.kontroliuoja AS kontroliuojantis,
        ROW_NUMBER() OVER (
            PARTITION BY e.savininko_rusis, e.kas
            ORDER BY w.asmenys NULLS LAST, e.ja_kodas NULLS LAST, e.eil_nr NULLS LAST, e.dalis NULLS LAST, e.kontroliuoja NULLS LAST
        ) AS kartas
    FROM eilutes AS e
    INNER JOIN virs AS w ON w.ja_kodas = e.ja_kodas
    LEFT JOIN savininkai AS s ON s.savininko_rusis = e.savininko_rusis AND s.kas = e.kas
)
SELECT
    e.ja_kodas,
    e.eil_nr,
    e.savininko_rusis,
    CASE WHEN e.virs_skaicius >= 5 THEN '5 ir daugiau' ELSE CAST(e.virs_skaicius AS STRING) END AS virs_grupe,
    e.dalis,
    CAST(CASE WHEN e.kontroliuoja THEN 1 ELSE 0 END AS BIGINT) AS kontrole,
    CAST(CASE WHEN e.kas IS NOT NULL AND e.kartas = 1 THEN 1 ELSE 0 END AS BIGINT) AS savininkas_kartas,
    CAST(CASE WHEN e.kas IS NOT NULL AND e.kartas = 1 THEN e.kontroliuojantis ELSE 0 END AS BIGINT) AS kontroliuojantis,
    CASE WHEN e.savininko_rusis IN ('fizinis', 'uzsienio_fizinis') THEN e.kas END AS asmuo,
    CASE WHEN e.asmenys = 1 THEN e.ja_kodas END AS imone,
    e.asmenys = 1 AS apie_asmeni
FROM suskaiciuota AS e
ORDER BY e.ja_kodas NULLS LAST, e.eil_nr NULLS LAST
