//! The page of one VIRS: its owners first, then everything the tier's tables say of it.

use std::collections::HashSet;
use std::fmt::Write;

use catalog::{ENTITY, SEQUENCE, Tier};
use minijinja::value::Serde;
use minijinja::{Value, context};
use serde::Serialize;

use super::chains::{Chains, is_chains};
use super::entities::{Indexed, NAME, VirsEntry, VirsList};
use super::notes::{SUPPRESSED, push_rest};
use super::owners::{Owners, PERSON, is_owners};
use super::payments::PaymentTotals;
use super::rows::{RowTable, SuppressionMarks, filled, push_facts};
use super::shown::{Shown, shown_columns};
use super::summary::Summary;
use super::text::push_escaped;
use super::things::directory::Directories;
use super::things::links::NameLinks;
use super::tier_site::TierSite;
use crate::error::Error;

/// Rows of one table on one page; the download has them all.
const ROW_LIMIT: usize = 50;
/// Way from a VIRS's page to the tier's start page.
const UP: &str = "../";

/// Not for readers of one VIRS's page: whose rows these are stands in its heading, the others only tell rows and persons apart.
const HIDDEN: [&str; 4] = [ENTITY, SEQUENCE, "dalyvio_nr", PERSON];

/// A table as all pages of the tier show it.
pub(super) struct Section<'a> {
    index: &'a Indexed<'a>,
    columns: Vec<Shown<'a>>,
    marks: SuppressionMarks<'a>,
    pub(super) role: Role,
    owners: Option<Owners<'a>>,
    chains: Option<Chains<'a>>,
    payments: Option<PaymentTotals<'a>>,
    names: NameLinks<'a>,
}

/// What a table is on a VIRS's page; also the order of the sections.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Role {
    Owners,
    /// How they come to own it.
    Chains,
    /// One row per VIRS.
    Facts,
    Rows,
}

#[derive(Serialize)]
struct Entry<'a> {
    id: &'a str,
    title: &'a str,
    count: usize,
}

/// The page of one VIRS.
pub(super) fn render(
    site: &TierSite<'_>,
    entities: &VirsList<'_>,
    sections: &[Section<'_>],
    entity: &VirsEntry<'_>,
) -> Result<String, Error> {
    let mut body = String::with_capacity(16 * 1024);
    let mut contents = Vec::new();
    let mut summary = Summary::default();
    for section in sections {
        let rows = section.index.rows(entity.code);
        if rows.is_empty() {
            continue;
        }
        let definition = section.index.table.table();
        let (id, title) = (definition.subject(), definition.title.lt.as_str());
        contents.push(Entry { id, title, count: rows.len() });
        let _ = write!(body, "<section aria-labelledby=\"{id}\">\n<h2 id=\"{id}\">");
        push_escaped(title, &mut body);
        body.push_str("</h2>\n");
        section.summarise(rows, &mut summary);
        section.push((site.tier, entities), entity, rows, &mut body);
        body.push_str("</section>\n");
    }
    let values = context! {
        frame => site.frame(entity.name, UP),
        name => entity.name,
        code => entity.code,
        form => entity.form,
        state => entity.state,
        summary => Value::from_safe_string(summary.print(site.tier)),
        contents => Serde(contents),
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
            () if index.table.table().key == [ENTITY] => Role::Facts,
            () => Role::Rows,
        };
        let owners = (role == Role::Owners).then(|| Owners::new(index, &site.titles, things)).flatten();
        let chains = (role == Role::Chains).then(|| Chains::new(index, things)).flatten();
        let (marks, payments, names) =
            (SuppressionMarks::of(index.table), PaymentTotals::of(index.table), NameLinks::of(things, index.table));
        Self { index, columns, marks, role, owners, chains, payments, names }
    }

    fn summarise(&self, rows: &[usize], summary: &mut Summary<'a>) {
        if let Some(owners) = self.owners.as_ref().and_then(|owners| owners.summary(rows)) {
            summary.owners = Some(owners);
        }
        if let Some(newest) = self.payments.as_ref().and_then(|payments| payments.newest_year(rows)) {
            summary.payments.push((&self.index.table.table().title.lt, newest));
        }
    }

    fn push(&self, page: (Tier, &VirsList<'_>), entity: &VirsEntry<'_>, rows: &[usize], out: &mut String) {
        let sorted = self.payments.as_ref().map(|payments| payments.newest_first(rows));
        let rows = sorted.as_deref().unwrap_or(rows);
        let limit = if self.chains.is_some() { rows.len() } else { ROW_LIMIT };
        let shown_rows = &rows[..rows.len().min(limit)];
        let mut without = HashSet::from(HIDDEN);
        let same_name = |shown: &&Shown<'_>| shown.column.name == NAME && rows.iter().all(|&row| shown.text(row) == Some(entity.name));
        without.extend(self.columns.iter().find(same_name).map(|_| NAME));
        let columns = filled(&self.columns, shown_rows, &self.marks, &without);
        match self.role {
            Role::Facts => push_facts(&columns, rows, &self.marks, (UP, &self.names), out),
            Role::Rows => match &self.payments {
                Some(payments) => self.push_payments(payments, columns, (rows, shown_rows), out),
                None => self.push_rows(&columns, shown_rows, out),
            },
            Role::Chains => {
                if let Some(chains) = &self.chains {
                    chains.push(page.1, entity, rows, out);
                }
            }
            Role::Owners => {
                if let Some(owners) = &self.owners {
                    owners.push(page, entity.code, rows, shown_rows, out);
                }
                out.push_str("<details>\n<summary>Visi duomenys apie savininkus</summary>\n");
                self.push_rows(&columns, shown_rows, out);
                out.push_str("</details>\n");
            }
        }
        if self.marks.any(shown_rows) {
            out.push_str(SUPPRESSED);
        }
        push_rest((self.index.dataset, self.index.table), (shown_rows.len(), rows.len()), UP, out);
    }

    fn push_rows(&self, columns: &[&Shown<'_>], rows: &[usize], out: &mut String) {
        let caption = &self.index.table.table().title.lt;
        RowTable { caption, quiet: true, columns, marks: &self.marks, up: UP, links: None, names: Some(&self.names) }.push(rows, out);
    }

    /// Totals, and every payment below them, the amount right after its first column.
    fn push_payments(&self, payments: &PaymentTotals<'_>, columns: Vec<&Shown<'_>>, rows: (&[usize], &[usize]), out: &mut String) {
        let (all, shown) = rows;
        payments.push(all, (UP, &self.names), out);
        let (amounts, mut others): (Vec<_>, Vec<_>) = columns.into_iter().partition(|shown| payments.is_amount(&shown.column.name));
        let first = others.len().min(1);
        others.splice(first..first, amounts);
        let _ = writeln!(out, "<details>\n<summary>Kiekvienas mokėjimas, naujausi viršuje ({})</summary>", all.len());
        self.push_rows(&others, shown, out);
        out.push_str("</details>\n");
    }
}
