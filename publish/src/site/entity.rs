//! The page of one VIRS: its owners first, then everything the tier's tables say of it.

use std::fmt::Write;

use catalog::{ENTITY, SEQUENCE};
use minijinja::value::Serde;
use minijinja::{Value, context};
use serde::Serialize;

use super::chains::{Chains, is_chains};
use super::changes::push_section;
use super::entities::{Indexed, NAME, VirsEntry, VirsList};
use super::missing::{Missing, is_missing};
use super::notes::{push_rest, push_source, push_suppressed, sources};
use super::owners::{Owners, PERSON, is_owners};
use super::past_owners::past_of;
use super::payments::{PaidYear, PaymentTotals};
use super::rows::{RowTable, SuppressionMarks, filled, push_facts};
use super::shown::{Shown, shown_columns};
use super::summary::Summary;
use super::things::directory::Directories;
use super::things::links::NameLinks;
use super::tier_site::TierSite;
use crate::error::Error;
use crate::formats::RowPrinter;
use crate::incremental::tier_table::TierRows;
use crate::language::{heavier, in_both, push_both, said, say};
use crate::paths::{beside, entity_page, table_path};
use crate::weight::{fitting, is_too_heavy};

/// How much of each table a page shows, the most first: the first with which it is light enough. The downloads have all.
const AMOUNTS: [Amount; 4] = [
    Amount { rows: 20, owners: 50, payers: 15, section: usize::MAX, is_least: false },
    Amount { rows: 10, owners: 50, payers: 10, section: usize::MAX, is_least: false },
    Amount { rows: 5, owners: 25, payers: 5, section: usize::MAX, is_least: false },
    Amount { rows: 5, owners: 10, payers: 5, section: 2_000, is_least: true },
];
/// Rows of one table in the file beside a page.
const TWIN_ROWS: usize = 50;
/// Way from a VIRS's page to the tier's start page.
const UP: &str = "../";

/// What a script looks for.
const WHAT_IF: &str = "class=\"what-if\"";

/// Not for readers of one VIRS's page: whose rows these are stands in its heading, the others only tell rows and persons apart.
const HIDDEN: [&str; 4] = [ENTITY, SEQUENCE, "dalyvio_nr", PERSON];

/// How much of each table a page shows.
#[derive(Clone, Copy)]
struct Amount {
    rows: usize,
    owners: usize,
    /// Of one year.
    payers: usize,
    /// Bytes of a section; one with more is only told of.
    section: usize,
    /// Whether there is none that shows less: with all others a page ends where it is too heavy.
    is_least: bool,
}

/// A table as all pages of the tier show it.
pub(super) struct Section<'a> {
    index: &'a Indexed<'a>,
    columns: Vec<Shown<'a>>,
    marks: SuppressionMarks<'a>,
    pub(super) role: Role,
    owners: Option<Owners<'a>>,
    chains: Option<Chains<'a>>,
    payments: Option<PaymentTotals<'a>>,
    missing: Option<Missing<'a>>,
    names: NameLinks<'a>,
    /// From where its rows come.
    sources: Option<String>,
    /// Line numbers differ from release to release; the file beside a page leaves them out.
    pub(super) printer: RowPrinter<'a>,
}

/// What a section has to say of one VIRS; worked out once for the page, however often that is rendered, and for what lies beside it.
pub(super) struct Part<'s, 'a> {
    pub(super) section: &'s Section<'a>,
    /// All rows that are about the VIRS, payments with the newest first.
    pub(super) rows: Vec<usize>,
    years: Vec<PaidYear>,
}

/// What a table is on a VIRS's page; also the order of the sections.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Role {
    Owners,
    /// How they come to own it.
    Chains,
    /// What nobody knows of it.
    Missing,
    /// One row per VIRS.
    Facts,
    Rows,
}

#[derive(Serialize)]
struct Entry<'a> {
    id: &'a str,
    title: String,
    count: usize,
}

/// The page of one VIRS.
pub(super) fn render(
    site: &TierSite<'_>,
    entities: &VirsList<'_>,
    parts: &[Part<'_, '_>],
    entity: &VirsEntry<'_>,
) -> Result<String, Error> {
    fitting(&AMOUNTS, |amount| render_some(site, entities, parts, entity, amount))
}

