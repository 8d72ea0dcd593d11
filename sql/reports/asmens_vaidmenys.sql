-- title: Asmens vaidmenys žiniasklaidoje
-- title_en: A person’s roles in the media
-- description: Kur nurodytos pavardės asmuo yra galutinis savininkas, valdymo organo narys, atsakingas asmuo ar rėmėjas. Bendrapavardžiai atskiriami pagal asmens identifikatorių.
-- description_en: Where the person of this surname is an ultimate owner, a member of a managing body, a responsible person or a donor. People of one name are told apart by the person’s identifier.
-- empty: Asmens su tokia pavarde šiuose duomenyse nėra.
-- empty_en: These data have no person of this surname.
-- tier: public
-- param: pavarde text - "Pavardė" "Surname"
SELECT
    a.pavarde AS "Pavardė",
    a.vardas AS "Vardas",
    a.asmens_id AS "Asmens identifikatorius",
    a.vaidmuo AS "Vaidmuo",
    a.pavadinimas AS "VIRS",
    a.ja_kodas AS "VIRS kodas",
    a.pastaba AS "Paaiškinimas",
    a.nuo AS "Nuo",
    a.iki AS "Iki"
FROM (
    SELECT m.asmens_id, m.vardas, m.pavarde, 'Valdymo organo narys' AS vaidmuo, m.pavadinimas, m.ja_kodas, m.organas_pavadinimas AS pastaba, m.nuo, m.iki
    FROM valdymas AS m
    UNION ALL
    SELECT r.asmens_id, r.vardas, r.pavarde, 'Atsakingas asmuo', r.pavadinimas, r.ja_kodas, r.vip_pavadinimas, r.nuo, r.iki
    FROM atsakingas AS r
    UNION ALL
    SELECT d.asmens_id, d.vardas, d.pavarde, 'Tiesioginis dalyvis', d.pavadinimas, d.ja_kodas, COALESCE('Dalis ' || CAST(d.dalis AS STRING), 'Dalis nežinoma'), d.nuo, d.iki
    FROM dalyvis AS d
    WHERE d.asmens_id IS NOT NULL
    UNION ALL
    SELECT p.asmens_id, p.vardas, p.pavarde, 'Rėmėjas', p.pavadinimas, p.ja_kodas, 'Parama per metus ' || CAST(p.paramos_suma AS STRING) || ' EUR', p.data, p.data AS iki
    FROM parama AS p
    WHERE p.asmens_id IS NOT NULL
    UNION ALL
    SELECT s.asmens_id, v.vardas, v.pavarde, 'Galutinis savininkas', s.pavadinimas, s.ja_kodas,
        'Dalis ' || CAST(s.dalis AS STRING) || CASE WHEN s.kontroliuoja THEN ', kontroliuoja' ELSE '' END,
        CAST(NULL AS DATE), CAST(NULL AS DATE) AS iki
    FROM savininkas AS s
    INNER JOIN (SELECT asmens_id, MIN(vardas) AS vardas, MIN(pavarde) AS pavarde FROM dalyvis WHERE asmens_id IS NOT NULL GROUP BY asmens_id) AS v
        ON v.asmens_id = s.asmens_id
) AS a
-- İ and Σ come first: they are the letters whose small form is not the same in every engine.
WHERE TRANSLATE(LOWER(TRANSLATE(a.pavarde, 'İΣ', 'iσ')), 'ąáàâäãåāčćçďęėéèêëēěįíìîïīłľļńñňņóòôöõøōřśšşťţųūúùûüůýžźżķģ', 'aaaaaaaacccdeeeeeeeeiiiiiilllnnnnooooooorsssttuuuuuuuyzzzkg')
    = TRANSLATE(LOWER(TRANSLATE(CAST($pavarde AS STRING), 'İΣ', 'iσ')), 'ąáàâäãåāčćçďęėéèêëēěįíìîïīłľļńñňņóòôöõøōřśšşťţųūúùûüůýžźżķģ', 'aaaaaaaacccdeeeeeeeeiiiiiilllnnnnooooooorsssttuuuuuuuyzzzkg')
ORDER BY a.pavarde NULLS LAST, a.vardas NULLS LAST, a.asmens_id NULLS LAST, a.vaidmuo NULLS LAST, a.ja_kodas NULLS LAST, a.pastaba NULLS LAST, a.nuo NULLS LAST,
    a.iki NULLS LAST, a.pavadinimas NULLS LAST
