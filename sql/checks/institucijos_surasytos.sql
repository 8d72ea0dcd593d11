-- needs: core_juridinis, out_institucija, out_pazeidimas, out_imoka, out_auditas, out_lesos, out_licencija
-- looks_up: core_juridinis
-- guards: out_institucija
-- severity: error
-- Among institutions is nobody who may be a person, and nobody whom the published tables do not name; who is named and is known not to be a
-- person is there.
SELECT COALESCE(i.institucijos_kodas, m.institucijos_kodas) AS institucijos_kodas
FROM out_institucija AS i
FULL OUTER JOIN (
    SELECT institucijos_kodas FROM out_pazeidimas
    UNION SELECT institucijos_kodas FROM out_imoka
    UNION SELECT institucijos_kodas FROM out_auditas
    UNION SELECT institucijos_kodas FROM out_lesos
    UNION SELECT institucijos_kodas FROM out_licencija
) AS m ON m.institucijos_kodas = i.institucijos_kodas
LEFT JOIN core_juridinis AS j ON j.ja_kodas = COALESCE(i.institucijos_kodas, m.institucijos_kodas)
WHERE m.institucijos_kodas IS NULL
    OR (i.institucijos_kodas IS NOT NULL AND (LENGTH(i.institucijos_kodas) <> 9 OR COALESCE(j.individuali, FALSE)))
    OR (i.institucijos_kodas IS NULL AND NOT COALESCE(j.individuali, TRUE))
ORDER BY institucijos_kodas NULLS LAST
