//! What changed: the page of a tier, the section of a VIRS's page, and the feeds of both (Atom, RFC 4287).

use std::cmp::Reverse;
use std::fmt::Write;

use chrono::NaiveDate;
use minijinja::value::Serde;
use minijinja::{Value, context};
use serde::Serialize;

use super::entities::VirsList;
use super::text::{LONGEST_NAME, counted, number, one_line, push_escaped, shortened, size};
use super::tier_site::{TierSite, tier_title};
use crate::error::Error;
use crate::history::events::Event;
use crate::history::index::RELEASE;
use crate::history::write::{TableHistory, TierHistory, Window};
use crate::language::{Language, in_both, in_language, said, say};
use crate::paths::{CHANGES_FEED, CHANGES_PAGE, ENTITY_LIST, entity_page, path_in_release};
use crate::store::staging::Staging;
use crate::weight::fitting;

/// Days that the page of a VIRS tells of, and its feed.
const DAYS: usize = 10;
/// Entries of the tier's feed.
const ENTRIES: usize = 100;
/// How much the page shows: the first with which it is light enough.
const SHOWN: [Shown; 7] = [
    Shown { days: 150, formats: None },
    Shown { days: 100, formats: None },
    Shown { days: 50, formats: None },
    Shown { days: 20, formats: None },
    Shown { days: 20, formats: Some(1) },
    Shown { days: 5, formats: Some(1) },
    Shown { days: 0, formats: Some(1) },
];
const UP: &str = "../";
/// The noun after a count.
const VIRS: &str = "VIRS|VIRS";

/// Changes about single VIRS, and formats of the files of changes; all files are in the list for programs, too.
#[derive(Clone, Copy)]
struct Shown {
    days: usize,
    formats: Option<usize>,
}

/// Tables in which something changed within a span of time.
#[derive(Serialize)]
struct Span<'a> {
    id: &'a str,
    title: String,
    since: String,
    lines: Vec<Line>,
}

#[derive(Serialize)]
struct Line {
    title: String,
    came: String,
    changed: String,
    went: String,
    files: Vec<File>,
}

#[derive(Serialize)]
struct File {
    format: &'static str,
    href: String,
}

/// A file with all rows that were ever shown of a table.
#[derive(Serialize)]
struct HistoryFile {
    title: String,
    href: String,
    since: String,
    size: String,
}

/// What changed about one VIRS on one day.
struct Day<'a> {
    code: &'a str,
    day: NaiveDate,
    events: Vec<&'a Event>,
}

/// What changed since the release before, for the start page: how many rows of how many tables, and about how many VIRS.
#[derive(Serialize)]
pub(super) struct Counts {
    came: String,
    changed: String,
    went: String,
    virs: String,
    href: &'static str,
}

/// Nothing in the first release.
pub(super) fn newest_counts(site: &TierSite<'_>) -> Option<Counts> {
    let history = site.history?;
    let windows = || history.tables.iter().flat_map(|table| &table.windows).filter(|window| window.name == RELEASE);
    windows().next()?;
    let sum = |of: fn(&Window) -> usize| number(windows().map(of).sum::<usize>() as u64);
    let today = site.context.release.date;
    let virs = history.events.values().filter(|events| events.first().is_some_and(|event| event.day == today)).count();
    Some(Counts {
        came: sum(|window| window.came),
        changed: sum(|window| window.changed),
        went: sum(|window| window.went),
        virs: counted(virs as u64, VIRS),
        href: CHANGES_PAGE,
    })
}

/// Writes the page and the feed of the tier; gives how many pages that makes.
pub(super) fn write(site: &TierSite<'_>, staging: &Staging) -> Result<usize, Error> {
    let Some(history) = site.history else { return Ok(0) };
    let entities = site.entities()?;
    let days = newest(history);
    site.write_page(staging, CHANGES_PAGE, &page(site, history, entities, &days)?)?;
    let title = format!("VIRSIS: kas keitėsi ({})", tier_title(site.tier).to_lowercase());
    let feed = Feed { site, path: CHANGES_FEED, page: CHANGES_PAGE, title: &title };
    let updated = site.context.release.date;
    staging.write_bytes(site.tier, CHANGES_FEED, feed.print(updated, &days[..days.len().min(ENTRIES)], entities).as_bytes())?;
    Ok(1)
}

