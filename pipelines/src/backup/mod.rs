//! Copies of what an installation cannot make again, and putting back what was lost.
//!
//! ```text
//! backup.json        when it was made, of which release, and the hash of the list
//! files.jsonl        every file, folder and link: mode, size, SHA-256
//! state/…            the state folder, without the store
//! portal/… internal/…  both sides of the release store; files that are one file there are one file here
//! forms.sqlite       the form endpoint's store, consistent while it is in use
//! ```
//!
//! Keys are not in it: whoever had both could find out whose the surrogate keys are.

mod inventory;
mod make;
mod restore;

pub(crate) use inventory::Backup;
pub(crate) use make::make;
pub(crate) use restore::{Lost, Plan, read_pointer};
