-- needs: core_saltinis, core_virs, core_vip, core_savininkas, core_atsakingas, core_tirazas, core_finansai, core_klasifikatorius
-- One row per thing that is missing about a current VIRS. Judged on the day of the newest extract; without such a day only what needs none.
WITH diena AS (
    SELECT MAX(israso_data) AS diena FROM core_saltinis
),
dabartiniai AS (
    SELECT ja_kodas, pavadinimas, forma, reg_data FROM core_virs WHERE virs_iki IS NULL AND isreg_data IS NULL
),
veikiancios AS (
    SELECT n.vip_nr, n.ja_kodas, n.vip_rusis, n.registravimo_data
    FROM core_vip AS n
    JOIN dabartiniai AS v ON v.ja_kodas = n.ja_kodas
    WHERE n.isregistravimo_data IS NULL
),
nezinomi AS (
    SELECT ja_kodas, SUM(dalis) AS dalis
    FROM core_savininkas
    WHERE savininko_rusis = 'nezinomas'
    GROUP BY ja_kodas
),
atsakingi AS (
    SELECT
        a.vip_nr,
        MAX(CASE WHEN a.iki < d.diena THEN a.iki END) AS iki,
        COUNT(CASE WHEN a.nuo <= d.diena AND (a.iki IS NULL OR a.iki >= d.diena) THEN 1 END) AS dabar
    FROM core_atsakingas AS a
    CROSS JOIN diena AS d
    GROUP BY a.vip_nr
),
paskutiniai_tirazai AS (
    SELECT vip_nr, MAX(data) AS data FROM core_tirazas GROUP BY vip_nr
),
-- The law counts those that print over 500 copies or advertising; of an outlet that never handed anything in nobody knows.
tirazai AS (
    SELECT t.vip_nr, t.data, (t.tirazas > 500 OR t.su_reklama = 'taip') AS privaloma
    FROM core_tirazas AS t
    JOIN paskutiniai_tirazai AS p ON p.vip_nr = t.vip_nr AND p.data = t.data
),
-- Accounts are due in the first half of the next year.
ataskaitiniai AS (
    SELECT diena, CAST(EXTRACT(YEAR FROM diena) - CASE WHEN EXTRACT(MONTH FROM diena) > 6 THEN 1 ELSE 2 END AS BIGINT) AS metai FROM diena
),
ataskaitos AS (
    SELECT f.ja_kodas, MAX(f.pateikimo_data) AS pateikta, COUNT(CASE WHEN f.metai >= a.metai THEN 1 END) AS yra
    FROM core_finansai AS f
    CROSS JOIN ataskaitiniai AS a
    GROUP BY f.ja_kodas
),
visos AS (
    SELECT
        v.ja_kodas,
        'savininkai' AS spraga,
        CAST(NULL AS STRING) AS vip_nr,
        CAST(NULL AS BIGINT) AS metai,
        CAST(n.dalis AS DECIMAL(13,12)) AS dalis,
        CAST(NULL AS DATE) AS paskutiniai_duomenys,
        'Dalyvius VIRS nurodo JADIS (Registrų centrui), o jei jo teisinės formos dalyviai ten nekaupiami ar yra iš užsienio – šiai sistemai.' AS kaip_papildyti
    FROM dabartiniai AS v
    JOIN nezinomi AS n ON n.ja_kodas = v.ja_kodas
    WHERE n.dalis > 0
    UNION ALL
    SELECT
        n.ja_kodas,
        'atsakingas',
        n.vip_nr,
        CAST(NULL AS BIGINT),
        CAST(NULL AS DECIMAL(13,12)),
        a.iki,
        'VIRS atstovas nurodo atsakingą asmenį leidėjo ir leidinių duomenų formoje; apie pasikeitimą pranešama per 14 kalendorinių dienų.'
    FROM veikiancios AS n
    CROSS JOIN diena AS d
    LEFT JOIN atsakingi AS a ON a.vip_nr = n.vip_nr
    WHERE COALESCE(a.dabar, 0) = 0 AND n.registravimo_data <= d.diena
    UNION ALL
    SELECT
        n.ja_kodas,
        'tirazas',
        n.vip_nr,
        CAST(NULL AS BIGINT),
        CAST(NULL AS DECIMAL(13,12)),
        t.data,
        'VIRS atstovas tiražą pateikia du kartus per metus tiražo formoje. Privaloma, jei egzempliorių daugiau kaip 500 arba spausdinama reklama.'
    FROM veikiancios AS n
    CROSS JOIN diena AS d
    LEFT JOIN tirazai AS t ON t.vip_nr = n.vip_nr
    WHERE n.vip_rusis IN ('laikrastis', 'zurnalas')
        AND (t.vip_nr IS NULL OR t.privaloma)
        AND (EXTRACT(YEAR FROM d.diena) - EXTRACT(YEAR FROM COALESCE(t.data, n.registravimo_data))) * 12
            + EXTRACT(MONTH FROM d.diena) - EXTRACT(MONTH FROM COALESCE(t.data, n.registravimo_data)) > 12
    UNION ALL
    SELECT
        v.ja_kodas,
        'ataskaita',
        CAST(NULL AS STRING),
        a.metai,
        CAST(NULL AS DECIMAL(13,12)),
        f.pateikta,
        'VIRS, kuriam teikti ataskaitas privaloma, pateikia jas JAR (Registrų centrui).'
    FROM dabartiniai AS v
    CROSS JOIN ataskaitiniai AS a
    LEFT JOIN ataskaitos AS f ON f.ja_kodas = v.ja_kodas
    WHERE COALESCE(f.yra, 0) = 0
        -- Budgetary institutions do not file with JAR.
        AND v.forma <> '950'
        AND EXTRACT(YEAR FROM v.reg_data) <= a.metai
    UNION ALL
    SELECT
        v.ja_kodas,
        'vip',
        CAST(NULL AS STRING),
        CAST(NULL AS BIGINT),
        CAST(NULL AS DECIMAL(13,12)),
        CAST(NULL AS DATE),
        'VIRS atstovas leidinius, programas ir svetaines nurodo leidėjo ir leidinių duomenų formoje.'
    FROM dabartiniai AS v
    LEFT JOIN veikiancios AS n ON n.ja_kodas = v.ja_kodas
    WHERE n.ja_kodas IS NULL
)
SELECT
    s.ja_kodas,
    v.pavadinimas,
    CAST(ROW_NUMBER() OVER (PARTITION BY s.ja_kodas ORDER BY s.spraga NULLS LAST, s.vip_nr NULLS LAST) AS BIGINT) AS eil_nr,
    s.spraga,
    k.pavadinimas_lt AS spraga_pavadinimas,
    s.vip_nr,
    n.vip_pavadinimas,
    s.metai,
    s.dalis,
    s.paskutiniai_duomenys,
    s.kaip_papildyti
FROM visos AS s
JOIN dabartiniai AS v ON v.ja_kodas = s.ja_kodas
LEFT JOIN core_vip AS n ON n.vip_nr = s.vip_nr
LEFT JOIN core_klasifikatorius AS k ON k.klasifikatorius = 'spragos' AND k.kodas = s.spraga
ORDER BY s.ja_kodas NULLS LAST, eil_nr NULLS LAST
