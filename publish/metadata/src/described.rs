//! What every format describes: the tables of a tier of a release, and who publishes them. Columns come from the definitions alone.

use catalog::{Catalog, Dataset, Table, Tier};
use chrono::NaiveDate;

/// A tier of a release.
#[derive(Debug, Clone)]
pub struct Described<'a> {
    /// All definitions.
    pub catalog: &'a Catalog,
    /// The tier that is described. Columns that it may not see ([`Table::visible`]) are in no description of it.
    pub tier: Tier,
    /// Folder name of the release, such as `000012-2026-11-28`.
    pub release: String,
    /// The day whose data it shows.
    pub date: NaiveDate,
    /// Who publishes it, and on what terms.
    pub publisher: Publisher<'a>,
    /// Web address of the tier's folder in the latest release, with `/` at its end; what lies there changes with every release.
    /// Without one, formats that need web addresses are left out.
    pub latest: Option<String>,
    /// Web address of the tier's folder in this release, with `/` at its end; what lies there never changes.
    pub immutable: Option<String>,
    /// The datasets that the tier shows, in the order of the portal.
    pub datasets: Vec<DescribedDataset<'a>>,
    /// Files with all tables of the tier, such as the database.
    pub whole: Vec<DataFile>,
    /// What is to be said of all data, in Lithuanian, such as that they are invented. Data files have no place for it.
    pub notice: Option<&'a str>,
}

/// Who publishes, and on what terms.
#[derive(Debug, Clone, Copy)]
pub struct Publisher<'a> {
    /// Who publishes.
    pub name: &'a str,
    /// Code of the legal entity that publishes.
    pub code: Option<&'a str>,
    /// E-mail address or web address for questions.
    pub contact: Option<&'a str>,
    /// What the licence is called.
    pub licence: &'a str,
    /// Its web address.
    pub licence_url: &'a str,
}

/// A dataset that the tier shows.
#[derive(Debug, Clone)]
pub struct DescribedDataset<'a> {
    /// Its definition.
    pub dataset: &'a Dataset,
    /// Its page, as a path within the tier.
    pub page: String,
    /// Its tables that the tier shows, with histories right after the tables that they are of.
    pub tables: Vec<DescribedTable<'a>>,
    /// Files that say the same in formats of others, which do not have its columns, such as statements of BODS.
    pub others: Vec<DataFile>,
}

/// A table with the files that have its rows.
#[derive(Debug, Clone)]
pub struct DescribedTable<'a> {
    /// Its definition.
    pub table: &'a Table,
    /// How many rows it has.
    pub rows: u64,
    /// The same rows in every format, each in one file.
    pub files: Vec<DataFile>,
}

/// A file of the tier.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DataFile {
    /// Its path within the tier; the extension says the format: `csv`, `json`, `jsonl`, `parquet`, `duckdb`, `sqlite`.
    pub path: String,
    /// Its size.
    pub bytes: u64,
    /// SHA-256, lower-case hexadecimal.
    pub sha256: String,
}

/// A file that describes: its path within the tier, and its bytes.
pub type Description = (String, Vec<u8>);

impl<'a> Described<'a> {
    /// A description of the whole, with what is to be said of all data before it.
    #[must_use]
    pub fn with_notice(&self, description: &str) -> String {
        self.notice.map_or_else(|| description.to_owned(), |notice| format!("{notice} {description}"))
    }

    /// All tables, each with its dataset.
    pub(crate) fn tables<'d>(&'d self) -> impl Iterator<Item = (&'d DescribedDataset<'a>, &'d DescribedTable<'a>)> {
        self.datasets.iter().flat_map(|dataset| dataset.tables.iter().map(move |table| (dataset, table)))
    }
}

impl DescribedTable<'_> {
    /// Its file in the format with this extension.
    #[must_use]
    pub fn file(&self, extension: &str) -> Option<&DataFile> {
        self.files.iter().find(|file| file.extension() == extension)
    }
}

impl DataFile {
    /// What its name ends with.
    #[must_use]
    pub fn extension(&self) -> &str {
        self.path.rsplit_once('.').map_or("", |(_, extension)| extension)
    }
}
