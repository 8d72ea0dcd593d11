//! The prompt: lines with history and completion, statements over several lines, and a few commands of its own.

use anyhow::{Context, Result};
use catalog::{Catalog, Tier, personal};
use rustyline::error::ReadlineError;
use rustyline::history::FileHistory;
use rustyline::{CompletionType, Editor};

use super::completion::Words;
use super::{Answers, ask};
use crate::config::Config;
use crate::queries::released_tables::ReleasedTables;
use crate::queries::{spelling, tier};

const HELP: &str = "\
SQL užklausa baigiama kabliataškiu ir gali užimti kelias eilutes, pvz.:
  SELECT pavadinimas, ja_kodas FROM virs ORDER BY pavadinimas LIMIT 10;
Tab užbaigia lentelių ir stulpelių pavadinimus, rodyklė aukštyn grąžina ankstesnę užklausą.
  \\d            lentelės (arba .tables, SHOW TABLES;)
  \\d LENTELĖ    lentelės stulpeliai ir ką jie reiškia (arba .schema LENTELĖ)
  help          šis paaiškinimas (arba pagalba, \\?)
  exit          baigti (arba quit, \\q, Ctrl-D)";

/// What a line asks of the prompt itself.
#[derive(Debug, PartialEq, Eq)]
enum Command<'a> {
    Help,
    Quit,
    Tables,
    Columns(&'a str),
    Unknown,
}

impl<'a> Command<'a> {
    /// `None` for a line of SQL. Where a statement is under way, a word like `exit` may belong to it.
    fn parse(line: &'a str, is_under_way: bool) -> Option<Self> {
        let line = line.trim();
        let (word, name) = line.trim_end_matches([';', ' ']).split_once(' ').unwrap_or((line.trim_end_matches([';', ' ']), ""));
        let command = match (word.to_lowercase().as_str(), name.trim()) {
            ("\\q" | ".quit" | ".exit", _) => Self::Quit,
            ("\\?" | "\\h" | ".help", _) => Self::Help,
            ("\\d" | "\\dt" | ".tables", "") => Self::Tables,
            ("\\d" | ".schema", name) if !name.is_empty() => Self::Columns(name),
            ("exit" | "quit", "") if !is_under_way => Self::Quit,
            ("help" | "pagalba", "") if !is_under_way => Self::Help,
            (word, _) if word.starts_with(['\\', '.']) && !is_under_way => Self::Unknown,
            _ => return None,
        };
        Some(command)
    }
}

pub(super) fn open(config: &Config, catalog: &Catalog, tables: &mut ReleasedTables, answers: Answers, tier: Tier) -> Result<()> {
    let history = config.paths.state.join("sql_history");
    let settings = rustyline::Config::builder().completion_type(CompletionType::List).build();
    let mut editor = Editor::<Words, FileHistory>::with_config(settings).context("cannot open the terminal")?;
    editor.set_helper(Some(Words::new(tables.columns().clone())));
    // The first time there is no history yet.
    let _ = editor.load_history(&history);
    println!("{}{}\n{HELP}", tier::title(tier), tables.date().map_or_else(String::new, |date| format!(", {date}")));
    let mut pending = String::new();
    loop {
        if let Some(words) = editor.helper_mut() {
            words.before.clone_from(&pending);
        }
        match editor.readline(if pending.is_empty() { "virsis> " } else { "    ...> " }) {
            Ok(line) if pending.is_empty() && line.trim().is_empty() => {}
            Ok(line) => match Command::parse(&line, !pending.is_empty()) {
                Some(Command::Quit) => break,
                Some(command) => obey(&command, catalog, tables),
                None => {
                    pending.push_str(&line);
                    pending.push('\n');
                    if crate::queries::statement::is_complete(&pending) {
                        answer(&mut editor, tables, &std::mem::take(&mut pending), answers, tier)?;
                    }
                }
            },
            Err(ReadlineError::Interrupted) if pending.is_empty() => println!("Baigti: exit arba Ctrl-D."),
            Err(ReadlineError::Interrupted) => pending.clear(),
            Err(ReadlineError::Eof) => break,
            Err(error) => return Err(error).context("cannot read from the terminal"),
        }
    }
    if tier == Tier::Internal {
        return Ok(());
    }
    std::fs::create_dir_all(&config.paths.state)
        .and_then(|()| editor.save_history(&history).map_err(std::io::Error::other))
        .context("cannot save the history")
}

/// Runs what was typed. In the internal tier, where codes may be asked for, all of it can be called back while the prompt is open, and nothing
/// is saved; in the other tiers the history is saved, without what holds a code.
fn answer(editor: &mut Editor<Words, FileHistory>, tables: &mut ReleasedTables, text: &str, answers: Answers, tier: Tier) -> Result<()> {
    if tier == Tier::Internal || !personal::stands_in(text) {
        editor.add_history_entry(text.trim())?;
    }
    if let Err(error) = ask(tables, text, answers) {
        eprintln!("klaida: {error:#}");
    }
    Ok(())
}

fn obey(command: &Command<'_>, catalog: &Catalog, tables: &ReleasedTables) {
    let title = |name: &str| catalog.table(&format!("out_{name}")).map_or("", |table| table.title.lt.as_str());
    match command {
        Command::Tables => tables.names().for_each(|name| println!("{name:<28} {}", title(name))),
        Command::Columns(name) => columns(&name.to_lowercase(), catalog, tables),
        Command::Unknown => println!("Tokios komandos nėra.\n{HELP}"),
        Command::Help | Command::Quit => println!("{HELP}"),
    }
}

/// Lists the columns that a table has in this tier.
fn columns(name: &str, catalog: &Catalog, tables: &ReleasedTables) {
    let Some(visible) = tables.columns().get(name) else {
        let meant = spelling::closest(name, tables.names()).map_or_else(String::new, |meant| format!(" Gal turėjote omenyje {meant}?"));
        println!("Lentelės „{name}“ nėra.{meant} Lenteles išvardija \\d.");
        return;
    };
    let Ok(table) = catalog.table(&format!("out_{name}")) else { return };
    for column in table.columns.iter().map(|used| &used.column).filter(|column| visible.contains(&column.name)) {
        println!("{:<28} {:<15} {}", column.name, column.kind.sql(), column.title.lt);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_of_other_prompts_are_understood_and_statements_are_left_alone() {
        for (line, command) in [
            ("exit", Command::Quit),
            ("quit;", Command::Quit),
            ("\\q", Command::Quit),
            (" HELP ;", Command::Help),
            ("\\?", Command::Help),
            ("\\d", Command::Tables),
            ("\\d virs;", Command::Columns("virs")),
            (".schema virs", Command::Columns("virs")),
            ("\\x", Command::Unknown),
        ] {
            assert_eq!(Command::parse(line, false), Some(command), "{line}");
        }
        assert_eq!(Command::parse("SELECT 1;", false), None);
        assert_eq!(Command::parse("help", true), None, "a column may be called so");
        assert_eq!(Command::parse("\\q", true), Some(Command::Quit));
    }
}
