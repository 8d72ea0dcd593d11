//! Whether an attachment may be published. The form asks when it is marked as public, the nightly run before it is published.

use std::sync::{Mutex, PoisonError};

pub use pdf::Refusal;

/// Under this name, in the place of a table's, it is noted which documents a night did not publish.
pub const DOCUMENTS: &str = "dokumentai";
/// The rule that a document breaks which holds what was withdrawn.
pub const WITHDRAWN: &str = "faile_yra_atsauktu_duomenu";
/// The rule that a document breaks which is not there.
pub const NOT_FOUND: &str = "failas_nerastas";

/// One document at a time: however many are submitted at once, they cost no more memory than the largest.
static ONE: Mutex<()> = Mutex::new(());

/// Looks through a document, and gives its text.
///
/// # Errors
/// Why it may not be published.
pub fn publishable(bytes: &[u8]) -> Result<String, Refusal> {
    let _one = ONE.lock().unwrap_or_else(PoisonError::into_inner);
    let text = pdf::look_through(bytes)?;
    // What decides who may have an attached document has the last word, too.
    if intake::may_be_signed(bytes) { Err(Refusal::Signed) } else { Ok(text) }
}

/// Everything that stands in an attached document, if it can be read.
#[must_use]
pub fn document_text(bytes: &[u8]) -> Option<String> {
    pdf::text(bytes)
}

/// Why a night did not publish a document, in words that go on from it.
pub(crate) fn why(rule: &str) -> String {
    match rule {
        WITHDRAWN => "jame yra duomenų, kurių skelbimas atšauktas".to_owned(),
        rule => Refusal::by_rule(rule).map_or_else(|| "jis nerastas".to_owned(), |refusal| refusal.to_string()),
    }
}
