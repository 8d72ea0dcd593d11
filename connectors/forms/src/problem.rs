//! What is wrong with an entry, and what a check may know beside it.

use std::collections::BTreeMap;

use catalog::Catalog;
use chrono::NaiveDate;

use crate::entry::Record;
use crate::register::Register;
use crate::rules::Rules;

/// Something that must be mended before a document can be formed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// Section of the form.
    pub section: String,
    /// Place of the record, from 0.
    pub place: usize,
    /// Column; empty when the whole record or section is meant.
    pub column: String,
    /// What is wrong and what to do.
    pub message: String,
}

/// What a check may know beside the entry. Not to be printed: it has rows of others.
#[derive(Clone, Copy)]
pub struct Known<'a> {
    /// All definitions.
    pub catalog: &'a Catalog,
    /// Today in Lithuania.
    pub today: NaiveDate,
    /// Numbers of the outlets that may be chosen.
    pub outlets: &'a [String],
    /// Code of the VIRS.
    pub virs: &'a str,
    /// All VIRS: each speaks for itself.
    pub register: &'a Register,
    /// Rows of others that will hold beside these, by section.
    pub beside: &'a BTreeMap<String, Vec<Record>>,
    /// What a night holds rows to.
    pub rules: &'a dyn Rules,
}
