//! The detector against spellings that people and machines make, and against an independent judge.

#![expect(clippy::unwrap_used, reason = "a step that fails must end the test")]

mod dates;
mod oracle;
mod spelled;
mod spellings;
