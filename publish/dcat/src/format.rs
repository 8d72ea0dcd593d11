//! Formats of files, as catalogues call them.

use catalog::Text;
use oxrdf::NamedNode;

use crate::addresses::Addresses;
use crate::error::Error;
use crate::graph::Graph;
use crate::vocabulary::{AUTHORITY, IANA, dct, rdfs};

/// A format of files.
#[derive(Debug)]
pub(crate) struct Format {
    /// How the names of its files end.
    extension: &'static str,
    /// What people call it.
    pub(crate) title: &'static str,
    /// Its media type, if IANA has registered one.
    registered: Option<&'static str>,
    /// What web servers call it; the registered media type where there is one.
    pub(crate) media_type: &'static str,
    /// Its code in the authority list `file-type`, if it is there.
    file_type: Option<&'static str>,
    /// A page that says what it is.
    about: &'static str,
}

const FORMATS: [Format; 6] = [
    Format {
        extension: "csv",
        title: "CSV",
        registered: Some("text/csv"),
        media_type: "text/csv",
        file_type: Some("CSV"),
        about: "https://www.rfc-editor.org/rfc/rfc4180",
    },
    Format {
        extension: "json",
        title: "JSON",
        registered: Some("application/json"),
        media_type: "application/json",
        file_type: Some("JSON"),
        about: "https://www.rfc-editor.org/rfc/rfc8259",
    },
    Format {
        extension: "jsonl",
        title: "JSON Lines",
        registered: None,
        media_type: "application/jsonl",
        file_type: None,
        about: "https://jsonlines.org/",
    },
    Format {
        extension: "parquet",
        title: "Parquet",
        registered: Some("application/vnd.apache.parquet"),
        media_type: "application/vnd.apache.parquet",
        file_type: Some("PARQUET"),
        about: "https://parquet.apache.org/docs/file-format/",
    },
    Format {
        extension: "duckdb",
        title: "DuckDB",
        registered: None,
        media_type: "application/vnd.duckdb",
        file_type: None,
        about: "https://duckdb.org/docs/stable/internals/storage",
    },
    Format {
        extension: "sqlite",
        title: "SQLite",
        registered: Some("application/vnd.sqlite3"),
        media_type: "application/vnd.sqlite3",
        file_type: None,
        about: "https://www.sqlite.org/fileformat2.html",
    },
];

impl Format {
    /// The format of the file at `path`, if it is known.
    pub(crate) fn of(path: &str) -> Option<&'static Self> {
        FORMATS.iter().find(|format| extension(path) == format.extension)
    }

    /// The registered media type as a node.
    pub(crate) fn media_type(&self) -> Option<NamedNode> {
        self.registered.map(|registered| NamedNode::new_unchecked(format!("{IANA}{registered}")))
    }

    /// What the format is called in the authority list; for one that is not there, a thing of our own with a title and a page.
    pub(crate) fn describe(&self, graph: &mut Graph, addresses: &Addresses) -> Result<NamedNode, Error> {
        if let Some(code) = self.file_type {
            let name = NamedNode::new_unchecked(format!("{AUTHORITY}file-type/{code}"));
            graph.thing(name.clone(), dct::MEDIA_TYPE_OR_EXTENT);
            return Ok(name);
        }
        let name = addresses.thing(&format!("format-{}", self.extension))?;
        let title = Text { lt: self.title.to_owned(), en: self.title.to_owned() };
        let about = NamedNode::new_unchecked(self.about);
        graph.thing(name.clone(), dct::MEDIA_TYPE_OR_EXTENT).text(rdfs::LABEL, &title).link(rdfs::SEE_ALSO, &about);
        Ok(name)
    }
}

/// What stands behind the last dot of a path.
pub(crate) fn extension(path: &str) -> &str {
    path.rsplit_once('.').map_or("", |(_, extension)| extension)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_format_is_told_by_how_the_path_ends() {
        assert_eq!(Format::of("data/virs/virs.jsonl").unwrap().title, "JSON Lines");
        assert_eq!(Format::of("virsis.duckdb").unwrap().media_type(), None);
        assert_eq!(Format::of("a.csv").unwrap().media_type().unwrap().as_str(), "https://www.iana.org/assignments/media-types/text/csv");
        assert!(Format::of("a.zip").is_none() && Format::of("csv").is_none());
    }

    #[test]
    fn a_registered_media_type_is_the_one_that_web_servers_send() {
        assert!(FORMATS.iter().all(|format| format.registered.is_none_or(|registered| registered == format.media_type)));
        assert!(FORMATS.iter().all(|format| NamedNode::new(format.about).is_ok()));
    }
}
