-- needs: out_vip, out_tirazas, out_auditas, out_atsakingas
-- guards: out_tirazas, out_auditas, out_atsakingas, out_stat_tirazai
-- severity: error
-- Circulation, audits and responsible persons are of outlets that exist.
SELECT a.lentele, a.vip_nr
FROM (
    SELECT 'out_tirazas' AS lentele, vip_nr FROM out_tirazas
    UNION
    SELECT 'out_auditas', vip_nr FROM out_auditas
    UNION
    SELECT 'out_atsakingas', vip_nr FROM out_atsakingas
) AS a
LEFT JOIN out_vip AS n ON n.vip_nr = a.vip_nr
WHERE n.vip_nr IS NULL
ORDER BY a.lentele NULLS LAST, a.vip_nr NULLS LAST
