-- needs: core_saltinis, {table}
-- guards: {table}
-- severity: warning
-- for: name | table | column
-- for: virs_reg_data_ne_ateityje | out_virs | reg_data
-- for: virs_isreg_data_ne_ateityje | out_virs | isreg_data
-- for: virs_statusas_nuo_ne_ateityje | out_virs | statusas_nuo
-- for: virs_nuo_ne_ateityje | out_virs | virs_nuo
-- for: finansai_patvirtinimo_data_ne_ateityje | out_finansai | patvirtinimo_data
-- for: finansai_pateikimo_data_ne_ateityje | out_finansai | pateikimo_data
-- for: vip_ikurimo_data_ne_ateityje | out_vip | ikurimo_data
-- for: vip_registravimo_data_ne_ateityje | out_vip | registravimo_data
-- for: licencija_isdavimo_data_ne_ateityje | out_licencija | isdavimo_data
-- for: imoka_nustatymo_data_ne_ateityje | out_imoka | nustatymo_data
-- for: tirazas_data_ne_ateityje | out_tirazas | data
-- for: auditas_data_ne_ateityje | out_auditas | data
-- for: pazeidimas_sprendimo_data_ne_ateityje | out_pazeidimas | sprendimo_data
-- for: etika_pripazinimo_data_ne_ateityje | out_etika | pripazinimo_data
-- for: lesos_data_ne_ateityje | out_lesos | data
-- for: parama_data_ne_ateityje | out_parama | data
-- Things that have happened are not dated after the newest extract of this release. One mistyped date must not hold a table back, so this warns.
SELECT a.{column}, COUNT(*) AS eiluciu
FROM {table} AS a
WHERE a.{column} > (SELECT MAX(israso_data) FROM core_saltinis)
GROUP BY a.{column}
ORDER BY a.{column} NULLS LAST
