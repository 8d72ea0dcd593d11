-- needs: core_virs, core_virs_veikla, core_vip, core_savininkas, core_klasifikatorius
-- One row per VIRS. The owner summary is counted here so that a reader of one table already sees who controls the VIRS
-- (the kind of owner, never a name) and how much of it nobody knows. A VIRS without owner rows is wholly unknown.
WITH veiklos AS (
    SELECT ja_kodas, COUNT(*) AS skaicius FROM core_virs_veikla GROUP BY ja_kodas
),
leidiniai AS (
    SELECT ja_kodas, COUNT(*) AS skaicius FROM core_vip WHERE isregistravimo_data IS NULL GROUP BY ja_kodas
),
savininkai AS (
    SELECT
        ja_kodas,
        MIN(CASE WHEN kontroliuoja THEN savininko_rusis END) AS kontroliuojancio_rusis,
        SUM(CASE WHEN savininko_rusis = 'nezinomas' THEN dalis ELSE CAST(0 AS DECIMAL(13,12)) END) AS nezinoma_dalis
    FROM core_savininkas
    GROUP BY ja_kodas
)
SELECT
    v.ja_kodas,
    v.pavadinimas,
    v.forma,
    v.forma_pavadinimas,
    v.statusas,
    -- JAR's own title of the ordinary status says what is not registered; readers want to know what is.
    CASE
        WHEN v.statusas = '0' AND v.isreg_data IS NULL THEN 'Veikia (teisinis statusas neįregistruotas)'
        ELSE v.statusas_pavadinimas
    END AS statusas_pavadinimas,
    v.statusas_nuo,
    v.adresas,
    v.savivaldybe,
    sa.pavadinimas_lt AS savivaldybe_pavadinimas,
    v.reg_data,
    v.isreg_data,
    v.virs_nuo,
    v.virs_iki,
    v.virs_saltinis,
    ks.pavadinimas_lt AS virs_saltinis_pavadinimas,
    v.audiovizualinis,
    v.individuali,
    CAST(COALESCE(ve.skaicius, 0) AS BIGINT) AS veiklu_skaicius,
    CAST(COALESCE(le.skaicius, 0) AS BIGINT) AS vip_skaicius,
    s.kontroliuojancio_rusis,
    kr.pavadinimas_lt AS kontroliuojancio_rusis_pavadinimas,
    CAST(COALESCE(s.nezinoma_dalis, 1) AS DECIMAL(13,12)) AS nezinoma_dalis,
    v.dalyviu_atmesta,
    v.el_pastas,
    v.telefonas,
    v.sava_imone,
    v.su_asmenimis,
    v.individuali AS apie_asmeni
FROM core_virs AS v
LEFT JOIN veiklos AS ve ON ve.ja_kodas = v.ja_kodas
LEFT JOIN leidiniai AS le ON le.ja_kodas = v.ja_kodas
LEFT JOIN savininkai AS s ON s.ja_kodas = v.ja_kodas
LEFT JOIN core_klasifikatorius AS ks ON ks.klasifikatorius = 'virs_saltiniai' AND ks.kodas = v.virs_saltinis
LEFT JOIN core_klasifikatorius AS sa ON sa.klasifikatorius = 'savivaldybes' AND sa.kodas = v.savivaldybe
LEFT JOIN core_klasifikatorius AS kr ON kr.klasifikatorius = 'savininku_rusys' AND kr.kodas = s.kontroliuojancio_rusis
ORDER BY v.ja_kodas NULLS LAST
