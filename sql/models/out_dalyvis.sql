-- needs: core_dalyvis, core_juridinis, core_asmuo, core_klasifikatorius
-- looks_up: core_juridinis, core_asmuo
-- One row per direct participant of a VIRS or of an entity in the chain above it. A row is about a person when the participant is one,
-- or when either firm's name may hold a person's name; a Lithuanian entity that JAR does not know counts as such, to be safe.
SELECT
    d.saltinis,
    d.dalyvio_nr,
    d.ja_kodas,
    j.pavadinimas,
    d.dalyvio_rusis,
    k.pavadinimas_lt AS dalyvio_rusis_pavadinimas,
    d.asmens_id,
    p.vardas,
    p.pavarde,
    d.dal_kodas,
    CASE WHEN d.asmens_id IS NULL THEN d.dal_pavadinimas END AS dal_pavadinimas,
    o.forma AS dal_forma,
    d.valstybe,
    d.registras,
    d.akcijos,
    d.inasas,
    d.dalis,
    d.jungtine,
    d.igaliotas,
    d.nuo,
    d.iki,
    CAST(EXTRACT(YEAR FROM d.nuo) AS BIGINT) AS nuo_metai,
    CAST(EXTRACT(YEAR FROM d.iki) AS BIGINT) AS iki_metai,
    CAST(NULL AS STRING) AS konfidencialu,
    d.su_asmenimis,
    (
        d.asmens_id IS NOT NULL
        OR d.dalyvio_rusis IN ('F', 'UF')
        OR COALESCE(j.individuali, TRUE)
        OR COALESCE(o.individuali, d.dalyvio_rusis <> 'UJ' OR d.asmenvardis)
    ) AS apie_asmeni
FROM core_dalyvis AS d
LEFT JOIN core_juridinis AS j ON j.ja_kodas = d.ja_kodas
LEFT JOIN core_juridinis AS o ON o.ja_kodas = d.dal_kodas AND d.dalyvio_rusis = 'J'
LEFT JOIN core_asmuo AS p ON p.asmens_id = d.asmens_id
LEFT JOIN core_klasifikatorius AS k ON k.klasifikatorius = 'dalyviu_rusys' AND k.kodas = d.dalyvio_rusis
ORDER BY d.ja_kodas NULLS LAST, d.nuo NULLS LAST, d.saltinis NULLS LAST, d.dalyvio_nr NULLS LAST
