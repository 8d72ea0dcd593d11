//! Gives the program a hash of its own sources: what one version made is not taken over by another.

use std::fs;
use std::hash::{DefaultHasher, Hasher};
use std::io;
use std::path::{Path, PathBuf};

/// Everything that decides what a night makes, from this package's folder.
const SOURCES: &[&str] = &[
    "../Cargo.lock",
    "../Cargo.toml",
    "../connectors/src",
    "../connectors/xmlsignature/src",
    "../data/catalog/src",
    "../publish/assets",
    "../publish/src",
    "../publish/messages",
    "../publish/templates",
    "../transforms/cluster/src",
    "../transforms/src",
    "src",
];

fn main() -> io::Result<()> {
    let mut hasher = DefaultHasher::new();
    for source in SOURCES {
        println!("cargo::rerun-if-changed={source}");
        let mut files = Vec::new();
        collect(Path::new(source), &mut files)?;
        files.sort();
        for file in files {
            hasher.write(file.to_string_lossy().as_bytes());
            let bytes = fs::read(&file)?;
            hasher.write_usize(bytes.len());
            hasher.write(&bytes);
        }
    }
    // `cargo run` gives it to the program as well, which refuses variables of its own prefix that are no settings.
    println!("cargo::rustc-env=PROGRAM_SOURCES={:016x}", hasher.finish());
    Ok(())
}

fn collect(path: &Path, files: &mut Vec<PathBuf>) -> io::Result<()> {
    if path.is_dir() {
        fs::read_dir(path)?.try_for_each(|entry| collect(&entry?.path(), files))
    } else {
        files.push(path.to_owned());
        Ok(())
    }
}
