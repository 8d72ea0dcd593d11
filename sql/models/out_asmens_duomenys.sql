-- needs: core_asmens_duomenys, core_asmuo
-- looks_up: core_asmuo
-- Internal tier only: what VIRS handed in about persons. Numbered by the surrogate key, which says nothing of code or birth date.
SELECT
    CAST(ROW_NUMBER() OVER (ORDER BY d.asmens_id NULLS LAST) AS BIGINT) AS eil_nr,
    d.asmens_id,
    p.vardas,
    p.pavarde,
    p.uzsienietis,
    d.asmens_kodas,
    d.gimimo_data
FROM core_asmens_duomenys AS d
LEFT JOIN core_asmuo AS p ON p.asmens_id = d.asmens_id
ORDER BY eil_nr NULLS LAST
