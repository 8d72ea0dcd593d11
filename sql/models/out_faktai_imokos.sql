-- needs: out_imoka
-- Annual fees as statistics count them: of several decisions of one year about one VIRS by one institution, the last.
WITH eile AS (
    SELECT
        ja_kodas,
        institucijos_kodas,
        CAST(EXTRACT(YEAR FROM nustatymo_data) AS BIGINT) AS metai,
        suma,
        apie_asmeni,
        ROW_NUMBER() OVER (
            PARTITION BY ja_kodas, institucijos_kodas, EXTRACT(YEAR FROM nustatymo_data)
            ORDER BY nustatymo_data DESC NULLS LAST, dokumento_nr DESC NULLS LAST
        ) AS vieta
    FROM out_imoka
)
SELECT ja_kodas, institucijos_kodas, metai, suma, apie_asmeni
FROM eile
WHERE vieta = 1
ORDER BY ja_kodas NULLS LAST, institucijos_kodas NULLS LAST, metai NULLS LAST
