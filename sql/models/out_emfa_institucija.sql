-- needs: out_emfa_reklama, out_institucija, core_saltinis, core_klasifikatorius
-- One row per institution and year: what it spent on State advertising with legal entities, and whether that is all (Regulation (EU) 2024/1083,
-- Article 25(2)). Years as in out_emfa_lesos, for each institution since it first told of funds. The sums leave sole proprietors out, so they tell of
-- nobody; that an institution gave funds at all stands in out_stat_lesos, too.
WITH diena AS (
    SELECT MAX(israso_data) AS diena FROM core_saltinis
),
lesos AS (
    SELECT
        institucijos_kodas,
        metai,
        SUM(CASE WHEN apie_asmeni THEN CAST(0 AS DECIMAL(18,2)) ELSE valstybes_reklama END) AS reklama,
        SUM(CASE WHEN apie_asmeni THEN CAST(0 AS DECIMAL(18,2)) ELSE neaiski_suma END) AS neaiski,
        SUM(CASE WHEN apie_asmeni THEN CAST(0 AS DECIMAL(18,2)) ELSE kitos_lesos END) AS kitos
    FROM out_emfa_reklama
    GROUP BY institucijos_kodas, metai
),
metai AS (
    SELECT DISTINCT l.metai
    FROM lesos AS l
    CROSS JOIN diena AS d
    WHERE l.metai >= 2025 AND l.metai <= EXTRACT(YEAR FROM d.diena)
    UNION
    SELECT CAST(EXTRACT(YEAR FROM diena) AS BIGINT) FROM diena WHERE EXTRACT(YEAR FROM diena) >= 2025
),
eilutes AS (
    SELECT institucijos_kodas, metai FROM lesos
    UNION
    SELECT l.institucijos_kodas, m.metai
    FROM (SELECT institucijos_kodas, MIN(metai) AS pirmi FROM lesos GROUP BY institucijos_kodas) AS l
    CROSS JOIN metai AS m
    WHERE l.pirmi <= m.metai
),
sumos AS (
    SELECT
        e.institucijos_kodas,
        e.metai,
        l.reklama,
        l.neaiski,
        l.kitos,
        CASE WHEN l.metai IS NULL THEN 0 ELSE 1 END AS yra,
        CASE WHEN EXTRACT(YEAR FROM d.diena) * 12 + EXTRACT(MONTH FROM d.diena) >= (e.metai + 1) * 12 + 7 THEN 1 ELSE 0 END AS pateikta
    FROM eilutes AS e
    CROSS JOIN diena AS d
    LEFT JOIN lesos AS l ON l.institucijos_kodas = e.institucijos_kodas AND l.metai = e.metai
),
busenos AS (
    SELECT
        institucijos_kodas,
        metai,
        CASE
            WHEN yra = 1 THEN CASE WHEN pateikta = 1 THEN 'skelbiama' ELSE 'is_dalies' END
            ELSE CASE WHEN pateikta = 1 THEN 'nera' ELSE 'nezinoma' END
        END AS busena,
        -- Nothing of a year that is not handed in is none, as far as anybody knows.
        CASE WHEN pateikta = 1 OR reklama > 0 THEN COALESCE(reklama, CAST(0 AS DECIMAL(18,2))) END AS reklama,
        CASE WHEN pateikta = 1 OR neaiski > 0 THEN COALESCE(neaiski, CAST(0 AS DECIMAL(18,2))) END AS neaiski,
        CASE WHEN pateikta = 1 OR kitos > 0 THEN COALESCE(kitos, CAST(0 AS DECIMAL(18,2))) END AS kitos
    FROM sumos
)
SELECT
    b.institucijos_kodas,
    COALESCE(i.institucija, b.institucijos_kodas) AS institucija,
    b.metai,
    b.busena AS lesu_busena,
    k.pavadinimas_lt AS lesu_busena_pavadinimas,
    CAST(b.reklama AS DECIMAL(18,2)) AS reklama_be_asmenu,
    CAST(b.neaiski AS DECIMAL(18,2)) AS neaiski_be_asmenu,
    CAST(b.kitos AS DECIMAL(18,2)) AS kitos_be_asmenu
FROM busenos AS b
LEFT JOIN out_institucija AS i ON i.institucijos_kodas = b.institucijos_kodas
LEFT JOIN core_klasifikatorius AS k ON k.klasifikatorius = 'emfa_busenos' AND k.kodas = b.busena
ORDER BY b.institucijos_kodas NULLS LAST, b.metai NULLS LAST
