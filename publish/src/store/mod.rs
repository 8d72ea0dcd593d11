//! The release store: whole releases on disk, of which `latest` is one.
//!
//! ```text
//! portal/objects/<sha256>                 immutable content, hard-linked into releases
//! portal/releases/<sequence>-<date>/      manifest.json with its hash and signature, index.html, public/…, open/…, each with a manifest.json of its own
//! portal/latest -> releases/…
//! internal/…                              the same for the internal tier: outside the portal, 0700 and 0600
//! ```

mod begin;
pub(crate) mod commit;
pub(crate) mod entries;
mod list;
mod lost;
pub(crate) mod manifest;
pub(crate) mod sides;
mod sign_again;
pub(crate) mod signature;
pub(crate) mod staging;
pub(crate) mod tier_manifest;
pub(crate) mod verify;
pub(crate) mod withdraw;
pub(crate) mod withdrawal_plan;

pub use commit::Committed;
pub use entries::{FileEntry, ReleaseInfo, Revised, SourceEntry, SourceState};
pub use list::{ReleaseSummary, list};
pub use lost::LostRelease;
pub use manifest::{Manifest, Previous, Withdrawn};
pub use sides::Store;
pub use signature::Signer;
pub use staging::{Contents, Staging, Written};
pub use verify::{VerifyReport, verify};
pub use withdraw::Holding;
