-- needs: out_virs, out_vip, out_licencija, out_pazeidimas, out_etika, out_stat_virs, out_stat_savivaldybes, out_stat_vip, out_stat_licencijos, out_stat_pazeidimai, out_stat_etika
-- guards: out_stat_virs, out_stat_savivaldybes, out_stat_vip, out_stat_licencijos, out_stat_pazeidimai, out_stat_etika
-- severity: error
-- Counts in statistics add up to the rows they count.
SELECT a.lentele, a.statistikoje, a.eilutese
FROM (
    SELECT 'out_stat_virs' AS lentele, s.kiekis AS statistikoje, e.kiekis AS eilutese
    FROM (SELECT COALESCE(CAST(SUM(virs_skaicius) AS BIGINT), 0) AS kiekis FROM out_stat_virs) AS s
    CROSS JOIN (SELECT COUNT(*) AS kiekis FROM out_virs WHERE virs_iki IS NULL) AS e
    UNION ALL
    SELECT 'out_stat_savivaldybes', s.kiekis, e.kiekis
    FROM (SELECT COALESCE(CAST(SUM(virs_skaicius) AS BIGINT), 0) AS kiekis FROM out_stat_savivaldybes) AS s
    CROSS JOIN (SELECT COUNT(*) AS kiekis FROM out_virs WHERE virs_iki IS NULL) AS e
    UNION ALL
    SELECT 'out_stat_vip', s.kiekis, e.kiekis
    FROM (SELECT COALESCE(CAST(SUM(vip_skaicius) AS BIGINT), 0) AS kiekis FROM out_stat_vip) AS s
    CROSS JOIN (SELECT COUNT(*) AS kiekis FROM out_vip WHERE isregistravimo_data IS NULL AND virs_iki IS NULL) AS e
    UNION ALL
    SELECT 'out_stat_licencijos', s.kiekis, e.kiekis
    FROM (SELECT COALESCE(CAST(SUM(licenciju_skaicius) AS BIGINT), 0) AS kiekis FROM out_stat_licencijos) AS s
    CROSS JOIN (SELECT COUNT(*) AS kiekis FROM out_licencija) AS e
    UNION ALL
    SELECT 'out_stat_pazeidimai', s.kiekis, e.kiekis
    FROM (SELECT COALESCE(CAST(SUM(pazeidimu_skaicius) AS BIGINT), 0) AS kiekis FROM out_stat_pazeidimai) AS s
    CROSS JOIN (SELECT COUNT(*) AS kiekis FROM out_pazeidimas) AS e
    UNION ALL
    SELECT 'out_stat_etika', s.kiekis, e.kiekis
    FROM (SELECT COALESCE(CAST(SUM(pazeidimu_skaicius) AS BIGINT), 0) AS kiekis FROM out_stat_etika) AS s
    CROSS JOIN (SELECT COUNT(*) AS kiekis FROM out_etika) AS e
) AS a
WHERE a.statistikoje <> a.eilutese
ORDER BY a.lentele NULLS LAST
