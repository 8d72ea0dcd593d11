//! Publishers, release store and static portal.
//!
//! A publisher turns one [`catalog::Released`] table into one file format; the [`Store`] keeps releases whole on disk;
//! the site shows them to people. [`publish`] drives all three into a [`Staging`] folder, whose commit makes it a release.

mod documents;
mod earlier;
mod error;
mod formats;
mod release;
#[cfg(test)]
mod sample;
mod seen;
mod site;
mod sought;
mod store;

pub use earlier::Earlier;
pub use error::Error;
pub use formats::{PUBLISHERS, Publisher, guard, publisher, strip_guard};
pub use release::{Documents, Published, SiteContext, data_path, publish};
pub use site::PageMarks;
pub use sought::{SHORTEST_SOUGHT, Sought, fold};
pub use store::{
    Committed, Contents, FileEntry, Holding, Manifest, Previous, ReleaseInfo, ReleaseSummary, SourceEntry, SourceState, Staging, Stamps,
    Store, VerifyReport, Withdrawn, Written, list, verify,
};
