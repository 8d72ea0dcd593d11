//! What holds of all formats, over all tables and tiers of the real definitions.

use std::collections::BTreeSet;

use catalog::{Column, Layer, Table, Text, Tier};

use crate::{Described, DescribedTable, Description, Error, describe, sample};

/// The text of the description at `path`.
fn text<'f>(files: &'f [Description], path: &str) -> &'f str {
    let (_, bytes) = files.iter().find(|(found, _)| found == path).unwrap();
    str::from_utf8(bytes).unwrap()
}

fn json(files: &[Description], path: &str) -> serde_json::Value {
    serde_json::from_str(text(files, path)).unwrap()
}

/// What stands between quotation marks, commas and line ends: names of columns, as machines read them.
fn names(text: &str) -> BTreeSet<&str> {
    text.split(['"', ',', '\n', '\r', '@', '`']).collect()
}

#[test]
fn every_format_is_there_and_the_same_tier_gives_the_same_bytes() {
    let catalog = sample::catalog();
    for tier in Tier::ALL {
        let files = describe(&sample::described(&catalog, tier)).unwrap();
        let paths: Vec<&str> = files.iter().map(|(path, _)| path.as_str()).collect();
        for path in ["csvw.json", "datapackage.json", "dsa.csv", "llms.txt", "openapi.json", "schemas/virs.schema.json"] {
            assert!(paths.contains(&path), "{tier}: {path}");
        }
        assert!(paths.is_sorted() && paths.iter().collect::<BTreeSet<_>>().len() == paths.len());
        assert_eq!(files, describe(&sample::described(&catalog, tier)).unwrap());
    }
}

#[test]
fn no_format_has_a_column_that_the_tier_may_not_see_and_all_have_the_others() {
    let catalog = sample::catalog();
    for tier in Tier::ALL {
        let described = sample::described(&catalog, tier);
        let files = describe(&described).unwrap();
        let seen: BTreeSet<&str> =
            described.tables().flat_map(|(_, table)| table.table.visible(tier)).map(|used| used.column.name.as_str()).collect();
        let all = catalog.tables(Layer::Out).flat_map(|table| &table.columns).map(|used| used.column.name.as_str());
        // A table may be called like a column of another.
        let tables: BTreeSet<&str> = catalog.tables(Layer::Out).map(|table| table.subject()).collect();
        let hidden: BTreeSet<&str> = all.filter(|name| !seen.contains(name) && !tables.contains(name)).collect();
        assert_eq!(hidden.is_empty(), tier == Tier::Internal, "{tier}");
        for (path, bytes) in &files {
            let found = names(str::from_utf8(bytes).unwrap());
            let shown: Vec<&&str> = hidden.iter().filter(|name| found.contains(**name)).collect();
            assert!(shown.is_empty(), "{tier} {path}: {shown:?}");
        }
        for (_, table) in described.tables() {
            assert_eq!(columns_of(&files, table), columns(table.table, tier), "{tier} {}", table.table.name);
        }
    }
}

fn columns(table: &Table, tier: Tier) -> Vec<String> {
    table.visible(tier).map(|used| used.column.name.clone()).collect()
}

/// The columns that the descriptions have of a table; panics where they differ.
fn columns_of(files: &[Description], table: &DescribedTable<'_>) -> Vec<String> {
    let subject = table.table.subject();
    let dsa = dsa_properties(files, table);
    if table.file("csv").is_none() {
        return dsa;
    }
    let named = |list: &serde_json::Value| list.as_array().unwrap().iter().map(|item| item["name"].as_str().unwrap().to_owned()).collect();
    let package = json(files, "datapackage.json");
    let resource = package["resources"].as_array().unwrap().iter().find(|resource| resource["name"] == subject).unwrap();
    let fields: Vec<String> = named(&resource["schema"]["fields"]);
    let csvw = json(files, "csvw.json");
    let url = &table.file("csv").unwrap().path;
    let on_the_web = csvw["tables"].as_array().unwrap().iter().find(|table| table["url"] == url.as_str()).unwrap();
    let columns: Vec<String> = named(&on_the_web["tableSchema"]["columns"]);
    let schema = json(files, &format!("schemas/{subject}.schema.json"));
    let required = schema["$defs"]["row"]["required"].as_array().unwrap();
    let required: Vec<String> = required.iter().map(|name| name.as_str().unwrap().to_owned()).collect();
    assert_eq!(schema["$defs"]["row"]["properties"].as_object().unwrap().len(), required.len());
    assert_eq!((&dsa, &fields, &columns), (&fields, &columns, &required), "{subject}");
    fields
}

/// Properties of the model whose table this is, in the file's order.
fn dsa_properties(files: &[Description], table: &DescribedTable<'_>) -> Vec<String> {
    let mut reader = csv::Reader::from_reader(text(files, "dsa.csv").as_bytes());
    let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    let [model, property] = ["model", "property"].map(|name| reader.headers().unwrap().iter().position(|found| found == name).unwrap());
    let wanted: String = table
        .table
        .subject()
        .split('_')
        .map(|word| format!("{}{}", word[..word.len().min(1)].to_uppercase(), word.get(1..).unwrap_or("")))
        .collect();
    let start = rows.iter().position(|row| row[model] == wanted).unwrap();
    let until = rows[start + 1..].iter().take_while(|row| row[model].is_empty() && row[1].is_empty() && row[2].is_empty());
    until.filter(|row| !row[property].is_empty()).map(|row| row[property].trim_end_matches("@lt").to_owned()).collect()
}

