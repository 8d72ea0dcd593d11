//! `truth.json`: what a right pipeline must find in the country. It names no person.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::Size;

/// Everything known about a generated country.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Truth {
    /// The seed it came from.
    pub seed: u64,
    /// The size it was asked to have.
    pub size: Size,
    /// How many nights later it is.
    pub nights: u32,
    /// What the last night changed.
    pub changes: Vec<Change>,
    /// The day that all extracts show.
    pub as_of: String,
    /// For each raw table its file, rows and bad rows.
    pub tables: BTreeMap<String, TableTruth>,
    /// How often each hard case occurs; the keys are explained in the crate's documentation.
    pub cases: BTreeMap<String, usize>,
    /// How many VIRS there are.
    pub virs: VirsTruth,
    /// What support must be published.
    pub support: SupportTruth,
    /// Other money that VIRS received.
    pub money: MoneyTruth,
    /// First and last day that a foreigner is born on; no other date of the country lies between them.
    pub foreign_birth_range: [String; 2],
    /// Donors planted at the threshold or just over it.
    pub thresholds: Vec<Threshold>,
}

/// What a night did to the facts about a few persons, or about VIRS, in one extract.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Change {
    /// The raw table.
    pub table: &'static str,
    /// `added`, `corrected` or `removed`.
    pub what: &'static str,
    /// How many persons, or VIRS, these facts are about.
    pub about: usize,
}

/// One extract.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TableTruth {
    /// The file's name.
    pub file: String,
    /// Data rows, the bad ones among them.
    pub rows: usize,
    /// Bad rows by the rule that must catch them.
    pub bad: BTreeMap<String, usize>,
}

/// Producers and disseminators of public information.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct VirsTruth {
    /// All, those that have ceased among them.
    pub total: usize,
    /// Those that are VIRS through a valid licence in LIS only.
    pub only_by_licence: usize,
}

/// Support that must be published: more than 10 BSI, of 1 January, from one donor to one VIRS in one calendar year.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SupportTruth {
    /// By natural persons.
    pub natural: Published,
    /// By legal entities.
    pub legal: Published,
}

/// Published support of one kind of donor.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Published {
    /// Gifts: rows.
    pub gifts: usize,
    /// Distinct donors.
    pub donors: usize,
    /// Distinct triples of donor, VIRS and year.
    pub donor_years: usize,
    /// Euros, in money and in kind.
    pub sum: String,
}

/// Money to VIRS besides support, in euros.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct MoneyTruth {
    /// Political advertising.
    pub advertising_sum: String,
    /// Funds of institutions.
    pub funds_sum: String,
}

/// A donor planted at the threshold or just over it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Threshold {
    /// The code of the VIRS.
    pub virs: String,
    /// The calendar year.
    pub year: i32,
    /// `natural` or `legal`.
    pub donor: &'static str,
    /// Whether the support must be published.
    pub over: bool,
}
