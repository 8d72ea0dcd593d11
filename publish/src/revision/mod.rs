//! Removing rows from releases that stand. What showed them is printed anew by the code that prints every release; everything else stays the
//! very file that it was. Where a release cannot be printed anew exactly, it is withdrawn as a whole.
//!
//! Statistics stand as they were: counted again, they would tell by the difference what the removed rows said.

mod obstacle;
pub(crate) mod removal;
mod reprint;
mod revised;
mod rows;
mod standing;

pub use removal::{Extent, Outcome, Removal};
pub use reprint::Reprint;
