-- needs: out_parama
-- guards: out_parama, out_stat_parama, out_stat_pajamos
-- severity: error
-- Support is published only where it exceeded 10 BSI in the calendar year (support_threshold_bsi in data/law/parameters.toml;
-- specification, IDS6 and IDS7). Publishing less would disclose donors the law does not name.
SELECT eil_nr, ja_kodas, metai, bsi_kartai
FROM out_parama
WHERE bsi_kartai IS NULL OR bsi_kartai <= CAST(10 AS DECIMAL(18,4))
ORDER BY eil_nr NULLS LAST
