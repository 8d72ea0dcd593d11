//! The files that describe a tier.

use catalog::Tier;
use metadata::{Described, Description};

use crate::addresses::Addresses;
use crate::error::Error;
use crate::files::{CROISSANT, DCAT_AP_2, JSON_LD, TURTLE};
use crate::{catalogue, croissant, json_ld, turtle};

/// Describes a tier: [`TURTLE`], [`JSON_LD`], [`DCAT_AP_2`] and [`CROISSANT`]. The same tier gives the same bytes. Nothing for the internal tier, and nothing
/// if [`Described::latest`] is none: in all these formats things are called by web addresses.
///
/// # Errors
/// An address of the portal, of the licence or for questions that is none.
pub fn describe(described: &Described<'_>) -> Result<Vec<Description>, Error> {
    let Some(addresses) = Addresses::of(described).filter(|_| described.tier != Tier::Internal) else { return Ok(Vec::new()) };
    let graph = catalogue::graph(described, &addresses)?;
    let namespace = addresses.namespace();
    let triples = graph.sorted();
    let failed = |file: &'static str| move |error: &dyn std::error::Error| Error::Print { file, reason: error.to_string() };
    Ok(vec![
        (CROISSANT.to_owned(), croissant::print(described, &addresses).map_err(|error| failed(CROISSANT)(&error))?),
        (DCAT_AP_2.to_owned(), turtle::print(&graph.without_checksums().sorted(), &namespace).map_err(|error| failed(DCAT_AP_2)(&error))?),
        (JSON_LD.to_owned(), json_ld::print(&triples, addresses.latest()).map_err(|error| failed(JSON_LD)(&error))?),
        (TURTLE.to_owned(), turtle::print(&triples, &namespace).map_err(|error| failed(TURTLE)(&error))?),
    ])
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::sample;

    fn text(described: &Described<'_>, path: &str) -> String {
        let file = describe(described).unwrap().into_iter().find(|(name, _)| name == path).unwrap();
        String::from_utf8(file.1).unwrap()
    }

    /// What stands in Turtle about one thing.
    fn about<'t>(turtle: &'t str, thing: &str) -> &'t str {
        let start = turtle.find(&format!("\n{thing} a ")).unwrap_or_else(|| panic!("nothing about {thing}")) + 1;
        let end = turtle[start..].find(" .\n").unwrap() + start;
        &turtle[start..end]
    }

    #[test]
    fn every_dataset_and_every_file_is_in_the_catalogue() {
        let catalog = sample::catalog();
        let described = sample::described(&catalog, Tier::Public);
        let turtle = text(&described, TURTLE);
        let catalogue = about(&turtle, ":catalogue");
        for dataset in &described.datasets {
            let name = format!(":dataset-{}", dataset.dataset.name);
            let said = about(&turtle, &name);
            assert!(catalogue.contains(&name) && said.contains(&format!("\"{}\"@lt", dataset.dataset.title.lt)), "{name}");
            for table in &dataset.tables {
                for file in &table.files {
                    let name = format!(":distribution-{}-{}", table.table.subject(), file.path.rsplit('.').next().unwrap());
                    assert!(said.contains(&name), "{name}");
                    let said = about(&turtle, &name);
                    assert!(said.contains(&format!("dcat:accessURL <https://pavyzdys.lt/public/{}>", file.path)), "{said}");
                    let lasting = format!("dcat:downloadURL <https://pavyzdys.lt/releases/000012-2026-11-28/public/{}>", file.path);
                    assert!(said.contains(&lasting) && said.contains(&format!("\"{}\"^^xsd:decimal", file.bytes)), "{said}");
                    assert!(turtle.contains(&file.sha256));
                }
            }
        }
        let whole = about(&turtle, ":visi-duomenys");
        assert!(whole.contains(":distribution-visi-duomenys-duckdb") && whole.contains(":distribution-visi-duomenys-sqlite"));
        let part = ":dataset-etikos-pazeidimai";
        assert!(whole.lines().any(|line| line.contains("dct:hasPart ") && line.contains(part)), "{whole}");
    }

    #[test]
    fn names_of_things_are_never_given_twice() {
        let catalog = sample::catalog();
        let described = sample::described(&catalog, Tier::Public);
        let files: Vec<_> = described.datasets.iter().flat_map(|dataset| &dataset.tables).flat_map(|table| &table.files).collect();
        let turtle = text(&described, TURTLE);
        assert_eq!(turtle.matches(" a dcat:Distribution").count(), files.len() + described.whole.len());
        assert_eq!(turtle.matches("spdx:checksumValue").count(), files.len() + described.whole.len());
    }

    #[test]
    fn only_the_public_tier_speaks_of_persons() {
        let catalog = sample::catalog();
        let public = text(&sample::described(&catalog, Tier::Public), TURTLE);
        assert!(about(&public, ":catalogue").contains("dct:rights :rights-persons"));
        assert!(about(&public, ":distribution-savininkas-csv").contains("dct:rights :rights-persons"));
        assert!(!about(&public, ":distribution-stat_virs-csv").contains("dct:rights"));
        assert!(about(&public, ":dataset-savininkai").contains("access-right/PUBLIC"));
        let open = text(&sample::described(&catalog, Tier::Open), TURTLE);
        assert!(!open.contains("rights-persons") && about(&open, ":dataset-savininkai").contains("access-right/PUBLIC"));
    }

    #[test]
    fn what_a_tier_may_not_see_is_in_no_description_of_it() {
        let catalog = sample::catalog();
        let described = sample::described(&catalog, Tier::Open);
        let croissant = text(&described, CROISSANT);
        assert!(croissant.contains("savininkas/dal_kodas") && !croissant.contains("savininkas/asmens_id"));
        for (path, bytes) in describe(&described).unwrap() {
            let text = String::from_utf8(bytes).unwrap();
            assert!(!text.contains("asmens_kodas") && !text.contains("valdymas.csv"), "{path}");
        }
    }

    #[test]
    fn the_same_tier_gives_the_same_bytes() {
        let catalog = sample::catalog();
        let described = sample::described(&catalog, Tier::Public);
        let mut turned = described.clone();
        turned.datasets.reverse();
        assert_eq!(describe(&described).unwrap(), describe(&described).unwrap());
        assert_eq!(text(&described, TURTLE), text(&turned, TURTLE), "a graph has no order");
    }

    #[test]
    fn without_a_web_address_and_for_the_internal_tier_there_is_nothing() {
        let catalog = sample::catalog();
        let mut described = sample::described(&catalog, Tier::Internal);
        assert!(describe(&described).unwrap().is_empty());
        described.tier = Tier::Open;
        assert_eq!(describe(&described).unwrap().len(), 4);
        described.latest = None;
        assert!(describe(&described).unwrap().is_empty());
    }

    #[test]
    fn what_is_to_be_said_of_all_data_stands_in_the_description_of_the_catalogue() {
        let catalog = sample::catalog();
        let described = Described { notice: Some("Viskas sugalvota."), ..sample::described(&catalog, Tier::Open) };
        let says = |files: Vec<(String, Vec<u8>)>| {
            files.iter().filter(|(_, bytes)| String::from_utf8_lossy(bytes).contains("Viskas sugalvota. ")).count()
        };
        assert!(says(describe(&described).unwrap()) >= 2);
        assert_eq!(says(describe(&sample::described(&catalog, Tier::Open)).unwrap()), 0);
    }

    #[test]
    fn an_address_that_is_none_is_refused_with_its_setting() {
        let catalog = sample::catalog();
        let good = sample::described(&catalog, Tier::Open);
        let refused = |described: Described<'_>| describe(&described).unwrap_err().to_string();
        assert!(refused(Described { latest: Some("pavyzdys.lt/open/".to_owned()), ..good.clone() }).contains("publication.url"));
        assert!(refused(Described { immutable: Some("a b".to_owned()), ..good.clone() }).contains("publication.releases_url"));
        let publisher = metadata::Publisher { licence_url: "nėra", ..good.publisher };
        assert!(refused(Described { publisher, ..good }).contains("publication.licence_url"));
    }

    #[test]
    fn the_file_for_dcat_ap_2_lacks_checksums_and_nothing_else() {
        let catalog = sample::catalog();
        let described = sample::described(&catalog, Tier::Open);
        let statements = |path: &str| -> BTreeSet<String> {
            oxttl::TurtleParser::new().for_slice(&text(&described, path)).map(|triple| triple.unwrap().to_string()).collect()
        };
        let (all, fewer) = (statements(TURTLE), statements(DCAT_AP_2));
        assert!(fewer.is_subset(&all) && !fewer.iter().any(|one| one.contains("spdx.org")));
        let files = all.iter().filter(|one| one.contains("checksumValue")).count();
        assert_eq!(all.len() - fewer.len(), 4 * files, "type, algorithm, value, and the link to it");
    }
}
