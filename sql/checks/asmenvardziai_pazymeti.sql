-- needs: core_virs, core_vip, core_numeris, core_dalyvis, core_savininkas, core_kontrole, out_virs, out_vip, out_auditas, out_tirazas, out_numeris, out_pazeidimas, out_etika, out_dalyvis, out_savininkas, out_kontrole
-- guards: out_virs, out_vip, out_auditas, out_tirazas, out_numeris, out_pazeidimas, out_etika, out_dalyvis, out_savininkas, out_kontrole
-- severity: error
-- As asmenu_eilutes_pazymetos, of names in names: wherever an outlet, a publication or a foreign entity was found to hold a natural person's
-- name, what is published of it says so; and contacts of whatever may be a person's firm are withheld. Each table of income has a check of its own.
SELECT a.lentele, COUNT(*) AS eiluciu
FROM (
    SELECT 'out_virs' AS lentele, o.sava_imone AS pazymeta, (v.sava_imone OR v.individuali) AS yra
    FROM out_virs AS o
    LEFT JOIN core_virs AS v ON v.ja_kodas = o.ja_kodas
    UNION ALL
    SELECT e.lentele, e.asmenvardis, COALESCE(n.asmenvardis, FALSE)
    FROM (
        SELECT 'out_vip' AS lentele, vip_nr, asmenvardis FROM out_vip
        UNION ALL SELECT 'out_auditas', vip_nr, asmenvardis FROM out_auditas
        UNION ALL SELECT 'out_tirazas', vip_nr, asmenvardis FROM out_tirazas
        UNION ALL SELECT 'out_numeris', vip_nr, asmenvardis FROM out_numeris
        UNION ALL SELECT 'out_pazeidimas', vip_nr, asmenvardis FROM out_pazeidimas
        UNION ALL SELECT 'out_etika', vip_nr, asmenvardis FROM out_etika
    ) AS e
    LEFT JOIN core_vip AS n ON n.vip_nr = e.vip_nr
    UNION ALL
    SELECT 'out_numeris', o.asmenvardis, s.asmenvardis
    FROM out_numeris AS o
    LEFT JOIN core_numeris AS s ON s.numeris = o.numeris
    UNION ALL
    SELECT 'out_dalyvis', o.apie_asmeni, d.asmenvardis
    FROM out_dalyvis AS o
    LEFT JOIN core_dalyvis AS d ON d.saltinis = o.saltinis AND d.dalyvio_nr = o.dalyvio_nr
    UNION ALL
    SELECT 'out_savininkas', o.apie_asmeni, s.asmenvardis
    FROM out_savininkas AS o
    LEFT JOIN core_savininkas AS s ON s.ja_kodas = o.ja_kodas AND s.eil_nr = o.eil_nr
    UNION ALL
    SELECT 'out_kontrole', o.apie_asmeni, c.asmenvardis
    FROM out_kontrole AS o
    LEFT JOIN core_kontrole AS c ON c.ja_kodas = o.ja_kodas AND c.zingsnis = o.zingsnis
) AS a
WHERE a.pazymeta IS NULL OR (NOT a.pazymeta AND COALESCE(a.yra, TRUE))
GROUP BY a.lentele
ORDER BY a.lentele NULLS LAST
