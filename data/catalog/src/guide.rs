//! Guides for each group of users, step by step: `data/guides/name.md` in Lithuanian, with pictures of the pages beside it (`picture.png`). In English
//! each has a title and a sentence on what it is about, as the pages that it describes are in Lithuanian.
//!
//! What several guides have in common stands once, in `name.part.md`; a line `@ name` takes it.
//!
//! What stands in bold is what the program shows: a button, a field, a heading. A test looks for each such label on the pages themselves.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use serde::Deserialize;

use crate::content::illustrated_page;
use crate::{Error, Page};

const FOLDER: &str = "data/guides";
/// How the name of a file ends that several guides have as a part, such as signing in.
const PART: &str = ".part.md";
/// How a line begins that stands for such a part: the name of the file without its ending follows.
const TAKES: &str = "@ ";

/// A guide, or the list of words that belongs to them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Guide {
    /// File name without `.md`: stands in its address.
    pub name: String,
    /// Heading and text, with pictures whose addresses are their names.
    pub page: Page,
    /// For whom it is, in a sentence.
    pub about: String,
    /// Its heading in English.
    pub title_en: String,
    /// The same sentence in English.
    pub about_en: String,
}

/// All guides.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Guides {
    /// In the order in which they are listed.
    pub all: Vec<Guide>,
    folder: PathBuf,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Front {
    order: u8,
    title: String,
    about: String,
    title_en: String,
    about_en: String,
}

impl Guides {
    /// Reads every file under `home/data/guides`.
    ///
    /// # Errors
    /// The first file that is wrong, with all that is wrong in it; a picture that no guide shows.
    pub(crate) fn load(home: &Path) -> Result<Self, Error> {
        let folder = home.join(FOLDER);
        let (mut guides, mut others, mut used) = (Vec::new(), Vec::new(), BTreeSet::new());
        if folder.exists() {
            let failed = |source| Error::Read { path: folder.clone(), source };
            for entry in fs::read_dir(&folder).map_err(failed)? {
                let name = entry.map_err(failed)?.file_name().to_string_lossy().into_owned();
                match name.strip_suffix(".md").filter(|_| !name.ends_with(PART)) {
                    Some(stem) => guides.push(read(&folder, stem, &mut used)?),
                    None => others.push(name),
                }
            }
        }
        guides.sort_by(|(one, guide), (other, next)| (one, &guide.name).cmp(&(other, &next.name)));
        let guides = Self { all: guides.into_iter().map(|(_, guide)| guide).collect(), folder };
        let shown = guides.pictures();
        match others.iter().find(|name| !shown.contains_key(name.as_str()) && !used.contains(*name)) {
            Some(name) => Err(Error::Definition { place: format!("{FOLDER}/{name}"), reason: "no guide shows it; remove it".to_owned() }),
            None => Ok(guides),
        }
    }

    /// The file of a picture that one of them shows.
    #[must_use]
    pub fn picture(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    /// The pictures they show: the name that stands in the address, and the file.
    #[must_use]
    pub fn pictures(&self) -> BTreeMap<&str, PathBuf> {
        let tags = self.all.iter().flat_map(|guide| guide.page.html().split("<img src=\"").skip(1));
        tags.filter_map(|tag| tag.split('"').next()).map(|name| (name, self.picture(name))).collect()
    }
}

fn read(folder: &Path, name: &str, used: &mut BTreeSet<String>) -> Result<(u8, Guide), Error> {
    let place = format!("{FOLDER}/{name}.md");
    let wrong = |reason: String| Error::Definition { place: place.clone(), reason };
    if name == "index" || !name.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-') {
        return Err(wrong(
            "the file's name stands in the page's address: small letters without marks and hyphens only, not `index`".to_owned(),
        ));
    }
    let path = folder.join(format!("{name}.md"));
    let text = with_parts(folder, &text_of(&path)?, used)?;
    let (front, page) = illustrated_page::<Front>(&text, folder, |front| &front.title).map_err(wrong)?;
    let Front { order, about, title_en, about_en, .. } = front;
    Ok((order, Guide { name: name.to_owned(), page, about, title_en, about_en }))
}

/// The text with each part in the place of the line that names it.
fn with_parts(folder: &Path, text: &str, used: &mut BTreeSet<String>) -> Result<String, Error> {
    let mut whole = String::with_capacity(text.len());
    for line in text.lines() {
        match line.strip_prefix(TAKES) {
            Some(name) => {
                let name = format!("{name}{PART}");
                whole.push_str(&text_of(&folder.join(&name))?);
                used.insert(name);
            }
            None => whole.push_str(line),
        }
        whole.push('\n');
    }
    Ok(whole)
}

