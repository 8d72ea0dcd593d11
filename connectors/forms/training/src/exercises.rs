//! What people practise: Markdown files under `data/training`, one for each role.

use std::fs;
use std::path::Path;

use catalog::Page;

use crate::Error;

const FOLDER: &str = "data/training";

/// An exercise: the file's name without `.md` is the code of the role it is for.
#[derive(Debug, Clone)]
pub struct Exercise {
    /// The role.
    pub role: String,
    /// Title and text.
    pub page: Page,
}

/// All exercises, in the order of their files' names; none without the folder.
///
/// # Errors
/// A file cannot be read, or what stands in it must not stand on a page.
pub fn exercises(home: &Path) -> Result<Vec<Exercise>, Error> {
    let folder = home.join(FOLDER);
    let failed = |source| Error::File { path: folder.clone(), source };
    let mut paths = Vec::new();
    if !folder.exists() {
        return Ok(Vec::new());
    }
    for entry in fs::read_dir(&folder).map_err(failed)? {
        let path = entry.map_err(failed)?.path();
        if path.extension().is_some_and(|ending| ending == "md") {
            paths.push(path);
        }
    }
    paths.sort();
    let read = |path: &std::path::PathBuf| {
        let text = fs::read_to_string(path).map_err(|source| Error::File { path: path.clone(), source })?;
        let page = Page::of_markdown(&text).map_err(|reason| Error::Exercises(format!("{}: {reason}", path.display())))?;
        Ok(Exercise { role: path.file_stem().unwrap_or_default().to_string_lossy().into_owned(), page })
    };
    paths.iter().map(read).collect()
}
