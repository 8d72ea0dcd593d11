//! `virsis sql`: ad-hoc queries of published tables, one statement or a prompt with history.

use std::collections::BTreeMap;
use std::io::Write;

use anyhow::{Context, Result};
use arrow::array::RecordBatch;
use catalog::{Tier, personal};
use rustyline::DefaultEditor;
use rustyline::error::ReadlineError;

use crate::cli::{Sql, SqlFormat};
use crate::config::Config;
use crate::home;
use crate::output;
use crate::queries::released_tables::ReleasedTables;
use crate::queries::statement;

const HELP: &str = "Statements end with a semicolon. .tables lists the tables, .schema TABLE the columns of one, .quit exits.";

pub(crate) fn run(config: &Config, query: &Sql) -> Result<()> {
    let catalog = home::load_catalog(config)?;
    let tier = query.source.tier.unwrap_or(Tier::Public);
    let mut tables = ReleasedTables::open(config, &catalog, query.source.release.as_deref(), tier)?;
    match &query.statement {
        Some(statement) => ask(&mut tables, statement, query.format),
        None => prompt(config, &catalog, &mut tables, query.format, tier),
    }
}

fn ask(tables: &mut ReleasedTables, statement: &str, format: SqlFormat) -> Result<()> {
    let statement = statement::only(statement)?;
    let rows = tables.query("statement", statement, &BTreeMap::new())?;
    print(&rows, format)
}

fn print(rows: &RecordBatch, format: SqlFormat) -> Result<()> {
    let mut out = std::io::stdout().lock();
    match format {
        SqlFormat::Table => writeln!(out, "{}", output::lined(rows)?)?,
        SqlFormat::Markdown => writeln!(out, "{}", output::markdown(rows)?)?,
        SqlFormat::Csv => output::csv(rows, &mut out)?,
        SqlFormat::Json => output::json(rows, &mut out)?,
    }
    Ok(())
}

fn prompt(config: &Config, catalog: &catalog::Catalog, tables: &mut ReleasedTables, format: SqlFormat, tier: Tier) -> Result<()> {
    let history = config.paths.state.join("sql_history");
    let mut editor = DefaultEditor::new().context("cannot open the terminal")?;
    // The first time there is no history yet.
    let _ = editor.load_history(&history);
    println!("{HELP}");
    let mut pending = String::new();
    loop {
        match editor.readline(if pending.is_empty() { "virsis> " } else { "    ...> " }) {
            Ok(line) => {
                let word = line.trim();
                if pending.is_empty() && (word.is_empty() || word.starts_with('.')) {
                    if word == ".quit" || word == ".exit" {
                        break;
                    }
                    command(catalog, tables, word);
                    continue;
                }
                pending.push_str(&line);
                pending.push('\n');
                if !word.ends_with(';') {
                    continue;
                }
                let statement = std::mem::take(&mut pending);
                if may_be_saved(tier, &statement) {
                    editor.add_history_entry(statement.trim())?;
                }
                if let Err(error) = ask(tables, &statement, format) {
                    eprintln!("error: {error:#}");
                }
            }
            Err(ReadlineError::Interrupted) => pending.clear(),
            Err(ReadlineError::Eof) => break,
            Err(error) => return Err(error).context("cannot read from the terminal"),
        }
    }
    std::fs::create_dir_all(&config.paths.state)
        .and_then(|()| editor.save_history(&history).map_err(std::io::Error::other))
        .context("cannot save the history")
}

/// Whether a statement may be saved in the history file: none of the internal tier, where codes may be queried, and none with a code in it.
fn may_be_saved(tier: Tier, statement: &str) -> bool {
    tier != Tier::Internal && !personal::stands_in(statement)
}

fn command(catalog: &catalog::Catalog, tables: &ReleasedTables, word: &str) {
    let definition = |name: &str| catalog.table(&format!("out_{name}")).ok();
    match word.split_once(' ').map(|(command, name)| (command, name.trim())) {
        Some((".schema", name)) => match definition(name) {
            Some(table) => {
                for column in &table.columns {
                    println!("{:<28} {:<15} {}", column.column.name, column.column.kind.sql(), column.column.title.lt);
                }
            }
            None => println!("there is no table {name}; .tables lists them"),
        },
        None if word == ".tables" => {
            for name in tables.names() {
                println!("{name:<28} {}", definition(name).map_or("", |table| &table.title.lt));
            }
        }
        _ => println!("{HELP}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_statement_with_a_code_in_it_is_not_saved() {
        assert!(may_be_saved(Tier::Public, "SELECT * FROM virs WHERE ja_kodas = '188604955';"));
        assert!(!may_be_saved(Tier::Internal, "SELECT 1;"));
        for code in ["33309240064", "333 0924 0064", "３３３０９２４００６４"] {
            assert!(!may_be_saved(Tier::Open, &format!("SELECT * FROM virs WHERE pavadinimas LIKE '%{code}%';")), "{code}");
        }
    }
}