#[test]
fn a_title_or_a_description_that_is_missing_in_a_language_is_refused_with_table_and_column() {
    let catalog = sample::catalog();
    let described = sample::described(&catalog, Tier::Public);
    let refused = |change: &dyn Fn(&mut Table)| {
        let mut table: Table = catalog.table("out_virs").unwrap().as_ref().clone();
        change(&mut table);
        let error = refused_with(&described, &table).to_string();
        assert!(error.contains("table out_virs"), "{error}");
        error
    };
    let with_column = |table: &mut Table, name: &str, change: &dyn Fn(&mut Column)| {
        let used = table.columns.iter_mut().find(|used| used.column.name == name).unwrap();
        let mut column = used.column.as_ref().clone();
        change(&mut column);
        used.column = column.into();
    };
    assert!(refused(&|table| table.title.en.clear()).contains("no title in language en"));
    assert!(refused(&|table| table.description.lt = " ".to_owned()).contains("no description in language lt"));
    let error = refused(&|table| with_column(table, "forma", &|column| column.title.lt.clear()));
    assert!(error.contains("column forma has no title in language lt"), "{error}");
    let error = refused(&|table| with_column(table, "telefonas", &|column| column.description.as_mut().unwrap().en.clear()));
    assert!(error.contains("column telefonas has no description in language en"), "{error}");
}

fn refused_with(described: &Described<'_>, table: &Table) -> Error {
    let mut described = described.clone();
    for dataset in &mut described.datasets {
        for shown in dataset.tables.iter_mut().filter(|shown| shown.table.name == table.name) {
            shown.table = table;
        }
    }
    describe(&described).map(drop).unwrap_err()
}

#[test]
fn a_column_that_the_tier_does_not_see_needs_no_title_there() {
    let catalog = sample::catalog();
    let mut table: Table = catalog.table("out_virs").unwrap().as_ref().clone();
    let used = table.columns.iter_mut().find(|used| used.column.name == "telefonas").unwrap();
    used.column = Column { title: Text::default(), ..used.column.as_ref().clone() }.into();
    let mut described = sample::described(&catalog, Tier::Open);
    for shown in described.datasets.iter_mut().flat_map(|dataset| &mut dataset.tables).filter(|shown| shown.table.name == table.name) {
        shown.table = &table;
    }
    assert!(describe(&described).is_ok());
    described.tier = Tier::Public;
    assert!(describe(&described).is_err());
}

#[test]
fn what_is_to_be_said_of_all_data_stands_in_their_descriptions_as_the_files_have_no_place_for_it() {
    let catalog = sample::catalog();
    let described = Described { notice: Some("Viskas sugalvota."), ..sample::described(&catalog, Tier::Open) };
    let files = describe(&described).unwrap();
    let package = json(&files, "datapackage.json");
    assert!(["description", "description_en"].iter().all(|key| package[key].as_str().unwrap().starts_with("Viskas sugalvota. ")));
    assert!(text(&files, "llms.txt").contains("\n- Viskas sugalvota.\n"));
    let files = describe(&sample::described(&catalog, Tier::Open)).unwrap();
    assert!(files.iter().all(|(_, bytes)| !str::from_utf8(bytes).unwrap().contains("sugalvota")));
}

#[test]
fn without_addresses_paths_are_relative() {
    let catalog = sample::catalog();
    let described = Described { latest: None, immutable: None, ..sample::described(&catalog, Tier::Open) };
    let files = describe(&described).unwrap();
    for (path, bytes) in &files {
        assert!(!str::from_utf8(bytes).unwrap().contains("virsis.example"), "{path}");
    }
    assert_eq!(json(&files, "openapi.json")["servers"][0]["url"], ".");
    assert!(text(&files, "llms.txt").contains("](data/virs/virs.parquet)"));
    assert!(text(&files, "dsa.csv").contains(",data/virs/virs.csv,"));
}

#[test]
fn rows_that_a_statistic_or_a_history_has_may_have_other_codes() {
    let catalog = sample::catalog();
    let files = describe(&sample::described(&catalog, Tier::Open)).unwrap();
    let of = |schema: &str, column: &str| json(&files, schema)["$defs"]["row"]["properties"][column].clone();
    let kinds = of("schemas/vip.schema.json", "vip_rusis");
    assert!(kinds["enum"].as_array().unwrap().contains(&"laikrastis".into()), "{kinds}");
    assert!(of("schemas/stat_vip.schema.json", "vip_rusis").get("enum").is_none());
    assert!(of("schemas/virs.schema.json", "savivaldybe").get("enum").is_none(), "too many to list");
    assert_eq!(of("schemas/vip.schema.json", "vip_nr")["pattern"], "^([a-p]{16})$");
    assert_eq!(of("schemas/virs.schema.json", "ja_kodas")["pattern"], "^([0-9]{9}|[0-9]{7})$");
}

#[test]
fn a_key_with_empty_cells_is_unique_but_not_primary() {
    let catalog = sample::catalog();
    let package = json(&describe(&sample::described(&catalog, Tier::Public)).unwrap(), "datapackage.json");
    let schema =
        |name: &str| package["resources"].as_array().unwrap().iter().find(|resource| resource["name"] == name).unwrap()["schema"].clone();
    assert_eq!(schema("virs")["primaryKey"], serde_json::json!(["ja_kodas"]));
    let with_empty = schema("pazeidimas");
    assert!(with_empty.get("primaryKey").is_none() && with_empty["uniqueKeys"][0].as_array().unwrap().len() == 6);
    assert_eq!(schema("licencija")["foreignKeys"][0]["reference"]["resource"], "virs");
}
