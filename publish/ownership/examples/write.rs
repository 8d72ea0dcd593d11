//! Writes `bods.jsonl` and `ftm.jsonl` of a public tier: `write HOME TIER OUT`, where HOME has the definitions and TIER is the folder of the tier in a release.

use std::collections::HashMap;
use std::error::Error;
use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use arrow::array::RecordBatch;
use arrow::compute::concat_batches;
use catalog::Catalog;
use ownership::{Publication, Tables, write_bods, write_ftm};
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args_os().skip(1).map(PathBuf::from);
    let mut next = || arguments.next().ok_or("write HOME TIER OUT");
    let (home, tier, out) = (next()?, next()?, next()?);
    let catalog = Catalog::load(&home)?;
    let mut rows = HashMap::new();
    for name in Tables::NAMES {
        // Files are called as tables are, but for the layer.
        let file = format!("{}.parquet", name.trim_start_matches("out_"));
        rows.insert(name, read(&find(&tier.join("data"), &file)?)?);
    }
    let tables = Tables::find(|name| rows.get(name))?;
    let publication = Publication {
        publisher: "Lietuvos Respublikos kultūros ministerija",
        url: Some("https://virsis.example.lt"),
        licence_url: "https://creativecommons.org/licenses/by/4.0/",
    };
    fs::create_dir_all(&out)?;
    let mut bods = BufWriter::new(File::create(out.join("bods.jsonl"))?);
    write_bods(&tables, &catalog, &publication, &mut bods)?;
    bods.flush()?;
    let mut ftm = BufWriter::new(File::create(out.join("ftm.jsonl"))?);
    write_ftm(&tables, &catalog, &publication, &mut ftm)?;
    ftm.flush()?;
    Ok(())
}

/// The file of this name in one of the folders of data sets.
fn find(data: &Path, file: &str) -> Result<PathBuf, Box<dyn Error>> {
    for folder in fs::read_dir(data)? {
        let path = folder?.path().join(file);
        if path.is_file() {
            return Ok(path);
        }
    }
    Err(format!("no folder of {} has {file}", data.display()).into())
}

fn read(path: &Path) -> Result<RecordBatch, Box<dyn Error>> {
    let reader = ParquetRecordBatchReaderBuilder::try_new(File::open(path)?)?;
    let schema = reader.schema().clone();
    let batches = reader.build()?.collect::<Result<Vec<_>, _>>()?;
    Ok(concat_batches(&schema, &batches)?)
}
