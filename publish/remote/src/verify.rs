//! Reading back what was carried, before anything points to it.

use std::collections::{BTreeMap, HashSet};

use futures_util::{StreamExt, TryStreamExt};

use crate::error::Error;
use crate::headers::{has, immutable};
use crate::release::{File, RELEASES, Release, turn};
use crate::store::Listed;
use crate::target::Target;

/// How much of a release is read back before the pointer moves. Sizes of all its files are compared in any case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verification {
    /// No content.
    Sizes,
    /// The content and headers of so many files, of those first that were carried just now, and of all manifests and signatures.
    Sample(usize),
    /// The content and headers of all files.
    All,
}

/// Files that are not in the store as they should be, each with what is wrong.
///
/// # Errors
/// [`Error::Store`].
pub(crate) async fn faults<'a>(
    to: &Target,
    files: &[&'a File],
    release: &Release,
    listed: &BTreeMap<String, Listed>,
    read_back: &HashSet<&str>,
    concurrency: usize,
) -> Result<Vec<(&'a File, String)>, Error> {
    let looked = futures_util::stream::iter(files).map(|file| async move {
        let fault = match listed.get(&file.path) {
            None => Some("is missing".to_owned()),
            Some(listed) if listed.bytes != file.bytes => Some(format!("has {} bytes instead of {}", listed.bytes, file.bytes)),
            Some(_) if read_back.contains(file.path.as_str()) => read(to, release, file).await?,
            Some(_) => None,
        };
        Ok::<_, Error>(fault.map(|fault| (*file, fault)))
    });
    let mut faults: Vec<_> = looked.buffer_unordered(concurrency).try_collect::<Vec<_>>().await?.into_iter().flatten().collect();
    faults.sort_by(|(one, _), (other, _)| one.path.cmp(&other.path));
    Ok(faults)
}

/// What is wrong with an object when it is read.
async fn read(to: &Target, release: &Release, file: &File) -> Result<Option<String>, Error> {
    let found = to.read(&format!("{RELEASES}/{}/{}", release.name, file.path)).await?;
    Ok(match found {
        None => Some("is missing".to_owned()),
        Some(found) if found.sha256 != file.sha256 => Some("has other content".to_owned()),
        Some(found) if to.keeps_headers && !has(&found.headers, &immutable(&file.path, &file.sha256)) => {
            Some("has other headers".to_owned())
        }
        Some(_) => None,
    })
}

impl Verification {
    /// The paths whose content is read back. Which are taken is decided by their hashes: other ones each night, the same ones each time.
    pub(crate) fn choose<'a>(self, release: &'a Release, carried: &HashSet<&str>) -> HashSet<&'a str> {
        let least = match self {
            Self::Sizes => return HashSet::new(),
            Self::All => release.files.len(),
            Self::Sample(least) => least,
        };
        let (content, manifests): (Vec<&File>, Vec<&File>) = release.files.iter().partition(|file| turn(&file.path) == 0);
        let mut content: Vec<_> =
            content.into_iter().map(|file| (!carried.contains(file.path.as_str()), file.sha256.as_str(), file.path.as_str())).collect();
        content.sort_unstable();
        let chosen = content.into_iter().take(least).map(|(_, _, path)| path);
        chosen.chain(manifests.into_iter().map(|file| file.path.as_str())).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_carried_is_read_back_first_and_manifests_always() {
        let file = |path: &str, sha256: &str| File { path: path.to_owned(), sha256: sha256.to_owned(), bytes: 1 };
        let files = vec![file("a", "3"), file("b", "1"), file("c", "2"), file("manifest.json", "9")];
        let release = Release { name: "000001-2026-03-01".to_owned(), folder: "x".into(), files, revised: false };
        let choose = |verification: Verification, carried: &[&str]| {
            let mut chosen: Vec<_> = verification.choose(&release, &carried.iter().copied().collect()).into_iter().collect();
            chosen.sort_unstable();
            chosen
        };
        assert_eq!(choose(Verification::Sample(1), &["a"]), ["a", "manifest.json"]);
        assert_eq!(choose(Verification::Sample(2), &["a"]), ["a", "b", "manifest.json"]);
        assert_eq!(choose(Verification::All, &[]), ["a", "b", "c", "manifest.json"]);
        assert!(choose(Verification::Sizes, &["a"]).is_empty());
    }
}
