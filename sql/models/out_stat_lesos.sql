-- needs: out_faktai_pajamos, out_institucija
-- Public-sector funds by institution and year. Institutions are public bodies, so persons are only the sole proprietors among the VIRS.
-- An institution is called what it is called today; one that out_institucija leaves out, by its code.
WITH langeliai AS (
    SELECT
        metai,
        institucijos_kodas,
        COUNT(*) AS irasu_skaicius,
        COUNT(CASE WHEN NOT apie_asmeni THEN ja_kodas END) AS skaicius_be_asmenu,
        COUNT(DISTINCT ja_kodas) AS virs_skaicius,
        SUM(verte) AS suma,
        SUM(CASE WHEN apie_asmeni THEN CAST(0 AS DECIMAL(18,2)) ELSE verte END) AS suma_be_asmenu,
        COUNT(DISTINCT moketojas) + COUNT(DISTINCT gavejas) AS asmenu
    FROM out_faktai_pajamos
    WHERE pajamu_saltinis = 'lesos'
    GROUP BY metai, institucijos_kodas
)
SELECT
    c.metai,
    c.institucijos_kodas,
    COALESCE(i.institucija, c.institucijos_kodas) AS institucija,
    CAST(c.irasu_skaicius AS BIGINT) AS irasu_skaicius,
    CAST(c.skaicius_be_asmenu AS BIGINT) AS skaicius_be_asmenu,
    CAST(c.virs_skaicius AS BIGINT) AS virs_skaicius,
    CAST(c.suma AS DECIMAL(18,2)) AS suma,
    CAST(c.suma_be_asmenu AS DECIMAL(18,2)) AS suma_be_asmenu,
    CAST(c.asmenu AS BIGINT) AS asmenu,
    CAST(NULL AS STRING) AS konfidencialu
FROM langeliai AS c
LEFT JOIN out_institucija AS i ON i.institucijos_kodas = c.institucijos_kodas
ORDER BY c.metai NULLS LAST, c.institucijos_kodas NULLS LAST
