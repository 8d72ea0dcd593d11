-- needs: core_savininkas, core_virs, core_juridinis, core_asmuo, core_klasifikatorius
-- looks_up: core_virs, core_juridinis, core_asmuo
-- One row per ultimate owner of a VIRS. `savininkas` is the one column to read the owner's name from (personal);
-- `dal_pavadinimas` repeats it for entities, so that the open tier has their names too. A foreign entity whose name may be a person's counts as one, and so does
-- whoever nobody knows: else who has no open owner would be known to be owned by persons.
SELECT
    s.ja_kodas,
    v.pavadinimas,
    s.eil_nr,
    s.savininko_rusis,
    k.pavadinimas_lt AS savininko_rusis_pavadinimas,
    CASE
        WHEN s.asmens_id IS NOT NULL THEN p.vardas || ' ' || p.pavarde
        WHEN s.savininko_rusis = 'nezinomas' THEN 'Nežinomas'
        ELSE s.dal_pavadinimas
    END AS savininkas,
    s.asmens_id,
    s.dal_kodas,
    CASE WHEN s.asmens_id IS NULL THEN s.dal_pavadinimas END AS dal_pavadinimas,
    s.valstybe,
    s.dalis,
    s.kontroliuoja,
    s.zingsniai,
    COALESCE(v.su_asmenimis, TRUE) AS su_asmenimis,
    (
        s.asmens_id IS NOT NULL
        OR s.savininko_rusis IN ('fizinis', 'uzsienio_fizinis', 'nezinomas')
        OR COALESCE(v.individuali, TRUE)
        OR COALESCE(o.individuali, s.savininko_rusis = 'juridinis' OR s.asmenvardis)
    ) AS apie_asmeni
FROM core_savininkas AS s
LEFT JOIN core_virs AS v ON v.ja_kodas = s.ja_kodas
LEFT JOIN core_juridinis AS o ON o.ja_kodas = s.dal_kodas AND s.savininko_rusis <> 'uzsienio_juridinis'
LEFT JOIN core_asmuo AS p ON p.asmens_id = s.asmens_id
LEFT JOIN core_klasifikatorius AS k ON k.klasifikatorius = 'savininku_rusys' AND k.kodas = s.savininko_rusis
ORDER BY s.ja_kodas NULLS LAST, s.eil_nr NULLS LAST
