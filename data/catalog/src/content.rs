//! What people read beside the data: news and the form endpoint's help, Markdown files under `data/content`. The portal's own pages of text are
//! [`crate::prose`], its guides [`crate::guide`].
//!
//! A file begins with its front matter, TOML between two lines `+++`. What a page must not hold (HTML, links to other than `https:`, `mailto:` and
//! pages of its own, personal codes, pictures anywhere but in guides) is refused with file and line, never left out silently.

use std::fs;
use std::path::Path;

use chrono::NaiveDate;
use pulldown_cmark::{Event, HeadingLevel, Options, Parser, Tag, html};
use serde::Deserialize;

use crate::block::{Block, blocks};
use crate::{personal, picture};

const FOLDER: &str = "data/content";
const NEWS: &str = "naujienos";
const HELP: &str = "pagalba.md";
/// Begins and ends the front matter.
const FENCE: &str = "+++";
/// A title of a piece of news is a heading of level 2 already.
const NEWS_HEADINGS: usize = 3;
const PAGE_HEADINGS: usize = 2;

/// Where something is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Audience {
    /// On the portal.
    Portal,
    /// In the form endpoint.
    Endpoint,
    /// On both.
    Both,
}

/// A page of text. Only this file makes one, so that its HTML is known to be made of Markdown in which no HTML stood.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Page {
    title: String,
    html: String,
    blocks: Vec<Block>,
}

impl Page {
    /// Its heading.
    #[must_use]
    pub fn title(&self) -> &str {
        &self.title
    }

    /// The page of text that a file says: front matter with a title, and Markdown.
    ///
    /// # Errors
    /// All that is wrong, by line.
    pub fn of_markdown(text: &str) -> Result<Self, String> {
        prose_page(text)
    }

    /// Its text, as HTML that needs no escaping.
    #[must_use]
    pub fn html(&self) -> &str {
        &self.html
    }

    /// The same text, part by part.
    #[must_use]
    pub fn blocks(&self) -> &[Block] {
        &self.blocks
    }
}

/// A piece of news.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct News {
    /// File name without `.md`: stands in addresses.
    pub name: String,
    /// Heading and text.
    pub page: Page,
    /// The first day it is shown.
    pub date: NaiveDate,
    /// The last day; none means always.
    pub until: Option<NaiveDate>,
    /// For whom.
    pub audience: Audience,
}

impl News {
    /// Whether it is shown there on that day.
    #[must_use]
    pub fn is_shown(&self, place: Audience, today: NaiveDate) -> bool {
        let meant = self.audience == Audience::Both || self.audience == place;
        meant && self.date <= today && self.until.is_none_or(|until| today <= until)
    }
}

/// All of it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Content {
    /// The newest first.
    pub news: Vec<News>,
    /// The endpoint's help.
    pub help: Page,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NewsFront {
    title: String,
    date: NaiveDate,
    until: Option<NaiveDate>,
    r#for: Audience,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PageFront {
    title: String,
}

/// The page of text that a file says, or all that is wrong with it, by line.
pub(crate) fn prose_page(text: &str) -> Result<Page, String> {
    page::<PageFront>(text, (PAGE_HEADINGS, None), |front| &front.title).map(|(_, page)| page).map_err(told)
}

/// The same with front matter of its own, and pictures, which lie in a folder.
pub(crate) fn illustrated_page<Front: for<'de> Deserialize<'de>>(
    text: &str,
    pictures: &Path,
    title: fn(&Front) -> &String,
) -> Result<(Front, Page), String> {
    page(text, (PAGE_HEADINGS, Some(pictures)), title).map_err(told)
}

fn told(wrong: Wrong) -> String {
    wrong.into_iter().map(|(line, reason)| format!("line {line}: {reason}")).collect::<Vec<_>>().join("; ")
}

