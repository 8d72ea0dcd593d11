//! Carries releases to object stores and folders of web servers.
//!
//! Only what is new travels; what earlier releases have is copied inside the store. Everything of a release lies at addresses of its own,
//! which never change; one small object, the pointer, names the release that is shown, and moves last. So a reader who follows the pointer
//! sees a whole release at any moment, also while a publication runs, or after it was killed.
//!
//! ```text
//! releases/<name>/…                immutable, kept by caches for a year
//! latest.json, index.html, …       the pointer and what goes with it: asked for anew each time
//! pointers/<name>/<sha256>/…       signatures of pointers, immutable
//! .publishing/…                    what only publishing reads
//! ```

mod carry;
mod error;
mod folder;
mod headers;
mod index;
mod plan;
mod pointer;
mod publish;
mod reason;
mod release;
mod retention;
mod store;
mod target;
#[cfg(test)]
mod tests;
mod verify;

pub use error::Error;
pub use publish::{Held, Options, Progress, Report, held, publish};
pub use release::{File, Pointer, Release};
pub use target::Target;
pub use verify::Verification;
