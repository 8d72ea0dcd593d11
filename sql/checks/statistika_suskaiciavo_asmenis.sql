-- needs: out_stat_virs, out_stat_veiklos, out_stat_vip, out_stat_pajamos, out_stat_reklama, out_stat_lesos, out_stat_parama, out_stat_imokos, out_stat_licencijos, out_stat_pazeidimai, out_stat_etika, out_stat_tirazai, out_stat_koncentracija, out_stat_koncentracija_vip, out_stat_nuosavybe, out_stat_savininkai
-- guards: out_stat_virs, out_stat_veiklos, out_stat_vip, out_stat_pajamos, out_stat_reklama, out_stat_lesos, out_stat_parama, out_stat_imokos, out_stat_licencijos, out_stat_pazeidimai, out_stat_etika, out_stat_tirazai, out_stat_koncentracija, out_stat_koncentracija_vip, out_stat_nuosavybe, out_stat_savininkai
-- severity: error
-- Every cell says how many persons stand behind it: without that number disclosure control cannot protect it.
SELECT a.lentele, COUNT(*) AS eiluciu
FROM (
    SELECT 'out_stat_virs' AS lentele, asmenu FROM out_stat_virs
    UNION ALL SELECT 'out_stat_veiklos', asmenu FROM out_stat_veiklos
    UNION ALL SELECT 'out_stat_vip', asmenu FROM out_stat_vip
    UNION ALL SELECT 'out_stat_pajamos', asmenu FROM out_stat_pajamos
    UNION ALL SELECT 'out_stat_reklama', asmenu FROM out_stat_reklama
    UNION ALL SELECT 'out_stat_lesos', asmenu FROM out_stat_lesos
    UNION ALL SELECT 'out_stat_parama', asmenu FROM out_stat_parama
    UNION ALL SELECT 'out_stat_imokos', asmenu FROM out_stat_imokos
    UNION ALL SELECT 'out_stat_licencijos', asmenu FROM out_stat_licencijos
    UNION ALL SELECT 'out_stat_pazeidimai', asmenu FROM out_stat_pazeidimai
    UNION ALL SELECT 'out_stat_etika', asmenu FROM out_stat_etika
    UNION ALL SELECT 'out_stat_tirazai', asmenu FROM out_stat_tirazai
    UNION ALL SELECT 'out_stat_koncentracija', asmenu FROM out_stat_koncentracija
    UNION ALL SELECT 'out_stat_koncentracija_vip', asmenu FROM out_stat_koncentracija_vip
    UNION ALL SELECT 'out_stat_nuosavybe', asmenu FROM out_stat_nuosavybe
    UNION ALL SELECT 'out_stat_savininkai', asmenu FROM out_stat_savininkai
) AS a
WHERE a.asmenu IS NULL OR a.asmenu < 0
GROUP BY a.lentele
ORDER BY a.lentele NULLS LAST
