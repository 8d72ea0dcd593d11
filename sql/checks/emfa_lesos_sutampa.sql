-- needs: out_lesos, out_emfa_lesos, out_emfa_reklama, out_emfa_institucija
-- guards: out_emfa_lesos, out_emfa_reklama, out_emfa_institucija
-- severity: error
-- State advertising and funds of unclear purpose are what out_lesos says by the kind of contract or act, to the cent: by provider and year, by institution,
-- provider and year, and without rows about persons by institution and year; so are all funds.
SELECT a.lentele, a.institucijos_kodas, a.teikejo_kodas, a.metai, SUM(a.reklama) AS reklama, SUM(a.neaiski) AS neaiski, SUM(a.visos) AS visos
FROM (
    SELECT
        k.lentele,
        CASE WHEN k.lentele <> 'out_emfa_lesos' THEN l.institucijos_kodas END AS institucijos_kodas,
        CASE WHEN k.lentele <> 'out_emfa_institucija' THEN l.ja_kodas END AS teikejo_kodas,
        l.metai,
        CASE WHEN l.sutarties_rusis = 'paslaugu_sutartis' THEN l.suma ELSE CAST(0 AS DECIMAL(18,2)) END AS reklama,
        CASE
            WHEN l.sutarties_rusis IN ('paslaugu_sutartis', 'dotacija', 'projekto_finansavimas', 'prenumerata') THEN CAST(0 AS DECIMAL(18,2))
            ELSE l.suma
        END AS neaiski,
        l.suma AS visos
    FROM out_lesos AS l
    CROSS JOIN (
        SELECT 'out_emfa_lesos' AS lentele
        UNION ALL
        SELECT 'out_emfa_reklama'
        UNION ALL
        SELECT 'out_emfa_institucija'
    ) AS k
    WHERE k.lentele <> 'out_emfa_institucija' OR NOT l.apie_asmeni
    UNION ALL
    SELECT
        'out_emfa_lesos',
        CAST(NULL AS STRING),
        teikejo_kodas,
        metai,
        -COALESCE(valstybes_reklama, CAST(0 AS DECIMAL(18,2))),
        -COALESCE(neaiski_suma, CAST(0 AS DECIMAL(18,2))),
        -COALESCE(viesosios_lesos, CAST(0 AS DECIMAL(18,2)))
    FROM out_emfa_lesos
    UNION ALL
    SELECT
        'out_emfa_reklama',
        institucijos_kodas,
        teikejo_kodas,
        metai,
        -valstybes_reklama,
        -neaiski_suma,
        -(valstybes_reklama + neaiski_suma + kitos_lesos)
    FROM out_emfa_reklama
    UNION ALL
    SELECT
        'out_emfa_institucija',
        institucijos_kodas,
        CAST(NULL AS STRING),
        metai,
        -COALESCE(reklama_be_asmenu, CAST(0 AS DECIMAL(18,2))),
        -COALESCE(neaiski_be_asmenu, CAST(0 AS DECIMAL(18,2))),
        -(
            COALESCE(reklama_be_asmenu, CAST(0 AS DECIMAL(18,2)))
            + COALESCE(neaiski_be_asmenu, CAST(0 AS DECIMAL(18,2)))
            + COALESCE(kitos_be_asmenu, CAST(0 AS DECIMAL(18,2)))
        )
    FROM out_emfa_institucija
) AS a
GROUP BY a.lentele, a.institucijos_kodas, a.teikejo_kodas, a.metai
HAVING SUM(a.reklama) <> 0 OR SUM(a.neaiski) <> 0 OR SUM(a.visos) <> 0
ORDER BY a.lentele NULLS LAST, a.institucijos_kodas NULLS LAST, a.teikejo_kodas NULLS LAST, a.metai NULLS LAST