impl Content {
    /// Reads everything under `home/data/content`.
    ///
    /// # Errors
    /// All that is wrong, each with its file and line.
    pub fn load(home: &Path) -> Result<Self, Vec<String>> {
        let folder = home.join(FOLDER);
        let (mut content, mut wrong) = (Self::default(), Vec::new());
        for path in files(&folder, &mut wrong).iter().chain(&files(&folder.join(NEWS), &mut wrong)) {
            let place = path.strip_prefix(home).unwrap_or(path).display().to_string();
            let text = match fs::read_to_string(path) {
                Ok(text) => text,
                Err(error) => {
                    wrong.push(format!("{place}: {error}"));
                    continue;
                }
            };
            let stem = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
            let is_news =
                path.parent().is_some_and(|parent| parent.ends_with(NEWS)) && path.extension().is_some_and(|ending| ending == "md");
            let read = if is_news {
                news(stem, &text).map(|news| content.news.push(news))
            } else if path.ends_with(HELP) {
                page::<PageFront>(&text, (PAGE_HEADINGS, None), |front| &front.title).map(|(_, page)| content.help = page)
            } else {
                Err(vec![(1, format!("nobody reads this file; there are {HELP} and {NEWS}/….md"))])
            };
            wrong.extend(read.err().into_iter().flatten().map(|(line, reason)| format!("{place}, line {line}: {reason}")));
        }
        if wrong.is_empty() && content.help == Page::default() {
            wrong.push(format!("{FOLDER}/{HELP} is missing: it is the form endpoint's help"));
        }
        content.news.sort_by(|one, other| other.date.cmp(&one.date).then_with(|| one.name.cmp(&other.name)));
        if wrong.is_empty() { Ok(content) } else { Err(wrong) }
    }
}

/// Files of a folder, in the order of their names; folders in it are looked into by name only.
fn files(folder: &Path, wrong: &mut Vec<String>) -> Vec<std::path::PathBuf> {
    let listed =
        fs::read_dir(folder).and_then(|entries| entries.map(|entry| entry.map(|entry| entry.path())).collect::<Result<Vec<_>, _>>());
    match listed {
        Ok(mut paths) => {
            paths.retain(|path| !(path.is_dir() && path.ends_with(NEWS)));
            paths.sort();
            paths
        }
        Err(error) => {
            wrong.push(format!("{}: {error}", folder.display()));
            Vec::new()
        }
    }
}

/// What is wrong, and in which line.
type Wrong = Vec<(usize, String)>;

fn news(name: String, text: &str) -> Result<News, Wrong> {
    if !name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-') {
        return Err(vec![(1, "the file's name stands in addresses: small letters without marks, digits and hyphens only".to_owned())]);
    }
    let (front, page) = page::<NewsFront>(text, (NEWS_HEADINGS, None), |front| &front.title)?;
    if front.until.is_some_and(|until| until < front.date) {
        return Err(vec![(1, "`until` is before `date`".to_owned())]);
    }
    Ok(News { name, page, date: front.date, until: front.until, audience: front.r#for })
}

/// What a text may hold: the level of its first headings, and the folder of its pictures, if it may have any.
type Bounds<'a> = (usize, Option<&'a Path>);

/// Front matter and text of a file.
fn page<Front: for<'de> Deserialize<'de>>(text: &str, bounds: Bounds<'_>, title: fn(&Front) -> &String) -> Result<(Front, Page), Wrong> {
    let codes: Wrong = (1..)
        .zip(text.lines())
        .filter(|(_, line)| personal::stands_in(line))
        .map(|(line, _)| (line, "a personal code stands here; everybody could read it".to_owned()))
        .collect();
    if !codes.is_empty() {
        return Err(codes);
    }
    let opening = || vec![(1, format!("it must begin with its front matter between two lines {FENCE}"))];
    let rest = text.strip_prefix(FENCE).and_then(|rest| rest.strip_prefix('\n')).ok_or_else(opening)?;
    let end = rest.find(&format!("\n{FENCE}\n")).ok_or_else(opening)?;
    let (matter, body) = (&rest[..end], &rest[end + FENCE.len() + 2..]);
    let line_of = |text: &str, offset: usize| text.as_bytes()[..offset].iter().filter(|byte| **byte == b'\n').count();
    let front: Front = toml::from_str(matter).map_err(|error| {
        let line = error.span().map_or(0, |span| line_of(matter, span.start.min(matter.len())));
        vec![(line + 2, error.message().to_owned())]
    })?;
    if title(&front).trim().is_empty() {
        return Err(vec![(2, "`title` is empty".to_owned())]);
    }
    // Lines of the front matter, and the two that enclose it.
    let above = matter.lines().count() + 2;
    let html = render(body, bounds)
        .map_err(|wrong| wrong.into_iter().map(|(offset, reason)| (above + 1 + line_of(body, offset), reason)).collect::<Wrong>())?;
    let page = Page { title: title(&front).clone(), html, blocks: blocks(body) };
    Ok((front, page))
}

