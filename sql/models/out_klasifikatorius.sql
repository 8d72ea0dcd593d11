-- needs: core_klasifikatorius
-- Every code of every classifier, as other tables use them.
SELECT klasifikatorius, kodas, pavadinimas_lt, pavadinimas_en
FROM core_klasifikatorius
ORDER BY klasifikatorius NULLS LAST, kodas NULLS LAST
