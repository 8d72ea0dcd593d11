-- title: Nepateiktas pusmečio tiražas
-- title_en: Circulation not filed for a half-year
-- description: Pusmečio pabaigoje veikę laikraščiai ir žurnalai, apie kurių tiražą tą pusmetį nėra duomenų, ir paskutinis pateiktas tiražas. Tiražą teikti privaloma, kai jis didesnis kaip 500 egz. arba spausdinama reklama.
-- description_en: Newspapers and magazines in operation at the end of the half-year of whose circulation in it there are no data, and the last one filed. Circulation must be filed where it is more than 500 copies or advertising is printed.
-- empty: Laikraščių ir žurnalų, kurių šio pusmečio tiražas nepateiktas, nėra.
-- empty_en: There are no newspapers and magazines whose circulation was not filed for this half-year.
-- tier: open
-- param: metai year last_year "Metai" "Year"
-- param: pusmetis half 2 "Pusmetis (1 arba 2)" "Half-year (1 or 2)"
WITH ribos AS (
    SELECT
        CAST(CAST($metai AS STRING) || CASE WHEN CAST($pusmetis AS BIGINT) = 1 THEN '-01-01' ELSE '-07-01' END AS DATE) AS pradzia,
        CAST(CAST($metai AS STRING) || CASE WHEN CAST($pusmetis AS BIGINT) = 1 THEN '-06-30' ELSE '-12-31' END AS DATE) AS pabaiga
),
spausdinti AS (
    SELECT n.ja_kodas, n.pavadinimas, n.vip_nr, n.vip_pavadinimas, n.vip_rusis_pavadinimas, r.pradzia, r.pabaiga
    FROM vip AS n
    CROSS JOIN ribos AS r
    WHERE n.vip_rusis IN ('laikrastis', 'zurnalas')
        AND n.registravimo_data <= r.pabaiga
        AND (n.isregistravimo_data IS NULL OR n.isregistravimo_data > r.pabaiga)
),
eile AS (
    SELECT vip_nr, data, tirazas, su_reklama, ROW_NUMBER() OVER (PARTITION BY vip_nr ORDER BY data DESC NULLS LAST) AS vieta
    FROM tirazas
),
pateikta AS (
    SELECT DISTINCT t.vip_nr
    FROM tirazas AS t
    CROSS JOIN ribos AS r
    WHERE t.data >= r.pradzia AND t.data <= r.pabaiga
)
SELECT
    s.pavadinimas AS "VIRS",
    s.ja_kodas AS "VIRS kodas",
    s.vip_pavadinimas AS "VIP",
    s.vip_nr AS "VIP numeris",
    s.vip_rusis_pavadinimas AS "VIP rūšis",
    e.data AS "Paskutinis duomuo",
    e.tirazas AS "Paskutinis tiražas, egz.",
    e.su_reklama AS "Spausdinama reklama",
    CASE
        WHEN e.vip_nr IS NULL THEN 'Nežinoma'
        WHEN e.tirazas > 500 OR e.su_reklama = 'taip' THEN 'Taip'
        ELSE 'Ne'
    END AS "Privaloma pagal paskutinį duomenį"
FROM spausdinti AS s
LEFT JOIN pateikta AS p ON p.vip_nr = s.vip_nr
LEFT JOIN eile AS e ON e.vip_nr = s.vip_nr AND e.vieta = 1
WHERE p.vip_nr IS NULL
ORDER BY s.pavadinimas NULLS LAST, s.ja_kodas NULLS LAST, s.vip_nr NULLS LAST
