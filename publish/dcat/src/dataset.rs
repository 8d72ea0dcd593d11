//! A dataset: `dcat:Dataset`, one for each of ours, and one for the files that have them all.

use std::collections::BTreeSet;

use catalog::Text;
use metadata::{Described, DescribedDataset};
use oxrdf::NamedNode;

use crate::addresses::Addresses;
use crate::distribution::{Content, distribution};
use crate::error::Error;
use crate::graph::{Graph, Thing};
use crate::keywords::{always, keywords};
use crate::persons::tells_of_persons;
use crate::provenance::provenance;
use crate::standards::Standard;
use crate::theme::Theme;
use crate::vocabulary::{authority, dcat, dct, foaf, owl};

/// What all datasets have in common.
pub(crate) struct Common {
    /// Who publishes.
    pub(crate) publisher: NamedNode,
    /// Where questions go.
    pub(crate) contact: Option<NamedNode>,
    /// The licence.
    pub(crate) licence: NamedNode,
    /// The ground on which data of persons are published, where the tier has any.
    pub(crate) rights: Option<NamedNode>,
}

/// What each has for itself.
struct Own {
    page: NamedNode,
    words: Vec<Text>,
    themes: Vec<NamedNode>,
    files: Vec<NamedNode>,
}

/// Describes a dataset with its files.
pub(crate) fn dataset(
    graph: &mut Graph,
    described: &Described<'_>,
    dataset: &DescribedDataset<'_>,
    common: &Common,
    addresses: &Addresses,
) -> Result<NamedNode, Error> {
    let mut files = Vec::new();
    for table in &dataset.tables {
        let content = Content {
            is_table: true,
            name: table.table.subject(),
            title: &table.table.title,
            description: &table.table.description,
            licence: &common.licence,
            rights: common.rights.as_ref().filter(|_| tells_of_persons(table.table, described.tier)),
        };
        for file in &table.files {
            files.push(distribution(graph, described, file, &content, addresses)?);
        }
    }
    for file in &dataset.others {
        let name = file.path.rsplit('/').next().and_then(|name| name.split('.').next()).unwrap_or_default();
        let called = |title: &str| format!("{title}: {}", name.to_uppercase());
        let title = Text { lt: called(&dataset.dataset.title.lt), en: called(&dataset.dataset.title.en) };
        let content = Content {
            is_table: false,
            name,
            title: &title,
            description: &dataset.dataset.description,
            licence: &common.licence,
            rights: common.rights.as_ref(),
        };
        files.push(distribution(graph, described, file, &content, addresses)?);
    }
    let standard = Standard::Dsa.describe(graph, &dataset.dataset.name, addresses)?;
    let provenance = provenance(graph, described.catalog, dataset, addresses)?;
    let own = Own {
        page: addresses.current_iri(&dataset.page)?,
        words: keywords(dataset),
        themes: Theme::all(described, dataset).into_iter().map(|theme| theme.describe(graph)).collect(),
        files,
    };
    let name = addresses.thing(&format!("dataset-{}", dataset.dataset.name))?;
    let mut thing = graph.thing(name.clone(), dcat::DATASET_CLASS);
    thing.text(dct::TITLE, &dataset.dataset.title).text(dct::DESCRIPTION, &dataset.dataset.description).link(dct::PROVENANCE, &provenance);
    thing.link(dct::CONFORMS_TO, &standard);
    say(&mut thing, &name, described, common, &own);
    Ok(name)
}

/// Describes the files that have all tables of the tier as files of one more dataset, whose parts are the others. None, if there are no such files.
pub(crate) fn whole(
    graph: &mut Graph,
    described: &Described<'_>,
    parts: &[NamedNode],
    common: &Common,
    addresses: &Addresses,
) -> Result<Option<NamedNode>, Error> {
    if described.whole.is_empty() {
        return Ok(None);
    }
    let title = Text { lt: "Visi duomenys vienoje byloje".to_owned(), en: "All data in one file".to_owned() };
    let description = Text {
        lt: "Visos šios dalies lentelės vienoje duomenų bazės byloje. Lentelės tos pačios kaip kituose rinkiniuose.".to_owned(),
        en: "All tables of this tier in one database file. The tables are the same as in the other datasets.".to_owned(),
    };
    let content = Content {
        is_table: false,
        name: "visi-duomenys",
        title: &title,
        description: &description,
        licence: &common.licence,
        rights: common.rights.as_ref(),
    };
    let files = described.whole.iter().map(|file| distribution(graph, described, file, &content, addresses));
    let files = files.collect::<Result<Vec<_>, _>>()?;
    let themes: BTreeSet<Theme> = described.datasets.iter().flat_map(|dataset| Theme::all(described, dataset)).collect();
    let own = Own {
        page: addresses.current_iri("")?,
        words: always(),
        themes: themes.into_iter().map(|theme| theme.describe(graph)).collect(),
        files,
    };
    let name = addresses.thing("visi-duomenys")?;
    let mut thing = graph.thing(name.clone(), dcat::DATASET_CLASS);
    thing.text(dct::TITLE, &title).text(dct::DESCRIPTION, &description);
    say(&mut thing, &name, described, common, &own);
    for part in parts {
        thing.link(dct::HAS_PART, part);
    }
    Ok(Some(name))
}

/// Both tiers are for everybody, so access to both is public; what else the public tier asks of its readers is said by the rights of its files. The
/// version stands twice, because DCAT-AP 3 knows `dcat:version` and DCAT-AP-LT `owl:versionInfo`. For what time the rows speak is left out: definitions
/// do not know it.
fn say(thing: &mut Thing<'_>, name: &NamedNode, described: &Described<'_>, common: &Common, own: &Own) {
    thing
        .plain(dct::IDENTIFIER, name.as_str())
        .link(dct::PUBLISHER, &common.publisher)
        .link(dct::CREATOR, &common.publisher)
        .link_to(dct::ACCESS_RIGHTS, authority::ACCESS_PUBLIC, dct::RIGHTS_STATEMENT)
        .link_to(dct::ACCRUAL_PERIODICITY, authority::FREQUENCY_DAILY, dct::FREQUENCY)
        .link_to(dct::SPATIAL, authority::COUNTRY_LITHUANIA, dct::LOCATION)
        .link_to(dct::LANGUAGE, authority::LITHUANIAN, dct::LINGUISTIC_SYSTEM)
        .link_to(dcat::LANDING_PAGE, &own.page, foaf::DOCUMENT)
        .date(dct::MODIFIED, described.date)
        .plain(dcat::VERSION, &described.release)
        .plain(owl::VERSION_INFO, &described.release);
    if let Some(contact) = &common.contact {
        thing.link(dcat::CONTACT_POINT, contact);
    }
    for word in &own.words {
        thing.text(dcat::KEYWORD, word);
    }
    for theme in &own.themes {
        thing.link(dcat::THEME, theme);
    }
    for file in &own.files {
        thing.link(dcat::DISTRIBUTION, file);
    }
}
