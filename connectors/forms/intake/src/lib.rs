//! What a browser sends: the fields and files of a form, read from the bytes of a request, and what a file is by its content.
//!
//! Nothing here knows a session, a store or a form of ours: anything at all can be thrown at it, and `tests/fuzz` does.

mod body;
mod media_type;
mod signed;

pub use body::{Encoding, MOST_PARTS, Refused, Sent, Upload, pairs, read};
pub use media_type::{ADOC, ASIC_E, PDF, media_type};
pub use signed::may_be_signed;
