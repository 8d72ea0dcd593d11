//! Columns whose every value is the key of a row in another table of the same tier.

use catalog::Table;

use crate::{Described, DescribedTable};

/// Tables whose column of this name refers to the table with that key. A name means the same in every table, but not every table keeps to
/// the rows of another: participants are of entities above VIRS, too, and statistics have categories of their own. So only those are named
/// of which it is assured.
const REFERENCES: [(&str, &str, &[&str]); 3] = [
    // sql/checks: priklauso_virs, virs_sarasas_sutampa. The open tier leaves the rows of a VIRS out of all of them.
    (
        "ja_kodas",
        "out_virs",
        &[
            "out_etika",
            "out_finansai",
            "out_imoka",
            "out_kontrole",
            "out_lesos",
            "out_licencija",
            "out_numeris",
            "out_parama",
            "out_pazeidimas",
            "out_reklama",
            "out_savininkas",
            "out_valdymas",
            "out_vip",
            "out_virs_veikla",
        ],
    ),
    // sql/checks: leidiniu_irasai_turi_vip. Elsewhere an outlet may be of another VIRS, which the open tier leaves out.
    ("vip_nr", "out_vip", &["out_atsakingas", "out_auditas", "out_tirazas"]),
    // Seats are told apart by the same classifier that the table of municipalities lists.
    ("savivaldybe", "out_savivaldybe", &["out_institucija", "out_virs"]),
];

/// A column that refers to another table's key.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Reference<'a, 'd> {
    /// The column, and the key of the other table.
    pub(crate) column: &'static str,
    /// The other table.
    pub(crate) to: &'d DescribedTable<'a>,
    /// The dataset that it belongs to.
    pub(crate) dataset: &'a catalog::Dataset,
}

/// What the columns of a table refer to, as far as the tier shows it.
pub(crate) fn references<'a, 'd>(described: &'d Described<'a>, table: &Table) -> Vec<Reference<'a, 'd>> {
    let sees = |table: &Table, column: &str| table.visible(described.tier).any(|used| used.column.name == column);
    let named = REFERENCES.iter().filter(|(column, _, from)| from.contains(&table.name.as_str()) && sees(table, column));
    let found = named.filter_map(|(column, to, _)| {
        let mut all = described.datasets.iter().flat_map(|dataset| dataset.tables.iter().map(move |table| (dataset.dataset, table)));
        let (dataset, to) = all.find(|(_, other)| other.table.name == *to)?;
        (to.table.key == [*column] && sees(to.table, column)).then_some(Reference { column, to, dataset })
    });
    found.collect()
}

#[cfg(test)]
mod tests {
    use catalog::Tier;

    use super::*;
    use crate::sample;

    #[test]
    fn every_reference_leads_from_a_column_to_the_key_of_a_table() {
        let catalog = sample::catalog();
        for (column, to, from) in REFERENCES {
            assert_eq!(catalog.table(to).unwrap().key, [column]);
            for table in from {
                assert!(catalog.table(table).unwrap().column(column).is_some(), "{table} has no {column}");
            }
        }
    }

    #[test]
    fn a_table_that_the_tier_does_not_show_is_not_referred_to() {
        let catalog = sample::catalog();
        let mut described = sample::described(&catalog, Tier::Open);
        let named = |described: &Described<'_>| {
            references(described, catalog.table("out_licencija").unwrap()).iter().map(|to| to.to.table.name.clone()).collect::<Vec<_>>()
        };
        assert_eq!(named(&described), ["out_virs"]);
        described.datasets.retain(|dataset| dataset.dataset.name != "virs");
        assert!(named(&described).is_empty());
        assert!(references(&described, catalog.table("out_dalyvis").unwrap()).is_empty());
    }
}
