use std::io::Write;
use std::path::Path;

use arrow::array::AsArray;
use flate2::Compression;
use flate2::write::GzEncoder;

use super::*;
use crate::testing::{Asked, Reply, Server, http, request, settings};

const HEADINGS: &str = "stat_kodas|stat_pavadinimas|stat_name|formavimo_data\n";
const ETAG_V1: &[(&str, &str)] = &[("etag", "\"v1\"")];

fn file() -> String {
    let rows: String = (0..5000).map(|row| format!("{row}|Statusas {row}|Status {row}|2026-11-01\n")).collect();
    HEADINGS.to_owned() + &rows
}

/// What the file's rows become.
fn rows() -> Vec<String> {
    (0..5000).map(|row| format!("{row}|Statusas {row}|2026-11-01")).collect()
}

fn gzip(text: &[u8]) -> Vec<u8> {
    let mut packed = GzEncoder::new(Vec::new(), Compression::fast());
    packed.write_all(text).unwrap();
    packed.finish().unwrap()
}

fn bulk(server: &Server) -> Bulk {
    let settings = BulkSettings { address: format!("{}/aduomenys/?byla={FILE}", server.address), ..BulkSettings::default() };
    Bulk::with_http(&settings, http())
}

fn read(server: &Server) -> Result<(Vec<String>, Memory), Error> {
    read_with(&bulk(server))
}

fn read_with(bulk: &Bulk) -> Result<(Vec<String>, Memory), Error> {
    let Fetched::Rows(mut rows) = bulk.open(&request("raw_jar__statusai", None, Path::new(".")))? else { panic!("unchanged") };
    let mut read = Vec::new();
    for batch in rows.by_ref() {
        let Batch { rows, rejected, .. } = batch?;
        assert!(rejected.is_empty());
        let columns: Vec<_> = rows.columns().iter().map(|column| column.as_string::<i32>()).collect();
        read.extend((0..rows.num_rows()).map(|row| columns.iter().map(|column| column.value(row)).collect::<Vec<_>>().join("|")));
    }
    Ok((read, rows.finish()?))
}

fn problem(read: Result<(Vec<String>, Memory), Error>) -> Problem {
    match read.unwrap_err() {
        Error::Network { source_name: "jar", address, problem } => {
            assert!(address.ends_with("?byla=JAR_TEI_STATUSU_KLASIFIKATORIUS.csv"), "{address}");
            problem
        }
        other => panic!("{other}"),
    }
}

/// Breaks off the first answer; the others are as told.
fn broken_then(headers: &'static [(&'static str, &'static str)], then: impl Fn(&Asked) -> Reply + Send + Sync + 'static) -> Server {
    Server::start(move |asked, number| if number == 0 { Reply::new(200, headers, file()).cut(70_000) } else { then(asked) })
}

#[test]
fn a_file_is_read_and_not_again_until_it_changes() {
    let server = Server::start(|asked, _| match (asked.header("if-none-match"), asked.header("if-modified-since")) {
        (Some("\"v1\""), Some("Sat, 21 Nov 2026 20:58:33 GMT")) => Reply::new(304, &[], ""),
        _ => Reply::new(200, &[("etag", "\"v1\""), ("last-modified", "Sat, 21 Nov 2026 20:58:33 GMT")], file()),
    });
    let (read, memory) = read(&server).unwrap();
    assert_eq!(read, rows());
    let again = |memory: &Memory| bulk(&server).open(&request("raw_jar__statusai", Some(memory), Path::new("."))).unwrap();
    assert!(matches!(again(&memory), Fetched::Unchanged));
    let needed = Request { rows_needed: true, ..request("raw_jar__statusai", Some(&memory), Path::new(".")) };
    assert!(matches!(bulk(&server).open(&needed).unwrap(), Fetched::Rows(_)));
    // What is remembered of another address says nothing of this one.
    let mut elsewhere = memory.clone();
    elsewhere.0.insert(ADDRESS.to_owned(), "https://elsewhere.example/".to_owned());
    assert!(matches!(again(&elsewhere), Fetched::Rows(_)));
}

#[test]
fn a_packed_file_has_the_same_rows() {
    for reply in [Reply::new(200, &[("content-encoding", "gzip")], gzip(file().as_bytes())), Reply::ok(gzip(file().as_bytes()))] {
        assert_eq!(read(&Server::script(vec![reply])).unwrap().0, rows());
    }
}

#[test]
fn a_broken_transfer_is_taken_up_where_it_broke() {
    let server = broken_then(ETAG_V1, |asked| {
        assert_eq!(asked.header("if-range"), Some("\"v1\""));
        Reply::part(asked, ETAG_V1, file().as_bytes())
    });
    let (read, memory) = read(&server).unwrap();
    assert_eq!(read, rows());
    assert_eq!(memory.0.keys().collect::<Vec<_>>(), [ADDRESS, ETAG]);
    assert_eq!(memory.get(ETAG), Some("\"v1\""));
    assert_eq!(server.asked().len(), 2);
}

