//! `virsis sql`: ad-hoc queries of published tables, given on the command line or typed at a prompt.

mod completion;
mod prompt;

use std::io::Write;

use anyhow::Result;
use arrow::array::RecordBatch;
use catalog::Tier;
use chrono::NaiveDate;

use super::screen;
use crate::cli::{Sql, SqlFormat};
use crate::config::Config;
use crate::home;
use crate::output;
use crate::queries::released_tables::ReleasedTables;
use crate::queries::statement;
use crate::refusal::Refusal;

/// How answers are written.
#[derive(Debug, Clone, Copy)]
struct Answers {
    format: SqlFormat,
    /// Rows that a terminal shows of each.
    limit: usize,
}

pub(crate) fn run(config: &Config, query: &Sql) -> Result<()> {
    let catalog = home::load_catalog(config)?;
    // Whatever may be read: what a query gives is soon passed on, and no head says what it is.
    let tier = query.source.tier.unwrap_or(Tier::Public);
    let mut tables = ReleasedTables::open(config, &catalog, query.source.release.as_deref(), tier)?;
    if let Some(day) = &query.as_of {
        let read = |day: &String| NaiveDate::parse_from_str(day, "%Y-%m-%d");
        let day = read(day).map_err(|_| Refusal::one("--as-of: parašykite dieną kaip 2026-03-01"))?;
        tables = tables.on(day, &catalog, tier)?;
    }
    let answers = Answers { format: query.format, limit: query.limit };
    match &query.statement {
        Some(text) => ask(&mut tables, text, answers),
        None => prompt::open(config, &catalog, &mut tables, answers, tier),
    }
}

/// Runs every statement in a text and writes each answer; none is run if one of them does not only read.
fn ask(tables: &mut ReleasedTables, text: &str, answers: Answers) -> Result<()> {
    for (number, statement) in statement::all(text)?.into_iter().enumerate() {
        let rows = tables.ask(statement)?;
        if number > 0 && answers.format != SqlFormat::Json {
            writeln!(std::io::stdout())?;
        }
        print(&rows, answers)?;
    }
    Ok(())
}

fn print(rows: &RecordBatch, answers: Answers) -> Result<()> {
    let mut out = std::io::stdout().lock();
    match answers.format {
        SqlFormat::Table => screen::show("", rows, output::lined, answers.limit)?,
        SqlFormat::Markdown => writeln!(out, "{}", output::markdown(rows)?)?,
        SqlFormat::Csv => output::csv(rows, &mut out)?,
        SqlFormat::Json => output::json(rows, &mut out)?,
    }
    Ok(())
}
