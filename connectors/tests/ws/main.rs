//! The web-service transport: against a service of its own kind (`loopback`), against one that shares no code with it (`peer`), and
//! its description against the data's definitions (`schema`).

#![expect(clippy::unwrap_used, reason = "a step that fails must end the test")]

mod loopback;
mod peer;
mod schema;

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use arrow::array::AsArray;
use catalog::codes::{legal_entity_check_digit, personal_check_digit};
use catalog::{Catalog, SecretCode};
use chrono::NaiveDate;
use connectors::{Batch, CONNECTORS, Error, Fetched, Memory, Request, Transport, Ws};

const CONTACTS: &str = "raw_jar__kontaktai";
const PARTICIPANTS: &str = "raw_jadis__dalyviai";
const PERSONS: &str = "raw_gr__asmenys";

/// The root of the repository.
fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// An invented legal entity, as the peer numbers them.
fn entity(number: u32) -> String {
    let body = format!("3{number:07}");
    let digits: Vec<u32> = body.chars().filter_map(|digit| digit.to_digit(10)).collect();
    format!("{body}{}", legal_entity_check_digit(&digits.try_into().unwrap()))
}

/// An invented person, as the peer numbers them.
fn person(number: u32) -> String {
    let body = format!("3900101{number:03}");
    let digits: Vec<u32> = body.chars().filter_map(|digit| digit.to_digit(10)).collect();
    format!("{body}{}", personal_check_digit(&digits.try_into().unwrap()))
}

fn entities(numbers: impl IntoIterator<Item = u32>) -> Vec<String> {
    numbers.into_iter().map(entity).collect()
}

fn as_of() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 10, 31).unwrap()
}

/// Everything the service says of `wanted`, and what is remembered of it.
fn read(service: &Ws, table: &str, wanted: Option<&[String]>, time: Duration) -> Result<(Vec<Batch>, Memory), Error> {
    let catalog = Catalog::load(&root()).unwrap();
    let mut pairs = CONNECTORS.iter().flat_map(|connector| connector.extracts.iter().map(move |extract| (connector.source, extract)));
    let (source, extract) = pairs.find(|(_, extract)| extract.table == table).unwrap();
    let wanted: Option<Vec<SecretCode>> = wanted.map(|codes| codes.iter().map(SecretCode::new).collect());
    let request = Request {
        source,
        extract,
        table: catalog.table(table).unwrap(),
        memory: None,
        rows_needed: true,
        wanted: wanted.as_deref(),
        salt: &[7; 32],
        deadline: Instant::now() + time,
        folder: Path::new("/nowhere"),
    };
    let Fetched::Rows(mut rows) = service.open(&request)? else { panic!("a web service always answers with rows") };
    let batches = rows.by_ref().collect::<Result<Vec<_>, _>>()?;
    Ok((batches, rows.finish()?))
}

fn column(batches: &[Batch], name: &str) -> Vec<String> {
    let cells = batches.iter().flat_map(|batch| batch.rows.column_by_name(name).unwrap().as_string::<i32>().iter());
    cells.map(|cell| cell.unwrap_or("-").to_owned()).collect()
}
