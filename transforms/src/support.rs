//! The rule of ten: support is published when what one donor gave one VIRS in one calendar year *exceeds* 10 BSI.
//!
//! Sums are compared as whole numbers. Gifts are measured in a unit into which every BSI of the year divides evenly, so that
//! a donor at exactly 10 BSI is told from one a cent above, whichever day's BSI the policy takes.

use std::collections::BTreeMap;

use catalog::{BsiPolicy, Law};
use chrono::{Datelike, NaiveDate};
use polars::prelude::*;

use crate::Error;

/// Cents in a euro.
const CENTS: i64 = 100;

/// How a year's gifts are measured.
#[derive(Debug)]
pub(crate) struct Measure<'a> {
    law: &'a Law,
    policy: BsiPolicy,
    /// Least common multiple of the BSI that measure each year.
    units: BTreeMap<i32, i64>,
}

impl<'a> Measure<'a> {
    pub(crate) fn new(law: &'a Law, policy: BsiPolicy) -> Self {
        Self { law, policy, units: BTreeMap::new() }
    }

    /// Notes a gift's date; to be called for all before [`Measure::weigh`].
    pub(crate) fn note(&mut self, date: NaiveDate) -> Result<(), Error> {
        let bsi = self.law.bsi(self.policy.day(date))?;
        let unit = self.units.entry(date.year()).or_insert(1);
        *unit = *unit / gcd(*unit, bsi) * bsi;
        Ok(())
    }

    /// A gift of `cents`, in units of its year.
    pub(crate) fn weigh(&self, date: NaiveDate, cents: i64) -> Result<i64, Error> {
        Ok(cents * (self.unit(date.year()) / self.law.bsi(self.policy.day(date))?))
    }

    /// One BSI, in units of the year.
    pub(crate) fn unit(&self, year: i32) -> i64 {
        self.units.get(&year).copied().unwrap_or(1)
    }

    /// The sum of units that must be exceeded.
    pub(crate) fn threshold(&self, year: i32) -> i64 {
        self.law.support_threshold_bsi() * CENTS * self.unit(year)
    }
}

/// Keeps the gifts of donors above the threshold. `gifts` has `ja_kodas`, `davejas`, `metai`, `centai`, `vienetai`, `riba`;
/// the result also has `per_metus` (cents) and `vienetai_per_metus`, the donor's sums for that VIRS and year.
pub(crate) fn above_threshold(gifts: DataFrame) -> Result<DataFrame, Error> {
    let donor_year = [col("ja_kodas"), col("davejas"), col("metai")];
    let select = || {
        let sums = [
            col("centai").sum().over(donor_year.clone())?.alias("per_metus"),
            col("vienetai").sum().over(donor_year.clone())?.alias("vienetai_per_metus"),
        ];
        gifts.lazy().with_columns(sums).filter(col("vienetai_per_metus").gt(col("riba"))).collect()
    };
    select().map_err(Error::frame("support"))
}

fn gcd(mut a: i64, mut b: i64) -> i64 {
    while b != 0 {
        (a, b) = (b, a % b);
    }
    a
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::Path;

    fn published(policy: BsiPolicy, gifts: &[(&str, &str, i64)]) -> usize {
        let catalog = catalog::Catalog::load(&Path::new(env!("CARGO_MANIFEST_DIR")).join("..")).unwrap();
        let mut measure = Measure::new(catalog.law(), policy);
        let dated: Vec<(NaiveDate, &str, i64)> = gifts.iter().map(|(date, donor, cents)| (date.parse().unwrap(), *donor, *cents)).collect();
        dated.iter().for_each(|(date, ..)| measure.note(*date).unwrap());
        let frame = df!(
            "ja_kodas" => vec!["1"; dated.len()],
            "davejas" => dated.iter().map(|(_, donor, _)| *donor).collect::<Vec<_>>(),
            "metai" => dated.iter().map(|(date, ..)| i64::from(date.year())).collect::<Vec<_>>(),
            "centai" => dated.iter().map(|(.., cents)| *cents).collect::<Vec<_>>(),
            "vienetai" => dated.iter().map(|(date, _, cents)| measure.weigh(*date, *cents).unwrap()).collect::<Vec<_>>(),
            "riba" => dated.iter().map(|(date, ..)| measure.threshold(date.year())).collect::<Vec<_>>(),
        );
        above_threshold(frame.unwrap()).unwrap().height()
    }

    #[test]
    fn exactly_ten_bsi_is_not_published_and_a_cent_more_is() {
        let year_start = BsiPolicy::MetuPradzia;
        assert_eq!(published(year_start, &[("2025-03-01", "a", 30_000), ("2025-09-01", "a", 40_000)]), 0);
        assert_eq!(published(year_start, &[("2025-03-01", "a", 30_000), ("2025-09-01", "a", 40_001)]), 2);
        assert_eq!(published(year_start, &[("2024-12-31", "a", 40_000), ("2025-01-01", "a", 40_001)]), 0, "years are apart");
        assert_eq!(published(year_start, &[("2025-03-01", "a", 60_000), ("2025-03-01", "b", 60_000)]), 0, "donors are apart");
    }

    #[test]
    fn the_policy_decides_in_a_year_whose_bsi_changed() {
        // 2022: 42 until the end of May, 46 from June.
        let gifts = [("2022-02-01", "a", 21_000), ("2022-07-01", "a", 23_000)];
        assert_eq!(published(BsiPolicy::MetuPradzia, &gifts), 2, "440 > 420");
        assert_eq!(published(BsiPolicy::MetuPabaiga, &gifts), 0, "440 < 460");
        assert_eq!(published(BsiPolicy::DovanojimoDiena, &gifts), 0, "5 + 5 BSI is not more than 10");
        let more = [("2022-02-01", "a", 21_001), ("2022-07-01", "a", 23_000)];
        assert_eq!(published(BsiPolicy::DovanojimoDiena, &more), 2);
    }
}
