//! The database file of each tier.

use std::fs;
use std::path::Path;
use std::process::Command;

use duckdb::{AccessMode, Config, Connection};

use crate::country::{PUBLISHED, home};
use crate::privacy::{searchable, secrets};

pub(crate) fn read(path: &Path) -> Connection {
    Connection::open_with_flags(path, Config::default().access_mode(AccessMode::ReadOnly).unwrap()).unwrap()
}

pub(crate) fn texts(database: &Connection, sql: &str) -> Vec<String> {
    let mut statement = database.prepare(sql).unwrap();
    statement.query_map([], |row| row.get::<_, String>(0)).unwrap().map(Result::unwrap).collect()
}

#[test]
fn the_database_of_a_tier_holds_exactly_its_tables_and_says_what_they_are() {
    let country = &PUBLISHED.country;
    let catalog = catalog::Catalog::load(&home()).unwrap();
    for tier in [catalog::Tier::Public, catalog::Tier::Open] {
        let folder = country.path("portal/latest").join(tier.name());
        let database = read(&folder.join("virsis.duckdb"));
        let mut expected: Vec<String> = Vec::new();
        for dataset in catalog.datasets() {
            for table in dataset.tables.iter().filter_map(|name| catalog.table(name).ok()).filter(|table| table.tiers.contains(&tier)) {
                expected.push(table.subject().to_owned());
                let parquet = folder.join(publish::table_path(dataset, table, "parquet"));
                let (one, other) =
                    (format!("SELECT * FROM {}", table.subject()), format!("SELECT * FROM read_parquet('{}')", parquet.display()));
                let differing =
                    format!("SELECT CAST(COUNT(*) AS VARCHAR) FROM (({one} EXCEPT ALL {other}) UNION ALL ({other} EXCEPT ALL {one}))");
                assert_eq!(texts(&database, &differing), ["0"], "{} of {}", table.subject(), tier.name());
            }
        }
        expected.sort();
        assert_eq!(texts(&database, "SELECT table_name FROM duckdb_tables() ORDER BY 1"), expected);
        let silent = "SELECT table_name FROM duckdb_tables() WHERE comment IS NULL UNION ALL SELECT column_name FROM duckdb_columns() WHERE NOT internal AND comment IS NULL";
        assert!(texts(&database, silent).is_empty());
        assert_eq!(texts(&database, "SELECT tags['storage_version'] FROM duckdb_databases() WHERE database_name = 'virsis'"), ["v1.0.0+"]);
        let mut packed = Vec::new();
        let gz = fs::read(folder.join("virsis.duckdb.gz")).unwrap();
        assert_eq!(gz[4..8], [0; 4], "no time");
        packed.extend(Command::new("gzip").arg("-dc").arg(folder.join("virsis.duckdb.gz")).output().unwrap().stdout);
        assert!(packed == fs::read(folder.join("virsis.duckdb")).unwrap());
    }
    assert!(!country.path("internal/latest/virsis.duckdb").exists(), "the internal tier has none");
    let start = fs::read_to_string(country.path("portal/latest/open/index.html")).unwrap();
    assert!(start.contains("Visi duomenys vienoje byloje"));
    assert!(["virsis.duckdb", "virsis.sqlite"].iter().all(|file| start.contains(&format!("href=\"{file}\""))));
    // Nothing that runs SQL is configured, so there is no page and no link to it.
    assert!(
        !start.contains("sql/index.html")
            && !country.path("portal/latest/open/sql").exists()
            && !country.path("portal/latest/engine").exists()
    );
}

#[test]
fn the_open_databases_name_no_natural_person_of_the_country() {
    let country = &PUBLISHED.country;
    let secrets = secrets(country);
    let ids = country.table("public", "savininkas").into_iter().filter_map(|row| row["asmens_id"].as_str().map(str::to_owned));
    let ids: Vec<String> = ids.collect();
    for file in ["virsis.duckdb", "virsis.sqlite"] {
        let held = |tier: &str| String::from_utf8_lossy(&searchable(&country.path("portal/latest").join(tier).join(file))).into_owned();
        let (open, public) = (held("open"), held("public"));
        let named = |text: &str| secrets.names.iter().filter(|name| text.contains(name.as_str())).count();
        assert_eq!(named(&open), 0, "{file}");
        assert!(named(&public) > 20, "owners and donors are found in the public {file}");
        for secret in secrets.codes.iter().chain(&secrets.births) {
            assert!(!open.contains(secret.as_str()) && !public.contains(secret.as_str()), "a code or a birth date in {file}");
        }
        assert!(ids.iter().all(|id| !open.contains(id)), "what tells persons apart, in {file}");
        assert!(ids.iter().any(|id| public.contains(id)), "it would be found in {file}");
    }
}
