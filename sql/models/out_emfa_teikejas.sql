-- needs: out_emfa_savininkas, core_virs, core_klasifikatorius
-- One row per current VIRS as a media service provider: legal name and contact details (Regulation (EU) 2024/1083, Article 6(1)(a)), and of each point of
-- 6(1)(b) and (c) whether all of it is published, some, nothing is there to report, or nobody knows. Nobody knows the natural persons behind what is
-- unknown, and behind entities without known owners of their own; whoever has 25 % of it might have more than 25 % in all.
WITH dalys AS (
    SELECT
        teikejo_kodas,
        SUM(CASE WHEN savininko_rusis = 'nezinomas' THEN galutine_dalis ELSE CAST(0 AS DECIMAL(13,12)) END) AS nezinoma,
        SUM(
            CASE
                WHEN savininko_rusis IN ('nezinomas', 'juridinis', 'uzsienio_juridinis') THEN galutine_dalis
                ELSE CAST(0 AS DECIMAL(13,12))
            END
        ) AS be_asmenu,
        MAX(
            CASE WHEN savininko_rusis IN ('nezinomas', 'juridinis', 'uzsienio_juridinis') AND galutine_dalis > 0 THEN 1 ELSE 0 END
        ) AS gali_buti_valstybes,
        MAX(CASE WHEN viesasis_savininkas THEN 1 ELSE 0 END) AS valstybes,
        MAX(CASE WHEN naudos_gavejas THEN 1 ELSE 0 END) AS naudos_gaveju,
        MAX(CASE WHEN asmens_id IS NOT NULL AND NOT naudos_gavejas THEN galutine_dalis END) AS didziausia_kito
    FROM out_emfa_savininkas
    GROUP BY teikejo_kodas
),
busenos AS (
    SELECT
        teikejo_kodas,
        CASE
            WHEN nezinoma = 0 THEN 'skelbiama'
            WHEN nezinoma < CAST(1 AS DECIMAL(13,12)) THEN 'is_dalies'
            ELSE 'nezinoma'
        END AS savininku_busena,
        CASE
            WHEN valstybes = 1 AND gali_buti_valstybes = 0 THEN 'skelbiama'
            WHEN valstybes = 1 THEN 'is_dalies'
            WHEN gali_buti_valstybes = 0 THEN 'nera'
            ELSE 'nezinoma'
        END AS valstybes_busena,
        CASE
            WHEN COALESCE(didziausia_kito, CAST(0 AS DECIMAL(13,12))) + be_asmenu > CAST(0.25 AS DECIMAL(13,12))
                THEN CASE WHEN naudos_gaveju = 1 THEN 'is_dalies' ELSE 'nezinoma' END
            WHEN naudos_gaveju = 1 THEN 'skelbiama'
            ELSE 'nera'
        END AS naudos_gaveju_busena
    FROM dalys
),
teikejai AS (
    SELECT
        v.ja_kodas,
        v.pavadinimas,
        v.forma_pavadinimas,
        v.adresas,
        v.el_pastas,
        v.telefonas,
        v.sava_imone,
        COALESCE(b.savininku_busena, 'nezinoma') AS savininku_busena,
        COALESCE(b.valstybes_busena, 'nezinoma') AS valstybes_busena,
        COALESCE(b.naudos_gaveju_busena, 'nezinoma') AS naudos_gaveju_busena
    FROM core_virs AS v
    LEFT JOIN busenos AS b ON b.teikejo_kodas = v.ja_kodas
    WHERE v.virs_iki IS NULL
)
SELECT
    t.ja_kodas AS teikejo_kodas,
    t.pavadinimas AS teikejas,
    t.forma_pavadinimas,
    t.adresas,
    t.el_pastas,
    t.telefonas,
    t.savininku_busena,
    ks.pavadinimas_lt AS savininku_busena_pavadinimas,
    t.valstybes_busena,
    kv.pavadinimas_lt AS valstybes_busena_pavadinimas,
    t.naudos_gaveju_busena,
    kn.pavadinimas_lt AS naudos_gaveju_busena_pavadinimas,
    t.sava_imone
FROM teikejai AS t
LEFT JOIN core_klasifikatorius AS ks ON ks.klasifikatorius = 'emfa_busenos' AND ks.kodas = t.savininku_busena
LEFT JOIN core_klasifikatorius AS kv ON kv.klasifikatorius = 'emfa_busenos' AND kv.kodas = t.valstybes_busena
LEFT JOIN core_klasifikatorius AS kn ON kn.klasifikatorius = 'emfa_busenos' AND kn.kodas = t.naudos_gaveju_busena
ORDER BY t.ja_kodas NULLS LAST
