//! The page of a VIRS for programs: the same rows as JSON, beside the page.

use serde_json::Value;

use super::entities::VirsEntry;
use super::entity::Part;
use super::tier_site::TierSite;
use crate::error::Error;

/// One object: code, name and tier of the VIRS, and each table that says something of it with the number of its rows, the file that has all of
/// them (from this one), and the first of them. Line numbers, which differ from release to release, are left out.
pub(super) fn json(site: &TierSite<'_>, parts: &[Part<'_, '_>], entity: &VirsEntry<'_>) -> Result<Vec<u8>, Error> {
    let failed = |error: std::io::Error| Error::io("print", std::path::Path::new("the JSON beside a page"))(error);
    let mut out = Vec::with_capacity(8 * 1024);
    let head = [("ja_kodas", entity.code), ("pavadinimas", entity.name), ("portalo_dalis", site.tier.name())];
    for (number, (key, value)) in head.into_iter().enumerate() {
        out.extend_from_slice(if number == 0 { b"{\n\"" } else { b",\n\"" });
        out.extend_from_slice(key.as_bytes());
        out.extend_from_slice(b"\": ");
        out.extend_from_slice(Value::from(value).to_string().as_bytes());
    }
    out.extend_from_slice(b",\n\"lenteles\": {");
    let mut is_first = true;
    for part in parts {
        let (section, rows, shown) = (part.section, part.rows.len(), part.beside());
        out.extend_from_slice(if is_first { b"\n" } else { b",\n" });
        is_first = false;
        let name = Value::from(section.table().table().subject());
        let file = Value::from(format!("../{}", section.file("json")));
        out.extend_from_slice(format!("{name}: {{\"eiluciu\": {rows}, \"visos\": {file}, \"eilutes\": [").as_bytes());
        for (number, row) in shown.iter().enumerate() {
            out.extend_from_slice(if number == 0 { b"\n" } else { b",\n" });
            section.printer.print(*row, &mut out).map_err(failed)?;
        }
        out.extend_from_slice(b"\n]}");
    }
    out.extend_from_slice(b"\n}\n}\n");
    Ok(out)
}
