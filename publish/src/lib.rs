//! Publishers, release store and static portal.
//!
//! A publisher turns one [`catalog::Released`] table into one file format; the [`Store`] keeps releases whole on disk;
//! the site shows them to people. [`publish`] drives all three into a [`Staging`] folder, whose commit makes it a release.

mod boundaries;
mod database;
mod descriptions;
mod documents;
mod error;
mod formats;
mod gzip;
mod history;
mod incremental;
mod language;
mod links;
mod ownership_files;
mod packed;
mod paths;
mod publication;
mod release;
mod revision;
#[cfg(test)]
mod sample;
mod sheet;
mod site;
mod sought;
mod store;
mod weight;

pub use boundaries::Boundaries;
pub use database::DatabaseWriter;
pub use documents::Documents;
pub use error::Error;
pub use formats::{PUBLISHERS, Publisher, Shape, guard, publisher, strip_guard};
pub use history::{remembered_since, shown_on};
pub use incremental::file_stats::FileStats;
pub use incremental::last_release::LastRelease;
pub use incremental::page_hashes::PageHashes;
pub use paths::{path_in_release, table_path};
pub use publication::Publication;
pub use release::{Published, publish};
pub use revision::{Extent, Outcome, Removal, Reprint};
pub use sheet::{is_json_number, write_cell};
pub use site::context::{Admit, RenewIds, SiteContext, SqlAccess};
pub use site::sql::parts::{BrowserEngine, Example, ReportParameter, SqlPages, StandardReport};
pub use site::statistic_figures::{FILE as PROTECTION, StatisticFigures, published_statistics};
pub use sought::{SHORTEST_SOUGHT, Sought, fold};
pub use store::{
    Committed, Contents, FileEntry, Holding, LostRelease, Manifest, Previous, ReleaseInfo, ReleaseSummary, Revised, Signer, SourceEntry,
    SourceState, Staging, Store, VerifyReport, Withdrawn, Written, list, verify,
};
