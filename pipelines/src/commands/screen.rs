//! What a person at a terminal sees of a table: so many rows, how many there are in all, and a pager where they do not fit. Whatever reads
//! from a pipe gets the whole table and nothing else.

use std::io::{ErrorKind, IsTerminal, Write};
use std::process::{Command, Stdio};

use anyhow::Result;
use arrow::array::RecordBatch;
use console::Term;

use crate::output::{counted_rows, lithuanian};

/// The pager, unless `PAGER` names another.
const PAGER: &str = "less";

/// Prints a table under its head; `drawn` draws the rows.
pub(crate) fn show(head: &str, rows: &RecordBatch, drawn: impl Fn(&RecordBatch) -> Result<String>, limit: usize) -> Result<()> {
    if !std::io::stdout().is_terminal() {
        return Ok(writeln!(std::io::stdout(), "{head}{}", drawn(rows)?)?);
    }
    let shown = if limit == 0 { rows.num_rows() } else { limit.min(rows.num_rows()) };
    let text = format!("{head}{}\n{}\n", drawn(&rows.slice(0, shown))?, counted(shown, rows.num_rows()));
    page(&text)
}

/// How many rows there are, and how the rest is had.
fn counted(shown: usize, all: usize) -> String {
    if shown == all {
        return counted_rows(all);
    }
    format!("Rodoma {} iš {}; visos: --limit 0 arba --format csv", counted_rows(shown), lithuanian(&all.to_string()))
}

/// Prints a text, through a pager if it is larger than the screen.
fn page(text: &str) -> Result<()> {
    let fits = |(height, width): (u16, u16)| {
        text.lines().count() < usize::from(height) && text.lines().all(|line| line.chars().count() <= usize::from(width))
    };
    if Term::stdout().size_checked().is_none_or(fits) || !through_pager(text) {
        std::io::stdout().write_all(text.as_bytes())?;
    }
    Ok(())
}

/// Whether a pager took a text. It starts no other programs and keeps no history.
fn through_pager(text: &str) -> bool {
    let pager = std::env::var("PAGER").ok().filter(|pager| !pager.trim().is_empty()).unwrap_or_else(|| PAGER.to_owned());
    let mut words = pager.split_whitespace();
    let Some(program) = words.next() else { return false };
    let mut command = Command::new(program);
    command.args(words).stdin(Stdio::piped()).env("LESSSECURE", "1").env("LESSHISTFILE", "-");
    if std::env::var_os("LESS").is_none() {
        // Long lines are moved sideways instead of being folded, and what was read stays on the screen.
        command.env("LESS", "-SX");
    }
    let Ok(mut pager) = command.spawn() else { return false };
    let written = pager.stdin.take().map_or(Ok(()), |mut input| input.write_all(text.as_bytes()));
    // Who has seen enough closes the pager before the end.
    let was_read = written.is_ok() || written.is_err_and(|error| error.kind() == ErrorKind::BrokenPipe);
    pager.wait().is_ok_and(|status| status.success()) && was_read
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_that_are_not_shown_are_counted() {
        assert_eq!(counted(2, 2), "2 eilutės");
        assert_eq!(counted(0, 0), "0 eilučių");
        assert_eq!(counted(1000, 23_456), "Rodoma 1000 eilučių iš 23\u{a0}456; visos: --limit 0 arba --format csv");
    }
}
