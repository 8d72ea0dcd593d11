-- needs: out_emfa_reklama, core_virs, core_saltinis, core_klasifikatorius
-- One row per provider and year: funds of the public sector, State advertising apart (Regulation (EU) 2024/1083, Article 6(1)(d)). Each year in which there
-- are any has a row, and since the Regulation applies (2025) each in which it was a VIRS and anybody has told of funds, or that goes on.
-- Institutions hand funds in twice a year: of a year nobody says that there is nothing before July of the next. An empty sum is one that nobody knows.
WITH diena AS (
    SELECT MAX(israso_data) AS diena FROM core_saltinis
),
lesos AS (
    SELECT
        teikejo_kodas AS ja_kodas,
        metai,
        SUM(valstybes_reklama) AS reklama,
        SUM(neaiski_suma) AS neaiski,
        SUM(kitos_lesos) AS kitos,
        SUM(valstybes_reklama + neaiski_suma + kitos_lesos) AS visos
    FROM out_emfa_reklama
    GROUP BY teikejo_kodas, metai
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
    SELECT ja_kodas, metai FROM lesos
    UNION
    SELECT v.ja_kodas, m.metai
    FROM core_virs AS v
    CROSS JOIN metai AS m
    WHERE EXTRACT(YEAR FROM v.virs_nuo) <= m.metai AND (v.virs_iki IS NULL OR EXTRACT(YEAR FROM v.virs_iki) >= m.metai)
),
sumos AS (
    SELECT
        e.ja_kodas,
        e.metai,
        l.reklama,
        l.neaiski,
        l.kitos,
        l.visos,
        CASE WHEN EXTRACT(YEAR FROM d.diena) * 12 + EXTRACT(MONTH FROM d.diena) >= (e.metai + 1) * 12 + 7 THEN 1 ELSE 0 END AS pateikta
    FROM eilutes AS e
    CROSS JOIN diena AS d
    LEFT JOIN lesos AS l ON l.ja_kodas = e.ja_kodas AND l.metai = e.metai
),
busenos AS (
    SELECT
        ja_kodas,
        metai,
        CASE
            WHEN COALESCE(neaiski, CAST(0 AS DECIMAL(18,2))) > 0 THEN 'is_dalies'
            WHEN COALESCE(reklama, CAST(0 AS DECIMAL(18,2))) > 0 THEN CASE WHEN pateikta = 1 THEN 'skelbiama' ELSE 'is_dalies' END
            ELSE CASE WHEN pateikta = 1 THEN 'nera' ELSE 'nezinoma' END
        END AS busena,
        -- Nothing of a year that is not handed in is none, as far as anybody knows.
        CASE WHEN pateikta = 1 OR reklama > 0 THEN COALESCE(reklama, CAST(0 AS DECIMAL(18,2))) END AS reklama,
        CASE WHEN pateikta = 1 OR neaiski > 0 THEN COALESCE(neaiski, CAST(0 AS DECIMAL(18,2))) END AS neaiski,
        CASE WHEN pateikta = 1 OR kitos > 0 THEN COALESCE(kitos, CAST(0 AS DECIMAL(18,2))) END AS kitos,
        CASE WHEN pateikta = 1 OR visos > 0 THEN COALESCE(visos, CAST(0 AS DECIMAL(18,2))) END AS visos
    FROM sumos
)
SELECT
    b.ja_kodas AS teikejo_kodas,
    COALESCE(v.pavadinimas, b.ja_kodas) AS teikejas,
    b.metai,
    b.busena AS reklamos_busena,
    k.pavadinimas_lt AS reklamos_busena_pavadinimas,
    CAST(b.reklama AS DECIMAL(18,2)) AS valstybes_reklama,
    CAST(b.neaiski AS DECIMAL(18,2)) AS neaiski_suma,
    CAST(b.kitos AS DECIMAL(18,2)) AS kitos_lesos,
    CAST(b.visos AS DECIMAL(18,2)) AS viesosios_lesos,
    COALESCE(v.individuali, TRUE) AS apie_asmeni
FROM busenos AS b
LEFT JOIN core_virs AS v ON v.ja_kodas = b.ja_kodas
LEFT JOIN core_klasifikatorius AS k ON k.klasifikatorius = 'emfa_busenos' AND k.kodas = b.busena
ORDER BY b.ja_kodas NULLS LAST, b.metai NULLS LAST
