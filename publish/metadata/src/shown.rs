//! Columns as the files of a tier have them: whether a cell may be empty there, and what else holds of every cell.

use catalog::{Check, Classifier, Column, Group, Personal, SHOWN_SINCE, Table, TableColumn, Text, Tier};

use crate::{Described, DescribedDataset};

/// So many codes at most are listed beside each column that has them; longer classifiers are in the table of classifiers alone.
pub(crate) const FEW_CODES: usize = 30;

/// A column of a table in a tier.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Shown<'a> {
    /// Its definition.
    pub(crate) column: &'a Column,
    /// Whether every row has a value.
    pub(crate) required: bool,
    /// The classifier of which every value is a code.
    pub(crate) codes: Option<&'a Classifier>,
    /// What every value looks like: a regular expression for the whole of it, without anchors.
    pub(crate) pattern: Option<&'static str>,
}

/// The columns that the tier sees of a table.
pub(crate) fn columns<'a>(described: &Described<'a>, dataset: &DescribedDataset<'a>, table: &'a Table) -> Vec<Shown<'a>> {
    let filled = filled(table, described.tier);
    let holds = keeps_its_checks(dataset, table);
    let shown = |(place, used): (usize, &'a TableColumn)| {
        let column = used.column.as_ref();
        let check = column.check.as_ref().filter(|_| holds);
        let codes = match check {
            Some(Check::Classifier(name)) => described.catalog.classifier(name).ok(),
            _ => None,
        };
        let pattern = pseudonym(column, described.tier).or_else(|| check.and_then(pattern));
        Shown { column, required: filled[place], codes, pattern }
    };
    table.visible(described.tier).enumerate().map(shown).collect()
}

impl<'a> Shown<'a> {
    /// Codes, if they are few.
    pub(crate) fn few_codes(&self) -> Option<&'a Classifier> {
        self.codes.filter(|classifier| classifier.terms.len() <= FEW_CODES)
    }

    /// Whether no value is below zero.
    pub(crate) fn is_not_negative(&self) -> bool {
        self.column.check == Some(Check::NotNegative)
    }

    /// More than its title can say, in one language.
    pub(crate) fn description(&self, language: fn(&Text) -> &String) -> Option<&'a str> {
        self.column.description.as_ref().map(|text| language(text).as_str())
    }
}

/// Of each column that the tier sees whether every row has a value.
fn filled(table: &Table, tier: Tier) -> Vec<bool> {
    table.schema_for(tier).fields().iter().map(|field| !field.is_nullable()).collect()
}

/// Whether every value meets the check of its column. Statistics have categories of their own (“not stated”, several codes together), and a
/// history may have codes that are no longer used.
fn keeps_its_checks(dataset: &DescribedDataset<'_>, table: &Table) -> bool {
    dataset.dataset.group == Group::Duomenys && table.column(SHOWN_SINCE).is_none()
}

/// What stands for a number of a record in the open tier ([`catalog::is_pseudonym`]).
fn pseudonym(column: &Column, tier: Tier) -> Option<&'static str> {
    (tier == Tier::Open && column.personal == Personal::RecordNumber).then_some("[a-p]{16}")
}

/// What a check says of a text's letters; check digits are beyond it.
fn pattern(check: &Check) -> Option<&'static str> {
    match check {
        Check::JaKodas => Some("[0-9]{9}|[0-9]{7}"),
        Check::Numeris => Some("[0-9]{4}-[0-9]{3}[0-9X]|97[89][0-9]{10}"),
        Check::AsmensId => Some("[0-9a-f]{32}"),
        Check::PublishedFile => Some("dokumentai/[0-9a-f]{64}[.]pdf(;dokumentai/[0-9a-f]{64}[.]pdf)*"),
        Check::AsmensKodas | Check::EntityCode | Check::NotNegative | Check::Classifier(_) => None,
    }
}
