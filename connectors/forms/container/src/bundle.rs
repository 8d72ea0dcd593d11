//! Several documents as one file, for whoever will sign them together.

use std::io::{Cursor, Write};

use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

/// A plain ZIP file of these files, given by name and content. Names must be different ones.
///
/// # Errors
/// Two files of one name, or more bytes than a ZIP file holds.
pub fn bundle(files: &[(String, Vec<u8>)]) -> std::io::Result<Vec<u8>> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    // Our documents are compressed inside.
    let stored = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
    for (name, bytes) in files {
        writer.start_file(name.as_str(), stored)?;
        writer.write_all(bytes)?;
    }
    Ok(writer.finish()?.into_inner())
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use super::*;

    #[test]
    fn what_is_bundled_is_read_again() {
        let files = [("a.pdf".to_owned(), b"%PDF a".to_vec()), ("b.pdf".to_owned(), b"%PDF b".to_vec())];
        let mut archive = zip::ZipArchive::new(Cursor::new(bundle(&files).unwrap())).unwrap();
        for (name, bytes) in &files {
            let mut read = Vec::new();
            archive.by_name(name).unwrap().read_to_end(&mut read).unwrap();
            assert_eq!(&read, bytes);
        }
        assert_eq!(archive.len(), 2);
        assert!(bundle(&[files[0].clone(), files[0].clone()]).is_err());
    }
}
