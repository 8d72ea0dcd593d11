-- needs: core_virs, core_numeris, core_dalyvis, core_savininkas, core_kontrole, out_virs, out_numeris, out_dalyvis, out_savininkas, out_kontrole
-- guards: out_virs, out_numeris, out_dalyvis, out_savininkas, out_kontrole
-- severity: error
-- As leidiniu_asmenvardziai_pazymeti, of publications and foreign entities: wherever one was found to hold a natural person's name, what is
-- published of it says so; and contacts of whatever may be a person's firm are withheld.
SELECT a.lentele, COUNT(*) AS eiluciu
FROM (
    SELECT 'out_virs' AS lentele, o.sava_imone AS pazymeta, (v.sava_imone OR v.individuali) AS yra
    FROM out_virs AS o
    LEFT JOIN core_virs AS v ON v.ja_kodas = o.ja_kodas
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
