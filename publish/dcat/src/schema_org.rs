//! What the page of a dataset says of it to search engines: `Dataset` of schema.org, as Google's Dataset Search reads it.

use std::collections::BTreeMap;

use catalog::Column;
use metadata::{Described, DescribedDataset, Publisher};
use serde_json::{Map, Value, json};

use crate::addresses::Addresses;
use crate::agents::is_web_address;
use crate::catalogue::title;
use crate::format::Format;
use crate::keywords::keywords;

/// A dataset for the page about it; [`crate::for_script`] prints it safely. Titles and descriptions are Lithuanian, with the English title beside. Addresses and
/// files are left out if the portal has no web address. Nothing in it tells one release from another with the same rows, so that a page stays as it
/// is while its rows do: files have their current addresses, and there is neither version nor date.
#[must_use]
pub fn dataset_json_ld(described: &Described<'_>, dataset: &DescribedDataset<'_>) -> Value {
    let words = keywords(dataset);
    let mut all = fields(json!({
        "@context": "https://schema.org/",
        "@type": "Dataset",
        "name": dataset.dataset.title.lt,
        "alternateName": dataset.dataset.title.en,
        "description": dataset.dataset.description.lt,
        "license": described.publisher.licence_url,
        "creator": organization(&described.publisher),
        "publisher": organization(&described.publisher),
        "spatialCoverage": { "@type": "Country", "name": "Lietuva", "identifier": "LT" },
        "variableMeasured": variables(described, dataset),
        "isAccessibleForFree": true,
        "keywords": words.iter().map(|word| &word.lt).chain(words.iter().map(|word| &word.en)).collect::<Vec<_>>(),
        "inLanguage": "lt",
    }));
    if let Some(addresses) = Addresses::of(described) {
        all.extend(fields(json!({
            "@id": format!("{}dataset-{}", addresses.namespace(), dataset.dataset.name),
            "url": addresses.current(&dataset.page),
            "distribution": downloads(dataset, &addresses),
            "includedInDataCatalog": { "@type": "DataCatalog", "name": title(described.tier).lt, "url": addresses.latest() },
        })));
    }
    all.into()
}

/// The members of an object that was written as one.
fn fields(value: Value) -> Map<String, Value> {
    if let Value::Object(fields) = value { fields } else { Map::new() }
}

/// Who publishes.
pub(crate) fn organization(publisher: &Publisher<'_>) -> Value {
    let mut all = fields(json!({ "@type": "Organization", "name": publisher.name }));
    all.extend(publisher.code.map(|code| ("identifier".to_owned(), code.into())));
    all.extend(publisher.contact.map(|contact| (if is_web_address(contact) { "url" } else { "email" }.to_owned(), contact.into())));
    all.into()
}

fn downloads(dataset: &DescribedDataset<'_>, addresses: &Addresses) -> Vec<Value> {
    let files = dataset.tables.iter().flat_map(|table| table.files.iter().map(move |file| (table.table, file)));
    let download = |(table, file): (&catalog::Table, &metadata::DataFile)| {
        let format = Format::of(&file.path)?;
        Some(json!({
            "@type": "DataDownload",
            "name": format!("{} ({})", table.title.lt, format.title),
            "contentUrl": addresses.current(&file.path),
            "encodingFormat": format.media_type,
            "contentSize": format!("{} B", file.bytes),
            "sha256": file.sha256,
        }))
    };
    files.filter_map(download).collect()
}

/// Each column once, though several tables may have it.
fn variables(described: &Described<'_>, dataset: &DescribedDataset<'_>) -> Vec<Value> {
    let columns: BTreeMap<&str, &Column> = dataset
        .tables
        .iter()
        .flat_map(|table| table.table.visible(described.tier))
        .map(|used| (used.column.name.as_str(), used.column.as_ref()))
        .collect();
    columns.into_values().map(variable).collect()
}

fn variable(column: &Column) -> Value {
    let mut all =
        fields(json!({ "@type": "PropertyValue", "propertyID": column.name, "name": column.title.lt, "alternateName": column.title.en }));
    all.extend(column.description.as_ref().map(|text| ("description".to_owned(), Value::from(text.lt.as_str()))));
    all.extend(column.unit.as_ref().map(|unit| ("unitText".to_owned(), Value::from(unit.as_str()))));
    all.into()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use catalog::Tier;

    use super::*;
    use crate::sample;

    fn of(described: &Described<'_>, name: &str) -> Value {
        dataset_json_ld(described, described.datasets.iter().find(|dataset| dataset.dataset.name == name).unwrap())
    }

    #[test]
    fn a_dataset_has_what_search_engines_ask_for() {
        let catalog = sample::catalog();
        let described = sample::described(&catalog, Tier::Public);
        for dataset in &described.datasets {
            let said = dataset_json_ld(&described, dataset);
            let length = said["description"].as_str().unwrap().chars().count();
            assert!((50..=5000).contains(&length), "Google wants 50 to 5000 letters: {}", dataset.dataset.name);
            let files: usize = dataset.tables.iter().map(|table| table.files.len()).sum();
            assert_eq!(said["distribution"].as_array().unwrap().len(), files);
            let names: Vec<&str> =
                said["variableMeasured"].as_array().unwrap().iter().map(|one| one["propertyID"].as_str().unwrap()).collect();
            assert_eq!(names.iter().collect::<BTreeSet<_>>().len(), names.len(), "each column once");
        }
        let owners = of(&described, "savininkai");
        assert_eq!(owners["url"], "https://pavyzdys.lt/public/duomenys/savininkai.html");
        assert_eq!(owners["@id"], "https://pavyzdys.lt/public/dcat.ttl#dataset-savininkai");
        assert_eq!(owners["publisher"]["email"], "duomenys@pavyzdys.lt");
        let content = owners["distribution"][0]["contentUrl"].as_str().unwrap();
        assert!(content.starts_with("https://pavyzdys.lt/public/data/savininkai/"), "{content}");
        let later = Described { release: "000013-2026-11-29".to_owned(), date: described.date.succ_opt().unwrap(), ..described.clone() };
        assert_eq!(of(&later, "savininkai"), owners, "the page stays while the rows do");
        let money = of(&described, "pajamos");
        let sum = money["variableMeasured"].as_array().unwrap().iter().find(|one| one["propertyID"] == "suma").unwrap();
        assert_eq!(sum["unitText"], "EUR");
    }

    #[test]
    fn a_dataset_shows_only_columns_of_its_tier() {
        let catalog = sample::catalog();
        let has = |tier: Tier| {
            let said = of(&sample::described(&catalog, tier), "savininkai");
            said["variableMeasured"].as_array().unwrap().iter().any(|one| one["propertyID"] == "asmens_id")
        };
        assert!(has(Tier::Public) && !has(Tier::Open));
    }

    #[test]
    fn without_a_web_address_there_are_no_links() {
        let catalog = sample::catalog();
        let mut described = sample::described(&catalog, Tier::Open);
        described.latest = None;
        let said = of(&described, "virs");
        assert!(said["name"].is_string() && ["url", "distribution", "@id"].iter().all(|key| said.get(key).is_none()));
    }
}
