//! The tables of a tier as Croissant 1.0 (MLCommons), for tools of machine learning.
//!
//! What fits: every table is a record set, every column a field, every Parquet and CSV file a file with its checksum; a key is a key. What does not:
//! Croissant has no decimals (sums and shares are `sc:Float`), no units, no codes with titles and one language, so titles and descriptions are English and the
//! names of columns say the rest. Databases and JSON are left out, because they have the same rows.

use catalog::{Kind, TableColumn};
use metadata::{DataFile, Described, DescribedTable};
use serde_json::{Map, Value, json};

use crate::addresses::Addresses;
use crate::catalogue::{description, title};
use crate::format::extension;
use crate::schema_org::organization;

/// The context that Croissant 1.0 prescribes, word by word: readers warn of any other.
const CONTEXT: &str = r#"{
    "@language": "en", "@vocab": "https://schema.org/", "citeAs": "cr:citeAs", "column": "cr:column", "conformsTo": "dct:conformsTo",
    "cr": "http://mlcommons.org/croissant/", "rai": "http://mlcommons.org/croissant/RAI/", "data": { "@id": "cr:data", "@type": "@json" },
    "dataType": { "@id": "cr:dataType", "@type": "@vocab" }, "dct": "http://purl.org/dc/terms/", "equivalentProperty": "cr:equivalentProperty",
    "examples": { "@id": "cr:examples", "@type": "@json" }, "extract": "cr:extract", "field": "cr:field", "fileProperty": "cr:fileProperty",
    "fileObject": "cr:fileObject", "fileSet": "cr:fileSet", "format": "cr:format", "includes": "cr:includes", "isLiveDataset": "cr:isLiveDataset",
    "jsonPath": "cr:jsonPath", "key": "cr:key", "md5": "cr:md5", "parentField": "cr:parentField", "path": "cr:path", "recordSet": "cr:recordSet",
    "references": "cr:references", "regex": "cr:regex", "repeated": "cr:repeated", "replace": "cr:replace", "samplingRate": "cr:samplingRate",
    "sc": "https://schema.org/", "separator": "cr:separator", "source": "cr:source", "subField": "cr:subField", "transform": "cr:transform"
}"#;

/// Formats that fields can be taken from, the better one first, as Croissant spells their media types.
const FORMATS: [(&str, &str); 2] = [("parquet", "application/x-parquet"), ("csv", "text/csv")];

/// The bytes of `croissant.json`.
pub(crate) fn print(described: &Described<'_>, addresses: &Addresses) -> serde_json::Result<Vec<u8>> {
    let context: Map<String, Value> = serde_json::from_str(CONTEXT)?;
    let tables: Vec<&DescribedTable<'_>> = described.datasets.iter().flat_map(|dataset| &dataset.tables).collect();
    let name = title(described.tier).en;
    let publisher = &described.publisher;
    serde_json::to_vec(&json!({
        "@context": context,
        "@type": "sc:Dataset",
        "conformsTo": "http://mlcommons.org/croissant/1.0",
        "name": name,
        "description": description(described.tier).en,
        "url": addresses.latest(),
        "license": publisher.licence_url,
        "creator": organization(publisher),
        "publisher": organization(publisher),
        "inLanguage": "lt",
        "version": version(&described.release),
        "datePublished": described.date.to_string(),
        "citeAs": format!("{}. {name}, {}. {}", publisher.name, described.release, addresses.latest()),
        "distribution": tables.iter().flat_map(|table| files(table, addresses)).collect::<Vec<_>>(),
        "recordSet": tables.iter().filter_map(|table| record_set(described, table)).collect::<Vec<_>>(),
    }))
}

/// `MAJOR.MINOR.PATCH`, as Croissant asks: each release may change rows, which makes it a major version, so its number counts.
fn version(release: &str) -> String {
    let number = release.split_once('-').map_or(release, |(number, _)| number);
    number.parse::<u64>().map_or_else(|_| release.to_owned(), |number| format!("{number}.0.0"))
}

