-- needs: core_grandis, core_savininkas, core_virs, core_juridinis, core_asmuo, core_klasifikatorius
-- looks_up: core_virs, core_juridinis, core_asmuo
-- One row per owner of a current VIRS (Regulation (EU) 2024/1083, Article 6(1)(b) and (c)), with every part that it has: of the VIRS itself, at the end of
-- all chains, and held under its control. Internal and public tier: it names beneficial owners, and companies below persons.
-- A beneficial owner is a natural person with more than 25 %, at the end of all chains or through entities under the person's control, or who controls
-- the VIRS (Directive (EU) 2015/849, Article 3(6)).
WITH dabartiniai AS (
    SELECT ja_kodas, pavadinimas FROM core_virs WHERE virs_iki IS NULL
),
-- Who is who: a person by surrogate key, an entity by kind, state and code, or name if it has no code; all whom nobody knows are one.
dalys AS (
    SELECT
        g.ja_kodas,
        g.zingsnis,
        g.valdomas_kodas,
        g.dalyvio_rusis,
        g.asmens_id,
        g.dal_kodas,
        g.dal_pavadinimas,
        g.valstybe,
        g.dalis,
        CASE
            WHEN g.savininko_rusis = 'nezinomas' THEN 'nezinomas'
            ELSE COALESCE(g.asmens_id, g.dalyvio_rusis || ' ' || COALESCE(g.valstybe, '') || ' ' || COALESCE(g.dal_kodas, g.dal_pavadinimas, ''))
        END AS kas
    FROM core_grandis AS g
    INNER JOIN dabartiniai AS v ON v.ja_kodas = g.ja_kodas
),
galutiniai AS (
    SELECT
        s.ja_kodas,
        s.savininko_rusis,
        CASE WHEN s.savininko_rusis = 'uzsienio_juridinis' THEN 'UJ' ELSE 'J' END AS juridinio_rusis,
        s.asmens_id,
        s.dal_kodas,
        s.dal_pavadinimas,
        s.valstybe,
        s.dalis,
        CASE WHEN s.kontroliuoja THEN 1 ELSE 0 END AS kontroliuoja
    FROM core_savininkas AS s
    INNER JOIN dabartiniai AS v ON v.ja_kodas = s.ja_kodas
),
-- Who has the majority of each entity above a VIRS: one step up, then two, four, eight and sixteen.
dauguma AS (
    SELECT ja_kodas, valdomas_kodas, asmens_id, CASE WHEN dalyvio_rusis = 'J' THEN dal_kodas END AS aukstyn
    FROM dalys
    WHERE dalis > CAST(0.5 AS DECIMAL(13,12))
),
dauguma_2 AS (
    SELECT a.ja_kodas, a.valdomas_kodas, COALESCE(a.asmens_id, b.asmens_id) AS asmens_id, b.aukstyn
    FROM dauguma AS a
    LEFT JOIN dauguma AS b ON b.ja_kodas = a.ja_kodas AND b.valdomas_kodas = a.aukstyn
),
dauguma_4 AS (
    SELECT a.ja_kodas, a.valdomas_kodas, COALESCE(a.asmens_id, b.asmens_id) AS asmens_id, b.aukstyn
    FROM dauguma_2 AS a
    LEFT JOIN dauguma_2 AS b ON b.ja_kodas = a.ja_kodas AND b.valdomas_kodas = a.aukstyn
),
dauguma_8 AS (
    SELECT a.ja_kodas, a.valdomas_kodas, COALESCE(a.asmens_id, b.asmens_id) AS asmens_id, b.aukstyn
    FROM dauguma_4 AS a
    LEFT JOIN dauguma_4 AS b ON b.ja_kodas = a.ja_kodas AND b.valdomas_kodas = a.aukstyn
),
dauguma_16 AS (
    SELECT a.ja_kodas, a.valdomas_kodas, COALESCE(a.asmens_id, b.asmens_id) AS asmens_id
    FROM dauguma_8 AS a
    LEFT JOIN dauguma_8 AS b ON b.ja_kodas = a.ja_kodas AND b.valdomas_kodas = a.aukstyn
),
valdomos AS (
    SELECT t.ja_kodas, COALESCE(t.asmens_id, m.asmens_id) AS asmens_id, SUM(t.dalis) AS dalis
    FROM dalys AS t
    LEFT JOIN dauguma_16 AS m ON m.ja_kodas = t.ja_kodas AND t.dalyvio_rusis = 'J' AND m.valdomas_kodas = t.dal_kodas
    WHERE t.zingsnis = 1 AND COALESCE(t.asmens_id, m.asmens_id) IS NOT NULL
    GROUP BY t.ja_kodas, COALESCE(t.asmens_id, m.asmens_id)
),
eilutes AS (
    SELECT
        ja_kodas,
        kas,
        dalyvio_rusis,
        CAST(NULL AS STRING) AS savininko_rusis,
        asmens_id,
        dal_kodas,
        dal_pavadinimas,
        valstybe,
        zingsnis,
        CASE WHEN zingsnis = 1 THEN dalis END AS tiesiogine,
        CAST(NULL AS DECIMAL(13,12)) AS galutine,
        0 AS kontroliuoja
    FROM dalys
    UNION ALL
    SELECT
        ja_kodas,
        CASE
            WHEN savininko_rusis = 'nezinomas' THEN 'nezinomas'
            ELSE COALESCE(asmens_id, juridinio_rusis || ' ' || COALESCE(valstybe, '') || ' ' || COALESCE(dal_kodas, dal_pavadinimas, ''))
        END,
        CAST(NULL AS STRING),
        savininko_rusis,
        asmens_id,
        dal_kodas,
        dal_pavadinimas,
        valstybe,
        CAST(NULL AS BIGINT),
        CAST(NULL AS DECIMAL(13,12)),
        dalis,
        kontroliuoja
    FROM galutiniai
),
savininkai AS (
    SELECT
        ja_kodas,
        kas,
        MIN(dalyvio_rusis) AS dalyvio_rusis,
        MIN(savininko_rusis) AS savininko_rusis,
        MIN(asmens_id) AS asmens_id,
        MIN(dal_kodas) AS dal_kodas,
        MIN(dal_pavadinimas) AS dal_pavadinimas,
        MIN(valstybe) AS valstybe,
        MAX(CASE WHEN zingsnis = 1 THEN 1 ELSE 0 END) = 1 AS tiesioginis,
        MAX(CASE WHEN zingsnis > 1 THEN 1 ELSE 0 END) = 1 AS netiesioginis,
        CAST(SUM(tiesiogine) AS DECIMAL(13,12)) AS tiesiogine,
        CAST(SUM(galutine) AS DECIMAL(13,12)) AS galutine,
        MAX(kontroliuoja) = 1 AS kontroliuoja
    FROM eilutes
    GROUP BY ja_kodas, kas
),
numeriai AS (
    SELECT
        ja_kodas,
        kas,
        CAST(ROW_NUMBER() OVER (
            PARTITION BY ja_kodas
            ORDER BY CASE WHEN kas = 'nezinomas' THEN 1 ELSE 0 END NULLS LAST, tiesiogine DESC NULLS LAST, galutine DESC NULLS LAST, kas NULLS LAST
        ) AS BIGINT) AS eil_nr
    FROM savininkai
)
SELECT
    a.ja_kodas AS teikejo_kodas,
    v.pavadinimas AS teikejas,
    nr.eil_nr,
    CASE
        WHEN a.asmens_id IS NOT NULL THEN p.vardas || ' ' || p.pavarde
        WHEN a.kas = 'nezinomas' THEN 'Nežinomas'
        ELSE a.dal_pavadinimas
    END AS savininkas,
    a.asmens_id,
    a.dal_kodas,
    a.valstybe,
    a.dalyvio_rusis,
    d.pavadinimas_lt AS dalyvio_rusis_pavadinimas,
    a.savininko_rusis,
    k.pavadinimas_lt AS savininko_rusis_pavadinimas,
    a.tiesioginis,
    a.tiesiogine AS tiesiogine_dalis,
    a.netiesioginis,
    a.galutine AS galutine_dalis,
    CAST(w.dalis AS DECIMAL(13,12)) AS valdoma_dalis,
    a.kontroliuoja,
    CASE
        WHEN a.savininko_rusis = 'viesasis' THEN TRUE
        WHEN a.asmens_id IS NOT NULL THEN FALSE
        WHEN a.dalyvio_rusis = 'J' THEN o.viesasis
    END AS viesasis_savininkas,
    (
        a.asmens_id IS NOT NULL
        AND (
            a.kontroliuoja
            OR COALESCE(a.galutine, CAST(0 AS DECIMAL(13,12))) > CAST(0.25 AS DECIMAL(13,12))
            OR COALESCE(w.dalis, CAST(0 AS DECIMAL(13,12))) > CAST(0.25 AS DECIMAL(13,12))
        )
    ) AS naudos_gavejas
FROM savininkai AS a
INNER JOIN numeriai AS nr ON nr.ja_kodas = a.ja_kodas AND nr.kas = a.kas
INNER JOIN dabartiniai AS v ON v.ja_kodas = a.ja_kodas
LEFT JOIN valdomos AS w ON w.ja_kodas = a.ja_kodas AND w.asmens_id = a.asmens_id
LEFT JOIN core_juridinis AS o ON o.ja_kodas = a.dal_kodas AND a.dalyvio_rusis = 'J'
LEFT JOIN core_asmuo AS p ON p.asmens_id = a.asmens_id
LEFT JOIN core_klasifikatorius AS d ON d.klasifikatorius = 'dalyviu_rusys' AND d.kodas = a.dalyvio_rusis
LEFT JOIN core_klasifikatorius AS k ON k.klasifikatorius = 'savininku_rusys' AND k.kodas = a.savininko_rusis
ORDER BY a.ja_kodas NULLS LAST, nr.eil_nr NULLS LAST, dalyvio_rusis_pavadinimas NULLS LAST, savininko_rusis_pavadinimas NULLS LAST