fn page(site: &TierSite<'_>, history: &TierHistory, entities: &VirsList<'_>, days: &[Day<'_>]) -> Result<String, Error> {
    let spans: Vec<Span<'_>> =
        history.tables.first().map_or(&[][..], |table| &table.windows).iter().map(|window| span(history, window)).collect();
    let files = history.tables.iter().map(|table| HistoryFile {
        title: in_both(&table.table.title),
        href: format!("{UP}{}", table.path),
        since: table.first.date.to_string(),
        size: size(table.written.bytes),
    });
    let files: Vec<HistoryFile> = files.collect();
    fitting(&SHOWN, |shown| {
        let values = context! {
            frame => site.frame(say!("Kas keitėsi"), CHANGES_PAGE),
            feed => CHANGES_FEED.rsplit('/').next(),
            since => history.since().map(|day| day.to_string()),
            date => site.context.release.date.to_string(),
            spans => Serde(&spans),
            files => Serde(&files),
            days => Value::from_safe_string(list(days, shown.days, entities)),
            more => days.len() > shown.days,
            formats => shown.formats,
            fewer => spans.iter().flat_map(|span| &span.lines).any(|line| shown.formats.is_some_and(|formats| line.files.len() > formats)),
        };
        site.render("changes.html", values)
    })
}

fn span<'a>(history: &'a TierHistory, like: &'a Window) -> Span<'a> {
    let lines = history.tables.iter().filter_map(|table| {
        let window = table.windows.iter().find(|window| window.name == like.name)?;
        let count = |count: usize| number(count as u64);
        (!window.files.is_empty()).then(|| Line {
            title: in_both(&table.table.title),
            came: count(window.came),
            changed: count(window.changed),
            went: count(window.went),
            files: files(window),
        })
    });
    let since =
        history.tables.iter().flat_map(|table| &table.windows).filter(|window| window.name == like.name).map(|window| window.since).min();
    let title = match like.name.as_str() {
        RELEASE => say!("Nuo praėjusios laidos").to_owned(),
        "7" => say!("Per savaitę").to_owned(),
        "31" => say!("Per mėnesį").to_owned(),
        "365" => say!("Per metus").to_owned(),
        days => said!("Per {0} d.", days),
    };
    Span { id: &like.name, title, since: since.unwrap_or(like.since).to_string(), lines: lines.collect() }
}

fn files(window: &Window) -> Vec<File> {
    let named = |path: &String| {
        let publisher = crate::formats::publisher(path.rsplit('.').next()?)?;
        Some(File { format: publisher.name(), href: format!("{UP}{path}") })
    };
    window.files.iter().filter_map(named).collect()
}

/// Everything that is told of single VIRS, the newest first; of one day by code.
fn newest(history: &TierHistory) -> Vec<Day<'_>> {
    let mut days: Vec<Day<'_>> = history.events.iter().flat_map(|(code, events)| by_day(code, events)).collect();
    days.sort_by_key(|day| (Reverse(day.day), day.code));
    days
}

fn by_day<'a>(code: &'a str, events: &'a [Event]) -> impl Iterator<Item = Day<'a>> {
    events.chunk_by(|one, other| one.day == other.day).map(move |events| Day { code, day: events[0].day, events: events.iter().collect() })
}

