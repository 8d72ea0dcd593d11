-- title: VIRS su nežinomais savininkais
-- title_en: VIRS with unknown owners
-- description: Dabartiniai VIRS, kuriuose nežinomiems savininkams tenka daugiau už nurodytą dalį (0,25 – ketvirtadalis), didžiausia dalis pirma.
-- description_en: Current VIRS in which unknown owners have more than the given share (0.25 is a quarter), the largest share first.
-- empty: Nė viename VIRS nežinomiems savininkams netenka daugiau už šią dalį.
-- empty_en: In no VIRS do unknown owners have more than this share.
-- tier: public
-- param: riba number 0.25 "Nežinoma dalis didesnė kaip" "Unknown share larger than"
SELECT
    pavadinimas AS "VIRS",
    ja_kodas AS "VIRS kodas",
    forma_pavadinimas AS "Teisinė forma",
    nezinoma_dalis AS "Nežinoma dalis",
    COALESCE(kontroliuojancio_rusis_pavadinimas, 'Nėra') AS "Kontroliuojantis savininkas",
    vip_skaicius AS "Veikiančių VIP"
FROM virs
WHERE virs_iki IS NULL AND nezinoma_dalis > CAST($riba AS DECIMAL(13,12))
ORDER BY nezinoma_dalis DESC NULLS LAST, ja_kodas NULLS LAST
