//! Where the rows of a dataset come from.

use std::collections::BTreeSet;

use catalog::{Catalog, Text};
use metadata::DescribedDataset;
use oxrdf::NamedNode;

use crate::addresses::Addresses;
use crate::error::Error;
use crate::graph::Graph;
use crate::vocabulary::{dct, rdfs};

/// Describes from which systems the dataset's tables are made, as the definitions name them.
pub(crate) fn provenance(
    graph: &mut Graph,
    catalog: &Catalog,
    dataset: &DescribedDataset<'_>,
    addresses: &Addresses,
) -> Result<NamedNode, Error> {
    let name = addresses.thing(&format!("provenance-{}", dataset.dataset.name))?;
    graph.thing(name.clone(), dct::PROVENANCE_STATEMENT).text(rdfs::LABEL, &sources(catalog, dataset));
    Ok(name)
}

/// The sources by their titles. A dataset one of whose tables names none comes from all of them, or is worked out from them.
fn sources(catalog: &Catalog, dataset: &DescribedDataset<'_>) -> Text {
    let names_none = dataset.tables.iter().any(|table| table.table.sources.is_empty());
    let codes: BTreeSet<&str> = dataset.tables.iter().flat_map(|table| &table.table.sources).map(String::as_str).collect();
    if names_none || codes.is_empty() {
        return Text {
            lt: "Sudaryta iš valstybės registrų, informacinių sistemų ir pateiktų duomenų, kuriuos VIRSIS gauna kiekvieną naktį."
                .to_owned(),
            en: "Made from the state’s registers, information systems and manual feeds that VIRSIS receives every night.".to_owned(),
        };
    }
    let classifier = catalog.classifier("saltiniai").ok();
    let title = |code: &&str| {
        let known = classifier.and_then(|classifier| classifier.title(code)).cloned();
        known.unwrap_or_else(|| Text { lt: (*code).to_owned(), en: (*code).to_owned() })
    };
    let titles: Vec<Text> = codes.iter().map(title).collect();
    let joined = |pick: fn(&Text) -> &str| titles.iter().map(pick).collect::<Vec<_>>().join("; ");
    Text { lt: format!("Šaltiniai: {}.", joined(|text| &text.lt)), en: format!("Sources: {}.", joined(|text| &text.en)) }
}

#[cfg(test)]
mod tests {
    use catalog::Tier;

    use super::*;
    use crate::sample;

    #[test]
    fn sources_are_named_by_their_titles() {
        let catalog = sample::catalog();
        let described = sample::described(&catalog, Tier::Open);
        let of = |name: &str| sources(&catalog, described.datasets.iter().find(|dataset| dataset.dataset.name == name).unwrap());
        assert!(of("pajamos").lt.starts_with("Šaltiniai: ") && of("pajamos").lt.contains("(VRK IS)"), "{}", of("pajamos").lt);
        assert!(of("virs-pagal-forma").en.starts_with("Made from"));
    }
}
