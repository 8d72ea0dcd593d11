-- title: Duomenų kokybė
-- title_en: Data quality
-- description: Kiekvienos šaltinio lentelės išrašo data, būsena ir atmestų eilučių dalis ir taisyklės, dėl kurių jos atmestos.
-- description_en: Of each table of a source: the date of its extract, its state, the share of rows set aside and the rules by which they were.
-- empty: Šaltinių lentelių nėra.
-- empty_en: There are no tables of sources.
-- tier: open
SELECT
    s.saltinis_pavadinimas AS "Šaltinis",
    s.lentele AS "Lentelė",
    s.busena_pavadinimas AS "Būsena",
    s.israso_data AS "Išrašo data",
    s.eiluciu AS "Gauta eilučių",
    s.atmesta AS "Atmesta eilučių",
    CASE
        WHEN s.eiluciu > 0 THEN CAST(
            CAST(FLOOR(CAST(100 AS DOUBLE) * CAST(s.atmesta AS DOUBLE) / CAST(s.eiluciu AS DOUBLE) * CAST(100 AS DOUBLE) + CAST(0.5 AS DOUBLE)) AS BIGINT)
            * CAST(0.01 AS DECIMAL(2,2))
            AS DECIMAL(18,2)
        )
    END AS "Atmesta, %",
    k.taisykle AS "Taisyklė",
    k.atmesta AS "Atmesta dėl taisyklės"
FROM saltinis AS s
LEFT JOIN stat_kokybe AS k ON k.lentele = s.lentele
ORDER BY s.saltinis NULLS LAST, s.lentele NULLS LAST, k.taisykle NULLS LAST