fn render_some(
    site: &TierSite<'_>,
    entities: &VirsList<'_>,
    parts: &[Part<'_, '_>],
    entity: &VirsEntry<'_>,
    amount: Amount,
) -> Result<String, Error> {
    let mut body = String::with_capacity(16 * 1024);
    let mut contents = Vec::new();
    let mut summary = Summary::default();
    for part in parts {
        let (section, rows) = (part.section, part.rows.len());
        let definition = section.index.table.table();
        let id = definition.subject();
        contents.push(Entry { id, title: in_both(&definition.title), count: rows });
        let _ = write!(body, "<section aria-labelledby=\"{id}\">\n<h2 id=\"{id}\">");
        push_both(&definition.title, &mut body);
        body.push_str("</h2>\n");
        part.summarise(&mut summary);
        let begin = body.len();
        part.push((site, entities), entity, amount, &mut body);
        if body.len() - begin > amount.section && heavier(&body[begin..]) > amount.section {
            body.truncate(begin);
            let note = say!("Per daug, kad čia tilptų: visos eilutės – rinkinio failuose.");
            let _ = writeln!(body, "<p class=\"note\">{note}</p>");
            push_rest((section.index.dataset, section.index.table), (rows, rows), UP, &mut body);
        }
        body.push_str("</section>\n");
        if !amount.is_least && is_too_heavy(&body) {
            return Ok(body);
        }
    }
    push_section(site, entity.code, &mut body);
    let values = context! {
        frame => site.frame(entity.name, &entity_page(entity.code).unwrap_or_default()),
        beside => Serde(site.beside(entity.code).into_iter().map(|path| format!("{UP}{path}")).collect::<Vec<_>>()),
        name => entity.name,
        code => entity.code,
        form => &entity.form,
        state => entity.state,
        summary => Value::from_safe_string(summary.print(site.tier)),
        contents => Serde(contents),
        what_if => body.contains(WHAT_IF),
        body => Value::from_safe_string(body),
    };
    site.render("entity.html", values)
}

impl<'a> Section<'a> {
    pub(super) fn new(site: &'a TierSite<'_>, things: &'a Directories<'a>, index: &'a Indexed<'a>) -> Self {
        let columns = shown_columns(index.table, &site.titles);
        let role = match () {
            () if is_owners(index.table.table()) => Role::Owners,
            () if is_chains(index.table.table()) => Role::Chains,
            () if is_missing(index.table.table()) => Role::Missing,
            () if index.table.table().key == [ENTITY] => Role::Facts,
            () => Role::Rows,
        };
        let owners = (role == Role::Owners).then(|| Owners::new(index, &site.titles, things)).flatten();
        let chains = (role == Role::Chains).then(|| Chains::new(index, &site.titles, things)).flatten();
        let missing = (role == Role::Missing).then(|| Missing::new(index.table, &site.titles)).flatten();
        let (marks, payments, names) = (
            SuppressionMarks::of(index.table),
            PaymentTotals::of(index.table, site.context.release.date),
            NameLinks::of(things, index.table),
        );
        let printer = RowPrinter::without(index.table.rows(), &[SEQUENCE]);
        Self {
            index,
            columns,
            marks,
            role,
            owners,
            chains,
            payments,
            missing,
            names,
            sources: sources(site, index.table.table(), UP),
            printer,
        }
    }

    pub(super) fn table(&self) -> &TierRows {
        self.index.table
    }

    /// Where the whole table lies in its tier, in the format with this extension.
    pub(super) fn file(&self, extension: &str) -> String {
        table_path(self.index.dataset, self.index.table.table(), extension)
    }

    /// What the table has to say of a VIRS, if anything.
    pub(super) fn about(&self, code: &str) -> Option<Part<'_, 'a>> {
        let rows = self.index.rows(code);
        if rows.is_empty() {
            return None;
        }
        let (rows, years) = match &self.payments {
            Some(payments) => {
                let sorted = payments.newest_first(rows);
                let years = payments.years(&sorted);
                (sorted, years)
            }
            None => (rows.to_vec(), Vec::new()),
        };
        Some(Part { section: self, rows, years })
    }

    /// Columns that have something to say in these rows, but for what only tells rows apart.
    pub(super) fn filled_columns(&self, rows: &[usize]) -> Vec<&Shown<'_>> {
        filled(&self.columns, rows, &self.marks, &HIDDEN)
    }

    fn push_rows(&self, columns: &[&Shown<'_>], rows: &[usize], out: &mut String) {
        let title = &self.index.table.table().title;
        let caption = &in_both(title);
        RowTable { caption, quiet: true, columns, marks: &self.marks, up: UP, links: None, names: Some(&self.names), leads: None }
            .push(rows, out);
    }
}

