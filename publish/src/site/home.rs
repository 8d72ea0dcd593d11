//! The start page of a tier: what this is, where to go, how fresh it is.

use catalog::Group;
use minijinja::{context, value::Serde};
use serde::Serialize;

use super::changes;
use super::chart::answer::Answer;
use super::matching;
use super::news;
use super::text::{number, size};
use super::tier_site::TierSite;
use crate::database::DatabaseFiles;
use crate::error::Error;
use crate::language::{both, in_both, say};
use crate::paths::{DATABASE, SQLITE, START, dataset_page};
use crate::store::entries::{SourceEntry, SourceState};

#[derive(Serialize)]
struct DatasetLine {
    title: String,
    summary: String,
    href: String,
    tables: usize,
}

#[derive(Serialize)]
struct SourceLine<'a> {
    source: &'a str,
    table: String,
    extract_date: String,
    state: &'a str,
    state_code: &'static str,
    stale_since: Option<String>,
    rows: String,
    quarantined: String,
}

/// A question that a statistic answers.
#[derive(Serialize)]
struct Question {
    question: String,
    href: String,
    label: String,
    value: String,
    total: Option<String>,
    period: Option<String>,
}

/// All tables of the tier in one file.
#[derive(Serialize)]
struct Whole {
    title: &'static str,
    href: &'static str,
    media_type: &'static str,
    size: String,
}

/// The page.
pub(super) fn render(site: &TierSite<'_>, databases: Option<&DatabaseFiles>) -> Result<String, Error> {
    let group = |group: Group| {
        let of = site.datasets.iter().filter(move |(dataset, _)| dataset.group == group);
        of.map(|(dataset, tables)| DatasetLine {
            title: in_both(&dataset.title),
            summary: both(first_sentence(&dataset.description.lt), first_sentence(&dataset.description.en)),
            href: dataset_page(dataset),
            tables: tables.len(),
        })
        .collect::<Vec<_>>()
    };
    let release = site.context.release;
    let rows: u64 = site.datasets.iter().flat_map(|(_, tables)| tables).map(|table| table.count as u64).sum();
    let values = context! {
        frame => site.frame(say!("Pradžia"), START),
        date => release.date.to_string(),
        news => news::lines(site),
        changes => Serde(changes::newest_counts(site)),
        questions => Serde(questions(site)?),
        entities => number(site.register.map_or(0, |register| register.count) as u64),
        rows => number(rows),
        matching => site.register.map(|_| matching::PATH),
        facts => Serde(group(Group::Duomenys)),
        statistics => Serde(group(Group::Statistika)),
        sources => Serde(release.sources.iter().map(|source| line(site, source)).collect::<Vec<_>>()),
        databases => Serde(databases.map(whole).unwrap_or_default()),
        not_fresh => release.sources.iter().any(|source| source.state != SourceState::Fresh),
    };
    site.render("home.html", values)
}

fn whole(databases: &DatabaseFiles) -> Vec<Whole> {
    let duckdb = (say!("„DuckDB“ duomenų bazė"), DATABASE, "application/vnd.duckdb", &databases.duckdb);
    let sqlite = (say!("SQLite duomenų bazė"), SQLITE, "application/vnd.sqlite3", &databases.sqlite);
    let written = [duckdb, sqlite]
        .into_iter()
        .filter_map(|(title, href, media_type, written)| Some(Whole { title, href, media_type, size: size(written.as_ref()?.bytes) }));
    written.collect()
}

/// The questions of this tier's statistics, as far as anything of their answers is published.
fn questions(site: &TierSite<'_>) -> Result<Vec<Question>, Error> {
    let mut questions = Vec::new();
    for (dataset, tables) in &site.datasets {
        let Some(chart) = &dataset.chart else { continue };
        let table = tables.iter().find(|table| dataset.tables.first() == Some(&table.table.name));
        let (Some(question), Some(table)) = (&chart.question, table) else { continue };
        let Some(Answer { label, value, total, period }) = Answer::of(table.whole()?, chart, &site.titles, site.context.release.date)
        else {
            continue;
        };
        let question = in_both(question);
        questions.push(Question { question, href: dataset_page(dataset), label, value, total, period });
    }
    Ok(questions)
}

fn line<'a>(site: &'a TierSite<'_>, source: &'a SourceEntry) -> SourceLine<'a> {
    let seen = site.context.release.source_for(site.tier, source);
    SourceLine {
        source: site.titles.title("saltiniai", &source.source),
        table: site.catalog.table(&source.table).map_or_else(|_| source.table.clone(), |table| in_both(&table.title)),
        extract_date: source.extract_date.map_or_else(|| "–".to_owned(), |date| date.to_string()),
        state: site.titles.title("saltinio_busenos", source.state.code()),
        state_code: source.state.code(),
        stale_since: source.stale_since.map(|date| date.to_string()),
        rows: number(seen.rows),
        quarantined: number(seen.quarantined),
    }
}

/// A card says what a dataset is; its page says the rest. An abbreviation goes on with a small letter.
fn first_sentence(text: &str) -> &str {
    let end = text.match_indices(". ").find(|(at, _)| text[at + 2..].starts_with(char::is_uppercase));
    end.map_or(text, |(at, _)| &text[..=at])
}

#[cfg(test)]
mod tests {
    use super::first_sentence;

    #[test]
    fn a_card_holds_one_sentence() {
        assert_eq!(first_sentence("Radijas ir kt. programos. Šaltinis – JAR."), "Radijas ir kt. programos.");
        assert_eq!(first_sentence("Vienas"), "Vienas");
        assert_eq!(first_sentence("Radio etc. programmes. Source: JAR."), "Radio etc. programmes.");
    }
}