/// The newest of them as a list, with links to the pages of those that have one.
fn list(days: &[Day<'_>], limit: usize, entities: &VirsList<'_>) -> String {
    let mut out = String::new();
    for day in &days[..days.len().min(limit)] {
        let _ = write!(out, "<li><time datetime=\"{0}\">{0}</time> ", day.day);
        match entities.find(day.code).and_then(|entity| Some((entity.name, entity_page(entity.code)?))) {
            Some((name, page)) => {
                let _ = write!(out, "<a href=\"{UP}{page}\">");
                push_escaped(&shortened(name, LONGEST_NAME), &mut out);
                out.push_str("</a>");
            }
            None => push_escaped(day.code, &mut out),
        }
        out.push_str(": ");
        push_escaped(&told(&day.events), &mut out);
        out.push_str("</li>\n");
    }
    out
}

/// “Galutiniai savininkai (naujų – 1, nebeskelbiamų – 1); VIRS (pakitusių – 1)”.
fn told(events: &[&Event]) -> String {
    let mut out = String::new();
    for event in events {
        out.push_str(if out.is_empty() { "" } else { "; " });
        out.push_str(&in_both(&event.table.title));
        let counts = [(say!("naujų"), event.came), (say!("pakitusių"), event.changed), (say!("nebeskelbiamų"), event.went)];
        let counts: Vec<String> = counts
            .into_iter()
            .filter(|(_, count)| *count > 0)
            .map(|(what, count)| format!("{what}\u{a0}– {}", number(count as u64)))
            .collect();
        let _ = write!(out, " ({})", counts.join(", "));
    }
    out
}

/// The last lines of a VIRS's page: since when it says what it says, and what changed before.
pub(super) fn push_section(site: &TierSite<'_>, code: &str, out: &mut String) {
    let Some((history, since)) = site.history.and_then(|history| Some((history, history.since()?))) else { return };
    let events = history.events.get(code).map_or(&[][..], Vec::as_slice);
    out.push_str("<section aria-labelledby=\"pokyciai\">\n<h2 id=\"pokyciai\">");
    out.push_str(say!("Kas keitėsi"));
    out.push_str("</h2>\n");
    let days: Vec<Day<'_>> = by_day(code, events).collect();
    let time = |day: NaiveDate| format!("<time datetime=\"{day}\">{day}</time>");
    let since = match days.first() {
        Some(newest) => said!("Tai, kas rodoma šiame puslapyje, paskutinį kartą keitėsi {0}.", time(newest.day)),
        None => said!("Tai, kas rodoma šiame puslapyje, nesikeitė nuo {0}, kai pradėta kaupti istoriją.", time(since)),
    };
    let _ = writeln!(out, "<p>{since}</p>");
    if !days.is_empty() {
        out.push_str("<ul class=\"changes\">\n");
        for day in days.iter().take(DAYS) {
            let _ = write!(out, "<li><time datetime=\"{0}\">{0}</time> ", day.day);
            push_escaped(&told(&day.events), out);
            out.push_str("</li>\n");
        }
        out.push_str("</ul>\n");
    }
    let earlier = if days.len() > DAYS { say!("Ankstesni pokyčiai – istorijos failuose. ") } else { "" };
    let _ = writeln!(
        out,
        "<p class=\"note\">{earlier}<a href=\"{code}.atom\" type=\"application/atom+xml\">{}</a> · <a href=\"{code}.ics\" type=\"text/calendar\">{}</a> · <a href=\"{UP}{CHANGES_PAGE}\">{}</a></p>",
        say!("Sekti šio VIRS pokyčius (Atom)"),
        say!("Terminai kalendoriui (iCalendar)"),
        say!("Visi pokyčiai ir istorijos failai")
    );
    out.push_str("</section>\n");
}

/// What all pages of VIRS say of changes, as text to be compared; what the page of one says of it beside that.
pub(super) fn told_of(history: &TierHistory, code: &str) -> String {
    let events = history.events.get(code).map_or(&[][..], Vec::as_slice);
    by_day(code, events).map(|day| format!("{} {}\n", day.day, told(&day.events))).collect()
}

/// The feed of one VIRS.
pub(super) fn feed_of(site: &TierSite<'_>, entities: &VirsList<'_>, code: &str, name: &str) -> Vec<u8> {
    let (Some(history), Some(page)) = (site.history, entity_page(code)) else { return Vec::new() };
    let events = history.events.get(code).map_or(&[][..], Vec::as_slice);
    let days: Vec<Day<'_>> = by_day(code, events).take(DAYS).collect();
    let path = page.replace(".html", ".atom");
    let title = format!("{}: kas keitėsi", one_line(name, LONGEST_NAME));
    let updated = days.first().map(|day| day.day).or_else(|| history.since()).unwrap_or(site.context.release.date);
    Feed { site, path: &path, page: &page, title: &title }.print(updated, &days, entities).into_bytes()
}

/// A feed beside the page that says the same, in Lithuanian.
struct Feed<'a, 's> {
    site: &'a TierSite<'s>,
    path: &'a str,
    page: &'a str,
    title: &'a str,
}

impl Feed<'_, '_> {
    fn print(&self, updated: NaiveDate, days: &[Day<'_>], entities: &VirsList<'_>) -> String {
        let tier = self.site.tier.name();
        let publication = self.site.context.release.publication.as_ref();
        let address = |path: &str| publication.and_then(|publication| publication.address_of(&path_in_release(self.site.tier, path)));
        let own = address(self.path);
        let mut out = String::with_capacity(2048);
        out.push_str("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<feed xmlns=\"http://www.w3.org/2005/Atom\" xml:lang=\"lt\">\n");
        element("id", &own.clone().unwrap_or_else(|| format!("urn:virsis:{tier}:{}", self.path)), &mut out);
        element("title", self.title, &mut out);
        element("updated", &instant(updated), &mut out);
        out.push_str("<author>");
        element("name", publication.map_or("VIRSIS", |publication| &publication.publisher), &mut out);
        out.push_str("</author>\n");
        if let Some(publication) = publication {
            element("rights", &publication.licence, &mut out);
        }
        if let Some(own) = &own {
            link("self", own, &mut out);
        }
        let of = |path: &str| address(path).unwrap_or_else(|| format!("{}{path}", "../".repeat(self.path.matches('/').count())));
        link("alternate", &of(self.page), &mut out);
        for day in days {
            let entity = entities.find(day.code);
            let page = entity.and_then(|entity| entity_page(entity.code)).unwrap_or_else(|| ENTITY_LIST.to_owned());
            let name = entity.map_or(day.code, |entity| entity.name);
            out.push_str("<entry>\n");
            element("id", &format!("urn:virsis:{tier}:virs:{}:{}", day.code, day.day), &mut out);
            element("title", &format!("{} ({})", one_line(name, LONGEST_NAME), day.day), &mut out);
            element("updated", &instant(day.day), &mut out);
            link("alternate", &of(&page), &mut out);
            element("summary", &told(&day.events), &mut out);
            out.push_str("</entry>\n");
        }
        out.push_str("</feed>\n");
        in_language(&out, Language::Lithuanian).into_owned()
    }
}

/// The beginning of a day: releases have dates, no hours.
fn instant(day: NaiveDate) -> String {
    format!("{day}T00:00:00Z")
}

fn element(name: &str, text: &str, out: &mut String) {
    let _ = write!(out, "<{name}>");
    push_escaped(text, out);
    let _ = writeln!(out, "</{name}>");
}

fn link(rel: &str, href: &str, out: &mut String) {
    let _ = write!(out, "<link rel=\"{rel}\" href=\"");
    push_escaped(href, out);
    out.push_str("\"/>\n");
}

/// The history of a table on the page of its dataset; its size may change while nothing else on the page does.
#[derive(Serialize)]
pub(super) struct HistoryLine {
    href: String,
    since: String,
}

impl HistoryLine {
    pub(super) fn of(history: &TableHistory) -> Self {
        Self { href: format!("{UP}{}", history.path), since: history.first.date.to_string() }
    }
}