impl Part<'_, '_> {
    /// The rows that stand beside the page. Holdings are shown all: a part of them would be another arithmetic.
    pub(super) fn beside(&self) -> &[usize] {
        let most = if self.section.chains.is_some() { self.rows.len() } else { TWIN_ROWS };
        &self.rows[..self.rows.len().min(most)]
    }

    /// Owners with their shares, where the table tells them.
    pub(super) fn owners(&self) -> Option<Vec<String>> {
        self.section.owners.as_ref().map(|owners| owners.named(&self.rows))
    }

    fn summarise(&self, summary: &mut Summary) {
        if let Some(owners) = self.section.owners.as_ref().and_then(|owners| owners.summary(&self.rows)) {
            summary.owners = Some(owners);
        }
        if let Some(newest) = self.section.payments.as_ref().and_then(|payments| payments.newest_year(&self.years)) {
            let title = &self.section.index.table.table().title;
            summary.payments.push((in_both(title), newest));
        }
    }

    fn push(&self, (site, entities): (&TierSite<'_>, &VirsList<'_>), entity: &VirsEntry<'_>, amount: Amount, out: &mut String) {
        let (section, rows, page) = (self.section, self.rows.as_slice(), (site.tier, entities));
        let limit = match section.role {
            Role::Chains => rows.len(),
            Role::Owners => amount.owners,
            Role::Facts | Role::Missing | Role::Rows => amount.rows,
        };
        let shown_rows = &rows[..rows.len().min(limit)];
        let mut without = HIDDEN.to_vec();
        let same_name = |shown: &&Shown<'_>| shown.column.name == NAME && rows.iter().all(|&row| shown.text(row) == Some(entity.name));
        without.extend(section.columns.iter().find(same_name).map(|_| NAME));
        let columns = filled(&section.columns, shown_rows, &section.marks, &without);
        match section.role {
            Role::Facts => push_facts(&columns, rows, &section.marks, (UP, &section.names), out),
            Role::Rows => match &section.payments {
                Some(payments) => self.push_payments((payments, amount.payers), columns, shown_rows, out),
                None => section.push_rows(&columns, shown_rows, out),
            },
            Role::Missing => {
                if let Some(missing) = &section.missing {
                    missing.push(shown_rows, out);
                }
            }
            Role::Chains => {
                if let Some(chains) = &section.chains {
                    chains.push(page.1, entity, rows, out);
                }
                // A script works out what follows if holdings were others, from the file beside the page.
                if let Some(twin) = beside(page.0, entity.code, false).first() {
                    let what_if = say!("Kas būtų, jeigu…");
                    let _ = writeln!(out, "<details {WHAT_IF} data-twin=\"{UP}{twin}\" hidden>\n<summary>{what_if}</summary>\n</details>");
                }
            }
            Role::Owners => {
                if let Some(owners) = &section.owners {
                    owners.push(page, entity.code, rows, shown_rows, out);
                }
                if let Some(past) = past_of(site, entity.code) {
                    let link = say!("Kam priklausė anksčiau, bet kurią praėjusią dieną");
                    let _ = writeln!(out, "<p><a href=\"{UP}{past}\">{link}</a></p>");
                }
                let _ = writeln!(out, "<details>\n<summary>{}</summary>", say!("Visi duomenys apie savininkus"));
                section.push_rows(&columns, shown_rows, out);
                out.push_str("</details>\n");
            }
        }
        if section.marks.any(shown_rows) {
            push_suppressed(out);
        }
        if let Some(sources) = &section.sources {
            push_source(site, section.index.table.table(), sources, entity.code, out);
        }
        push_rest((section.index.dataset, section.index.table), (shown_rows.len(), rows.len()), UP, out);
    }

    /// Totals, and every payment below them, the amount right after its first column.
    fn push_payments(&self, (payments, payers): (&PaymentTotals<'_>, usize), columns: Vec<&Shown<'_>>, shown: &[usize], out: &mut String) {
        payments.push(&self.years, payers, (UP, &self.section.names), out);
        let (amounts, mut others): (Vec<_>, Vec<_>) = columns.into_iter().partition(|shown| payments.is_amount(&shown.column.name));
        let first = others.len().min(1);
        others.splice(first..first, amounts);
        let every = said!("Kiekvienas mokėjimas, naujausi viršuje ({0})", self.rows.len());
        let _ = writeln!(out, "<details>\n<summary>{every}</summary>");
        self.section.push_rows(&others, shown, out);
        out.push_str("</details>\n");
    }
}
