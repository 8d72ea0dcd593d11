//! What the tests of the drop folder share: the same rows written in every form, and read again.

use std::fs;
use std::io::{Cursor, Write};
use std::sync::Arc;

use ::parquet::arrow::ArrowWriter;
use ::parquet::basic::Compression;
use ::parquet::file::properties::WriterProperties;
use arrow::array::{
    Array, ArrayRef, AsArray, BinaryArray, BooleanArray, Date32Array, Decimal128Array, Float32Array, Float64Array, Int64Array, RecordBatch,
    StringArray, TimestampMicrosecondArray,
};
use arrow::compute::concat_batches;
use flate2::write::GzEncoder;
use rust_xlsxwriter::{ExcelDateTime, Format, Formula, Workbook};
use tempfile::{TempDir, tempdir};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

use super::*;
use crate::testing::request;
use crate::transport::Rejected;

mod damage;
mod forms;
mod hidden;
mod history;
mod odd;
mod values;

/// Six columns that files have, one that the system fills, and history.
const TABLE: &str = "raw_formos__tirazai";
const STEM: &str = "formos_tirazai.v1";
const HEADINGS: [&str; 6] = ["vip_nr", "data", "tirazas", "metrikos_tirazas", "su_reklama", "reklamos_pozymio_data"];

type Row = [&'static str; 6];

const ROWS: &[Row] = &[
    ["000017", "2026-06-30", "1200", "", "1", ""],
    ["Žąsų ūkis „Ė“", "a|b", "say \"yes\"", "two\nlines", "0", "2026-01-02"],
    ["", "", "", "", "", "last"],
    ["12345678901234567890", "0.10", "-5", "1e3", "true", "x"],
];
const OTHERS: &[Row] = &[["H1", "1999-12-31", "1", "2", "0", ""], ["H2", "1998-12-31", "3", "", "1", "y"]];

const FORMS: [&str; 6] = ["csv", "csv.gz", "jsonl", "xlsx", "parquet", "zip"];
const PACKED: [&str; 4] = ["csv", "jsonl", "xlsx", "parquet"];

/// Rows as they are read: every cell tidied.
fn tidied(rows: &[Row]) -> Vec<Vec<String>> {
    rows.iter().map(|row| row.iter().map(|cell| catalog::tidy(cell).into_owned()).collect()).collect()
}

fn write(form: &str, headings: &[&str], rows: &[Row]) -> Vec<u8> {
    let cells = |row: &Row| row[..headings.len()].to_vec();
    match form {
        "csv" => {
            let mut out = csv::WriterBuilder::new().delimiter(b'|').from_writer(Vec::new());
            out.write_record(headings).unwrap();
            rows.iter().for_each(|row| out.write_record(cells(row)).unwrap());
            out.into_inner().unwrap()
        }
        "csv.gz" => {
            let mut out = GzEncoder::new(Vec::new(), flate2::Compression::fast());
            out.write_all(&write("csv", headings, rows)).unwrap();
            out.finish().unwrap()
        }
        "jsonl" => {
            let object = |row: &Row| {
                let pairs: serde_json::Map<_, _> =
                    headings.iter().zip(row).map(|(key, cell)| ((*key).to_owned(), (*cell).into())).collect();
                format!("{}\n", serde_json::Value::from(pairs))
            };
            rows.iter().map(object).collect::<String>().into_bytes()
        }
        "xlsx" => {
            let mut workbook = Workbook::new();
            let sheet = workbook.add_worksheet();
            for (at, row) in [headings.to_vec()].into_iter().chain(rows.iter().map(cells)).enumerate() {
                for (column, cell) in row.iter().enumerate().filter(|(_, cell)| !cell.is_empty()) {
                    sheet.write_string(at as u32, column as u16, *cell).unwrap();
                }
            }
            workbook.save_to_buffer().unwrap()
        }
        "parquet" => {
            let column =
                |at: usize| Arc::new(rows.iter().map(|row| Some(row[at]).filter(|cell| !cell.is_empty())).collect::<StringArray>());
            write_parquet(
                headings.iter().enumerate().map(|(at, heading)| (*heading, column(at) as ArrayRef)).collect(),
                Compression::SNAPPY,
            )
        }
        "zip" => write_zip(&[("some folder/x.CSV", &write("csv", headings, rows))]),
        other => panic!("{other}"),
    }
}

fn write_parquet(columns: Vec<(&str, ArrayRef)>, compression: Compression) -> Vec<u8> {
    let batch = RecordBatch::try_from_iter_with_nullable(columns.into_iter().map(|(name, column)| (name, column, true))).unwrap();
    let properties = WriterProperties::builder().set_compression(compression).build();
    let mut out = ArrowWriter::try_new(Vec::new(), batch.schema(), Some(properties)).unwrap();
    out.write(&batch).unwrap();
    out.into_inner().unwrap()
}

fn write_zip(members: &[(&str, &[u8])]) -> Vec<u8> {
    let mut out = ZipWriter::new(Cursor::new(Vec::new()));
    out.add_directory("some folder", SimpleFileOptions::default()).unwrap();
    for (place, (name, bytes)) in members.iter().enumerate() {
        let method = if place % 2 == 0 { CompressionMethod::Deflated } else { CompressionMethod::Stored };
        out.start_file(*name, SimpleFileOptions::default().compression_method(method)).unwrap();
        out.write_all(bytes).unwrap();
    }
    out.finish().unwrap().into_inner()
}

/// A drop folder with these files.
fn folder(files: &[(&str, &[u8])]) -> TempDir {
    let folder = tempdir().unwrap();
    fs::create_dir(folder.path().join(HISTORY)).unwrap();
    for (name, bytes) in files {
        fs::write(folder.path().join(name), bytes).unwrap();
    }
    folder
}

/// What came of an extract.
#[derive(Debug)]
struct Read {
    rows: Vec<Vec<String>>,
    numbers: Vec<u64>,
    rejected: Vec<(u64, &'static str)>,
    memory: Memory,
}

fn read_folder(folder: &TempDir) -> Result<Read, Error> {
    read_as(&Files::new(folder.path()), TABLE)
}

fn read_as(files: &Files, table: &str) -> Result<Read, Error> {
    let request = request(table, None, &files.folder);
    let Fetched::Rows(mut rows) = files.open(&request)? else { panic!("nothing is remembered") };
    let batches = rows.by_ref().collect::<Result<Vec<_>, _>>()?;
    let all = concat_batches(&request.table.raw_schema(), batches.iter().map(|batch| &batch.rows)).unwrap();
    let text = |row: usize| {
        let cell = |column: &ArrayRef| if column.is_null(row) { String::new() } else { column.as_string::<i32>().value(row).to_owned() };
        let received = request.table.received().map(|column| &column.column.name);
        received.map(|name| cell(all.column_by_name(name).unwrap())).collect()
    };
    let rejected = batches.iter().flat_map(|batch| &batch.rejected).map(|Rejected { row_number, rule }| (*row_number, *rule));
    Ok(Read {
        rows: (0..all.num_rows()).map(text).collect(),
        numbers: batches.iter().flat_map(|batch| batch.row_numbers.clone()).collect(),
        rejected: rejected.collect(),
        memory: rows.finish().unwrap(),
    })
}

/// Reads one file that lies there under this ending.
fn read(ending: &str, bytes: &[u8]) -> Result<Read, Error> {
    read_folder(&folder(&[(&format!("{STEM}.{ending}"), bytes)]))
}

fn rule(read: Result<Read, Error>) -> &'static str {
    match read {
        Ok(read) => panic!("it was read: {read:?}"),
        Err(error) => error.rule(),
    }
}
