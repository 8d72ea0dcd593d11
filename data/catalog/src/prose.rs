//! Pages of text of the portal: what it says of itself (`data/pages/apie.md`), its help (`pagalba.md`), and any other that stands there. Each is
//! written twice, `name.md` in Lithuanian and `name.en.md` in English.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use crate::content::prose_page;
use crate::{Error, Page};

const FOLDER: &str = "data/pages";
const LITHUANIAN: &str = ".md";
const ENGLISH: &str = ".en.md";
/// Pages beside a tier's start page that are something else already.
const TAKEN: [&str; 5] = ["index", "naujienos", "sutikrinti", "apsauga", "404"];

/// A page of text in both languages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Prose {
    /// As it stands in `name.md`.
    pub lithuanian: Page,
    /// As it stands in `name.en.md`.
    pub english: Page,
}

/// All of them, by the name that stands in their address.
///
/// # Errors
/// The first file that is missing or wrong, with all that is wrong in it.
pub(crate) fn load(home: &Path) -> Result<BTreeMap<String, Prose>, Error> {
    let folder = home.join(FOLDER);
    let mut names = Vec::new();
    if folder.exists() {
        let failed = |source| Error::Read { path: folder.clone(), source };
        for entry in fs::read_dir(&folder).map_err(failed)? {
            names.push(entry.map_err(failed)?.file_name().to_string_lossy().into_owned());
        }
    }
    names.sort();
    let stems = names.iter().filter_map(|name| name.strip_suffix(ENGLISH).or_else(|| name.strip_suffix(LITHUANIAN)));
    let mut all = BTreeMap::new();
    for name in stems {
        if !all.contains_key(name) {
            all.insert(name.to_owned(), Prose { lithuanian: read(home, name, LITHUANIAN)?, english: read(home, name, ENGLISH)? });
        }
    }
    Ok(all)
}

fn read(home: &Path, name: &str, ending: &str) -> Result<Page, Error> {
    let place = format!("{FOLDER}/{name}{ending}");
    let wrong = |reason: String| Error::Definition { place: place.clone(), reason };
    if TAKEN.contains(&name) || !name.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-') {
        return Err(wrong(
            "the file's name stands in the page's address: small letters without marks and hyphens only, and not that of another page"
                .to_owned(),
        ));
    }
    let path = home.join(&place);
    if !path.exists() {
        return Err(wrong("is missing: each page of text is there in Lithuanian (.md) and in English (.en.md)".to_owned()));
    }
    let text = fs::read_to_string(&path).map_err(|source| Error::Read { path, source })?;
    prose_page(&text).map_err(wrong)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(files: &[(&str, &str)]) -> Result<BTreeMap<String, Prose>, String> {
        let home = tempfile::tempdir().unwrap();
        fs::create_dir_all(home.path().join(FOLDER)).unwrap();
        for (name, text) in files {
            fs::write(home.path().join(FOLDER).join(name), format!("+++\ntitle = \"Apie\"\n+++\n{text}")).unwrap();
        }
        load(home.path()).map_err(|error| error.to_string())
    }

    #[test]
    fn pages_of_text_are_there_in_both_languages_or_the_missing_one_is_named() {
        let both = with(&[("apie.md", "## Kas\n"), ("apie.en.md", "## What\n"), ("virsis.toml", "")]).unwrap();
        assert_eq!(both.keys().collect::<Vec<_>>(), ["apie"]);
        assert_eq!((both["apie"].lithuanian.html(), both["apie"].english.html()), ("<h2>Kas</h2>\n", "<h2>What</h2>\n"));
        for (there, missing) in [("apie.md", "data/pages/apie.en.md"), ("apie.en.md", "data/pages/apie.md")] {
            let wrong = with(&[(there, "")]).unwrap_err();
            assert!(wrong.contains(missing) && wrong.contains("missing"), "{wrong}");
        }
        assert!(load(tempfile::tempdir().unwrap().path()).unwrap().is_empty());
    }

    #[test]
    fn what_may_not_stand_on_a_page_is_refused_by_file_and_line() {
        let wrong = with(&[("apie.md", ""), ("apie.en.md", "Well.\n\nCode 33309240064.\n")]).unwrap_err();
        let said = wrong.contains("data/pages/apie.en.md") && wrong.contains("line 6: a personal code") && !wrong.contains("33309240064");
        assert!(said, "{wrong}");
        assert!(with(&[("apie.md", "<b>x</b>\n"), ("apie.en.md", "")]).unwrap_err().contains("HTML"));
        assert!(with(&[("index.md", ""), ("index.en.md", "")]).unwrap_err().contains("another page"));
    }

    #[test]
    fn the_projects_own_pages_are_in_order() {
        let home = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
        let pages = load(&home).unwrap();
        let headings = |page: &Page| page.html().matches("<h2>").count();
        assert!(["apie", "pagalba"].iter().all(|name| headings(&pages[*name].lithuanian) > 2));
        assert!(pages.values().all(|page| headings(&page.lithuanian) == headings(&page.english)), "one language says more than the other");
    }
}
