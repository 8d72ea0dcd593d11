-- needs: out_pazeidimas, out_imoka, out_auditas, out_lesos, out_licencija, core_juridinis, core_klasifikatorius
-- looks_up: core_juridinis
-- One row per institution that the published tables name. It is called what JAR calls its code; where JAR does not know it, as it was called last.
-- A firm that may bear a person's name is no institution; nor is an auditor whom JAR does not know, since such a code was typed by hand.
WITH minimos AS (
    SELECT institucijos_kodas, institucija, sprendimo_data AS data, 'pazeidimai' AS kas FROM out_pazeidimas
    UNION ALL SELECT institucijos_kodas, institucija, nustatymo_data, 'imokos' FROM out_imoka
    UNION ALL SELECT institucijos_kodas, institucija, data, 'auditai' FROM out_auditas
    UNION ALL SELECT institucijos_kodas, institucija, data, 'lesos' FROM out_lesos
    UNION ALL SELECT institucijos_kodas, institucija, isdavimo_data, 'licencijos' FROM out_licencija
),
institucijos AS (
    SELECT
        m.institucijos_kodas,
        j.pavadinimas AS pavadinimas,
        j.savivaldybe AS savivaldybe,
        m.institucija,
        m.kas,
        ROW_NUMBER() OVER (PARTITION BY m.institucijos_kodas ORDER BY m.data DESC NULLS LAST, m.institucija NULLS LAST) AS eile
    FROM minimos AS m
    LEFT JOIN core_juridinis AS j ON j.ja_kodas = m.institucijos_kodas
    WHERE NOT COALESCE(j.individuali, m.kas = 'auditai')
)
SELECT
    i.institucijos_kodas,
    COALESCE(MIN(i.pavadinimas), MIN(CASE WHEN i.eile = 1 THEN i.institucija END)) AS institucija,
    MIN(i.savivaldybe) AS savivaldybe,
    MIN(k.pavadinimas_lt) AS savivaldybe_pavadinimas,
    MAX(CASE WHEN i.kas = 'pazeidimai' THEN 1 ELSE 0 END) = 1 AS nustato_pazeidimus,
    MAX(CASE WHEN i.kas = 'imokos' THEN 1 ELSE 0 END) = 1 AS nustato_imokas,
    MAX(CASE WHEN i.kas = 'auditai' THEN 1 ELSE 0 END) = 1 AS tikrina_tirazus,
    MAX(CASE WHEN i.kas = 'lesos' THEN 1 ELSE 0 END) = 1 AS skiria_lesas,
    MAX(CASE WHEN i.kas = 'licencijos' THEN 1 ELSE 0 END) = 1 AS isduoda_licencijas
FROM institucijos AS i
LEFT JOIN core_klasifikatorius AS k ON k.klasifikatorius = 'savivaldybes' AND k.kodas = i.savivaldybe
GROUP BY i.institucijos_kodas
ORDER BY i.institucijos_kodas NULLS LAST
