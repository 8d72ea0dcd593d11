-- title: Besibaigiančios licencijos
-- title_en: Licences about to expire
-- description: Galiojančios licencijos, kurių terminas baigiasi per nurodytą mėnesių skaičių nuo nurodytos dienos.
-- description_en: Valid licences whose term ends within the given number of months from the given day.
-- empty: Per šį laikotarpį nė vienos galiojančios licencijos terminas nesibaigia.
-- empty_en: No valid licence ends within this time.
-- tier: open
-- param: data date release_day "Nuo dienos" "From which day"
-- param: menesiai integer 6 "Per kiek mėnesių" "Within how many months"
WITH skaiciuota AS (
    SELECT
        licencijos_nr, ja_kodas, pavadinimas, veikla_pavadinimas, institucija, galioja_nuo, galioja_iki, teritorija,
        (EXTRACT(YEAR FROM galioja_iki) - EXTRACT(YEAR FROM CAST($data AS DATE))) * 12
            + EXTRACT(MONTH FROM galioja_iki) - EXTRACT(MONTH FROM CAST($data AS DATE)) AS menesiu
    FROM licencija
    WHERE licencijos_busena = 'galioja' AND galioja_iki >= CAST($data AS DATE)
)
SELECT
    galioja_iki AS "Galioja iki",
    licencijos_nr AS "Licencijos numeris",
    pavadinimas AS "VIRS",
    ja_kodas AS "VIRS kodas",
    veikla_pavadinimas AS "Veikla",
    institucija AS "Išdavė",
    galioja_nuo AS "Galioja nuo",
    teritorija AS "Teritorija"
FROM skaiciuota
WHERE menesiu < CAST($menesiai AS BIGINT)
    OR (menesiu = CAST($menesiai AS BIGINT) AND EXTRACT(DAY FROM galioja_iki) <= EXTRACT(DAY FROM CAST($data AS DATE)))
ORDER BY galioja_iki NULLS LAST, licencijos_nr NULLS LAST
