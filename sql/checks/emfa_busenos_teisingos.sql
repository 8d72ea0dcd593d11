-- needs: {table}
-- guards: {table}
-- severity: error
-- for: name | table | state | sum
-- for: emfa_reklamos_busenos_teisingos | out_emfa_lesos | reklamos_busena | valstybes_reklama
-- for: emfa_treciuju_saliu_busenos_teisingos | out_emfa_treciosios_salys | treciuju_saliu_busena | treciuju_saliu_suma
-- for: emfa_lesu_busenos_teisingos | out_emfa_institucija | lesu_busena | reklama_be_asmenu
-- No zero is silent: where there is nothing to report the sum is zero, where nobody knows it is empty, and nothing else is empty once the year is over.
SELECT a.metai, a.{state}, COUNT(*) AS eiluciu
FROM {table} AS a
WHERE (a.{state} = 'nera' AND (a.{sum} IS NULL OR a.{sum} <> 0))
    OR (a.{state} = 'nezinoma' AND a.{sum} IS NOT NULL)
    OR (a.{state} = 'skelbiama' AND a.{sum} IS NULL)
GROUP BY a.metai, a.{state}
ORDER BY a.metai NULLS LAST, a.{state} NULLS LAST
