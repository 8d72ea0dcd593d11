//! `llms.txt`: what there is and how it is asked, in the form that language models are given (llmstxt.org): a heading, a summary, notes, and lists of
//! links. English and short: what tables and columns mean stands in the descriptions that it leads to.

use std::fmt::Write;

use catalog::{Group, Tier};

use crate::names::LLMS;
use crate::open_api::{PRODUCERS, is_history};
use crate::{Described, DescribedTable, Description, Error, csvw, data_package, dsa, open_api};

/// The file.
pub(crate) fn describe(described: &Described<'_>) -> Result<Vec<Description>, Error> {
    let mut text = String::new();
    print(described, &mut text).map_err(Error::print(LLMS))?;
    Ok(vec![(LLMS.to_owned(), text.into_bytes())])
}

fn print(described: &Described<'_>, out: &mut String) -> std::fmt::Result {
    let publisher = &described.publisher;
    writeln!(out, "# VIRSIS open data, tier “{}”\n", described.tier)?;
    writeln!(
        out,
        "> Who makes and spreads public information in Lithuania (VIRS), who owns them, which outlets they run and who pays them. \
         Published by {}, licence [{}]({}).\n",
        publisher.name, publisher.licence, publisher.licence_url
    )?;
    writeln!(
        out,
        "- This is release {}: data of {}. What lies under the address of a release stays as it is, but for lawful removals of persons.",
        described.release, described.date
    )?;
    if let Some(notice) = described.notice {
        writeln!(out, "- {notice}")?;
    }
    writeln!(out, "- {}", persons(described.tier))?;
    writeln!(
        out,
        "- Names of tables, columns and codes are Lithuanian without diacritics; titles are in Lithuanian and English in the descriptions."
    )?;
    writeln!(
        out,
        "- Codes of legal entities (`ja_kodas`) are text of nine digits (old ones of seven), and join the tables. Money is in euros, shares are parts of 1, dates ISO 8601."
    )?;
    writeln!(
        out,
        "- An empty cell of a statistic is a figure that is not published, if the column `konfidencialu` names it: it is not zero."
    )?;
    writeln!(out, "- That something is missing does not mean that anybody broke a rule. Cite the release and the table.")?;
    queries(described, out)?;
    writeln!(out, "\n## Descriptions\n")?;
    let files = [
        ("manifest.json", "every file with its SHA-256, and how current the sources are"),
        (open_api::PATH, "all paths (OpenAPI 3.1)"),
        (data_package::PATH, "CSV files, columns, types and keys (Data Package)"),
        (csvw::PATH, "the same after CSV on the Web, in both languages"),
        (dsa::PATH, "the same for Lithuania's data catalogue"),
    ];
    for (path, what) in files {
        writeln!(out, "- [{path}]({}): {what}", described.latest_address(path))?;
    }
    if described.tables().any(|(_, table)| is_history(table)) {
        writeln!(out, "- [pokyciai/index.json]({}): histories and what changed", described.latest_address("pokyciai/index.json"))?;
    }
    for file in &described.whole {
        writeln!(out, "- [{0}]({1}): all tables in one file", file.path, described.latest_address(&file.path))?;
    }
    for (dataset, file) in described.datasets.iter().flat_map(|dataset| dataset.others.iter().map(move |file| (dataset, file))) {
        writeln!(
            out,
            "- [{}]({}): {}, in a format of other systems",
            file.path,
            described.latest_address(&file.path),
            dataset.dataset.title.en
        )?;
    }
    for (group, heading) in [(Group::Duomenys, "Tables of facts"), (Group::Statistika, "Statistics")] {
        writeln!(out, "\n## {heading}\n")?;
        let datasets = described.datasets.iter().filter(|dataset| dataset.dataset.group == group);
        datasets.flat_map(|dataset| &dataset.tables).try_for_each(|table| print_table(described, table, out))?;
    }
    Ok(())
}

/// What of natural persons is in the tier, and what may be done with it.
fn persons(tier: Tier) -> &'static str {
    match tier {
        Tier::Open => {
            "Nothing in it singles a natural person out: rows about persons, and about firms that may bear a person's name, are left out, and so totals of its rows are no totals of the register. Do not try to identify anybody."
        }
        Tier::Public => {
            "It names natural persons (owners, heads, donors) as the law asks: these are personal data under the GDPR, shown for the transparency of media ownership. Do not profile them, and do not join them with other data about them. `asmens_id` tells persons apart and is no code. For reuse without personal data take the open tier."
        }
        Tier::Internal => "It is for staff of the authorised institutions and holds personal data; nothing of it may be passed on.",
    }
}

fn queries(described: &Described<'_>, out: &mut String) -> std::fmt::Result {
    let producers = described.tables().find(|(_, table)| table.table.name == PRODUCERS);
    if let Some(file) = producers.and_then(|(_, table)| table.file("parquet")) {
        writeln!(
            out,
            "- Any Parquet file over HTTP, typed columns: `duckdb -c \"FROM '{}' LIMIT 5\"`",
            described.latest_address(&file.path)
        )?;
    }
    writeln!(
        out,
        "- CSV is UTF-8 with commas; a text that a spreadsheet would run as a formula begins with an apostrophe there. JSON Lines and Parquet have the plain text."
    )?;
    if described.tables().any(|(_, table)| is_history(table)) {
        writeln!(out, "- A past day: of a history take the rows with `zinoma_nuo <= DAY AND (zinoma_iki IS NULL OR zinoma_iki > DAY)`.")?;
    }
    Ok(())
}

fn print_table(described: &Described<'_>, table: &DescribedTable<'_>, out: &mut String) -> std::fmt::Result {
    let Some(file) = preferred(table).filter(|_| !is_history(table)) else { return Ok(()) };
    let definition = table.table;
    let address = described.latest_address(&file.path);
    writeln!(out, "- [{}]({address}): `{}`, {} rows. {}", definition.title.en, definition.subject(), table.rows, definition.description.en)
}

/// The file that says most of its columns.
fn preferred<'d>(table: &'d DescribedTable<'_>) -> Option<&'d crate::DataFile> {
    ["parquet", "csv", "json"].into_iter().find_map(|extension| table.file(extension))
}
