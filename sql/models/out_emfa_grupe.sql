-- needs: out_kontrole, core_virs, core_savininkas, core_klasifikatorius
-- One row per current VIRS and its business group (Regulation (EU) 2024/1083, Article 25(2)(b)): all whom the same owner controls, at the end of their chains of
-- control; who is controlled by nobody is such an end itself. A group is called by the highest legal entity of the chain. That nobody has a majority is
-- known only where all owners are.
WITH teikejai AS (
    SELECT v.ja_kodas, v.pavadinimas, SUM(CASE WHEN s.savininko_rusis = 'nezinomas' THEN s.dalis ELSE CAST(0 AS DECIMAL(13,12)) END) AS nezinoma
    FROM core_virs AS v
    LEFT JOIN core_savininkas AS s ON s.ja_kodas = v.ja_kodas
    WHERE v.virs_iki IS NULL
    GROUP BY v.ja_kodas, v.pavadinimas
),
zingsniai AS (
    SELECT
        ja_kodas,
        MAX(zingsnis) AS paskutinis,
        MAX(CASE WHEN dalyvio_rusis IN ('J', 'UJ') THEN zingsnis END) AS auksciausias
    FROM out_kontrole
    GROUP BY ja_kodas
),
galai AS (
    SELECT
        t.ja_kodas,
        t.pavadinimas,
        t.nezinoma,
        g.zingsnis,
        g.asmens_id,
        g.vardas_pavarde,
        g.dal_kodas,
        g.dal_pavadinimas,
        g.valstybe,
        COALESCE(g.asmens_id, COALESCE(g.valstybe, '') || ' ' || COALESCE(g.dal_kodas, g.dal_pavadinimas, t.ja_kodas)) AS kas,
        e.zingsnis AS imones_zingsnis,
        e.dal_kodas AS imones_kodas,
        e.dal_pavadinimas AS imones_pavadinimas,
        e.valstybe AS imones_valstybe
    FROM teikejai AS t
    LEFT JOIN zingsniai AS z ON z.ja_kodas = t.ja_kodas
    LEFT JOIN out_kontrole AS g ON g.ja_kodas = z.ja_kodas AND g.zingsnis = z.paskutinis
    LEFT JOIN out_kontrole AS e ON e.ja_kodas = z.ja_kodas AND e.zingsnis = z.auksciausias
),
grupes AS (
    SELECT kas, COUNT(*) AS teikeju FROM galai GROUP BY kas
),
busenos AS (
    SELECT
        a.ja_kodas,
        a.pavadinimas,
        a.asmens_id,
        a.vardas_pavarde,
        a.dal_kodas,
        a.dal_pavadinimas,
        a.valstybe,
        a.imones_zingsnis,
        a.imones_kodas,
        a.imones_pavadinimas,
        a.imones_valstybe,
        g.teikeju,
        CASE
            WHEN a.imones_zingsnis IS NOT NULL OR g.teikeju > 1 THEN 'skelbiama'
            WHEN a.zingsnis IS NOT NULL OR a.nezinoma = 0 THEN 'nera'
            ELSE 'nezinoma'
        END AS busena
    FROM galai AS a
    INNER JOIN grupes AS g ON g.kas = a.kas
)
SELECT
    b.ja_kodas AS teikejo_kodas,
    b.pavadinimas AS teikejas,
    b.busena AS grupes_busena,
    k.pavadinimas_lt AS grupes_busena_pavadinimas,
    CASE WHEN b.imones_zingsnis IS NOT NULL THEN b.imones_kodas WHEN b.busena = 'skelbiama' THEN b.ja_kodas END AS grupes_kodas,
    CASE
        WHEN b.imones_zingsnis IS NOT NULL THEN COALESCE(b.imones_pavadinimas, b.imones_kodas)
        WHEN b.busena = 'skelbiama' THEN b.pavadinimas
    END AS grupes_pavadinimas,
    b.imones_valstybe AS grupes_valstybe,
    COALESCE(b.vardas_pavarde, b.dal_pavadinimas) AS grupes_savininkas,
    b.asmens_id,
    b.dal_kodas,
    b.valstybe,
    CAST(b.teikeju AS BIGINT) AS grupes_teikeju
FROM busenos AS b
LEFT JOIN core_klasifikatorius AS k ON k.klasifikatorius = 'emfa_busenos' AND k.kodas = b.busena
ORDER BY b.ja_kodas NULLS LAST
