-- needs: out_lesos, out_institucija, out_emfa_grupe, core_virs, core_klasifikatorius
-- One row per institution, year and provider: what was paid for State advertising (Regulation (EU) 2024/1083, Article 25(2)), by acts that do not say for
-- what, and for other things. The kind of contract or act tells; orders and decisions, and kinds that are new, do not. The business group is
-- today's; of who is no VIRS any more nobody knows it. About a person is what a sole proprietor was paid.
WITH sumos AS (
    SELECT
        institucijos_kodas,
        metai,
        ja_kodas,
        SUM(CASE WHEN sutarties_rusis = 'paslaugu_sutartis' THEN suma ELSE CAST(0 AS DECIMAL(18,2)) END) AS reklama,
        SUM(
            CASE WHEN sutarties_rusis IN ('dotacija', 'projekto_finansavimas', 'prenumerata') THEN suma ELSE CAST(0 AS DECIMAL(18,2)) END
        ) AS kitos,
        SUM(suma) AS visos
    FROM out_lesos
    GROUP BY institucijos_kodas, metai, ja_kodas
)
SELECT
    s.institucijos_kodas,
    COALESCE(i.institucija, s.institucijos_kodas) AS institucija,
    s.metai,
    s.ja_kodas AS teikejo_kodas,
    COALESCE(v.pavadinimas, s.ja_kodas) AS teikejas,
    CAST(s.reklama AS DECIMAL(18,2)) AS valstybes_reklama,
    CAST(s.visos - s.reklama - s.kitos AS DECIMAL(18,2)) AS neaiski_suma,
    CAST(s.kitos AS DECIMAL(18,2)) AS kitos_lesos,
    COALESCE(g.grupes_busena, 'nezinoma') AS grupes_busena,
    k.pavadinimas_lt AS grupes_busena_pavadinimas,
    g.grupes_kodas,
    g.grupes_pavadinimas,
    g.grupes_valstybe,
    COALESCE(v.su_asmenimis, TRUE) AS su_asmenimis,
    COALESCE(v.individuali, TRUE) AS apie_asmeni
FROM sumos AS s
LEFT JOIN out_institucija AS i ON i.institucijos_kodas = s.institucijos_kodas
LEFT JOIN out_emfa_grupe AS g ON g.teikejo_kodas = s.ja_kodas
LEFT JOIN core_virs AS v ON v.ja_kodas = s.ja_kodas
LEFT JOIN core_klasifikatorius AS k ON k.klasifikatorius = 'emfa_busenos' AND k.kodas = COALESCE(g.grupes_busena, 'nezinoma')
ORDER BY s.institucijos_kodas NULLS LAST, s.metai NULLS LAST, s.ja_kodas NULLS LAST
