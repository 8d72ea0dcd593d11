-- needs: core_savininkas, core_virs, core_juridinis, core_klasifikatorius
-- looks_up: core_juridinis
-- Ownership structure of current VIRS. VIRS that are sole proprietors are left out: who owns them is known by what they are, and
-- each would be a person in a cell. An owner that is a sole proprietor, or abroad and perhaps a person, counts as a natural person for the same reason.
-- Entities are told apart as in out_stat_savininkai.
-- Averages of all kinds add up to 1, so one withheld kind could be had by subtraction: the two kinds of natural persons
-- therefore take the smaller of their two counts and are withheld together.
WITH virs AS (
    SELECT ja_kodas FROM core_virs WHERE virs_iki IS NULL AND NOT individuali
),
eilutes AS (
    SELECT
        s.ja_kodas,
        CASE
            WHEN COALESCE(o.individuali, FALSE) THEN 'fizinis'
            WHEN s.asmenvardis THEN 'uzsienio_fizinis'
            ELSE s.savininko_rusis
        END AS savininko_rusis,
        COALESCE(s.asmens_id, s.savininko_rusis || ' ' || COALESCE(s.valstybe, '') || ' ' || COALESCE(s.dal_kodas, s.dal_pavadinimas)) AS kas,
        s.dalis,
        s.kontroliuoja
    FROM core_savininkas AS s
    INNER JOIN virs AS v ON v.ja_kodas = s.ja_kodas
    LEFT JOIN core_juridinis AS o ON o.ja_kodas = s.dal_kodas AND s.savininko_rusis IN ('juridinis', 'viesasis')
),
visi AS (
    SELECT COUNT(DISTINCT ja_kodas) AS virs FROM eilutes
),
rusys AS (
    SELECT
        savininko_rusis,
        COUNT(DISTINCT CASE WHEN savininko_rusis <> 'nezinomas' THEN kas END) AS savininku_skaicius,
        COUNT(DISTINCT ja_kodas) AS virs_skaicius,
        SUM(dalis) AS dalis,
        COUNT(DISTINCT CASE WHEN kontroliuoja THEN ja_kodas END) AS kontroliuojama_virs,
        COUNT(DISTINCT CASE WHEN savininko_rusis IN ('fizinis', 'uzsienio_fizinis') THEN kas END) AS asmenu
    FROM eilutes
    GROUP BY savininko_rusis
),
maziausi AS (
    SELECT MIN(CASE WHEN asmenu > 0 THEN asmenu END) AS asmenu FROM rusys
)
SELECT
    r.savininko_rusis,
    k.pavadinimas_lt AS savininko_rusis_pavadinimas,
    CAST(r.savininku_skaicius AS BIGINT) AS savininku_skaicius,
    CAST(r.virs_skaicius AS BIGINT) AS virs_skaicius,
    CAST(CAST(r.dalis AS DOUBLE) / CAST(a.virs AS DOUBLE) AS DECIMAL(13,12)) AS vidutine_dalis,
    CAST(r.kontroliuojama_virs AS BIGINT) AS kontroliuojama_virs,
    CAST(CASE WHEN r.asmenu = 0 THEN 0 ELSE m.asmenu END AS BIGINT) AS asmenu,
    CAST(NULL AS VARCHAR) AS konfidencialu
FROM rusys AS r
CROSS JOIN visi AS a
CROSS JOIN maziausi AS m
LEFT JOIN core_klasifikatorius AS k ON k.klasifikatorius = 'savininku_rusys' AND k.kodas = r.savininko_rusis
ORDER BY r.savininko_rusis NULLS LAST