fn files(table: &DescribedTable<'_>, addresses: &Addresses) -> Vec<Value> {
    let file = |file: &DataFile| {
        let (_, media_type) = FORMATS.iter().find(|(ending, _)| *ending == extension(&file.path))?;
        Some(json!({
            "@type": "cr:FileObject",
            "@id": file.path,
            "name": file.path.rsplit('/').next(),
            "description": table.table.title.en,
            "contentUrl": addresses.lasting(&file.path),
            "contentSize": format!("{} B", file.bytes),
            "encodingFormat": media_type,
            "sha256": file.sha256,
        }))
    };
    table.files.iter().filter_map(file).collect()
}

fn record_set(described: &Described<'_>, table: &DescribedTable<'_>) -> Option<Value> {
    let source = FORMATS.iter().find_map(|(ending, _)| table.files.iter().find(|file| extension(&file.path) == *ending))?;
    let subject = table.table.subject();
    let id = |column: &str| format!("{subject}/{column}");
    let visible: Vec<&TableColumn> = table.table.visible(described.tier).collect();
    let mut all = Map::from_iter([
        ("@type".to_owned(), "cr:RecordSet".into()),
        ("@id".to_owned(), subject.into()),
        ("name".to_owned(), subject.into()),
        ("description".to_owned(), format!("{}. {}", table.table.title.en, table.table.description.en).into()),
    ]);
    let key = &table.table.key;
    if !key.is_empty() && key.iter().all(|name| visible.iter().any(|used| used.column.name == *name)) {
        all.insert("key".to_owned(), key.iter().map(|name| json!({ "@id": id(name) })).collect());
    }
    let field = |used: &&TableColumn| {
        let column = &used.column;
        let more = column.description.iter().map(|text| format!(". {}", text.en)).collect::<String>();
        let unit = column.unit.iter().map(|unit| format!(" ({unit})")).collect::<String>();
        json!({
            "@type": "cr:Field",
            "@id": id(&column.name),
            "name": column.name,
            "description": format!("{}{unit}{more}", column.title.en),
            "dataType": data_type(column.kind),
            "source": { "fileObject": { "@id": source.path }, "extract": { "column": column.name } },
        })
    };
    all.insert("field".to_owned(), visible.iter().map(field).collect());
    Some(all.into())
}

fn data_type(kind: Kind) -> &'static str {
    match kind {
        Kind::Text => "sc:Text",
        Kind::Integer => "sc:Integer",
        Kind::Money | Kind::Share | Kind::Number => "sc:Float",
        Kind::Date => "sc:Date",
        Kind::Boolean => "sc:Boolean",
    }
}

#[cfg(test)]
mod tests {
    use catalog::Tier;

    use super::*;
    use crate::sample;

    #[test]
    fn every_table_is_a_record_set_whose_fields_come_from_its_parquet_file() {
        let catalog = sample::catalog();
        let described = sample::described(&catalog, Tier::Public);
        let printed = print(&described, &Addresses::of(&described).unwrap()).unwrap();
        let said: Value = serde_json::from_slice(&printed).unwrap();
        let sets = said["recordSet"].as_array().unwrap();
        assert_eq!(sets.len(), described.datasets.iter().map(|dataset| dataset.tables.len()).sum::<usize>());
        let owners = sets.iter().find(|set| set["@id"] == "savininkas").unwrap();
        assert_eq!(owners["key"], json!([{ "@id": "savininkas/ja_kodas" }, { "@id": "savininkas/eil_nr" }]));
        let share = owners["field"].as_array().unwrap().iter().find(|field| field["name"] == "dalis").unwrap();
        assert_eq!((share["dataType"].as_str(), share["source"]["extract"]["column"].as_str()), (Some("sc:Float"), Some("dalis")));
        let file = &share["source"]["fileObject"]["@id"];
        let files = said["distribution"].as_array().unwrap();
        let found = files.iter().find(|one| one["@id"] == *file).unwrap();
        assert_eq!((found["encodingFormat"].as_str(), found["sha256"].as_str().unwrap().len()), (Some("application/x-parquet"), 64));
        assert_eq!(said["version"], "12.0.0");
    }

    #[test]
    fn a_release_without_a_number_is_its_own_version() {
        assert_eq!((version("000012-2026-11-28"), version("bandymas")), ("12.0.0".to_owned(), "bandymas".to_owned()));
    }
}
