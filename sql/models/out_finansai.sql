-- needs: core_finansai, core_virs
-- looks_up: core_virs
-- One row per document of annual accounts a VIRS filed with JAR.
SELECT
    f.ja_kodas,
    v.pavadinimas,
    f.metai,
    f.dokumentas,
    f.patvirtinimo_data,
    f.pateikimo_data,
    COALESCE(v.individuali, TRUE) AS apie_asmeni
FROM core_finansai AS f
LEFT JOIN core_virs AS v ON v.ja_kodas = f.ja_kodas
ORDER BY f.ja_kodas NULLS LAST, f.metai NULLS LAST, f.dokumentas NULLS LAST
