//! Files that a browser makes for a Lithuanian spreadsheet: of a published table, and of a pasted list.

use std::fs;

use catalog::{Catalog, Kind};
use serde_json::json;

use crate::country::{Country, home};
use crate::endpoint::browser::{modules, run_script};
use crate::search::{Portal, text};
use crate::sql_pages::{engine, with_engine, workbook};

#[test]
fn what_a_browser_saves_for_a_spreadsheet_holds_what_the_table_and_the_list_hold() {
    let Some(modules) = modules() else { return };
    let engine = engine();
    let country = engine.as_ref().map_or_else(|| Country::published("60", 85), |engine| with_engine(engine, "60", 85));
    let catalog = Catalog::load(&home()).unwrap();
    let (dataset, table) = (catalog.datasets().find(|dataset| dataset.tables.contains(&"out_lesos".to_owned())).unwrap(), "out_lesos");
    let definition = catalog.table(table).unwrap();
    let virs = country.table("public", "virs");
    let folder = tempfile::tempdir().unwrap();
    let (csv, xlsx) = (folder.path().join("a.csv"), folder.path().join("a.xlsx"));
    let portal = Portal::serve(&country);
    let settings = json!({
        "origin": portal.1,
        "name": "excel",
        "page": format!("duomenys/{}.html", dataset.name),
        "csv": csv,
        "xlsx": engine.as_ref().map(|_| &xlsx),
        // A workbook has no formula but what is one.
        "list": format!("{}\n=1+1 Tokios Nėra", text(&virs[0], "ja_kodas")),
    });
    run_script(&modules, "excel", settings, |_| panic!("nobody signs here"));

    // The first table of the page.
    let first = dataset.tables.first().unwrap();
    assert_eq!(first, table);
    let original = fs::read(country.path("portal/latest/public").join(publish::table_path(dataset, definition, "csv"))).unwrap();
    let saved = fs::read(&csv).unwrap();
    let saved = saved.strip_prefix(b"\xef\xbb\xbf").expect("Excel takes a file without it for another encoding");
    let mut original = csv::Reader::from_reader(original.as_slice());
    let mut saved = csv::ReaderBuilder::new().delimiter(b';').from_reader(saved);
    let headings = original.headers().unwrap().clone();
    assert_eq!(&headings, saved.headers().unwrap());
    let has_places =
        |place: usize| matches!(definition.column(&headings[place]).unwrap().column.kind, Kind::Money | Kind::Share | Kind::Number);
    let mut sums = 0;
    let (original, saved): (Vec<_>, Vec<_>) =
        (original.records().map(Result::unwrap).collect(), saved.records().map(Result::unwrap).collect());
    assert!(original.len() == saved.len() && original.len() > 40);
    for (row, of) in saved.iter().zip(&original) {
        for (place, cell) in of.iter().enumerate() {
            let expected = if has_places(place) { cell.replace('.', ",") } else { cell.to_owned() };
            sums += usize::from(expected != cell);
            assert_eq!(row[place], expected, "{}", &headings[place]);
        }
    }
    assert!(sums > 40, "{sums}");

    if engine.is_some() {
        let cells = workbook(&xlsx);
        assert_eq!(cells[0], ["Jūsų eilutė", "VIRS", "Kodas", "Savininkai", "Kaip rasta"]);
        assert_eq!((&cells[1][1], &cells[1][2]), (&virs[0]["pavadinimas"], &virs[0]["ja_kodas"]));
        assert_eq!((cells[2][0].as_str(), cells[2][4].as_str()), (Some("=1+1 Tokios Nėra"), Some("nerasta")));
    }
}