/// The text as HTML; else everything that may not stand in it, by the byte it begins with.
fn render(text: &str, (headings, pictures): Bounds<'_>) -> Result<String, Wrong> {
    let mut wrong = Wrong::new();
    let mut last = headings - 1;
    let mut shown = Vec::new();
    let mut events = Parser::new_ext(text, Options::empty()).into_offset_iter().peekable();
    while let Some((event, range)) = events.next() {
        let reason = match &event {
            Event::Html(_) | Event::InlineHtml(_) => Some("HTML is not let through; write Markdown".to_owned()),
            Event::Start(Tag::Image { dest_url, .. }) => match pictures {
                None => Some("pictures are not shown; leave them out".to_owned()),
                Some(_) if matches!(events.peek(), Some((Event::End(_), _))) => {
                    Some("a picture says nothing to those who do not see it: describe it between [ and ]".to_owned())
                }
                Some(folder) => picture::tag(folder, dest_url).map(|tag| shown.push((dest_url.to_string(), tag))).err(),
            },
            Event::Start(Tag::Link { dest_url, .. }) => refused_link(dest_url).map(str::to_owned),
            Event::Start(Tag::Heading { .. }) if matches!(events.peek(), Some((Event::End(_), _))) => {
                Some("a heading says nothing: write something behind the #".to_owned())
            }
            Event::Start(Tag::Heading { level, .. }) => {
                let level = depth(*level);
                let (first, deepest) = (headings, last + 1);
                last = level.max(headings);
                (level < first || level > deepest).then(|| {
                    format!("a heading of level {level} cannot stand here: the first is of level {first}, the next at most one deeper than the one before")
                })
            }
            _ => None,
        };
        wrong.extend(reason.map(|reason| (range.start, reason)));
    }
    if !wrong.is_empty() {
        return Err(wrong);
    }
    let mut html = String::with_capacity(text.len() * 2);
    html::push_html(&mut html, Parser::new_ext(text, Options::empty()));
    for (name, tag) in shown {
        html = html.replace(&format!("<img src=\"{name}\" "), &tag);
    }
    // As the other pages are written: HTML has no empty elements that close themselves.
    Ok(html.replace("\" />", "\">"))
}

/// Why a link may not stand in a text.
fn refused_link(address: &str) -> Option<&'static str> {
    if address.starts_with("https://") || address.starts_with("mailto:") {
        return None;
    }
    let scheme = address.split(['/', '?', '#']).next().is_some_and(|first| first.contains(':'));
    if scheme || address.starts_with('/') || address.contains('\\') {
        return Some("a link begins with https:// or mailto:, or is relative to the start page, without a slash at its beginning");
    }
    None
}

