//! Documents that are published with rows: where they lie, and how a row names them.

/// Folder of a tier in which published documents lie.
const FOLDER: &str = "dokumentai/";
/// How their names end.
const ENDING: &str = ".pdf";
/// Separates two of them in a cell.
const SEPARATOR: char = ';';

/// Where a document lies in its tier; its name is the hash of its content, and says nothing else.
#[must_use]
pub fn published_path(sha256: &str) -> String {
    format!("{FOLDER}{sha256}{ENDING}")
}

/// The cell that names these documents.
#[must_use]
pub fn published_cell(sha256: &[&str]) -> String {
    sha256.iter().map(|sha256| published_path(sha256)).collect::<Vec<_>>().join(&SEPARATOR.to_string())
}

/// SHA-256 of each document that a cell names; `None` where it is no such cell.
#[must_use]
pub fn published_files(cell: &str) -> Option<Vec<&str>> {
    let digit = |byte: u8| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
    let sha256 = |path: &'_ str| -> Option<usize> {
        let sha256 = path.strip_prefix(FOLDER)?.strip_suffix(ENDING)?;
        (sha256.len() == 64 && sha256.bytes().all(digit)).then_some(FOLDER.len())
    };
    cell.split(SEPARATOR).map(|path| sha256(path).map(|from| &path[from..from + 64])).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Check;

    #[test]
    fn a_cell_names_documents_by_what_is_in_them_and_by_nothing_else() {
        let (one, two) = ("0".repeat(64), "f".repeat(64));
        let cell = published_cell(&[&one, &two]);
        assert_eq!(published_files(&cell), Some(vec![one.as_str(), two.as_str()]));
        for wrong in [
            "",
            "dokumentai/sutartis.pdf",
            "https://example.lt/a.pdf",
            &published_path(&"F".repeat(64)),
            &format!("../{cell}"),
            &format!("{cell};"),
        ] {
            assert_eq!(published_files(wrong), None, "{wrong}");
            assert!(!Check::PublishedFile.accepts(wrong));
        }
    }
}
