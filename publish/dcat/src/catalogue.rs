//! The catalogue of a tier: `dcat:Catalog`, and with it the whole graph.

use catalog::{Text, Tier};
use metadata::Described;

use crate::addresses::Addresses;
use crate::agents;
use crate::dataset::{Common, dataset, whole};
use crate::error::Error;
use crate::graph::Graph;
use crate::licence::licence;
use crate::persons::rights;
use crate::theme::taxonomy;
use crate::vocabulary::{authority, dcat, dct, foaf};

/// Describes a tier.
pub(crate) fn graph(described: &Described<'_>, addresses: &Addresses) -> Result<Graph, Error> {
    let mut graph = Graph::default();
    let common = Common {
        publisher: agents::publisher(&mut graph, &described.publisher, addresses)?,
        contact: agents::contact(&mut graph, &described.publisher, addresses)?,
        licence: licence(&mut graph, &described.publisher)?,
        rights: if described.tier == Tier::Open { None } else { Some(rights(&mut graph, addresses)?) },
    };
    let parts = described.datasets.iter().map(|one| dataset(&mut graph, described, one, &common, addresses));
    let parts = parts.collect::<Result<Vec<_>, _>>()?;
    let whole = whole(&mut graph, described, &parts, &common, addresses)?;
    let taxonomy = taxonomy(&mut graph);
    let name = addresses.thing("catalogue")?;
    let description = description(described.tier);
    let description = Text { lt: described.with_notice(&description.lt), en: described.with_notice(&description.en) };
    let mut catalogue = graph.thing(name.clone(), dcat::CATALOG);
    catalogue
        .text(dct::TITLE, &title(described.tier))
        .text(dct::DESCRIPTION, &description)
        .plain(dct::IDENTIFIER, name.as_str())
        .link(dct::PUBLISHER, &common.publisher)
        .link(dct::CREATOR, &common.publisher)
        .link(dct::LICENSE, &common.licence)
        .link_to(dct::LANGUAGE, authority::LITHUANIAN, dct::LINGUISTIC_SYSTEM)
        .link_to(dct::LANGUAGE, authority::ENGLISH, dct::LINGUISTIC_SYSTEM)
        .link_to(dct::SPATIAL, authority::COUNTRY_LITHUANIA, dct::LOCATION)
        .link_to(foaf::HOMEPAGE, &addresses.current_iri("")?, foaf::DOCUMENT)
        .link(dcat::THEME_TAXONOMY, &taxonomy)
        .date(dct::MODIFIED, described.date);
    if let Some(rights) = &common.rights {
        catalogue.link(dct::RIGHTS, rights);
    }
    for dataset in parts.iter().chain(&whole) {
        catalogue.link(dcat::DATASET, dataset);
    }
    Ok(graph)
}

/// What a tier is called as a whole.
pub(crate) fn title(tier: Tier) -> Text {
    let (lt, en) = match tier {
        Tier::Open => ("VIRSIS atvirieji duomenys", "VIRSIS open data"),
        Tier::Public | Tier::Internal => ("VIRSIS viešieji duomenys", "VIRSIS public data"),
    };
    Text { lt: lt.to_owned(), en: en.to_owned() }
}

/// What a tier has as a whole.
pub(crate) fn description(tier: Tier) -> Text {
    let (lt, en) = match tier {
        Tier::Open => (
            "Nėra eilučių apie fizinius asmenis ir nieko, iš ko būtų galima juos atpažinti.",
            "There are no rows about natural persons, and nothing that singles one out.",
        ),
        Tier::Public | Tier::Internal => (
            "Yra ir fizinių asmenų vardai, bet nėra jų kodų, gimimo datų ir kontaktų.",
            "Names of natural persons are here, too, but not their codes, birth dates and contacts.",
        ),
    };
    Text {
        lt: format!(
            "Viešosios informacijos rengėjų ir skleidėjų informacinės sistemos duomenys: kas Lietuvoje valdo žiniasklaidą, ką ji leidžia ir \
             transliuoja, kas atsako už turinį ir iš ko gauna lėšų. {lt}"
        ),
        en: format!(
            "Data of the information system of producers and disseminators of public information: who owns the media of Lithuania, what they \
             publish and broadcast, who answers for the content, and who pays them. {en}"
        ),
    }
}
