-- needs: core_savivaldybe, out_institucija
-- One row per municipality, also where nobody has a seat. Institutions are no persons, so their number tells of none.
WITH institucijos AS (
    SELECT savivaldybe, COUNT(*) AS skaicius FROM out_institucija GROUP BY savivaldybe
)
SELECT
    s.savivaldybe,
    s.savivaldybe_pavadinimas,
    s.miestai,
    CAST(COALESCE(i.skaicius, 0) AS BIGINT) AS instituciju_skaicius,
    s.santrumpa,
    s.zemelapio_stulpelis,
    s.zemelapio_eilute
FROM core_savivaldybe AS s
LEFT JOIN institucijos AS i ON i.savivaldybe = s.savivaldybe
ORDER BY s.savivaldybe NULLS LAST
