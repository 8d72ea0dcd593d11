//! How signed files are printed.

use serde::Serialize;

/// With a line end, as text files have one.
pub(crate) fn print(value: &impl Serialize) -> Result<Vec<u8>, serde_json::Error> {
    let mut bytes = serde_json::to_vec_pretty(value)?;
    bytes.push(b'\n');
    Ok(bytes)
}
