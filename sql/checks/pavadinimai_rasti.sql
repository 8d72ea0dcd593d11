-- needs: out_licencija, out_vip, out_auditas, out_pazeidimas, out_etika, out_savininkas, out_virs_veikla
-- guards: out_licencija, out_vip, out_auditas, out_pazeidimas, out_etika, out_savininkas, out_virs_veikla
-- severity: warning
-- Every code has a title: a code without one is missing from its classifier. Each table of income has a check of its own.
SELECT a.lentele, a.stulpelis, a.kodas, COUNT(*) AS eiluciu
FROM (
    SELECT 'out_licencija' AS lentele, 'veikla' AS stulpelis, veikla AS kodas, veikla_pavadinimas AS pavadinimas FROM out_licencija
    UNION ALL SELECT 'out_licencija', 'licencijos_busena', licencijos_busena, licencijos_busena_pavadinimas FROM out_licencija
    UNION ALL SELECT 'out_vip', 'vip_rusis', vip_rusis, vip_rusis_pavadinimas FROM out_vip
    UNION ALL SELECT 'out_vip', 'vip_kategorija', vip_kategorija, vip_kategorija_pavadinimas FROM out_vip
    UNION ALL SELECT 'out_auditas', 'isvada', isvada, isvada_pavadinimas FROM out_auditas
    UNION ALL SELECT 'out_pazeidimas', 'pazeidimas', pazeidimas, pazeidimas_pavadinimas FROM out_pazeidimas
    UNION ALL SELECT 'out_pazeidimas', 'priemone', priemone, priemone_pavadinimas FROM out_pazeidimas
    UNION ALL SELECT 'out_etika', 'etikos_kategorija', etikos_kategorija, etikos_kategorija_pavadinimas FROM out_etika
    UNION ALL SELECT 'out_savininkas', 'savininko_rusis', savininko_rusis, savininko_rusis_pavadinimas FROM out_savininkas
    UNION ALL SELECT 'out_virs_veikla', 'veiklos_rusis', veiklos_rusis, veiklos_pavadinimas FROM out_virs_veikla
) AS a
WHERE a.pavadinimas IS NULL
GROUP BY a.lentele, a.stulpelis, a.kodas
ORDER BY a.lentele NULLS LAST, a.stulpelis NULLS LAST, a.kodas NULLS LAST
