//! Dated legal parameters from `data/law`: sums that change by decree, thresholds, lists of legal forms.

use chrono::{Datelike, NaiveDate};
use serde::Deserialize;

use crate::{DisclosureRules, Error};

/// Which day's BSI measures a whole year's support, when the sum changed within the year (2022: 42, then 46).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BsiPolicy {
    /// The sum in force on 1 January: one threshold a year, known when the year begins. The default.
    #[default]
    MetuPradzia,
    /// The sum in force on the day of each gift; gifts are added as multiples of BSI.
    DovanojimoDiena,
    /// The sum in force on 31 December.
    MetuPabaiga,
}

impl BsiPolicy {
    /// The day whose BSI measures a gift made on `gift`.
    #[must_use]
    pub fn day(self, gift: NaiveDate) -> NaiveDate {
        let in_year = |month, day| NaiveDate::from_ymd_opt(gift.year(), month, day).unwrap_or(gift);
        match self {
            Self::MetuPradzia => in_year(1, 1),
            Self::DovanojimoDiena => gift,
            Self::MetuPabaiga => in_year(12, 31),
        }
    }
}

/// Undated parameters, `data/law/parameters.toml`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Parameters {
    pub(crate) support_threshold_bsi: i64,
    pub(crate) disclosure: DisclosureRules,
    pub(crate) k_anonymity: KAnonymityRule,
    pub(crate) personal_name_forms: Vec<String>,
    pub(crate) own_undertaking_titles: Vec<String>,
    pub(crate) legal_form_words: Vec<String>,
    pub(crate) business_words: Vec<String>,
    pub(crate) public_sector_forms: Vec<String>,
    pub(crate) audiovisual_activities: Vec<String>,
}

/// What holds of every table with a `[k_anonymity]`, unless it says otherwise.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct KAnonymityRule {
    /// How many individuals must share a combination of quasi-identifiers.
    pub(crate) k: usize,
}

/// One row of `data/law/bsi.csv`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct BsiRow {
    pub(crate) nuo: NaiveDate,
    pub(crate) suma: i64,
    #[serde(rename = "saltinis")]
    pub(crate) source: String,
}

/// The law as numbers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Law {
    pub(crate) bsi: Vec<BsiRow>,
    pub(crate) parameters: Parameters,
}

impl Law {
    /// Basic social benefit in whole euros, in force on `date`.
    ///
    /// # Errors
    /// [`Error::Law`] before the first dated row.
    pub fn bsi(&self, date: NaiveDate) -> Result<i64, Error> {
        let row = self.bsi.iter().rev().find(|row| row.nuo <= date);
        row.map(|row| row.suma).ok_or(Error::Law { file: "bsi.csv" })
    }

    /// Support from one donor to one VIRS in one calendar year is published when it *exceeds* so many BSI.
    #[must_use]
    pub fn support_threshold_bsi(&self) -> i64 {
        self.parameters.support_threshold_bsi
    }

    /// When a cell of statistics tells too much of a natural person, unless the statistic has rules of its own.
    #[must_use]
    pub fn disclosure(&self) -> DisclosureRules {
        self.parameters.disclosure
    }

    /// Whether firms of this legal form bear a natural person's name (sole proprietors, partnerships).
    #[must_use]
    pub fn bears_personal_name(&self, form: &str) -> bool {
        self.parameters.personal_name_forms.iter().any(|known| known == form)
    }

    /// Whether firms whose legal form has this title may be natural persons' own undertakings although they do not bear their names.
    #[must_use]
    pub fn is_own_undertaking(&self, form_title: &str) -> bool {
        let title = form_title.to_lowercase();
        self.parameters.own_undertaking_titles.iter().any(|known| title.contains(known))
    }

    /// Whether this word, in lower case without diacritics and dots, stands for a legal form in names of foreign entities.
    #[must_use]
    pub fn is_legal_form_word(&self, word: &str) -> bool {
        self.parameters.legal_form_words.iter().any(|known| known == word)
    }

    /// Whether this word, in the same form, says what a firm does, so that a name that has it is hardly a person's alone.
    #[must_use]
    pub fn is_business_word(&self, word: &str) -> bool {
        self.parameters.business_words.iter().any(|known| known == word)
    }

    /// Whether entities of this legal form belong to the state or a municipality.
    #[must_use]
    pub fn is_public_sector(&self, form: &str) -> bool {
        self.parameters.public_sector_forms.iter().any(|known| known == form)
    }

    /// Whether this kind of activity makes a VIRS audiovisual (fee and LRTK feeds search only those).
    #[must_use]
    pub fn is_audiovisual(&self, activity: &str) -> bool {
        self.parameters.audiovisual_activities.iter().any(|known| known == activity)
    }
}
