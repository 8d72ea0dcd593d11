-- needs: out_emfa_lesos, core_reklama, core_virs, core_klasifikatorius
-- One row per provider and year: revenue from advertising of entities of third countries (Regulation (EU) 2024/1083, Article 6(1)(d)), as far as it is known,
-- which is political advertising alone. So that nothing is known never means that there is nothing. The years are those of out_emfa_lesos, and those in
-- which there is some. Third countries are all but the Member States of the European Union and those of their lands that have a code of their own.
WITH mokejimai AS (
    SELECT ja_kodas, metai, SUM(kaina) AS suma
    FROM core_reklama
    WHERE kampanijos_dalyvis = 'J'
        AND asmens_id IS NULL
        AND valstybe NOT IN (
            'AT', 'BE', 'BG', 'CY', 'CZ', 'DE', 'DK', 'EE', 'ES', 'FI', 'FR', 'GR', 'HR', 'HU', 'IE', 'IT', 'LT', 'LU', 'LV', 'MT', 'NL', 'PL', 'PT',
            'RO', 'SE', 'SI', 'SK', 'AX', 'GF', 'GP', 'MF', 'MQ', 'RE', 'YT'
        )
    GROUP BY ja_kodas, metai
),
eilutes AS (
    SELECT teikejo_kodas AS ja_kodas, metai FROM out_emfa_lesos
    UNION
    SELECT ja_kodas, metai FROM mokejimai
),
busenos AS (
    SELECT e.ja_kodas, e.metai, m.suma, CASE WHEN m.suma IS NULL THEN 'nezinoma' ELSE 'is_dalies' END AS busena
    FROM eilutes AS e
    LEFT JOIN mokejimai AS m ON m.ja_kodas = e.ja_kodas AND m.metai = e.metai
)
SELECT
    b.ja_kodas AS teikejo_kodas,
    COALESCE(v.pavadinimas, b.ja_kodas) AS teikejas,
    b.metai,
    b.busena AS treciuju_saliu_busena,
    k.pavadinimas_lt AS treciuju_saliu_busena_pavadinimas,
    CAST(b.suma AS DECIMAL(18,2)) AS treciuju_saliu_suma
FROM busenos AS b
LEFT JOIN core_virs AS v ON v.ja_kodas = b.ja_kodas
LEFT JOIN core_klasifikatorius AS k ON k.klasifikatorius = 'emfa_busenos' AND k.kodas = b.busena
ORDER BY b.ja_kodas NULLS LAST, b.metai NULLS LAST