#[test]
fn from_a_server_that_only_sends_whole_files_the_rest_is_taken_too() {
    let server = broken_then(ETAG_V1, |_| Reply::new(200, ETAG_V1, file()));
    assert_eq!(read(&server).unwrap().0, rows());
    let shorter = broken_then(ETAG_V1, |_| Reply::new(200, ETAG_V1, "stat_kodas\n"));
    assert!(matches!(problem(read(&shorter)), Problem::Changed { .. }));
}

#[test]
fn a_silence_or_a_packed_file_changes_nothing_of_that() {
    let packed = gzip(file().as_bytes());
    let half = packed.len() / 2;
    let whole = packed.clone();
    let server = Server::start(move |asked, number| match number {
        0 => Reply::new(200, &[("last-modified", "Sat, 21 Nov 2026 20:58:33 GMT")], whole.clone()).silent_after(half),
        1 => Reply::new(503, &[("retry-after", "1")], ""),
        _ => Reply::part(asked, &[], &whole),
    });
    assert_eq!(read(&server).unwrap().0, rows());
    assert_eq!(server.asked()[2].header("if-range"), Some("Sat, 21 Nov 2026 20:58:33 GMT"));
}

#[test]
fn a_file_that_changes_while_it_is_read_is_refused() {
    let changed = |then: fn(&Asked) -> Reply| matches!(problem(read(&broken_then(ETAG_V1, then))), Problem::Changed { .. });
    assert!(changed(|_| Reply::new(200, &[("etag", "\"v2\"")], file())), "the whole file again");
    assert!(changed(|asked| Reply::part(asked, &[("etag", "\"v2\"")], file().as_bytes())), "another entity tag");
    assert!(changed(|asked| Reply::part(asked, ETAG_V1, (file() + "9|a|b|\n").as_bytes())), "another length");
    assert!(changed(|_| Reply::new(416, &[], "")), "too short");
}

#[test]
fn a_part_from_another_place_is_refused() {
    let server = broken_then(ETAG_V1, |_| Reply::new(206, &[("content-range", "bytes 0-9/10")], "0123456789"));
    assert!(matches!(problem(read(&server)), Problem::Protocol { .. }));
    let server = broken_then(ETAG_V1, |_| Reply::new(206, &[], "0123456789"));
    assert!(matches!(problem(read(&server)), Problem::Protocol { .. }));
}

#[test]
fn without_a_sure_version_a_broken_transfer_is_the_end() {
    for headers in [&[][..], &[("etag", "W/\"v1\"")]] {
        let server = broken_then(headers, |asked| Reply::part(asked, &[], file().as_bytes()));
        assert!(matches!(problem(read(&server)), Problem::Cut { .. }));
        assert_eq!(server.asked().len(), 1);
    }
}

#[test]
fn before_the_first_byte_any_version_will_do() {
    let server = Server::script(vec![Reply::new(200, ETAG_V1, file()).cut(0), Reply::new(200, &[("etag", "\"v2\"")], file())]);
    assert_eq!(read(&server).unwrap().1.get(ETAG), Some("\"v2\""));
}

#[test]
fn a_transfer_that_always_breaks_is_given_up() {
    let server = Server::start(|asked, number| match number {
        0 => Reply::new(200, ETAG_V1, file()).cut(70_000),
        _ => Reply::part(asked, ETAG_V1, file().as_bytes()).cut(100),
    });
    assert!(matches!(problem(read(&server)), Problem::Cut { .. }));
    assert_eq!(server.asked().len(), settings().attempts);
}

#[test]
fn a_bomb_is_refused() {
    let server = Server::script(vec![Reply::ok(gzip(&[HEADINGS.as_bytes(), &b"1|a|b|\n".repeat(200_000)].concat()))]);
    let bulk = Bulk { most_text_bytes: 1 << 20, ..bulk(&server) };
    assert_eq!(problem(read_with(&bulk)), Problem::TooLarge { most: 1 << 20 });
}

#[test]
fn what_is_no_file_is_refused_by_name() {
    let of = |reply: Reply| read(&Server::script(vec![reply]));
    assert_eq!(problem(of(Reply::new(404, &[], ""))), Problem::Status { status: 404, retry_after: None });
    assert!(matches!(problem(of(Reply::ok("<!DOCTYPE html>\n<p>klaida"))), Problem::NotData { .. }));
    assert!(matches!(problem(of(Reply::ok(gzip(b"<html>\n<p>klaida")))), Problem::NotData { .. }));
    assert!(matches!(of(Reply::ok("")), Err(Error::Truncated { .. })));
    assert!(matches!(of(Reply::ok(HEADINGS.to_owned() + "1|a|b|")), Err(Error::Truncated { .. })));
    assert!(matches!(of(Reply::ok("stat_kodas|stat_pavadinimas|stat_name\n")), Err(Error::MissingHeading { .. })));
    let mut packed = gzip(file().as_bytes());
    assert!(matches!(of(Reply::ok(&packed[..packed.len() - 9])), Err(Error::Truncated { .. })));
    let sum = packed.len() - 8;
    packed[sum] ^= 1;
    assert!(matches!(of(Reply::ok(packed)), Err(Error::Read { .. })));
}
