//! The file formats: one publisher per file, all in one list.

mod csv;
mod json;
mod json_row;
mod json_shape;
mod jsonl;
mod parquet;
mod publisher;

pub use self::csv::{guard, strip_guard};
pub(crate) use self::json_row::RowPrinter;
pub use self::publisher::{Publisher, Shape};

/// Every format, in the order in which downloads are listed.
pub static PUBLISHERS: [&dyn Publisher; 4] = [&csv::Csv, &json::Json, &jsonl::JsonLines, &parquet::Parquet];

/// The publisher of files with this extension.
#[must_use]
pub fn publisher(extension: &str) -> Option<&'static dyn Publisher> {
    PUBLISHERS.into_iter().find(|publisher| publisher.extension() == extension)
}

#[cfg(test)]
pub(crate) mod samples;

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn names_and_extensions_are_unique() {
        let names: BTreeSet<_> = PUBLISHERS.iter().map(|publisher| publisher.name()).collect();
        let extensions: BTreeSet<_> = PUBLISHERS.iter().map(|publisher| publisher.extension()).collect();
        assert_eq!((names.len(), extensions.len()), (PUBLISHERS.len(), PUBLISHERS.len()));
        assert!(publisher("csv").is_some() && publisher("xls").is_none());
    }

    #[test]
    fn every_format_gives_the_same_bytes_twice() {
        for publisher in PUBLISHERS {
            let write = || {
                let mut out = Vec::new();
                publisher.write(&samples::all_kinds(), &mut out).unwrap();
                out
            };
            assert!(!write().is_empty() && write() == write(), "{}", publisher.name());
        }
    }
}