fn text_of(path: &Path) -> Result<String, Error> {
    fs::read_to_string(path).map_err(|source| Error::Read { path: path.to_owned(), source })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A picture of three by two dots, as far as its beginning tells.
    const PICTURE: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR\0\0\0\x03\0\0\0\x02\x08\x03\0\0\0\0\0\0\0\0\0\0\0IEND\0\0\0\0";

    fn with(text: &str, pictures: &[(&str, &[u8])]) -> Result<Guides, String> {
        let home = tempfile::tempdir().unwrap();
        fs::create_dir_all(home.path().join(FOLDER)).unwrap();
        let front = "+++\norder = 1\ntitle = \"Vadovas\"\nabout = \"Visiems.\"\ntitle_en = \"Guide\"\nabout_en = \"For all.\"\n+++\n";
        fs::write(home.path().join(FOLDER).join("visiems.md"), format!("{front}{text}")).unwrap();
        for (name, content) in pictures {
            fs::write(home.path().join(FOLDER).join(name), content).unwrap();
        }
        Guides::load(home.path()).map_err(|error| error.to_string())
    }

    #[test]
    fn a_guide_shows_pictures_that_lie_beside_it_with_their_size() {
        let guides = with("## Pradžia\n\n![Langas „Pradžia“](langas.png)\n", &[("langas.png", PICTURE)]).unwrap();
        let [guide] = guides.all.as_slice() else { panic!("{guides:?}") };
        assert_eq!((guide.name.as_str(), guide.page.title(), guide.title_en.as_str()), ("visiems", "Vadovas", "Guide"));
        let image = "<img src=\"langas.png\" width=\"3\" height=\"2\" loading=\"lazy\" alt=\"Langas „Pradžia“\">";
        assert!(guide.page.html().contains(image), "{guide:?}");
        assert_eq!(guides.pictures().into_keys().collect::<Vec<_>>(), ["langas.png"]);
        assert!(Guides::load(tempfile::tempdir().unwrap().path()).unwrap().all.is_empty());
    }

    #[test]
    fn a_picture_that_is_missing_unseen_told_to_nobody_heavy_or_from_elsewhere_is_refused() {
        let heavy = [PICTURE, &[0; 60_000]].concat();
        let [mut transparent, mut interlaced] = [PICTURE.to_vec(), PICTURE.to_vec()];
        (transparent[25], interlaced[28]) = (6, 1);
        let colour = [&PICTURE[..33], b"\0\0\0\x01tRNS\0\0\0\0\0", &PICTURE[33..]].concat();
        for (text, pictures, word) in [
            ("![Langas](langas.png)\n", [].as_slice(), "line 8: the picture langas.png cannot be read"),
            ("![Langas](langas.png)\n", &[("langas.png", b"GIF89a".as_slice())], "is no PNG file"),
            ("![Langas](langas.png)\n", &[("langas.png", heavy.as_slice())], "more than 60000"),
            ("![Langas](langas.png)\n", &[("langas.png", transparent.as_slice())], "transparent"),
            ("![Langas](langas.png)\n", &[("langas.png", interlaced.as_slice())], "interlaced"),
            ("![Langas](langas.png)\n", &[("langas.png", colour.as_slice())], "transparent"),
            ("![Langas](langas.png)\n", &[("langas.png", &PICTURE[..PICTURE.len() - 6])], "not whole"),
            ("![](langas.png)\n", &[("langas.png", PICTURE)], "describe it"),
            ("![Langas](../langas.png)\n", &[], "beside the text"),
            ("![Langas](https://example.lt/langas.png)\n", &[], "beside the text"),
            ("Nieko.\n", &[("langas.png", PICTURE)], "data/guides/langas.png: no guide shows it"),
            ("<img src=\"langas.png\">\n", &[("langas.png", PICTURE)], "HTML"),
        ] {
            let wrong = with(text, pictures).unwrap_err();
            assert!(wrong.contains(word), "{text}: {wrong}");
        }
    }

    #[test]
    fn a_part_stands_in_the_place_of_its_line_and_one_that_no_guide_has_is_refused() {
        let guides = with("## Pradžia\n\n@ ieiti\n\nToliau.\n", &[("ieiti.part.md", "1. Prisijunkite.\n".as_bytes())]).unwrap();
        assert!(guides.all[0].page.html().contains("<li>Prisijunkite.</li>\n</ol>\n<p>Toliau.</p>"), "{guides:?}");
        assert!(with("@ ieiti\n", &[]).unwrap_err().contains("ieiti.part.md"));
        assert!(with("Nieko.\n", &[("ieiti.part.md", b"Prisijunkite.\n")]).unwrap_err().contains("no guide shows it"));
    }
}
