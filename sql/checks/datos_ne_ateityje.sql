-- needs: core_saltinis, out_virs, out_finansai, out_vip, out_licencija, out_imoka, out_tirazas, out_auditas, out_pazeidimas, out_etika
-- guards: out_virs, out_finansai, out_vip, out_licencija, out_imoka, out_tirazas, out_auditas, out_pazeidimas, out_etika
-- severity: warning
-- Things that have happened are not dated after the newest extract of this release. One mistyped date must not hold a table back, so this warns.
-- Each table of income has a check of its own.
WITH siandien AS (
    SELECT MAX(israso_data) AS data FROM core_saltinis
),
datos AS (
    SELECT 'out_virs' AS lentele, 'reg_data' AS stulpelis, reg_data AS data FROM out_virs
    UNION ALL SELECT 'out_virs', 'isreg_data', isreg_data FROM out_virs
    UNION ALL SELECT 'out_virs', 'statusas_nuo', statusas_nuo FROM out_virs
    UNION ALL SELECT 'out_virs', 'virs_nuo', virs_nuo FROM out_virs
    UNION ALL SELECT 'out_finansai', 'patvirtinimo_data', patvirtinimo_data FROM out_finansai
    UNION ALL SELECT 'out_finansai', 'pateikimo_data', pateikimo_data FROM out_finansai
    UNION ALL SELECT 'out_vip', 'ikurimo_data', ikurimo_data FROM out_vip
    UNION ALL SELECT 'out_vip', 'registravimo_data', registravimo_data FROM out_vip
    UNION ALL SELECT 'out_licencija', 'isdavimo_data', isdavimo_data FROM out_licencija
    UNION ALL SELECT 'out_imoka', 'nustatymo_data', nustatymo_data FROM out_imoka
    UNION ALL SELECT 'out_tirazas', 'data', data FROM out_tirazas
    UNION ALL SELECT 'out_auditas', 'data', data FROM out_auditas
    UNION ALL SELECT 'out_pazeidimas', 'sprendimo_data', sprendimo_data FROM out_pazeidimas
    UNION ALL SELECT 'out_etika', 'pripazinimo_data', pripazinimo_data FROM out_etika
)
SELECT d.lentele, d.stulpelis, COUNT(*) AS eiluciu
FROM datos AS d
CROSS JOIN siandien AS s
WHERE d.data > s.data
GROUP BY d.lentele, d.stulpelis
ORDER BY d.lentele NULLS LAST, d.stulpelis NULLS LAST