fn depth(level: HeadingLevel) -> usize {
    level as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    const FRONT: &str = "+++\ntitle = \"Antraštė\"\ndate = \"2026-11-01\"\nuntil = \"2026-12-01\"\nfor = \"both\"\n+++\n";

    fn load(files: &[(&str, &str)]) -> Result<Content, Vec<String>> {
        let home = tempfile::tempdir().unwrap();
        fs::create_dir_all(home.path().join("data/content/naujienos")).unwrap();
        for (name, text) in files.iter().chain(&[("pagalba.md", "+++\ntitle = \"Pagalba\"\n+++\n## Kaip\n")]).rev() {
            fs::write(home.path().join("data/content").join(name), text).unwrap();
        }
        Content::load(home.path())
    }

    fn news(text: &str) -> Result<Content, Vec<String>> {
        load(&[("naujienos/viena.md", text)])
    }

    #[test]
    fn news_are_shown_from_their_day_to_their_last_to_those_they_are_meant_for() {
        let text = "Tekstas su [nuoroda](https://example.lt/a?b=1&c=2), [laišku](mailto:a@example.lt), [puslapiu](virs/index.html#x).\n\n### Dalis\n\n1 < 2\n";
        let content = news(&format!("{FRONT}{text}")).unwrap();
        let one = &content.news[0];
        assert_eq!((one.name.as_str(), one.page.title.as_str()), ("viena", "Antraštė"));
        assert!(
            one.page.html.contains("<a href=\"https://example.lt/a?b=1&amp;c=2\">nuoroda</a>") && one.page.html.contains("<h3>Dalis</h3>")
        );
        assert!(one.page.html.contains("1 &lt; 2") && content.help.html == "<h2>Kaip</h2>\n", "{content:?}");
        let day = |text: &str| text.parse().unwrap();
        for (today, shown) in [("2026-10-31", false), ("2026-11-01", true), ("2026-12-01", true), ("2026-12-02", false)] {
            assert_eq!(one.is_shown(Audience::Portal, day(today)), shown, "{today}");
        }
        let ours = news(&format!("{}{text}", FRONT.replace("both", "endpoint").replace("until = \"2026-12-01\"\n", ""))).unwrap();
        assert!(
            !ours.news[0].is_shown(Audience::Portal, day("2026-11-02")) && ours.news[0].is_shown(Audience::Endpoint, day("2040-01-01"))
        );
    }

    #[test]
    fn whatever_may_not_stand_on_a_page_is_refused_by_file_and_line() {
        for (text, line, word) in [
            ("Tekstas.\n\n<script>alert(1)</script>\n", 9, "HTML"),
            ("Tekstas <b>storas</b>.\n", 7, "HTML"),
            ("[x](http://example.lt)\n", 7, "https://"),
            ("[x](javascript:alert(1))\n", 7, "https://"),
            ("[x](JAVASCRIPT:alert(1))\n", 7, "https://"),
            ("[x](data:text/html,x)\n", 7, "https://"),
            ("[x](//example.lt/a)\n", 7, "https://"),
            ("Pirma.\n\n[x][y]\n\n[y]: vbscript:x\n", 9, "https://"),
            ("<http://example.lt>\n", 7, "https://"),
            ("![x](https://example.lt/a.png)\n", 7, "pictures"),
            ("###\n\nTekstas.\n", 7, "says nothing"),
            ("# Antraštė\n", 7, "level 1"),
            ("## Antraštė\n", 7, "level 2"),
            ("### Dalis\n\n##### Gilu\n", 9, "level 5"),
            ("Viena.\nKodas 33309240064.\n", 8, "personal code"),
        ] {
            let wrong = news(&format!("{FRONT}{text}")).unwrap_err();
            assert!(
                wrong.iter().any(|one| one.starts_with(&format!("data/content/naujienos/viena.md, line {line}: ")) && one.contains(word)),
                "{text}: {wrong:?}"
            );
            assert!(!wrong.join("").contains("33309240064"));
        }
    }

    #[test]
    fn front_matter_that_is_wrong_and_files_that_nobody_reads_are_refused() {
        let line = |wrong: Vec<String>| wrong[0].split(": ").next().unwrap().rsplit(' ').next().unwrap().to_owned();
        assert_eq!(line(news("Tekstas.\n").unwrap_err()), "1");
        assert_eq!(line(news(&FRONT.replace("date = \"2026-11-01\"", "date = \"vakar\"")).unwrap_err()), "3");
        assert_eq!(line(news(&FRONT.replace("until", "iki")).unwrap_err()), "4");
        assert_eq!(line(news(&FRONT.replace("both", "visi")).unwrap_err()), "5");
        assert!(news(&FRONT.replace("2026-12-01", "2026-10-01")).unwrap_err()[0].contains("before"));
        assert!(news(&FRONT.replace("Antraštė", " ")).unwrap_err()[0].contains("empty"));
        assert!(load(&[("naujienos/Žinia.md", FRONT)]).unwrap_err()[0].contains("name stands in addresses"));
        assert!(load(&[("naujienos/viena.txt", FRONT)]).unwrap_err()[0].contains("nobody reads"));
        assert!(load(&[("kita.md", FRONT)]).unwrap_err()[0].contains("nobody reads"));
        let empty = tempfile::tempdir().unwrap();
        assert_eq!(Content::load(empty.path()).unwrap_err().len(), 2, "both folders are missing");
    }

    #[test]
    fn the_projects_own_content_is_in_order() {
        let home = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
        let content = Content::load(&home).unwrap();
        assert!(!content.news.is_empty() && content.help.html.contains("<h2>"));
    }
}
